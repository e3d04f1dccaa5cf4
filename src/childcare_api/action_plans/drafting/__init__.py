"""Plans and their parts: loaded from their sources, drafted, issued, renewed for a new year."""
