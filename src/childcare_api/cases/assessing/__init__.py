"""Assessing in detail and meeting about what the child needs (NĐ 56/2017, Điều 27)."""
