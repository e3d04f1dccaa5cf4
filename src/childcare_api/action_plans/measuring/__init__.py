"""How far a plan's targets are: measurements, activities that count, and progress."""
