"""Extending: more time for a task, with a reason, where its clock allows that."""
