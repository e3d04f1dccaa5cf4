"""What stands in each form: from the material of a case to a paper. No form knows how it is printed."""
