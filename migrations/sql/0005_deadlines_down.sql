DROP TABLE tasks
--;
DROP TABLE clock_rules
--;
DROP TABLE calendar_years
--;
DROP TABLE calendar_days
