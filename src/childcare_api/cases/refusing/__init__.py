"""That parents, carers or the child refuse to carry out a plan (Luật Trẻ em, Điều 52.3; NĐ 56/2017, Điều 32.1)."""
