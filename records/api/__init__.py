"""The REST API: reading, submitting, history, and its description."""
