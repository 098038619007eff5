"""Say in one line whether the database of DATABASE_URL answers. Runs inside the virtual environment."""

import os
import sys

import django
from django.db import DatabaseError, connection

OLDEST_POSTGRESQL = (15,)


def main() -> str | None:
    """Connect once; return what is wrong, or None."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        connection.ensure_connection()
        found = connection.get_database_version()
    except DatabaseError as error:
        return f"The database does not answer: {str(error).strip()}"
    if connection.vendor == "postgresql" and found < OLDEST_POSTGRESQL:
        return f"PostgreSQL {'.'.join(map(str, found))} is too old: 15 or newer is needed."
    print(f"{connection.display_name} {'.'.join(map(str, found))}: {connection.settings_dict['NAME']}")
    return None


if __name__ == "__main__":
    sys.exit(main())
