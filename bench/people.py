"""Letting people in, for `make load`: runs in the folder of a build, with its settings, and imports nothing of another.

Makes analysts and editors of both teams, signs each in, and writes their cookies and a few references as JSON.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

# The build's own, which sets Django up: what comes after needs that.
import config.wsgi  # noqa: E402, F401, I001
from allauth.mfa.models import Authenticator  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.test import Client  # noqa: E402

from cases.models import Incident, Person  # noqa: E402

LIKE, SECRET, SHOWN = "synthetic-analyst-both", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 200


def main() -> None:
    """Let in as many analysts and editors as the arguments say, and tell what they need."""
    logging.disable()
    analysts, editors = map(int, sys.argv[1:])
    found: dict[str, Any] = {
        "analysts": [signed_in(f"load-analyst-{number}") for number in range(analysts)],
        "editors": [signed_in(f"load-editor-{number}", is_staff=True) for number in range(editors)],
    }
    for name, model in (("people", Person), ("incidents", Incident)):
        rows = model.objects.filter(level="public", review="published").order_by("ref")
        found[name] = list(rows.values_list("ref", flat=True)[:SHOWN])
    print(json.dumps(found))


def signed_in(name: str, **more: bool) -> str:
    """Make an account of the same teams as the analyst of the made-up database; return its cookies."""
    user, _ = User.objects.get_or_create(username=name, defaults=more)
    user.groups.add(Group.objects.get(name="analyst"))
    for team in User.objects.get(username=LIKE).teams.all():
        team.members.add(user)
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, SECRET)
    client = Client()
    client.force_login(user)
    return "; ".join(f"{key}={each.value}" for key, each in client.cookies.items())


main()
