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
from records.accounts.independence import are_independent, two_administrators
from records.models import AccountChange, ApiToken, Feed, Team
from tests.admin_forms import filled
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
from tests.factories import make_country, make_person
from tests.signin import code_now, give_factor, may, sign_in

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
        assert not are_independent(ann, User.objects.get(username="admin"))

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
        with pytest.raises(CommandError, match="not set a password of their own"):
            call_command("confirm_account", "eve", "--why", "we met", stdout=said)
        taken_over(eve)
        ApiToken.objects.create(eve, expiry=timedelta(days=1), name="left", scopes=["read"])
        call_command("confirm_account", "eve", "--why", "we met", stdout=said)
        assert "Two administrators stand behind" in said.getvalue()
        assert "API token: left (read)" in said.getvalue() and not ApiToken.objects.exists()
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


OWN = "a pass phrase of my own"


def set_own_password(user: User, given: str = NEW["password1"], own: str = OWN) -> None:
    """Let a holder change the password that they were given."""
    client = sign_in(Client(), user, factor=has_second_factor(user))
    form = {"oldpassword": given, "password1": own, "password2": own}
    assert client.post("/account/password/", form).status_code == 302
    user.refresh_from_db()
    assert user.check_password(own)


def taken_over(user: User) -> None:
    """Let a holder sign in for the first time, and set a password and a second factor of their own."""
    set_own_password(user)
    give_factor(user)


class TestConfirming:
    @pytest.fixture
    def made(self, boss: Client) -> User:
        return make_by(boss, "made")

    def test_by_somebody_independent_makes_an_account_independent(
        self, boss: Client, second: Client, made: User
    ) -> None:
        taken_over(made)
        assert "may be one person" in act_on(boss, "confirm_their_holders", made)
        assert "is independent" in act_on(second, "confirm_their_holders", made)
        assert are_independent(made, User.objects.get(username="admin"))
        kept = AccountChange.objects.get(account=made)
        assert kept.confirmed_by is not None and kept.confirmed_by.username == "second"

    def test_waits_for_a_password_and_a_second_factor_of_the_holders_own(self, second: Client, made: User) -> None:
        give_factor(made)
        assert "not set a password of their own" in act_on(second, "confirm_their_holders", made)
        set_own_password(made)
        assert not has_second_factor(made)
        assert "no second factor yet" in act_on(second, "confirm_their_holders", made)
        assert not are_independent(made, User.objects.get(username="admin"))

    def test_leaves_nothing_open_that_was_set_up_before_the_hand_over(
        self, boss: Client, second: Client, made: User
    ) -> None:
        """Whoever made it signed in, and left a token, a private address and a second factor."""
        give_factor(made)
        ApiToken.objects.create(made, expiry=timedelta(days=1), name="left", scopes=["read"])
        Feed.objects.create(user=made, kind="deadlines", name="left", digest="0" * 64)
        taken_over(made)
        assert not ApiToken.objects.exists() and not Feed.objects.exists()

    def test_a_first_password_set_by_whoever_made_it_leaves_no_way_in_either(self, boss: Client, made: User) -> None:
        """They took it over themselves, left a way in, and gave their password on as the first one."""
        taken_over(made)
        ApiToken.objects.create(made, expiry=timedelta(days=1), name="left", scopes=["read"])
        set_own_password(made, OWN, "and one that is really mine")
        assert not ApiToken.objects.exists()
        assert not has_second_factor(made)

    def test_takes_away_what_its_maker_left_behind_the_holders_own_password(
        self, boss: Client, second: Client, made: User
    ) -> None:
        """The maker set that password too; the holder came with it and set up no more than a second factor."""
        change(boss, made, email="boss@example.org")
        answer(second, AccountChange.objects.waiting().get(), "approve")
        taken_over(made)
        ApiToken.objects.create(made, expiry=timedelta(days=1), name="left", scopes=["read"])
        Feed.objects.create(user=made, kind="deadlines", name="left", digest="0" * 64)
        left = Client()
        left.post("/account/login/", {"login": "made", "password": OWN})
        left.post("/account/second-factor/authenticate/", {"code": code_now()})
        assert left.get("/account/sessions/").status_code == 200
        act_on(second, "confirm_their_holders", made)
        made.refresh_from_db()
        assert (made.email, ApiToken.objects.exists(), Feed.objects.exists()) == ("", False, False)
        assert left.get("/account/sessions/").status_code == 302

    def test_shows_first_what_opens_the_account(self, boss: Client, second: Client, made: User) -> None:
        change(boss, made, first_name="Second", last_name="Person")
        taken_over(made)
        ApiToken.objects.create(made, expiry=timedelta(days=1), name="nightly", scopes=["read"])
        form = {"action": "confirm_their_holders", "_selected_action": [str(made.pk)]}
        shown = second.post("/admin/auth/user/", form).content.decode()
        own = AccountChange.objects.get(account=made, kind="made").taken_over_at
        for words in ("made · called Second Person", f"{own:%Y-%m-%d %H:%M}", "TOTP", "API token: nightly (read)"):
            assert words in shown
        assert not are_independent(made, User.objects.get(username="admin"))

    def test_a_reset_takes_tokens_and_private_addresses_too(self, boss: Client, made: User) -> None:
        for reset in ("factor", "password"):
            ApiToken.objects.create(made, expiry=timedelta(days=1), name="left", scopes=["read"])
            if reset == "factor":
                act_on(boss, "reset_their_second_factor", made)
            else:
                boss.post(page(made, "password"), NEW)
            assert not ApiToken.objects.exists()
            made.refresh_from_db()
            told = sign_in(Client(), made).get("/account/tokens/").content.decode()
            reason = {"factor": "your second factor was reset", "password": "set by an administrator"}[reset]
            assert "are revoked: " in told and reason in told

    def test_what_an_account_made_while_it_was_in_somebodys_hands_stays_theirs(
        self, boss: Client, second: Client, made: User
    ) -> None:
        """The first administrator makes one, by it another, and hands over the one."""
        User.objects.filter(pk=made.pk).update(is_staff=True)
        by_it = sign_in(Client(), may(made, *ADMINISTRATES))
        hidden = make_by(by_it, "hidden")
        taken_over(made)
        act_on(second, "confirm_their_holders", made)
        first = User.objects.get(username="admin")
        assert are_independent(made, first)
        assert not are_independent(hidden, first) and not are_independent(first, hidden)
        taken_over(hidden)
        assert "may be one person" in act_on(boss, "confirm_their_holders", hidden)
        assert "May be in the hands of admin, made" in boss.get(page(hidden)).content.decode()

    def test_what_was_asked_in_somebodys_hands_is_not_approved_by_them_afterwards(
        self, boss: Client, second: Client, made: User, ann: User, role: Group
    ) -> None:
        User.objects.filter(pk=made.pk).update(is_staff=True)
        by_it = sign_in(Client(), may(made, *ADMINISTRATES))
        change(by_it, ann, groups=[str(role.pk)])
        taken_over(made)
        act_on(second, "confirm_their_holders", made)
        asked = AccountChange.objects.waiting().get()
        assert "may be one person" in answer(boss, asked, "approve")
        assert "is approved" in answer(second, asked, "approve")

    def test_holds_until_the_next_reset(self, boss: Client, second: Client, made: User) -> None:
        taken_over(made)
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

    def test_whatever_is_asked_and_taken_back_behind_it(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        answer(second, AccountChange.objects.waiting().get(), "approve")
        for name in map("other{}".format, range(31)):
            other = Group.objects.create(name=name)
            change(boss, ann, groups=[str(role.pk), str(other.pk)])
            answer(boss, AccountChange.objects.waiting().get(), "take_back")
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        home = reader.get("/").content.decode()
        assert "role reviewer" in home and "role other" not in home
        assert "refused or taken back: 31." in home

    def test_however_often_one_thing_is_done_after_it(self, boss: Client, ann: User, role: Group) -> None:
        change(boss, ann, groups=[str(role.pk)])
        puppet = make_by(boss, "puppet")
        for _ in range(31):
            boss.post(page(puppet, "password"), NEW)
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        home = reader.get("/").content.decode()
        assert "role reviewer" in home and "31 times" in home

    def test_and_however_often_an_account_is_called_otherwise(self, boss: Client, ann: User, role: Group) -> None:
        change(boss, ann, groups=[str(role.pk)])
        for name in ("Eve", "Mallory", "Ann"):
            change(boss, ann, first_name=name)
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        home = reader.get("/").content.decode()
        assert "called “Ann”" in home and "3 times" in home and "Mallory" not in home

    def test_of_what_was_asked_long_ago_on_the_day_it_is_approved(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        AccountChange.objects.update(asked_at=timezone.now() - timedelta(days=30))
        answer(second, AccountChange.objects.get(), "approve")
        decided = AccountChange.objects.get().decided_at
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        home = reader.get("/").content.decode()
        assert "role reviewer" in home and f"{decided:%Y-%m-%d %H:%M} UTC" in home

    def test_of_what_was_taken_away_and_of_another_name(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        team = Team.objects.create(name="North")
        team.members.add(ann)
        ann.groups.add(role)
        form = filled(boss, page(ann)) | {"first_name": "Eve"}
        boss.post(page(ann), {key: value for key, value in form.items() if key not in ("groups", "is_active")})
        assert "on no team until" in change(boss, team, members=[])
        change(boss, role, permissions=[])
        boss.post(page(role, "delete"), {"post": "yes"})
        reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
        home = reader.get("/").content.decode()
        for words in ("no longer active", "role reviewer taken away", "called “Eve”", "taken off team North"):
            assert words in home
        for words in ("whoever has the role reviewer may no longer", "role reviewer removed"):
            assert words in home
        assert are_independent(ann, User.objects.get(username="admin"))

    def test_and_who_can_approve_what_waits_is_led_to_it(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        link = f'href="/admin/records/accountchange/{AccountChange.objects.get().ref}/change/"'
        told = {client: client.get("/").content.decode() for client in (boss, second)}
        assert link in told[boss] and "You can answer it" not in told[boss]
        assert link in told[second] and "You can answer it" in told[second]


def test_the_team_hears_of_lists_too_which_one_person_changes_at_once(boss: Client) -> None:
    address = f"/admin/cases/country/{make_country('TR').pk}/change/"
    boss.post(address, filled(boss, address) | {"name": "Another Name"})
    reader = sign_in(Client(), may(User.objects.create_user("reader"), "read_team"))
    home = reader.get("/").content.decode()
    assert "Lists were changed" in home and "→ “Another Name”" in home and "(admin, " in home
    assert "Lists were changed" not in Client().get("/").content.decode()
