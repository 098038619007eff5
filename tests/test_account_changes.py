"""Nobody widens or resets an account alone where there are two administrators."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from records.access.second_factor import has_second_factor
from records.accounts.independence import are_independent
from records.models import AccountChange, AuditEntry, Team
from tests.admin_forms import filled
from tests.administrators import (
    ADMINISTRATES,
    NEW,
    act_on,
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
from tests.signin import PASSWORD, give_factor, grow_old, may, sign_in

__all__ = ["ann", "boss", "role", "second"]
pytestmark = pytest.mark.django_db


class TestTwoAdministrators:
    def test_a_role_waits_and_the_second_gives_it(self, boss: Client, second: Client, ann: User, role: Group) -> None:
        assert "Waits for a second administrator" in change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == []
        asked = AccountChange.objects.get()
        assert (asked.account, asked.words, asked.asked_by.username) == (ann, "role reviewer", "admin")
        assert "is approved" in answer(second, asked, "approve")
        assert roles_of(ann) == ["reviewer"]

    def test_whoever_asked_or_is_given_it_does_not_approve(
        self, boss: Client, second: Client, role: Group, ann: User
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        assert "Nobody approves what they asked for" in answer(boss, AccountChange.objects.get(), "approve")
        change(boss, User.objects.get(username="second"), groups=[str(role.pk)])
        own = AccountChange.objects.get(account__username="second")
        assert "given to themselves" in answer(second, own, "approve")
        assert not User.objects.filter(groups=role).exists()

    def test_what_a_form_takes_away_is_done_at_once_and_what_it_gives_waits(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        other = Group.objects.create(name="other")
        ann.groups.add(other)
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == []
        assert AccountChange.objects.waiting().get().words == "role reviewer"

    @pytest.mark.parametrize("name", ["is_staff", "is_superuser"])
    def test_switches_wait(self, boss: Client, second: Client, ann: User, name: str) -> None:
        change(boss, ann, **{name: "on"})
        ann.refresh_from_db()
        assert getattr(ann, name) is False
        answer(second, AccountChange.objects.get(), "approve")
        ann.refresh_from_db()
        assert getattr(ann, name) is True

    def test_to_switch_an_account_on_again_waits_and_off_does_not(
        self, boss: Client, second: Client, ann: User
    ) -> None:
        form = filled(boss, page(ann))
        boss.post(page(ann), {key: value for key, value in form.items() if key != "is_active"})
        ann.refresh_from_db()
        assert ann.is_active is False
        change(boss, ann, is_active="on")
        ann.refresh_from_db()
        assert ann.is_active is False and AccountChange.objects.waiting().get().words == "active"

    def test_the_page_of_the_account_shows_what_waits_and_says_nothing_of_success(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        team = Team.objects.create(name="North")
        for row, given in ((ann, {"groups": [str(role.pk)]}), (team, {"members": [str(ann.pk)]})):
            said = change(boss, row, **given)
            assert "Waits for a second administrator" in said and "success" not in said
            ref = AccountChange.objects.waiting().latest("pk").ref
            assert f'href="/admin/records/accountchange/{ref}/change/"' in boss.get(page(row)).content.decode()
        assert "success" in change(boss, ann, groups=[str(role.pk)], first_name="Ann")

    def test_a_right_of_its_own_waits(self, boss: Client, second: Client, ann: User) -> None:
        right = Permission.objects.get(codename="read_team")
        change(boss, ann, user_permissions=[str(right.pk)])
        assert not ann.user_permissions.exists()
        answer(second, AccountChange.objects.get(), "approve")
        assert [*ann.user_permissions.all()] == [right]

    def test_a_team_waits_for_each_new_member(self, boss: Client, second: Client, ann: User) -> None:
        team = Team.objects.create(name="North")
        old, gone = User.objects.create_user("old"), User.objects.create_user("gone")
        team.members.add(old, gone)
        change(boss, team, members=[str(old.pk), str(ann.pk)])
        assert [*team.members.all()] == [old]
        asked = AccountChange.objects.waiting().get()
        assert (asked.account, asked.words) == (ann, "team North")
        answer(second, asked, "approve")
        assert {*team.members.all()} == {old, ann}

    def test_what_a_role_may_waits(self, boss: Client, second: Client, role: Group) -> None:
        right = Permission.objects.get(codename="review_records")
        change(boss, role, permissions=[str(key) for key in [*role.permissions.values_list("pk", flat=True), right.pk]])
        assert not role.permissions.filter(pk=right.pk).exists()
        answer(second, AccountChange.objects.get(), "approve")
        assert role.permissions.count() == 2

    def test_a_second_factor_is_reset_by_two(self, boss: Client, second: Client, ann: User) -> None:
        give_factor(ann)
        act_on(boss, "reset_their_second_factor", ann)
        assert has_second_factor(ann)
        answer(second, AccountChange.objects.get(), "approve")
        assert not has_second_factor(ann)

    def test_a_password_is_set_by_whoever_asked_once_it_is_approved(
        self, boss: Client, second: Client, ann: User
    ) -> None:
        boss.post(page(ann, "password"), NEW)
        ann.refresh_from_db()
        assert ann.check_password(PASSWORD)
        answer(second, AccountChange.objects.get(), "approve")
        second.post(page(ann, "password"), NEW)  # who approved it has asked for nothing
        ann.refresh_from_db()
        assert ann.check_password(PASSWORD)
        boss.post(page(ann, "password"), NEW)
        ann.refresh_from_db()
        assert ann.check_password(NEW["password1"])
        assert not are_independent(ann, User.objects.get(username="admin"))

    def test_an_approved_password_is_set_once_and_within_a_day(self, boss: Client, second: Client, ann: User) -> None:
        boss.post(page(ann, "password"), NEW)
        answer(second, AccountChange.objects.get(), "approve")
        AccountChange.objects.update(decided_at=timezone.now() - timedelta(days=1, minutes=1))
        boss.post(page(ann, "password"), NEW)
        ann.refresh_from_db()
        assert ann.check_password(PASSWORD)
        assert AccountChange.objects.waiting().count() == 1

    def test_ones_own_password_needs_nobody(self, boss: Client, second: Client, admin_user: User) -> None:
        boss.post(page(admin_user, "password"), NEW)
        admin_user.refresh_from_db()
        assert admin_user.check_password(NEW["password1"])

    def test_an_account_that_the_first_made_is_the_first_as_well(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        """The second approved what the puppet may do; that says nothing of who holds it."""
        puppet = make_by(boss, "puppet")
        change(boss, puppet, is_staff="on", user_permissions=[str(p.pk) for p in permissions(*ADMINISTRATES)])
        answer(second, AccountChange.objects.waiting().get(), "approve")
        change(boss, ann, groups=[str(role.pk)])
        asked = AccountChange.objects.waiting().get()
        holder = sign_in(Client(), User.objects.get(pk=puppet.pk))
        assert "may be one person" in answer(holder, asked, "approve")
        assert roles_of(ann) == []

    def test_two_accounts_of_one_maker_are_one_person(self, boss: Client, second: Client) -> None:
        made = [User.objects.create_user(name) for name in ("one", "two")]
        for user in made:
            AccountChange.objects.create(
                account=user, kind="made", state="done", asked_by=User.objects.get(username="admin")
            )
        assert not are_independent(made[0], made[1])
        assert are_independent(made[0], User.objects.get(username="second"))

    def test_it_stays_when_the_other_is_switched_off(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        other = User.objects.get(username="second")
        form = filled(boss, page(other))
        boss.post(page(other), {key: value for key, value in form.items() if key != "is_active"})
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == []

    def test_it_can_be_refused_and_taken_back(self, boss: Client, second: Client, ann: User, role: Group) -> None:
        for client, button, state in ((second, "refuse", "refused"), (boss, "take_back", "taken_back")):
            change(boss, ann, groups=[str(role.pk)])
            asked = AccountChange.objects.waiting().get()
            answer(client, asked, button)
            asked.refresh_from_db()
            assert (asked.state, roles_of(ann)) == (state, [])
            assert "already" in answer(second, asked, "approve") or "is " in answer(second, asked, "approve")

    def test_with_an_old_sign_in_nothing_is_approved(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        grow_old(second, 120)
        asked = AccountChange.objects.get()
        response = second.post(f"/admin/records/accountchange/{asked.ref}/change/", {"approve": "1"})
        assert response["Location"].startswith("/account/reauthenticate/")
        assert roles_of(ann) == []

    def test_what_somebody_asked_who_was_switched_off_since_is_not_approved(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        User.objects.filter(username="admin").update(is_active=False)
        assert "may not change accounts any more" in answer(second, AccountChange.objects.get(), "approve")
        assert roles_of(ann) == []

    def test_a_role_that_goes_does_not_end_it(self, boss: Client, ann: User, role: Group) -> None:
        """The second administrator was one by a role; the first removes that, and then gives alone."""
        made = Group.objects.create(name="administrators")
        made.permissions.add(*permissions(*ADMINISTRATES))
        User.objects.create_user("other", is_staff=True).groups.add(made)
        boss.post(page(made, "delete"), {"post": "yes"})
        assert not Group.objects.filter(name="administrators").exists()
        change(boss, ann, groups=[str(role.pk)])
        assert roles_of(ann) == []

    def test_who_only_reads_approves_nothing(self, boss: Client, second: Client, ann: User, role: Group) -> None:
        change(boss, ann, groups=[str(role.pk)])
        asked = AccountChange.objects.get()
        reader = sign_in(Client(), may(User.objects.create_user("reader", is_staff=True), "read_team"))
        assert "takes the right to change accounts" in answer(reader, asked, "approve")
        stranger = sign_in(Client(), User.objects.create_user("staff", is_staff=True))
        assert stranger.post(f"/admin/records/accountchange/{asked.ref}/change/", {"approve": "1"}).status_code == 403
        assert roles_of(ann) == []

    def test_the_list_leads_to_each_change_and_the_trail_tells_of_it(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        change(boss, ann, groups=[str(role.pk)])
        listed = second.get("/admin/records/accountchange/").content.decode()
        [link] = set(re.findall(r'href="(/admin/records/accountchange/[^"?]+/change/)"', listed))
        assert "Approve" in second.get(link).content.decode()
        may(User.objects.get(username="second"), "read_audit", "view_auditentry")
        assert "role reviewer" in second.get("/admin/records/auditentry/?kind=account").content.decode()

    def test_its_page_names_what_a_role_may_and_who_has_it(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        User.objects.create_user("carol").groups.add(role)
        change(boss, ann, groups=[str(role.pk)])
        shown = second.get(page(AccountChange.objects.get())).content.decode()
        for words in (f"Role reviewer: {escape(role.permissions.get().name)}", "Has that role: carol"):
            assert words in shown

    def test_and_what_the_account_has_beside_its_roles(self, boss: Client, second: Client, ann: User) -> None:
        """An account that was switched off with everything it had is not switched on as if it were any other."""
        ann.user_permissions.add(*permissions("review_records"))
        Team.objects.create(name="North").members.add(ann)
        User.objects.filter(pk=ann.pk).update(is_active=False, is_superuser=True, first_name="Ann", last_name="Lee")
        change(boss, ann, is_active="on")
        shown = second.get(page(AccountChange.objects.get())).content.decode()
        for words in ("Superuser", "Team North", "Called Ann Lee", "Right of its own: ", "Switched off"):
            assert words in shown

    def test_several_are_approved_at_once_after_each_was_shown_in_full(
        self, boss: Client, second: Client, ann: User, role: Group
    ) -> None:
        bea = User.objects.create_user("bea")
        for user in (ann, bea):
            change(boss, user, groups=[str(role.pk)])
        form = {"action": "approve_several", "_selected_action": AccountChange.objects.values_list("pk", flat=True)}
        shown = second.post("/admin/records/accountchange/", form).content.decode()
        for name in ("ann", "bea"):
            assert f"<h3>{name} has now</h3>" in shown or f"<dd>{name}" in shown
        assert escape(role.permissions.get().name) in shown and not User.objects.filter(groups=role).exists()
        boss.post("/admin/records/accountchange/", form | {"confirmed": "1"})
        assert not User.objects.filter(groups=role).exists()
        second.post("/admin/records/accountchange/", form | {"confirmed": "1"})
        assert User.objects.filter(groups=role).count() == 2

    def test_everything_stands_in_the_trail(self, boss: Client, second: Client, ann: User, role: Group) -> None:
        change(boss, ann, groups=[str(role.pk)])
        answer(second, AccountChange.objects.get(), "approve")
        entries = AuditEntry.objects.filter(kind="account").order_by("number")
        assert [(entry.actor, "role reviewer" in entry.details) for entry in entries] == [
            ("admin", True),
            ("second", True),
        ]


class TestNames:
    """Who wrote what, and what was asked for, is told by names: they are given once."""

    def test_of_accounts_roles_and_teams_do_not_change(self, boss: Client, ann: User, role: Group) -> None:
        team = Team.objects.create(name="North")
        for row, given in ((ann, {"username": "eve"}), (role, {"name": "reader"}), (team, {"name": "South"})):
            change(boss, row, **given)
            row.refresh_from_db()
        assert (ann.username, role.name, team.name) == ("ann", "reviewer", "North")

    @pytest.mark.parametrize(
        "name",
        [
            "load_seeds",
            "ADMIN",
            "\u0430nn",
            "adm1n",
            "admin.",
            "admin_",
            "adm.in",
            "load-seeds",
            "stranger",
            "Sign-In",
            "c1ock",
        ],
    )
    def test_of_new_accounts_are_nobody_elses_and_do_not_look_like_it(self, boss: Client, name: str) -> None:
        boss.post("/admin/auth/user/add/", {"username": name, "usable_password": "true", **NEW})
        assert not User.objects.filter(username=name).exists()

    @pytest.mark.parametrize(
        "name",
        [
            "REVIEWER",
            "r\u0435vi\u0435w\u0435r",
            "rev\u200diewer",
            "reviewer.",
            "rev1ewer",
            "role\nreviewer",
            "N\u043erth",
        ],
    )
    def test_of_new_roles_and_teams_do_not_look_like_another(self, boss: Client, role: Group, name: str) -> None:
        Team.objects.create(name="reviewer")
        for address, fields in (("auth/group", "permissions"), ("records/team", "members")):
            response = boss.post(f"/admin/{address}/add/", {"name": name, fields: []})
            assert response.context["errors"]
        assert (Group.objects.count(), Team.objects.count()) == (1, 1)

    def test_of_other_new_roles_teams_and_accounts_are_taken(self, boss: Client, role: Group) -> None:
        make_by(boss, "reviewer2")
        for address, name in (("auth/group", "рецензент"), ("records/team", "North 2"), ("records/team", "North 3")):
            boss.post(f"/admin/{address}/add/", {"name": name})
        assert Group.objects.count() == 2 and Team.objects.count() == 2


def test_anothers_mail_address_waits_too(boss: Client, second: Client, ann: User) -> None:
    """Digests of what the team knows go there."""
    change(boss, ann, email="boss@example.org")
    ann.refresh_from_db()
    assert ann.email == ""
    asked = AccountChange.objects.get()
    assert asked.words == "mail to boss@example.org"
    answer(second, asked, "approve")
    ann.refresh_from_db()
    assert ann.email == "boss@example.org"


def test_what_its_asker_cannot_approve_any_more_is_refused_by_another(
    boss: Client, second: Client, ann: User, role: Group
) -> None:
    change(boss, ann, groups=[str(role.pk)])
    User.objects.filter(username="admin").update(is_active=False)
    asked = AccountChange.objects.get()
    assert "is refused" in answer(second, asked, "refuse")


def test_an_approved_password_can_be_taken_back(boss: Client, second: Client, ann: User) -> None:
    boss.post(page(ann, "password"), NEW)
    asked = AccountChange.objects.get()
    answer(second, asked, "approve")
    assert "is refused" in answer(second, asked, "refuse")
    boss.post(page(ann, "password"), NEW)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


@pytest.mark.parametrize("prefix", ["_2B", "_0A", ""], ids=["a quoted plus", "a quoted end of line", "plain"])
def test_a_password_waits_under_each_address_of_the_account(
    boss: Client, second: Client, ann: User, prefix: str
) -> None:
    """The admin quotes keys in its addresses, and a number with a sign before it is the same number."""
    boss.post(f"/admin/auth/user/{prefix}{ann.pk}/password/", NEW)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)
    assert AccountChange.objects.get().account == ann


def test_nobody_approves_for_an_account_that_they_made(boss: Client, second: Client, role: Group) -> None:
    """The second asks for rights of an account that the first may hold: the first would give them to themselves."""
    made = make_by(boss, "made")
    change(second, made, groups=[str(role.pk)])
    asked = AccountChange.objects.get(asked_by__username="second")
    assert "may be one person" in answer(boss, asked, "approve")
    assert roles_of(made) == []
