"""Names of accounts, roles and teams: people approve by them, so none reads like another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import get_commands

from records.accounts.sign_in import CHANNEL
from records.fields.code_forms import code_form
from records.models import Team

#: Who stands in the audit trail beside accounts and commands.
ACTORS = ("stranger", "unknown", "outside", "outside the application", CHANNEL)
TAKEN = "This name is taken, or reads like one that is: of another of its kind, or of an actor in the audit trail."
#: Signs that are read for a letter, all in small letters: digits, and letters that many typefaces draw alike.
_READ_FOR = str.maketrans("0134578i|!$", "oleastbllls")
_PAIRS = (("rn", "m"), ("vv", "w"))


def reads_as(name: str) -> str:
    """Return the one form of all names that read like `name`: reads_as("bel1a.") == reads_as("Bella")."""
    letters = code_form(code_form(name).casefold()).translate(_READ_FOR)
    for pair, letter in _PAIRS:
        letters = letters.replace(pair, letter)
    return "".join(each for each in letters if each.isalnum()) or letters


def check_account_name(name: str) -> None:
    """Refuse a name for a new account that another one has, or that reads like it. Raises ValidationError."""
    if not name.isascii():
        raise ValidationError("Use letters without accents and of the Latin script: others look like them.")
    _refuse_like(name, [*User.objects.values_list("username", flat=True), *get_commands(), *ACTORS])


def check_role_name(name: str) -> None:
    """Refuse a name for a new role in the same way. Raises ValidationError."""
    _refuse_mixed(name)
    _refuse_like(name, Group.objects.values_list("name", flat=True))


def check_team_name(name: str) -> None:
    """Refuse a name for a new team in the same way. Raises ValidationError."""
    _refuse_mixed(name)
    _refuse_like(name, Team.objects.values_list("name", flat=True))  # of all, as its constraint does


def _refuse_like(name: str, others: Iterable[str]) -> None:
    if reads_as(name) in set(map(reads_as, others)):
        raise ValidationError(TAKEN)


def _refuse_mixed(name: str) -> None:
    """Refuse control characters, and letters of several scripts: the table of look-alikes does not know them all."""
    if any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in name):
        raise ValidationError("Write the name in one line, without control characters.")
    scripts = {unicodedata.name(each, "?").split()[0] for each in name if each.isalpha()}
    if len(scripts) > 1:
        raise ValidationError(f"Use the letters of one script: these are of {', '.join(sorted(scripts))}.")
