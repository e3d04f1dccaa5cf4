"""The commune's list of carers, brought up to date and sent every quarter (NĐ 56/2017, Điều 40.1; Mẫu 09)."""
