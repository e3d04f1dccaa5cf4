"""Referring: a service asked of another body, and what it answers (NĐ 56/2017, Điều 29.1 b, 29.2)."""
