"""Signing in: the doors, what is asked at them, and what people see of their own account."""
