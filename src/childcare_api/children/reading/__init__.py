"""Seeing children: the list, the search and the file, by the hot way."""
