"""What was written in the past, as its reader may see it."""
