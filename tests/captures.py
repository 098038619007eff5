"""Captured files for tests: rows with their files, somebody who uploads them, and a store of their own."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from sources.capture_store import keep
from sources.models import Capture
from tests.factories import make_source
from tests.signin import may, sign_in

PAGE = b"<!DOCTYPE html>\n<title>Held</title><script>alert(1)</script>"
COPY = b"Held\n"


def make_capture(content: bytes = PAGE, **fields: Any) -> Capture:
    """Keep a file with its copy; `no_copy` is the reason why it has none."""
    source = fields.pop("source", None) or make_source()
    kept = keep([content])._asdict()
    if "no_copy" not in fields:
        stored, sha256, size = keep([COPY])
        kept |= {"copy_stored": stored, "copy_sha256": sha256, "copy_size": size, "copy_media_type": "text/plain"}
    return Capture.objects.create(source=source, **{"media_type": "text/html", "level": "public"} | kept | fields)


def verify() -> str:
    out = io.StringIO()
    call_command("verify_captures", stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Any) -> None:
    settings.CAPTURES_DIR = tmp_path / "captures"


@pytest.fixture
def clerk(db: None) -> Client:
    """Somebody of the team who may add captures and see sources in the admin."""
    user = User.objects.create_user("clerk", is_staff=True)
    rights = ("add_capture", "change_capture", "view_capture", "view_sourcedocument", "change_sourcedocument")
    return sign_in(Client(), may(user, "read_team", *rights))


def upload(client: Client, name: str, content: bytes, **fields: Any) -> Any:
    source = fields.pop("source", None) or make_source()
    form = {"source": source.pk, "tool": "Firefox", "note": "", "level": "team"} | fields
    form |= {"taken_at_0": "2026-11-22", "taken_at_1": "10:00:00"}
    file = SimpleUploadedFile(name, content)
    return client.post("/admin/sources/capture/add/", form | {"file": file})
