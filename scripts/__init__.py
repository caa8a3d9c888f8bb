"""Developer and start commands."""
