DROP FUNCTION looks_at_child
--;
DROP FUNCTION offices_of_child
--;
DROP FUNCTION records_of_child
