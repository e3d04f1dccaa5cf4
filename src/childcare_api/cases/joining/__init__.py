"""Joining a further report about the same child to the case that is open (NĐ 56/2017, Điều 26.1)."""
