DROP TABLE hotlines, agencies
