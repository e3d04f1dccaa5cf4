"""Placing: what a child needs, who could take it in, which commune is asked, and the decision (Điều 38-45)."""
