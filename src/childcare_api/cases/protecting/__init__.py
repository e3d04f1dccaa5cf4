"""Protecting at once: emergency measures and the hand-over to the police (NĐ 56/2017, Điều 25, 26, 31)."""
