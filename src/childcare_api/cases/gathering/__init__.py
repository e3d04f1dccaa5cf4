"""Gathering the papers of a child who needs other care, and looking for the family of one who was found abandoned."""
