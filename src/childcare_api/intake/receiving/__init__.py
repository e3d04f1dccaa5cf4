"""Receiving: from what somebody tells to the rows of a report, for every channel alike."""
