"""Opening: one file for each child of an intake, in the commune where the child lives."""
