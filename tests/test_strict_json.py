"""Bodies that are no JSON, or mean more than one thing: refused with the place, and nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.api.request_bodies import WRITABLE_RESOURCES
from records.api.request_body import WritableResource
from records.api.strict_json import DEEPEST, LONGEST_LIST, Malformed, depth, read
from records.api.writing import LARGEST_BODY
from tests.partners import PERSON, filled, partner, partner_client, post, refused, rows

__all__ = ["partner", "partner_client"]


def problems(raw: bytes) -> list[str]:
    """The places at which a body is refused."""
    with pytest.raises(Malformed) as caught:
        read(raw)
    assert all(caught.value.problems.values())
    return list(caught.value.problems)


def test_what_is_json_is_read_as_json() -> None:
    text = '{"a": [1, -2.5, true, null, "\\u00e9\\ud83d\\ude00"], "b": {"": 2147483647}}'
    assert read(text.encode()) == json.loads(text)
    assert read(b'"[[[["') == "[[[["


MALFORMED: list[tuple[bytes, str]] = [
    (b"", "body"),
    (b"{", "body"),
    (b"{'a': 1}", "body"),
    (b'{"a": 1,}', "body"),
    (b'{"a": 1} {}', "body"),
    (b"label=x", "body"),
    (b"\xef\xbb\xbf{}", "body"),
    (b'{"a": "\xff"}', "body"),
    ('{"a": 1}'.encode("utf-16"), "body"),
    ('{"a": "é"}'.encode("latin-1"), "body"),
    (b'{"a": "x\ny"}', "body"),
    (b'{"a": 1, "a": 1}', "a"),
    (b'{"a": [{}, {"b": 1, "b": 2}]}', "a/1/b"),
    (b'{"a": {"b/c": NaN}}', "a/b~1c"),
    (b'{"a": Infinity}', "a"),
    (b"[-Infinity]", "0"),
    (b'{"a": 1e400}', "a"),
    (b'{"a": -1e400}', "a"),
    (b'{"a": ' + b"7" * 5000 + b"}", "a"),
    (b'{"a": 2147483648}', "a"),
    (b'{"a": "x\\u0000"}', "a"),
    (b'{"a": ["\\ud800"]}', "a/0"),
    (b'{"a": "\\udc00\\ud800"}', "a"),
    (b'{"\\ud800": 1}', "?"),
    (b'{"\\u0000": 1}', "?"),
    (b'{"a": [' + b"0," * LONGEST_LIST + b"0]}", "a"),
    (b"NaN", "body"),
]


@pytest.mark.attack("C4")
@pytest.mark.parametrize(("raw", "place"), MALFORMED, ids=lambda value: str(value)[:30])
def test_what_means_two_things_or_nothing_is_named(raw: bytes, place: str) -> None:
    assert problems(raw) == [place]


@pytest.mark.attack("C4")
@pytest.mark.parametrize("deep", [DEEPEST + 1, 100, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ("[", "")])
def test_what_is_too_deep_is_refused_before_anybody_goes_down(deep: int, opening: str, closing: str) -> None:
    assert problems((opening * deep + closing * deep).encode()) == ["body"]


def test_depth_counts_what_stands_in_each_other_and_not_in_texts() -> None:
    assert depth('[{"[[{{": ["\\"[["]}, [], []]') == 3
    assert read(b"[" * DEEPEST + b"]" * DEEPEST)


@settings(deadline=None)
@given(st.text(alphabet='"\\[]{}a', max_size=200))
def test_no_text_is_too_odd_to_be_counted(text: str) -> None:
    assert 0 <= depth(text) <= len(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31) + 1, 2**31 - 1) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_what_is_read_is_what_the_standard_reader_reads(value: Any) -> None:
    raw = json.dumps(value, ensure_ascii=False)
    try:
        assert read(raw.encode()) == value
    except (Malformed, UnicodeEncodeError):
        assert "\\u0000" in raw or any("\ud800" <= each <= "\udfff" for each in raw)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    try:
        read(raw)
    except Malformed as error:
        assert error.problems


# Through the API


@pytest.mark.attack("C4")
@pytest.mark.attack("C5")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "place"),
    [*MALFORMED[1:], (b"[" * 100_000, "body"), (b"[" * 100 + b"]" * 100, "body")],
    ids=lambda value: str(value)[:30],
)
def test_the_api_refuses_it_and_writes_nothing(partner_client: Client, raw: bytes, place: str) -> None:
    assert list(refused(partner_client, "people/", raw)) == [place]


@pytest.mark.attack("C5")
@pytest.mark.django_db
@pytest.mark.parametrize("entry", WRITABLE_RESOURCES, ids=lambda entry: entry.resource.name)
@pytest.mark.parametrize("odd", ["\\u0000", "\\ud800", "\\u0007"])
def test_no_text_of_a_record_holds_what_is_no_text(partner_client: Client, entry: WritableResource, odd: str) -> None:
    body = filled(entry)
    for slot in entry.slots:
        if slot.column.type == "text":
            raw = json.dumps(body | {slot.name: "ODD"}).replace("ODD", f"x{odd}x")
            assert list(refused(partner_client, f"{entry.resource.name}/", raw)) == [slot.name]


@pytest.mark.django_db
def test_a_body_is_json_in_utf_8_and_not_too_large(partner_client: Client) -> None:
    raw = json.dumps(PERSON)
    before = rows()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", ""):
        assert partner_client.post("/api/v1/people/", raw, content_type=kind).status_code == 415, kind
    for kind in ("application/json; charset=latin-1", "application/vnd.api+json"):
        assert partner_client.post("/api/v1/people/", raw, content_type=kind).status_code == 415, kind
    large = refused(partner_client, "people/", raw + " " * LARGEST_BODY, 413)
    assert "262144" in large["detail"]
    assert rows() == before
    kind = "application/json; charset=UTF-8"
    assert partner_client.post("/api/v1/people/", raw, content_type=kind).status_code == 201


slot_names = st.sampled_from(sorted({slot.name for entry in WRITABLE_RESOURCES for slot in entry.slots}))
likely = st.sampled_from(
    [
        "CN",
        "TR",
        "target",
        "subject",
        "2018-10-31",
        "PER-00000000",
        "red_notice",
        "news_report",
        "x",
        "",
        "\x00",
        "primary",
    ]
)
bodies = st.dictionaries(slot_names, json_values | likely | st.lists(likely, max_size=3), max_size=6)


@pytest.mark.attack("C4")
@pytest.mark.django_db
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(entry=st.sampled_from(WRITABLE_RESOURCES), body=bodies | json_values, whole=st.booleans())
def test_no_body_breaks_the_api_and_what_is_refused_writes_nothing(
    partner_client: Client, entry: WritableResource, body: Any, whole: bool
) -> None:
    cache.clear()  # these are more writes in a minute than anybody may make
    if whole and isinstance(body, dict):
        needed = {name: value for name, value in entry.example.items() if name not in body}
        body = needed | body
    before = rows()
    response = post(partner_client, f"{entry.resource.name}/", json.dumps(body))
    assert response.status_code in (201, 202, 400, 409), response.content
    assert (rows() != before) == (response.status_code in (201, 202))
