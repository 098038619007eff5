"""Duties of a case and all other deadlines: when they fall due, as pages and as a calendar."""
