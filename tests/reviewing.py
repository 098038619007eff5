"""People who enter, review and publish, for tests."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client

from cases.models import Person
from records.audit.acts import act
from records.models import Proposal, Record
from records.review import ProposedWrites, proposing
from tests.admin_forms import messages_of
from tests.signin import may, sign_in

_number = count(1)
WRITES = ("add", "change", "delete")


def member(name: str = "", *names: str, **fields: Any) -> Any:
    """Make somebody of the team who may enter records; `names` are permissions beside."""
    user = User.objects.create_user(name or f"member{next(_number)}", is_staff=True, **fields)
    return may(user, "read_team", "read_partner", "submit_records", *names, *writing())


def writing() -> list[str]:
    rows = Permission.objects.filter(content_type__app_label__in=["cases", "sources", "records"])
    kept = [name for name in rows.values_list("codename", flat=True) if name.split("_")[0] in WRITES]
    return [name for name in kept if not name.endswith(("team", "breakglass", "proposal", "comment"))]


def reviewer(name: str = "", *names: str) -> Any:
    return member(name, "review_records", *names)


def client_of(user: Any) -> Client:
    return sign_in(Client(), user)


def propose(user: Any, *changed: Any, why: str = "") -> Proposal:
    """Save rows, as they were changed by the caller, in an act of `user`; return the proposal that came of it."""
    return proposed(user, lambda: [row.save() for row in changed], why)


def proposed(user: Any, write: Callable[[], Any], why: str = "") -> Proposal:
    """Carry out `write` in an act of `user`; return the proposal that came of it."""
    sent = sent_by(user, write, why)
    assert sent.proposal is not None
    return sent.proposal


def sent_by(user: Any, write: Callable[[], Any], why: str = "") -> ProposedWrites:
    """Carry out `write` in an act of `user`, and return what became of it."""
    with act(user, "test", why), proposing() as sent:
        write()
    return sent


def page(row: Record | Proposal, of: str = "change") -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.ref}/{of}/"


def answer(client: Any, proposal: Proposal, button: str, **fields: Any) -> str:
    """Press a button on a proposal's page, as it is shown now; return what is said then."""
    shown = client.get(page(proposal)).context["digest"]
    return messages_of(client.post(page(proposal), {"shown": shown, button: "1"} | fields))


def renamed(person: Person, label: str = "Somebody Else") -> Person:
    person.label = label
    return person


def changed(person: Person) -> Person:
    person.occupation = "x"
    return person
