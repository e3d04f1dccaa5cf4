"""Telling whom the law names of a decision: on a plan (NĐ 56/2017, Điều 28.5), or on care (Điều 45.4)."""
