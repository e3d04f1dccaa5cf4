"""Printed papers of a case: the forms of Nghị định 56/2017, the case file, and the picture of its clocks."""
