"""What the child or who answers for it agreed to, or the ground of the law without: one shape for every command."""
