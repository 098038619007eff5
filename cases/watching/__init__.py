"""What readers watch, the digest of what changed in it, and private feeds."""
