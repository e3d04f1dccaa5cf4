"""Reports of concern from any channel, until a case is opened or nothing is found. The case itself is not here."""
