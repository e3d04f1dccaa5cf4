DROP TABLE activities
