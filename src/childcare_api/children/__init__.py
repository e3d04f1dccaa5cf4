"""The registry: households, children, guardians, identifiers and special circumstances, with their history."""
