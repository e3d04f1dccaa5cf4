"""Administrative units of Viet Nam in time, the resolution of places, and the code lists of the law."""
