"""Households and the people who live in them: the pages of the book."""
