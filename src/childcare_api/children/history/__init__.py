"""What became of a child's record: written with every change, and read as of any day."""
