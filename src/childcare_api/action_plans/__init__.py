"""Plans of People's Committees: targets, money, what binds whom to report, and how far each target is."""
