"""Following up: services carried out, notes, reviews, and closing (NĐ 56/2017, Điều 29, 30)."""
