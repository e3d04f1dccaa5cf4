"""Aids to judgement, never judges: what the grids add up to, what changed between them, and what usually follows."""
