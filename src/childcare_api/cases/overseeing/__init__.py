"""Overseeing: children in family care as their commune assessed them, told to the province each half year."""
