"""Service providers (cơ sở cung cấp dịch vụ bảo vệ trẻ em): licence, what they offer, prices, places, inspections."""
