DROP FUNCTION access.is_one_line, unit_place(integer, date), unit_holder(integer, date), unit_heirs(integer, date)
--;
DROP TABLE code_list_entries, code_lists, unit_succession, units
