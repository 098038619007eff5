"""How much is sent for a page of the seeds: readers wait for it over Tor."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db.models import Count
from django.test import Client

from cases.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_persons_page_and_all_that_it_needs_are_under_twenty_kilobytes(client: Client) -> None:
    with_most = Person.objects.filter(level="public").annotate(steps=Count("involvements__stages")).order_by("-steps")
    for person in with_most[:3]:
        response = client.get(f"/people/{person.ref}/", headers={"Accept-Encoding": "gzip"})
        page = gzip.decompress(response.content).decode()
        assert "<script" not in page
        needed = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
        assert "waymark.css" in needed
        assert len(response.content) + sum(map(compressed, needed)) < 20_000, person.label


def compressed(name: str) -> int:
    """Return how many bytes a file is as it is served, which `collectstatic` compressed."""
    path: Any = finders.find(name)
    return len(gzip.compress(Path(path).read_bytes()))
