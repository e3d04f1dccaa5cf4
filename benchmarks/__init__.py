"""The performance contract as code: `make bench`."""
