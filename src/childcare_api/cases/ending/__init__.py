"""What ends a case otherwise than by its review, what opens it again, and what its archive holds (Điều 30)."""
