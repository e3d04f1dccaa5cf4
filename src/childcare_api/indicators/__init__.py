"""Statistical indicators, one definition each, computed from records. What has no definition here waits for data."""
