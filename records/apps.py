from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        # Not a rule of the business: Django tells in no other way that the tables are there, or were made anew.
        # It tells so once for each app, after all tables are there; ours is enough.
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="triggers")


def install_triggers(using: str, **about: Any) -> None:
    """Put the triggers in place after a migration, once for all tables."""
    # Found by name when it is called: it needs the models, which are not loaded yet when this file is read.
    import_string("records.audit.triggers.install")(connections[using])
