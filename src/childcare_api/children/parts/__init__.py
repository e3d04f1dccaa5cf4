"""What belongs to a child and comes and goes: circumstances, guardians, identifiers."""
