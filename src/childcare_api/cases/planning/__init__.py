"""Planning: drafts, submission, the leader's decision, and later versions (NĐ 56/2017, Điều 28, 29)."""
