"""Promising: what a unit sets itself, shorter than the law and never longer."""
