"""Breaking the seal over who reported, and over who is said to have done the harm."""
