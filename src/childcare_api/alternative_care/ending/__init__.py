"""How a registration ends: withdrawn, refused or struck off, and what becomes of the children in that care."""
