from typing import Any

from django.apps import AppConfig
from django.apps import apps as todays
from django.conf import settings
from django.db import connections
from django.db.models.signals import m2m_changed, post_delete, post_migrate, pre_migrate
from django.utils.module_loading import import_string


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        # Not a rule of the business: Django tells in no other way that the tables are there, or were made anew.
        # It tells so once for each app, after all tables are there; ours is enough.
        pre_migrate.connect(make_way, sender=self, dispatch_uid="triggers")
        post_migrate.connect(count_rows, sender=self, dispatch_uid="statistics")
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="triggers")
        # Nor does it let a link between two rows say that it was made or cut, or went with an account.
        m2m_changed.connect(settle_lanes, dispatch_uid="lanes")
        post_delete.connect(settle_what_named, sender=settings.AUTH_USER_MODEL, dispatch_uid="lanes")


def count_rows(**about: Any) -> None:
    """Let the database know its new indexes before anything is worked out by them."""
    import_string("records.statistics.refresh_if_incomplete")()


def install_triggers(using: str, apps: Any = None, **about: Any) -> None:
    """Put the triggers in place after a migration, once for all tables."""
    # Found by name when it is called: it needs the models, which are not loaded yet when this file is read.
    install = import_string("records.audit.triggers.install")
    install(connections[using], derived=tables_are_todays(apps))


def tables_are_todays(migrated: Any) -> bool:
    """Whether a migration brought the tables to the models of today: it can be told to stop before, or to go back.

    `migrated` has the models as they were when it stopped; None where nothing was migrated.
    """
    own = [model for label in settings.OWN_APPS for model in todays.get_app_config(label).get_models()]
    if migrated is None:
        return True
    there = {model._meta.label: columns(model) for model in migrated.get_models()}
    return all(there.get(model._meta.label) == columns(model) for model in own)


def columns(model: Any) -> set[str]:
    return {field.column for field in model._meta.concrete_fields}


def make_way(using: str, plan: list[Any], **about: Any) -> None:
    """Remove, before a migration, the triggers that stand in its way."""
    if plan:
        import_string("records.audit.triggers.make_way")(connections[using])


def settle_lanes(sender: Any, action: str, **about: Any) -> None:
    """Work out the lane of a record whose named readers were changed."""
    record = sender._meta.auto_created
    if action.startswith("post_") and getattr(record, "reviewed", False):
        import_string("records.models.settle")(record)


def settle_what_named(**about: Any) -> None:
    """Work out the lanes of records that named an account which is removed."""
    import_string("records.models.settle")()
