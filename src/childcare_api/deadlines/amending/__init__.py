"""Amending: what the operators change about the calendar and our own promises, and the tasks reckoned anew."""
