"""What administrators do to accounts, who approved it, and since when two administrators have to."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from records.models.record import ReferenceField, code_is_known
from records.vocabulary import AccountChangeKind, AccountChangeState


class AccountChangeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return them to whoever looks after accounts, and to the team, which hears of them as of broken glass."""
        return self if user.has_perm("auth.change_user") or user.has_perm("records.read_team") else self.none()

    def waiting(self) -> Self:
        return self.filter(state=AccountChangeState.WAITING)

    def linking(self) -> Self:
        """Return those by which whoever asked for them may hold the account, confirmed since or not.

        Whoever makes an account or sets its password can sign in with it. Rights alone do not, and count only where
        one administrator gave them alone.
        """
        done = self.filter(account__isnull=False, state=AccountChangeState.DONE).exclude(account=F("asked_by"))
        done = done.exclude(kind=AccountChangeKind.AT_ONCE)
        return done.filter(~Q(kind=AccountChangeKind.RIGHTS) | Q(decided_by__isnull=True))

    def unconfirmed(self) -> Self:
        """Return those of them since which nobody has confirmed who holds the account."""
        return self.linking().filter(confirmed_at__isnull=True)


class AccountChange(models.Model):
    """An account that was made, reset or widened, or is to be: what, by whom, and who stands behind it.

    `rights` is a JSON list of what is given, each ["flag", name], ["role", key], ["permission", key], ["team", key] or
    ["mail", address] to `account`, or ["role permission", role, permission] to everybody who has the role. `words` says
    the same, a line each. `decided_by` is the second administrator; None where there was none to ask. `taken_over_at`
    is when the holder set a password of their own after it. `confirmed_at` is when somebody independent confirmed who
    holds the account, `confirmed_by` who; None where that was done on the server itself. What was taken away at once
    stands in `words` alone; ["called", name] is another first and last name.
    """

    ref = ReferenceField("ACC")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AccountChangeKind)
    rights = models.TextField(default="[]")
    words = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    state = models.CharField(max_length=10, choices=AccountChangeState)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    taken_over_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar = AccountChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = "change of an account"
        verbose_name_plural = "changes of accounts"
        constraints = [
            code_is_known("kind", AccountChangeKind),
            code_is_known("state", AccountChangeState),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state=AccountChangeState.TAKEN_BACK)
                | ~Q(decided_by=F("asked_by")),
                name="account_change_is_approved_by_another",
                violation_error_message="Nobody approves what they asked for.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="account_change_is_confirmed_by_another",
                violation_error_message="Nobody confirms who holds an account that they made or reset.",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class TwoAdministratorsQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return them to those who hear of changes of accounts."""
        return self if user.has_perm("auth.change_user") or user.has_perm("records.read_team") else self.none()

    def in_force(self) -> Self:
        return self.filter(ended_at__isnull=True)


class TwoAdministrators(models.Model):
    """Since when, and until when, two administrators stand behind what widens an account.

    It begins with the second administrator who is independent of the first, and does not end when one of them goes:
    only whoever has the server ends it.
    """

    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True)

    objects: ClassVar = TwoAdministratorsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "two administrators"

    def __str__(self) -> str:
        return f"from {self.begun_at:%Y-%m-%d}"
