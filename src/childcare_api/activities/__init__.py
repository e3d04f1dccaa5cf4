"""What was done for children: classes, forums, campaigns, communication, inspections; for whom and how many."""
