"""One administrator does everything alone, and everybody sees it; how there come to be two, and who holds one."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from records.access.second_factor import has_second_factor
from records.accounts.independence import are_independent, in_the_same_hands, two_administrators
from records.models import AccountChange
from tests.administrators import (
    ADMINISTRATES,
    NEW,
    act_on,
    administrator,
    ann,
    answer,
    boss,
    change,
    make_by,
    page,
    permissions,
    role,
    roles_of,
    second,
)
from tests.factories import make_person
from tests.signin import give_factor, may, sign_in

__all__ = ["ann", "boss", "role", "second"]
pytestmark = pytest.mark.django_db


class TestOneAdministrator:
    def test_does_everything_alone_and_it_is_kept_as_that(self, boss: Client, ann: User, role: Group) -> None:
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == ["reviewer"]
        kept = AccountChange.objects.get()
        assert (kept.state, kept.decided_by, kept.words) == ("done", None, "role reviewer")
        assert not are_independent(ann, User.objects.get(username="admin"))

    def test_gives_to_a_role_what_everybody_in_it_is_given(self, boss: Client, ann: User, role: Group) -> None:
        ann.groups.add(role)
        right = Permission.objects.get(codename="review_records")
        change(boss, role, permissions=[str(key) for key in [*role.permissions.values_list("pk", flat=True), right.pk]])
        assert role.permissions.filter(pk=right.pk).exists()
        assert not are_independent(ann, User.objects.get(username="admin"))

    def test_resets_alone_and_holds_the_account_from_then_on(self, boss: Client, ann: User) -> None:
        give_factor(ann)
        act_on(boss, "reset_their_second_factor", ann)
        boss.post(page(ann, "password"), NEW)
        ann.refresh_from_db()
        assert not has_second_factor(ann) and ann.check_password(NEW["password1"])
        assert {*AccountChange.objects.values_list("kind", "state")} == {("factor", "done"), ("password", "done")}
        assert in_the_same_hands(ann.pk) == {ann.pk, User.objects.get(username="admin").pk}

    def test_is_not_two_by_making_another(self, boss: Client, ann: User, role: Group) -> None:
        puppet = make_by(boss, "puppet")
        change(boss, puppet, is_staff="on", user_permissions=[str(p.pk) for p in permissions(*ADMINISTRATES)])
        assert not two_administrators()
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == ["reviewer"]

    def test_comes_to_a_second_one_by_a_word_on_the_server(self, boss: Client, ann: User, role: Group) -> None:
        eve = make_by(boss, "eve")
        change(boss, eve, is_staff="on", user_permissions=[str(p.pk) for p in permissions(*ADMINISTRATES)])
        said = StringIO()
        call_command("confirm_account", "eve", "--why", "we met", stdout=said)
        assert "Two administrators stand behind" in said.getvalue()
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == []
        answer(sign_in(Client(), User.objects.get(pk=eve.pk)), AccountChange.objects.waiting().get(), "approve")
        assert roles_of(ann) == ["reviewer"]

    def test_is_alone_again_only_by_a_word_on_the_server(self, boss: Client, ann: User, role: Group) -> None:
        other = administrator("other")
        assert two_administrators()
        said = StringIO()
        call_command("one_administrator", "--why", "gone", stdout=said)
        assert "Nothing changes" in said.getvalue() and two_administrators()
        User.objects.filter(pk=other.pk).update(is_active=False)
        assert two_administrators()
        call_command("one_administrator", "--why", "gone", stdout=said)
        assert not two_administrators()
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == ["reviewer"]

    def test_the_command_names_an_account_that_is_not_there(self) -> None:
        with pytest.raises(CommandError, match="no account of the name nobody"):
            call_command("confirm_account", "nobody", "--why", "we met")


class TestConfirming:
    @pytest.fixture
    def made(self, boss: Client) -> User:
        return make_by(boss, "made")

    def test_by_somebody_independent_makes_an_account_independent(
        self, boss: Client, second: Client, made: User
    ) -> None:
        give_factor(made)
        assert "may be one person" in act_on(boss, "confirm_their_holders", made)
        assert "is independent" in act_on(second, "confirm_their_holders", made)
        assert are_independent(made, User.objects.get(username="admin"))
        kept = AccountChange.objects.get(account=made)
        assert kept.confirmed_by is not None and kept.confirmed_by.username == "second"

    def test_waits_for_a_second_factor_of_the_holders_own(self, second: Client, made: User) -> None:
        assert "no second factor yet" in act_on(second, "confirm_their_holders", made)
        assert not are_independent(made, User.objects.get(username="admin"))

    def test_holds_until_the_next_reset(self, boss: Client, second: Client, made: User) -> None:
        give_factor(made)
        act_on(second, "confirm_their_holders", made)
        act_on(boss, "reset_their_second_factor", made)
        answer(second, AccountChange.objects.waiting().get(), "approve")
        assert not are_independent(made, User.objects.get(username="admin"))

    def test_is_told_on_the_accounts_page(self, boss: Client, made: User) -> None:
        assert "May be in the hands of admin" in boss.get(page(made)).content.decode()


class TestTheTeamHears:
    def test_of_what_was_given_and_of_what_waits(self, boss: Client, second: Client, ann: User, role: Group) -> None:
        make_person()
        change(boss, ann, groups=[str(role.pk)])
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        home = reader.get("/").content.decode()
        assert "Accounts were changed" in home and "role reviewer" in home
        partner = sign_in(Client(), may(User.objects.create_user("partner"), "read_partner"))
        for client in (Client(), partner):
            assert "Accounts were changed" not in client.get("/").content.decode()

    def test_for_seven_days(self, boss: Client, ann: User, role: Group) -> None:
        change(boss, ann, groups=[str(role.pk)])
        AccountChange.objects.update(asked_at=timezone.now() - timedelta(days=8))
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        assert "Accounts were changed" not in reader.get("/").content.decode()
