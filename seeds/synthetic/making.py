"""Making a synthetic database: who reads it, its cases, batch by batch, and the beginning of its trail."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, models

from cases.situation.settling import settle_all
from cases.situation.settling_lives import settle_all_lives
from records.audit.unfollowed import unfollowed
from records.models import Record, Team, settle
from records.statistics import refresh
from seeds.derived_columns import project_models
from seeds.lists import ORDER
from seeds.synthetic.chance import Chance
from seeds.synthetic.ground import Ground, Owners
from seeds.synthetic.incidents import Incidents
from seeds.synthetic.indexes import without_indexes
from seeds.synthetic.tables import Tables

#: The lists that records point to. They come with Waymark, and are true.
LISTS = [settings.BASE_DIR / "seeds" / "data" / name for name in ("terms.yaml", "countries.yaml", "clocks.yaml")]
#: How many incidents are kept in memory before they are written, with the 18 rows or so that belong to each.
BATCH = 1_000
#: The teams, and the accounts that they have: roles, and the teams of each.
TEAMS = ("North", "South")
ACCOUNTS = {
    "synthetic-analyst-north": ("analyst", ("North",)),
    "synthetic-analyst-south": ("analyst", ("South",)),
    "synthetic-analyst-both": ("analyst", TEAMS),
    "synthetic-reviewer": ("reviewer", TEAMS),
    "synthetic-partner": ("partner", ()),
    "synthetic-reader-1": ("reader", ()),
    "synthetic-reader-2": ("reader", ()),
}
#: Whom restricted records name.
NAMED = tuple(name for name in ACCOUNTS if "reader" in name or "both" in name)


class NotEmpty(ValueError):
    """The database holds records already: what is made up must never stand among what is true."""


def make(incidents: int, seed: int, say: Callable[[str], None]) -> int:
    """Fill an empty database with so many incidents, in the act that is going on; return how many rows it took.

    Same number and seed, same rows. Raises NotEmpty.
    """
    refuse_records()
    call_command("load_seeds", *LISTS, verbosity=0, stdout=StringIO())
    call_command("make_roles", stdout=StringIO())
    chance = Chance(seed)
    owners = people_of_the_house()
    written = tables_written()
    tables = Tables(written, chance)
    with unfollowed(connection, written):
        with without_indexes(connection, written):
            cases = Incidents(Ground(tables, chance, owners))
            for number in range(1, incidents + 1):
                cases.add()
                if number % BATCH == 0 or number == incidents:
                    tables.write()
                    say(f"{number:,} of {incidents:,} incidents, {tables.total:,} rows")
            if connection.vendor == "sqlite":  # nearly all indexes begin with the lane, and would be written twice
                settle_lanes(say)
            say("Indexes")
        if connection.vendor == "postgresql":  # its transaction could not use indexes on rows that it updated before
            refresh(*written)  # tables that were never counted it takes for small, and reads whole
            settle_lanes(say)
        tables.count_on()
        say("The trail begins")
    done = 0
    for number in settle_all():
        done += number
        say(f"{done:,} of {incidents:,} incidents: where the cases stand")
    done = 0
    for number in settle_all_lives():
        done += number
        say(f"{done:,} notices: in which state they are")
    return tables.total


def settle_lanes(say: Callable[[str], None]) -> None:
    """Work out who may read what."""
    say("Who may read what")
    settle()


def refuse_records() -> None:
    """Raise NotEmpty where there is any record."""
    for model in project_models():
        if issubclass(model, Record) and model._base_manager.exists():
            raise NotEmpty(f"The database holds {model._meta.verbose_name_plural} already.")


def people_of_the_house() -> Owners:
    """Make the teams and their accounts, which nobody can sign in to until a password is set."""
    teams = {name: Team.objects.get_or_create(name=name)[0] for name in TEAMS}
    accounts = {}
    for name, (role, of_teams) in ACCOUNTS.items():
        account, is_new = get_user_model().objects.get_or_create(username=name)
        if is_new:
            account.set_unusable_password()
            account.save()
        account.groups.add(Group.objects.get(name=role))
        for team in of_teams:
            teams[team].members.add(account)
        accounts[name] = account.pk
    return Owners(tuple(team.pk for team in teams.values()), tuple(accounts[name] for name in NAMED))


def tables_written() -> list[type[models.Model]]:
    """Return the models of all records that are made here, and the links of their lists."""
    found: list[Any] = [noun.model for noun in ORDER if issubclass(noun.model, Record)]
    return found + [link.remote_field.through for model in found for link in model._meta.local_many_to_many]
