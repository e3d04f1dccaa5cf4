"""Putting a report aside as unfounded or as an error, and taking it up again when something new is learned."""
