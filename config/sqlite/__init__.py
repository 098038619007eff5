"""Django's SQLite, for a file that is opened and never made."""
