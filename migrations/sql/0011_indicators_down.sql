DROP FUNCTION indicator_special_circumstance_share(integer, integer[], date, date)
--;
DROP FUNCTION indicator_abused_children_supported(integer, integer[], timestamptz, timestamptz, timestamptz)
--;
DROP FUNCTION indicator_territory_check(integer, integer[])
--;
DROP FUNCTION indicator_told(integer)
