"""Breaking the glass: reading, for some hours and a stated reason, the file of another commune's child."""
