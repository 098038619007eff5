"""A small set of seed files about people who do not exist, and what the tests of the loader do with it."""

from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from records.audit.acts import act
from tests.signin import may

ARTICLE = (
    "Daily Lantern\r\n\r\nTwo Held in Casablanca 😀\r\nAybek Tursun was held on Friday.\r\n\r\n"
    "He has not been seen since.\r\n"
)
START = ARTICLE.index("Two")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def passage(words: str, paragraph: int) -> str:
    """Return the place of some words of the article, as a citation gives it."""
    start = ARTICLE.index(words) - START
    return f'{{paragraph: "{paragraph}", start: "{start}", end: "{start + len(words)}", sha256: {sha256(words)}}}'


def cites(ref: str, field: str, words: str = "Aybek Tursun was held", paragraph: int = 2, more: str = "") -> str:
    """Return a citation on one line."""
    return f"{{ref: {ref}, source: SRC-00000001, field: {field}, {more}{passage(words, paragraph)[1:]}"


TERMS = """\
source_kinds:
  - {code: news_report, label: news report, meaning: An article.}
tactics:
  - {code: detention, label: detention, meaning: Held., family: via_host, retired: no}
  - {code: threat, label: threat, meaning: Threatened., family: from_afar}
target_categories:
  - {code: opposition, label: opposition, meaning: Opposes.}
legal_status_kinds:
  - {code: citizen, label: citizen, meaning: A national.}
countries:
  - {code: MA, alpha3: MAR, name: Morocco, region: Northern Africa, latitude: "32.0", longitude: "-6.0"}
  - {code: CN, alpha3: CHN, name: China, aliases: [PRC], region: Eastern Asia, latitude: "35.0", longitude: "105.0"}
  - {code: "NO", alpha3: NOR, name: Norway, region: Northern Europe, latitude: "62.0", longitude: "10.0"}
"""
SOURCES = f"""\
defaults: {{level: public, review: published}}
sources:
  - ref: SRC-00000002
    title: A copy
    kind: news_report
    derived_from: SRC-00000001
    derivation: wire_copy
  - ref: SRC-00000001
    title: Two Held in Casablanca
    kind: news_report
    published: 2019-02-05
    file: lantern.txt
    start: {START}
    end: {len(ARTICLE)}
    sha256: {sha256(ARTICLE[START:])}
"""
PEOPLE = f"""\
defaults: {{level: public, review: published}}
people:
  - ref: PER-00000001
    label: Aybek Tursun
    standing: target
    occupation: teacher
    residence: MA
    categories: [opposition]
    names:
      - {{ref: NAM-00000001, text: Aybek Tursun, kind: primary}}
      - {{ref: NAM-00000002, text: Aibek Tursyn, kind: misprint}}
    details:
      - {{ref: DET-00000001, kind: born, date: 1980~, level: team}}
    legal_statuses:
      - {{ref: LEG-00000001, country: CN, kind: citizen, since: "1980"}}
    citations:
      - {cites("CIT-00000001", "label")}
  - ref: PER-00000002
    label: Students
    kind: group
    headcount: {{min: "3", max: "5"}}
    standing: other
    role: bystander
relationships:
  - {{ref: REL-00000001, person: PER-00000001, relative: PER-00000002, kind: associate}}
"""
INCIDENTS = f"""\
defaults: {{level: public, review: published}}
incidents:
  - ref: INC-00000001
    title: Held in Casablanca
    scope: cross_border
    start: 2019-02-01
    end: 2019-02-05/..
    countries:
      - {{ref: ICO-00000001, country: CN, part: origin, attribution: suspected}}
      - {{ref: ICO-00000002, country: MA, part: location}}
    tactics:
      - {{ref: TAC-00000001, tactic: threat}}
      - {{ref: TAC-00000002, tactic: detention, occurred: 2019-02-01}}
    actors:
      - {{ref: ATR-00000001, words: a police unit, part: carried_out, answer: silent}}
    involvements:
      - ref: INV-00000001
        person: PER-00000001
        demands:
          - {{ref: DEM-00000001, kind: return, channel: call, threat: prison, occurred: "2019"}}
        stages:
          - ref: STG-00000002
            kind: detention
            occurred: 2019-02-01
            citations:
              - {cites("CIT-00000002", "occurred", "on Friday", more="stated: Friday, ")}
          - ref: STG-00000001
            kind: contact_lost
            citations:
              - {cites("CIT-00000003", "kind", "not been seen", 3, more="stance: contradicts, ")}
notices:
  - ref: NOT-00000001
    person: PER-00000001
    instrument: red_notice
    events:
      - {{ref: NEV-00000001, state: published, occurred: "2017"}}
      - {{ref: NEV-00000002, state: deleted, occurred: "2018"}}
agreements:
  - ref: AGR-00000001
    title: Extradition treaty
    kind: extradition
    countries: [CN, MA]
    ratifications:
      - {{ref: RAT-00000001, country: MA, state: ratified, on: "2017"}}
events:
  - {{ref: GAT-00000001, title: Assembly, start: "2018"}}
"""
FILES = {"a_terms.yaml": TERMS, "b_sources.yaml": SOURCES, "c_people.yaml": PEOPLE, "d_incidents.yaml": INCIDENTS}


def write_seeds(folder: Path) -> Path:
    """Write the seed files into a folder, and the article beside it."""
    seeds, articles = folder / "seeds", folder / "articles"
    seeds.mkdir()
    articles.mkdir()
    for name, text in FILES.items():
        (seeds / name).write_text(text, encoding="utf-8")
    (articles / "lantern.txt").write_bytes(ARTICLE.encode())
    return seeds


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The folder of the seed files."""
    return write_seeds(tmp_path)


def edit(seeds: Path, name: str, old: str, new: str) -> int:
    """Replace the one place where `old` stands; return its line."""
    text = (seeds / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (seeds / name).write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def load(*words: Path | str, approved: bool = True) -> str:
    """Run the command and return what it says. What a test wrote itself is approved unless told otherwise."""
    said = StringIO()
    options = two_people() if approved and any(isinstance(word, Path) for word in words) else {}
    call_command("load_seeds", *map(str, words), stdout=said, **options)
    return said.getvalue()


def two_people() -> dict[str, str]:
    """Return the options that name who entered the files and who approved them, making the two where missing."""
    with act("tests", "test"):  # so that the run finds nothing to seal but what it writes itself
        User.objects.get_or_create(username="clerk")
        keeper, is_new = User.objects.get_or_create(username="keeper")
        if is_new:
            may(keeper, "review_records")
    return {"entered_by": "clerk", "approved_by": "keeper"}


def refused(*words: Path | str) -> str:
    """Run the command, which must refuse with exit status 2 and leave the database as it was; return the reasons."""
    two_people()
    before = content()
    try:
        said = load(*words)
    except CommandError as error:
        assert error.returncode == 2
        assert content() == before, "a refused run changed the database"
        return str(error)
    raise AssertionError(f"not refused: {said}")


def content() -> str:
    """Return a hash of every row of every table of the project, lists of many-to-many fields included."""
    rows = hashlib.sha256()
    for app in ("records", "sources", "cases", "seeds"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
                rows.update(f"{model._meta.label} {cursor.fetchall()!r}\n".encode())
    return rows.hexdigest()
