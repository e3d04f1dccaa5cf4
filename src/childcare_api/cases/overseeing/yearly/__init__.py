"""The yearly report of a province on alternative care, which it sends to the ministry."""
