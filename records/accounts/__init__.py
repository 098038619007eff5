"""Accounts: signing in, second factors, API tokens, broken glass, and the pages of one's own account."""
