"""What the service says of itself: alive, ready, its numbers, its document and the page to try it."""
