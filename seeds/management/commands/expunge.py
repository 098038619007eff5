"""The command `expunge`: remove a person's data everywhere."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cases.models import Person
from records.accounts.independence import are_independent, two_administrators
from records.audit.vacuum import BEYOND, DatabaseInUse, write_anew
from records.models import AuditEntry
from records.vocabulary import AuditKind
from seeds.derived_columns import project_models
from seeds.expunge import BESIDE, Plan, carry_out, plan, tables_of, unfinished_files
from sources.capture_store import destroy

MAY_APPROVE = "records.review_records"


class Command(BaseCommand):
    help = (
        "Remove a person's data everywhere: rows, history, texts, captures, sessions, caches, free pages. It cannot be "
        "undone; docs/expunge.md says what to do first. Run it again to finish one that was interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ref", metavar="PER-XXXXXXXX", help="The person.")
        parser.add_argument("--reason", required=True, help="Why. It stays, so it must not name the person.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who carries it out.")
        parser.add_argument("--approved-by", required=True, metavar="OTHER", help="The second person, a reviewer.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and write nothing.")
        parser.add_argument(
            "--also", action="append", default=[], metavar="NAME", help="One more spelling to look for."
        )
        parser.add_argument(
            "--keep",
            action="append",
            default=[],
            metavar="PLACE",
            help="A mention (INC-XXXXXXXX.title) or capture (CAP-XXXXXXXX) that is not about this person.",
        )
        parser.add_argument(
            "--blank-mentions", action="store_true", help="Take the names out of everything else that mentions them."
        )

    def handle(self, *, ref: str, reason: str, by: str, approved_by: str, dry_run: bool, **options: Any) -> None:
        actor, second = two_people(by, approved_by)
        ref = ref.upper()
        person = Person.objects.filter(ref=ref).first()
        if person is None:
            self.finish_earlier(ref)
            return
        planned = plan(person, options["also"], {place.strip() for place in options["keep"]}, self.say)
        if planned.mentions.in_text(reason):
            raise CommandError("The reason names the person, and it stays. Say it without. Nothing was written.")
        self.show_plan(planned)
        if dry_run:
            self.say("Dry run: nothing was written.")
            return
        if planned.undecided and not options["blank_mentions"]:
            raise CommandError(
                "These places mention the person and need a decision each: --keep PLACE where somebody else is meant, "
                "--blank-mentions for all the others. Nothing was written."
            )
        tables = carry_out(planned, actor, second, reason, self.say)
        self.write_anew(tables)
        self.say(f"{ref} is expunged: {len(planned.theirs)} rows. The audit trail keeps that it was done.")
        self.say(f"Out of reach of this command: {BEYOND[connection.vendor]}. See docs/expunge.md.")

    def finish_earlier(self, ref: str) -> None:
        """Do what a crash or a busy database kept an earlier run from doing."""
        if not AuditEntry.objects.filter(kind=AuditKind.EXPUNGE, subjects=ref).exists():
            raise CommandError(f"There is no person {ref}. Nothing was written.")
        for capture in unfinished_files():
            for name in capture.files:
                destroy(name)
        self.write_anew(tables_of([*project_models(), *BESIDE]))
        self.say(f"{ref} was expunged before; what was left to do is done.")

    def show_plan(self, planned: Plan) -> None:
        """List what goes by kind, and every other place by reference and column, never by its words."""
        for model, keys in planned.theirs.rows.items():
            if keys:
                self.say(f"  {len(keys):>6} {model._meta.verbose_name_plural}")
        self.listed("Texts of sources to be emptied", [each for each in planned.found if each.is_text])
        self.listed("Captured files to be destroyed", [f"{each.ref} of {each.source.ref}" for each in planned.captures])
        self.listed("Other places that mention the person", planned.undecided)
        self.listed("Kept, as about somebody else", planned.kept)

    def listed(self, what: str, items: list[Any]) -> None:
        if items:
            self.say("\n  ".join([f"{what}: {len(items)}", *map(str, items)]))

    def write_anew(self, tables: list[str]) -> None:
        self.say("Writing the database anew, without what was deleted")
        try:
            write_anew(tables)
        except DatabaseInUse as error:
            raise CommandError(
                f"The data are removed, but the file still has their remains in free pages: {error}. "
                "Stop the server and run this command again."
            ) from error

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def two_people(by: str, approved_by: str) -> tuple[Any, Any]:
    """Return the two accounts, or refuse: the second must be another one, and a reviewer."""
    found = []
    for name in (by, approved_by):
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {name}. Nothing was written.")
        found.append(user)
    actor, second = found
    if actor == second:
        raise CommandError("Nobody approves their own expunge: name somebody else. Nothing was written.")
    if not second.has_perm(MAY_APPROVE):
        raise CommandError(
            f"{approved_by} may not approve: the right to review records is missing. Nothing was written."
        )
    if two_administrators() and not are_independent(actor, second):
        raise CommandError(
            f"{by} and {approved_by} may be one person: one of the accounts was made or reset by the other, or both by "
            "a third. An administrator who is independent of both can confirm its holder. Nothing was written."
        )
    return actor, second
