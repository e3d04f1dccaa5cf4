"""A child in proceedings or coming back from them: what authorities ask of the commune, and release (LQ 70 to 73)."""
