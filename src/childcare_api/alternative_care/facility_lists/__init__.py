"""Lists of children in facilities who need a family, and what becomes of each (Mẫu 14; NĐ 56/2017, Điều 45)."""
