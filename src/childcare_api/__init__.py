"""A backend for Vietnamese child protection and care."""
