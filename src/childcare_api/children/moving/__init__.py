"""Moving: the record of a child goes to the commune where it lives now, when that commune takes it."""
