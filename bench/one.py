"""Measure one database, in a process of its own, whose DATABASE_URL leads there.

    python -m bench.one KIND SIZE COPY FILE

adds a line of JSON to FILE for each work and reader.
"""

from __future__ import annotations

import os
import sys

import django
from django.utils.module_loading import import_string

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import_string("bench.measuring.main")(*sys.argv[1:])
