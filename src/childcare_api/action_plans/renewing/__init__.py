"""A new year's draft made from an earlier plan, with what cannot be carried over marked."""
