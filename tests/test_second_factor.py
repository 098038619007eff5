"""The second factor: set up, asked for, replaced, and demanded of everybody who can write."""

from __future__ import annotations

import re
import time
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

from records.access.second_factor import has_second_factor
from records.accounts.adapters import SecondFactorAdapter
from records.accounts.sign_in import can_write
from tests.signin import PASSWORD, SECRET, code_now, give_factor, grow_old, may, sign_in

pytestmark = pytest.mark.django_db
SETUP = "/account/second-factor/"


@pytest.fixture
def clerk() -> User:
    """Somebody on the staff who has no second factor yet."""
    return User.objects.create_user("clerk", password=PASSWORD, is_staff=True)


def enter(client: Client, name: str = "clerk", next: str = "") -> Any:
    return client.post("/account/login/", {"login": name, "password": PASSWORD, "next": next})


def set_up(client: Client) -> str:
    """Set up one-time codes as a person does; return the secret that the page shows."""
    page = client.get(f"{SETUP}codes/add/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret and "data:image/svg+xml;base64," in page
    answer = client.post(f"{SETUP}codes/add/", {"code": code_now(secret[1])})
    assert answer["Location"] == f"{SETUP}recovery/", answer.content.decode()
    return secret[1]


def test_codes_are_set_up_and_then_asked_for_at_the_door(client: Client, clerk: User) -> None:
    enter(client)
    secret = set_up(client)
    client.post("/account/logout/")
    assert enter(client, next="/people/")["Location"] == f"{SETUP}authenticate/"
    assert "_auth_user_id" not in client.session
    wrong = client.post(f"{SETUP}authenticate/", {"code": "000000"})
    assert wrong.status_code == 200 and "Incorrect code" in wrong.content.decode()
    assert client.post(f"{SETUP}authenticate/", {"code": code_now(secret)})["Location"] == "/people/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("later", "opened"), [(-3, False), (-1, True), (1, True), (3, False)])
def test_a_code_may_be_half_a_minute_early_or_late(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch, later: int, opened: bool
) -> None:
    middle = time.time() // 30 * 30 + 15
    monkeypatch.setattr("time.time", lambda: middle)
    give_factor(clerk)
    enter(client)
    answer = client.post(f"{SETUP}authenticate/", {"code": code_now(later=later)})
    assert (answer.status_code == 302) is opened


def test_a_code_opens_once(client: Client, clerk: User) -> None:
    give_factor(clerk)
    code = code_now()
    for there, opened in ((client, True), (Client(), False)):
        enter(there)
        assert (there.post(f"{SETUP}authenticate/", {"code": code}).status_code == 302) is opened


@pytest.mark.parametrize("seconds", [31, 59])
def test_a_code_opens_once_for_as_long_as_it_is_taken(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """The code of the next half minute is taken already now, and that of this one still in the next."""
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr("time.time", lambda: now)
    give_factor(clerk)
    code = code_now(later=1)
    for there, later, opened in ((client, 0, True), (Client(), seconds, False)):
        monkeypatch.setattr("time.time", lambda later=later: now + later)
        enter(there)
        assert (there.post(f"{SETUP}authenticate/", {"code": code}).status_code == 302) is opened


def test_a_recovery_code_opens_once_and_the_codes_are_shown_once(client: Client, clerk: User) -> None:
    enter(client)
    set_up(client)
    codes = re.findall(r"<code>(\d{4} \d{4} \d{4} \d{4})</code>", client.get(f"{SETUP}recovery/").content.decode())
    assert len(set(codes)) == 10
    assert not re.findall(r"<code>\d", client.get(f"{SETUP}recovery/").content.decode())
    for opened in (True, False):
        client.post("/account/logout/")
        enter(client)
        assert (client.post(f"{SETUP}authenticate/", {"code": codes[0]}).status_code == 302) is opened


@pytest.mark.attack("D1")
def test_bad_codes_are_slowed_down(client: Client, clerk: User) -> None:
    give_factor(clerk)
    enter(client)
    answers = [client.post(f"{SETUP}authenticate/", {"code": "000000"}) for _ in range(20)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 15
    assert client.post(f"{SETUP}authenticate/", {"code": code_now()}).status_code == 429


def test_the_password_alone_opens_nothing_once_there_is_a_second_factor(client: Client, clerk: User) -> None:
    give_factor(clerk)
    enter(client)
    for path in ("/admin/", "/account/", SETUP, f"{SETUP}recovery/", f"{SETUP}codes/remove/", "/account/tokens/"):
        answer = client.get(path)
        assert answer.status_code == 302 and "/admin/auth" not in answer["Location"], path
        assert answer["Location"].startswith(("/account/login/", "/admin/login/", "/account/reauth")), path


def test_the_secrets_lie_encrypted_in_the_database(client: Client, clerk: User) -> None:
    enter(client)
    secret = set_up(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    seed = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["seed"]
    assert not re.fullmatch("[0-9a-f]+", seed)


def test_secrets_survive_a_new_signing_key_that_names_the_old_one(settings: Any) -> None:
    with override_settings(SECRET_KEY="an older key, long enough to be one" * 2):
        sealed = SecondFactorAdapter().encrypt("hidden")
        old = settings.SECRET_KEY
    with override_settings(SECRET_KEY_FALLBACKS=[old]):
        assert SecondFactorAdapter().decrypt(sealed) == "hidden"
    assert "hidden" not in sealed


class TestGate:
    """Who can write sets up a second factor before anything else."""

    @pytest.mark.parametrize(
        "right", ["add_person", "change_incident", "delete_stage", "submit_records", "review_records"]
    )
    @pytest.mark.parametrize("by", ["directly", "by role"])
    def test_one_right_to_write_is_enough_to_need_one(self, client: Client, right: str, by: str) -> None:
        user = User.objects.create_user("writer")
        if by == "directly":
            may(user, right)
        else:
            role = Group.objects.create(name="writers")
            role.permissions.set(Permission.objects.filter(codename=right))
            user.groups.add(role)
        sign_in(client, user, factor=False)
        assert client.get("/people/")["Location"] == SETUP
        give_factor(user)
        assert client.get("/people/").status_code == 200

    def test_a_superuser_and_staff_need_one(self, client: Client) -> None:
        for user in (User.objects.create_superuser("boss"), User.objects.create_user("staff", is_staff=True)):
            sign_in(client, user, factor=False)
            assert client.get("/")["Location"] == SETUP

    def test_a_partner_who_only_reads_needs_none(self, client: Client) -> None:
        reader = may(User.objects.create_user("reader"), "read_partner", "view_person")
        assert not can_write(reader)
        sign_in(client, reader, factor=False)
        assert client.get("/people/").status_code == 200
        assert client.get("/api/v1/people/").status_code == 200

    @pytest.mark.parametrize(
        "path", ["/", "/admin/", "/admin/cases/person/add/", "/people/export.csv", "/account/tokens/", "/nothing/"]
    )
    def test_it_stands_before_every_page(self, client: Client, clerk: User, path: str) -> None:
        sign_in(client, clerk, factor=False)
        for answer in (client.get(path), client.post(path, {"name": "x"})):
            assert (answer.status_code, answer["Location"]) == (302, SETUP)
        assert "needs a second factor" in client.get(SETUP).content.decode()

    def test_the_api_says_so(self, client: Client, clerk: User) -> None:
        sign_in(client, clerk, factor=False)
        answer = client.get("/api/v1/people/")
        assert (answer.status_code, list(answer.json())) == (403, ["detail"])

    def test_the_pages_that_lead_to_one_stay_open(self, client: Client, clerk: User) -> None:
        sign_in(client, clerk, factor=False)
        for path in (SETUP, f"{SETUP}codes/add/", f"{SETUP}passkeys/add/", "/account/sessions/", "/account/password/"):
            assert client.get(path).status_code == 200, path
        assert client.post("/account/logout/").status_code == 302

    def test_recovery_codes_alone_are_none(self, clerk: User) -> None:
        Authenticator.objects.create(user=clerk, type=Authenticator.Type.RECOVERY_CODES, data={})
        assert not has_second_factor(clerk)

    def test_a_session_from_before_ends_when_the_second_factor_is_set_up(
        self, client: Client, clerk: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        thief = Client()
        enter(thief)
        enter(client)
        with django_capture_on_commit_callbacks(execute=True):
            set_up(client)
        assert client.get("/admin/").status_code == 200
        assert thief.get("/admin/")["Location"].startswith("/admin/login/")


class TestRecent:
    """A second factor changes only in the hands of whoever signed in recently."""

    @pytest.mark.attack("D5")
    @pytest.mark.parametrize("path", ["codes/remove/", "recovery/new/", "passkeys/add/"])
    def test_old_sign_ins_prove_themselves_first(self, client: Client, clerk: User, path: str) -> None:
        sign_in(client, clerk, minutes_ago=120)
        before = list(Authenticator.objects.values())
        for answer in (client.get(SETUP + path), client.post(SETUP + path, {})):
            assert answer["Location"].startswith("/account/reauthenticate/?next=")
        assert list(Authenticator.objects.values()) == before

    def test_a_code_is_proof_enough(self, client: Client, clerk: User) -> None:
        sign_in(client, clerk, minutes_ago=120)
        answer = client.post(f"{SETUP}reauthenticate/", {"code": code_now(), "next": f"{SETUP}codes/remove/"})
        assert answer["Location"] == f"{SETUP}codes/remove/"
        assert client.post(f"{SETUP}codes/remove/").status_code == 302
        assert not has_second_factor(clerk)

    def test_a_mailbox_is_no_proof(self, client: Client, clerk: User, mailoutbox: list[Any]) -> None:
        """Not even where the sign-in library's table holds an address of theirs."""
        EmailAddress.objects.create(user=clerk, email="clerk@example.org", verified=True, primary=True)
        sign_in(client, clerk, minutes_ago=120)
        for path in ("/account/reauthenticate/", f"{SETUP}reauthenticate/"):
            page = client.get(path)
            assert page.status_code == 200 and "Send me" not in page.content.decode()
        assert client.post("/account/reauthenticate/code/", {"recipient": "clerk@example.org"}).status_code == 404
        assert mailoutbox == []


class TestAdministrators:
    """What an administrator does for somebody who lost something, and may not do at all."""

    def act(self, client: Client, name: str, *users: User) -> Any:
        return client.post("/admin/auth/user/", {"action": name, "_selected_action": [user.pk for user in users]})

    def test_they_reset_a_second_factor_and_end_the_sessions(
        self, client: Client, admin_client: Client, clerk: User
    ) -> None:
        give_factor(clerk)
        enter(client)
        client.post(f"{SETUP}authenticate/", {"code": code_now()})
        assert client.get("/admin/").status_code == 200
        self.act(admin_client, "reset_their_second_factor", clerk)
        assert not has_second_factor(clerk)
        assert client.get("/admin/")["Location"].startswith("/admin/login/")

    def test_they_end_sessions(self, client: Client, admin_client: Client, clerk: User) -> None:
        give_factor(clerk)
        enter(client)
        client.post(f"{SETUP}authenticate/", {"code": code_now()})
        self.act(admin_client, "end_their_sessions", clerk)
        assert client.get("/admin/")["Location"].startswith("/admin/login/")
        assert has_second_factor(clerk)

    @pytest.mark.attack("D5")
    @pytest.mark.parametrize("name", ["reset_their_second_factor", "end_their_sessions"])
    def test_not_with_an_old_sign_in(self, admin_client: Client, clerk: User, name: str) -> None:
        give_factor(clerk)
        grow_old(admin_client, 120)
        answer = self.act(admin_client, name, clerk)
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert has_second_factor(clerk)

    def test_their_own_they_change_on_their_own_page(self, admin_client: Client, admin_user: User) -> None:
        self.act(admin_client, "reset_their_second_factor", admin_user)
        assert has_second_factor(admin_user)

    def test_somebody_on_the_machine_resets_one_by_command(self, clerk: User) -> None:
        give_factor(clerk)
        said = StringIO()
        call_command("reset_second_factor", "clerk", stdout=said)
        assert not has_second_factor(clerk)
        assert "clerk" in said.getvalue()

    @pytest.mark.attack("D5")
    def test_roles_and_rights_do_not_change_with_an_old_sign_in(self, admin_client: Client, clerk: User) -> None:
        role = Group.objects.create(name="old name")
        grow_old(admin_client, 120)
        tries = {
            f"/admin/auth/user/{clerk.pk}/change/": {"username": "clerk", "is_superuser": "on"},
            f"/admin/auth/user/{clerk.pk}/password/": {"password1": "x" * 20, "password2": "x" * 20},
            "/admin/auth/user/add/": {"username": "new", "password1": "x" * 20, "password2": "x" * 20},
            f"/admin/auth/group/{role.pk}/change/": {"name": "new name"},
            "/admin/auth/group/add/": {"name": "another"},
            f"/admin/auth/group/{role.pk}/delete/": {"post": "yes"},
            "/admin/auth/group/": {"action": "delete_selected", "_selected_action": role.pk, "post": "yes"},
        }
        before = list(User.objects.order_by("pk").values()), list(Group.objects.values())
        for path, given in tries.items():
            assert admin_client.post(path, given)["Location"].startswith("/account/reauthenticate/"), path
        assert (list(User.objects.order_by("pk").values()), list(Group.objects.values())) == before

    def test_who_is_no_superuser_widens_no_rights_of_their_own(self, client: Client) -> None:
        user = User.objects.create_user("manager", is_staff=True)
        may(user, "view_user", "change_user", "view_group", "change_group", "add_group")
        role = Group.objects.create(name="role")
        user.groups.add(role)
        sign_in(client, user)
        given = {"username": "manager", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": role.pk}
        everything = Permission.objects.values_list("pk", flat=True)
        client.post(f"/admin/auth/user/{user.pk}/change/", given | {"user_permissions": everything})
        user.refresh_from_db()
        assert not user.is_superuser and user.user_permissions.count() == 5
        wider = {"name": "role", "permissions": Permission.objects.get(codename="read_team").pk}
        refused = client.post(f"/admin/auth/group/{role.pk}/change/", wider)
        assert "cannot give a role what you may not do yourself" in refused.content.decode()
        assert not role.permissions.exists()

    def test_who_is_no_superuser_does_not_touch_one(self, client: Client, admin_user: User) -> None:
        user = User.objects.create_user("manager", is_staff=True)
        sign_in(client, may(user, "view_user", "change_user"))
        new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
        assert client.post(f"/admin/auth/user/{admin_user.pk}/password/", new).status_code == 403
        assert client.post(f"/admin/auth/user/{admin_user.pk}/change/", {"username": "x"}).status_code == 403
        self.act(client, "reset_their_second_factor", admin_user)
        assert has_second_factor(admin_user)

    def test_accounts_are_not_deleted(self, admin_client: Client, clerk: User) -> None:
        assert admin_client.post(f"/admin/auth/user/{clerk.pk}/delete/", {"post": "yes"}).status_code == 403
        self.act(admin_client, "delete_selected", clerk)
        assert User.objects.filter(pk=clerk.pk).exists()


def test_the_tables_of_the_sign_in_library_are_in_nobodys_admin(admin_client: Client) -> None:
    give_factor(User.objects.create_user("other"))
    for path in ("mfa/authenticator", "usersessions/usersession", "account/emailaddress", "knox/authtoken"):
        assert admin_client.get(f"/admin/{path}/").status_code == 404
    index = admin_client.get("/admin/").content.decode()
    assert "Authenticator" not in index and SECRET not in index
