"""An installation of before is updated, and nothing that it held is lost.

Its rows are written by the models as they were then; that it is updated is asked of today's commands and pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.installation import Installation

BEFORE = ("cases", "0014_physical_leaves_the_tactic")
#: Two incidents as they were before countries, tactics and actors became parts: one with everything, one with little.
WRITE = """
import hashlib
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from records.audit.triggers import follow
apps = MigrationExecutor(connection).loader.project_state(
    [("cases", "0014_physical_leaves_the_tactic"), ("seeds", "0001_initial")]
).apps
model = lambda name: apps.get_model("cases", name)
follow(connection, "cases.Country", "cases.PerpetratorKind", "cases.Tactic", "cases.Incident", "cases.Citation")
model("Country").all_aliases = ""  # which models of then do not have
given = {"region": "Asia", "latitude": 0, "longitude": 0}
for code, alpha3, name in (("CN", "CHN", "China"), ("TR", "TUR", "Turkey")):
    model("Country").objects.create(code=code, alpha3=alpha3, name=name, **given)
kind = model("PerpetratorKind").objects.create(code="host_police", label="host police", meaning="Police.")
tactics = [
    model("Tactic").objects.create(code=code, label=code, meaning=code, family="direct", position=number)
    for number, code in enumerate(("detention", "threat"))
]
source = apps.get_model("sources", "SourceDocument").objects.create(
    ref="SRC-00000001", title="A report", level="public", review="published",
    kind=apps.get_model("sources", "SourceKind").objects.create(code="news_report", label="news", meaning="News."),
)
public = {"level": "public", "review": "published", "scope": "cross_border"}
full = model("Incident").objects.create(
    ref="INC-00000001", title="Held", origin_id="CN", location_id="TR", host_id="TR", attribution="stated",
    actor="a police unit", actor_kind=kind, actor_confidence="probable", **public,
)
full.tactics.set(tactics)
bare = model("Incident").objects.create(
    ref="INC-00000002", title="Watched", origin_id="CN", level="team", review="draft"
)
model("Tactic").objects.create(code="abduction", label="abduction", meaning="abduction", family="direct", position=2)
def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]
# The file said Turkey, which was corrected here, and named another tactic, which was taken away here.
said = {"origin": "TR", "location": "TR", "tactics": '["abduction", "detention"]', "actor": "soldiers"}
apps.get_model("seeds", "LoadedRecord").objects.create(
    key="INC-00000001", file="x.yaml", digests={name: digest(text) for name, text in said.items()}
)
about = ("origin", "attribution", "location", "actor", "actor_kind", "actor_confidence", "tactics", "place")
for number, field in enumerate(about):
    for of, incident in ((1, full), (2, bare)):
        model("Citation").objects.create(
            ref=f"CIT-{of}000000{number}", source=source, incident=incident, field=field, level="public",
            stated_value=field,
        )
"""
#: What the citations are about now, by hand: the last of the reference is the number of the column above.
NOW = {
    "CIT-10000000": ("incident_country", "country"),
    "CIT-10000001": ("incident_country", "attribution"),
    "CIT-10000002": ("incident_country", "country"),
    "CIT-10000003": ("actor", "words"),
    "CIT-10000004": ("actor", "kind"),
    "CIT-10000005": ("actor", "confidence"),
    "CIT-10000006": ("tactic_used", "tactic"),
    "CIT-10000007": ("incident", "place"),
    "CIT-20000000": ("incident_country", "country"),
    "CIT-20000001": ("incident_country", "attribution"),
    "CIT-20000002": ("incident", "summary"),
    "CIT-20000003": ("actor", "words"),
    "CIT-20000004": ("actor", "kind"),
    "CIT-20000005": ("actor", "confidence"),
    "CIT-20000006": ("incident", "summary"),
    "CIT-20000007": ("incident", "place"),
}
READ = """
import json
import django
django.setup()
from django.test import Client
from cases.models import Citation, Incident, IncidentCountry, TacticUsed
from seeds.models import LoadedRecord
told = Client(SERVER_NAME="127.0.0.1").get("/api/v1/incidents/INC-00000001/").json()
print(json.dumps({
    "told": told,
    "remembered": sorted(LoadedRecord.objects.values_list("key", flat=True)),
    "parts": [ref for model in (IncidentCountry, TacticUsed) for ref in model.objects.values_list("ref", flat=True)],
    "levels": sorted(IncidentCountry.objects.values_list("incident__ref", "part", "country", "level")),
    "cited": {
        each.ref: [each.record._meta.model_name, each.field, each.stated_value] for each in Citation.objects.all()
    },
}))
"""
MODEL = {"incidentcountry": "incident_country", "tacticused": "tactic_used"}


@pytest.fixture
def older(transactional_db: None, tmp_path: Path) -> Iterator[Installation]:
    """An installation of before, with two incidents and citations of each of their columns."""
    if connection.vendor == "sqlite":
        file = tmp_path / "waymark.sqlite3"
        file.touch()
        yield written(Installation(f"sqlite:///{file}", file))
        return
    given = connection.settings_dict
    name = f"before_{given['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
    yield written(Installation(url, None))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def written(made: Installation) -> Installation:
    """Bring an empty database to where it was then, and write its rows."""
    made.manage("migrate", "auth", "-v0")
    made.manage("migrate", *BEFORE, "-v0")
    made.manage("migrate", "seeds", "0001", "-v0")
    done = made.run("-c", WRITE)
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.program
def test_countries_tactics_and_actors_move_with_their_citations(older: Installation) -> None:
    older.manage("migrate", "-v0")
    done = older.run("-c", READ)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    told = found["told"]
    assert told["origins"] == [{"country": "CN", "attribution": "stated"}]
    assert (told["hosts"], told["locations"]) == (["TR"], ["TR"])
    assert [(each["words"], each["kind"], each["confidence"]) for each in told["actors"]] == [
        ("a police unit", "host_police", "probable")
    ]
    assert [each["tactic"] for each in told["tactics"]] == ["detention", "threat"]
    assert found["levels"] == [
        ["INC-00000001", "location", "TR", "public"],
        ["INC-00000001", "origin", "CN", "public"],
        ["INC-00000002", "origin", "CN", "team"],
    ], "a part is as open as its incident was"
    cited = {ref: (MODEL.get(model, model), field) for ref, (model, field, _) in found["cited"].items()}
    assert {ref: cited[ref] for ref in NOW} == NOW, "no statement is lost"
    [copy] = cited.keys() - NOW.keys()
    assert found["cited"][copy] == ["tacticused", "tactic", "tactics"], "what was said of two tactics is said of each"
    remembered = [key for key in found["remembered"] if not key.startswith("INC")]
    assert sorted(key[:3] for key in remembered) == ["ATR", "ICO", "ICO", "TAC", "TAC"]
    assert [key[:3] for key in remembered if key not in found["parts"]] == ["ATR", "ICO", "TAC"], (
        "the loader brings back neither the origin that was corrected nor the tactic that was taken away"
    )
    assert "hold" in older.manage("audit", "verify")
