"""A process that writes beside others, for the tests of writing at once:  python -m tests.writer NUMBER ACTS"""

from __future__ import annotations

import sys

import django
from django.apps import apps
from django.db import transaction

NAME = "Written by all"


def write(number: int, acts: int) -> None:
    """Read a row, write it back one higher, and add another row: `acts` times, each time one transaction."""
    Person = apps.get_model("cases", "Person")
    for act in range(acts):
        with transaction.atomic():
            person = Person.objects.select_for_update().get(label=NAME)
            person.headcount_min += 1
            person.save()
            Person.objects.create(label=f"Writer {number}, act {act}", standing="target")


if __name__ == "__main__":
    django.setup()
    write(int(sys.argv[1]), int(sys.argv[2]))
