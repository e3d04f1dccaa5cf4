"""Who takes children into care: applications, verification, the commune's list (NĐ 56/2017, Điều 39-42)."""
