"""The file itself: its steps in order, the state they add up to, who sees it, what was entered in error."""
