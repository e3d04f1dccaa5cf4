"""Printing the papers of the register of carers: what they sign, what was found of them, the list of a quarter."""
