"""Who is asking, and which rows exist for them: the only door to the database."""
