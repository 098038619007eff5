"""When each case was last heard of, kept for each lane in which sources speak of it."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, Self

from django.db import models

from cases.models.citation import Citation
from cases.models.incident import Incident, Involvement
from records.models import clearance, lanes_read_by

#: What a citation may be about to speak of a case, the path from there to the involvement, the incident or the person,
#: and the column of an involvement that this is.
WAYS = (
    ("involvement", "pk", "pk"),
    ("stage", "involvement", "pk"),
    ("duty", "involvement", "pk"),
    ("incident", "pk", "incident"),
    ("incident_country", "incident", "incident"),
    ("actor", "incident", "incident"),
    ("tactic_used", "incident", "incident"),
    ("demand", "involvement", "pk"),
    ("person", "pk", "person"),
    ("person_name", "person", "person"),
    ("person_detail", "person", "person"),
    ("legal_status", "person", "person"),
    ("notice", "person", "person"),
    ("notice_event", "notice__person", "person"),
    ("warrant", "notice__person", "person"),
    ("ccf_request", "notice__person", "person"),
    ("ccf_event", "request__notice__person", "person"),
)
COLUMNS = {"pk": "id", "incident": "incident_id", "person": "person_id"}


class StoredLastSignQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the last signs by citations that `user` may see."""
        return self if clearance(user).everything else self.filter(lane__in=lanes_read_by(user))


class StoredLastSign(models.Model):
    """The last sign of one case by the citations of one lane; a reader's is the last of those in their lanes.

    `earliest` is the last of the first possible days on which a source came out, None where none is known; `latest` the
    last of the last possible days, date.max where one is open or a source has no date; `is_dated` says whether any has
    one. Nothing is entered here: it follows from citations, and is worked out together with `StoredSituation`.
    """

    #: It follows from rows that the audit trail follows.
    is_derived: ClassVar = True

    incident = models.ForeignKey(Incident, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    involvement = models.ForeignKey(
        Involvement, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    lane = models.PositiveIntegerField()
    earliest = models.DateField(null=True)
    latest = models.DateField()
    is_dated = models.BooleanField()

    objects: ClassVar = StoredLastSignQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["involvement", "lane", "latest", "earliest"], name="last_sign_of_case"),
            models.Index(fields=["latest", "involvement", "lane"], name="last_sign_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.involvement_id}, by {self.latest}"


@cache
def is_spoken_of(row: str) -> str:
    """Return the SQL of whether a citation speaks of the case `i`; `row` is its name in the statement.

    The tables are joined from what the citation is about on, and the other way round in `last_signs_sql`: SQLite keeps
    to the order in which they stand, and could not know that it begins with a few rows.
    """
    found: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for name, path, column in WAYS:
        tables, conditions, key = _joined(name, path, f'{row}."{name}_id"')
        joined = " CROSS JOIN ".join(tables)
        found[column].append(f"(SELECT {key} FROM {joined} WHERE {conditions})" if tables else key)  # noqa: S608
    return " OR ".join(f"i.{COLUMNS[column]} = coalesce({', '.join(keys)})" for column, keys in found.items())


@cache
def last_signs_sql() -> str:
    """Return the SELECT of what is to be stored of the cases of some incidents, with {keys} in the place of their keys.

    Its columns are incident, involvement, lane, earliest, latest and is_dated.
    """
    ways = []
    for name, path, column in WAYS:
        tables, conditions, key = _joined(name, path, f'c."{name}_id"')
        ways.append(
            "SELECT i.incident_id AS incident_id, i.id AS id, c.lane AS lane, s.published AS published, "  # noqa: S608
            "s.published_earliest AS published_earliest, s.published_latest AS published_latest "
            f"FROM {' CROSS JOIN '.join(['cases i', *reversed(tables), 'cases_citation c'])} "
            f"CROSS JOIN sources_sourcedocument s WHERE {key} = i.{COLUMNS[column]} AND s.id = c.source_id"
            f"{f' AND {conditions}' if tables else ''}"
        )
    return (
        "WITH cases AS (SELECT id, incident_id, person_id FROM cases_involvement WHERE incident_id IN ({keys})) "  # noqa: S608
        "SELECT incident_id, id, lane, max(published_earliest), max(coalesce(published_latest, '9999-12-31')), "
        "max(CASE WHEN published = '' THEN 0 ELSE 1 END) = 1 "
        f"FROM ({' UNION ALL '.join(ways)}) AS spoken GROUP BY incident_id, id, lane"
    )


def moved_parts() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return of which cases a source no longer speaks when a part is moved, and of which it does then, for triggers.

    By the label of the part's model: the SQL of their incidents, with {row} for the part, and the column that tells.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, path, column in WAYS:
        if path != "pk":
            link: Any = Citation._meta.get_field(name)
            part: Any = link.remote_field.model
            first, _, rest = path.partition("__")
            moved = part._meta.get_field(first)
            tables, conditions, key = _joined_from(moved.remote_field.model, rest, f'{{row}}."{moved.column}"')
            where = " AND ".join([*conditions, f"i.{COLUMNS[column]} = {key}"])
            tables = [*tables, '"cases_involvement" i']
            sql = f"SELECT i.incident_id AS incident_id FROM {' CROSS JOIN '.join(tables)} WHERE {where}"  # noqa: S608
            found[part._meta.label] = (sql, (moved.column,))
    return found


def _joined(name: str, path: str, about: str) -> tuple[list[str], str, str]:
    """Return how `path` leads on from what a citation is about, whose key is `about`.

    These are the tables, the conditions that join them, and the key at the end. `about` may itself be it.
    """
    if path == "pk":
        return [], "", about
    link: Any = Citation._meta.get_field(name)
    tables, conditions, key = _joined_from(link.remote_field.model, path, about)
    return tables, " AND ".join(conditions), key


def _joined_from(model: Any, path: str, about: str) -> tuple[list[str], list[str], str]:
    """Return the same for a path from a row of `model` on, whose key is `about`; of no path that key."""
    if not path:
        return [], [], about
    tables, conditions = [f'"{model._meta.db_table}" w0'], [f"w0.id = {about}"]
    *through, last = path.split("__")
    for number, each in enumerate(through):
        field: Any = model._meta.get_field(each)
        model = field.remote_field.model
        tables.append(f'"{model._meta.db_table}" w{number + 1}')
        conditions.append(f'w{number + 1}.id = w{number}."{field.column}"')
    return tables, conditions, f'w{len(tables) - 1}."{model._meta.get_field(last).column}"'
