"""Transferring: the whole case goes to the commune where the child lives now (Luật Trẻ em, Điều 52.2)."""
