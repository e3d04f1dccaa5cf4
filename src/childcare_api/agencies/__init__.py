"""The directory: agencies, service providers and hotlines, each with the days it was valid."""
