"""The tour: the main job walked over HTTP against a running server, as its people, and judged at every step."""
