"""The command `settle_lanes`: work out who may read the rows that were written past the application."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from records.models import UNSETTLED, records_from_above, settle, unsettle


class Command(BaseCommand):
    help = (
        "Work out who may read each row that was written past the application, and is shown to nobody until then. "
        "Changes no record."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="work it out again for every row")

    def handle(self, *, anew: bool, **options: Any) -> None:
        with transaction.atomic():
            if anew:
                unsettle()
            waiting = sum(model._base_manager.filter(lane=UNSETTLED).count() for model in records_from_above())
            settle()
            left = sum(model._base_manager.filter(lane=UNSETTLED).count() for model in records_from_above())
        self.stdout.write(f"{waiting - left} rows settled, {left} left.")
        if left:
            self.stderr.write("Rows are left whose level or parent is not known; manage.py check_data names them.")
