"""Separating a child for a time from parents or carers, and asking the court (NĐ 56/2017, Điều 32; LQ Điều 52.3)."""
