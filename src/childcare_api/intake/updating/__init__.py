"""Adding to a report what was learned later; what was first told never changes."""
