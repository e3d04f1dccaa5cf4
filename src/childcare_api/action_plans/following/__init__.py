"""Progress of a plan: each target with what is known of it, and what waits for data said as such."""
