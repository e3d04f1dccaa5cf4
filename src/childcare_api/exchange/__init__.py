"""Exchange with other systems: what hotlines send in, and what they are told back."""
