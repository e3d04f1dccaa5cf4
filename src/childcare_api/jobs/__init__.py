"""Work for later: rows written with the change that caused them, and the worker that empties them."""
