from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from records.apps import tables_are_todays
from records.current_act import BEFORE_SEALING


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        BEFORE_SEALING.extend((settle_situations, settle_lives))
        # Django tells in no other way that the tables are there; the triggers of records have been put in place by now.
        post_migrate.connect(settle_all_situations, sender=self, dispatch_uid="situations")
        post_migrate.connect(settle_all_lives, sender=self, dispatch_uid="lives")


def settle_situations(act: str) -> None:
    """Work out where the cases stand that an act has touched."""
    # Found by name when it is called: it needs the models, which are not loaded yet when this file is read.
    import_string("cases.situation.settling.settle")(act)


def settle_lives(act: str) -> None:
    """Work out the lives of the notices that an act has touched."""
    import_string("cases.situation.settling_lives.settle_lives")(act)


def settle_all_situations(verbosity: int = 1, apps: Any = None, **about: Any) -> None:
    """Work out what is left to be worked out after a migration, and tell how far it is."""
    if not tables_are_todays(apps):
        return
    done = 0
    for number in import_string("cases.situation.settling.settle_all")():
        done += number
        if verbosity:
            print(f"  Situations of {done} incidents worked out")


def settle_all_lives(verbosity: int = 1, apps: Any = None, **about: Any) -> None:
    """Work out the lives of notices that are left to be worked out after a migration, and tell how far it is."""
    if not tables_are_todays(apps):
        return
    done = 0
    for number in import_string("cases.situation.settling_lives.settle_all_lives")():
        done += number
        if verbosity:
            print(f"  Lives of {done} notices worked out")
