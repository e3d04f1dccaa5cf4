"""Telling everybody whom a decision names, and a parent or carer (NĐ 56/2017, Điều 28.5)."""
