"""Putting a report aside as unfounded, and taking it up again when something new is learned."""
