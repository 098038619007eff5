"""How many independent sources support a record, counted by the database as `cases.situation.cited` does in Python."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from cases.models import Citation
from cases.vocabulary import Stance
from records.lists.json_sql import Joined


class Independent(Subquery):
    """The number, of the citations to which some links lead from a record, as far as `user` sees them."""

    #: Each row counts twice, by its outlet and by whose words it passes on, to find the outlet that those are.
    template = """(
        SELECT CASE WHEN facts = 1 OR voices < origins THEN voices ELSE origins END FROM (
            SELECT count(DISTINCT fact) AS facts, count(DISTINCT origin) AS origins, count(DISTINCT CASE
                WHEN words <> '' AND by_words = 1 THEN coalesce(of_outlet, words)
                WHEN words = '' AND passing_on = 0 THEN origin
            END) AS voices
            FROM (
                SELECT fact, origin, words, by_words,
                    max(CASE WHEN words <> '' THEN 1 ELSE 0 END) OVER (PARTITION BY origin) AS passing_on,
                    min(CASE WHEN by_words = 0 THEN origin END)
                        OVER (PARTITION BY CASE WHEN by_words = 1 THEN words ELSE outlet END) AS of_outlet
                FROM (%(subquery)s) AS told CROSS JOIN (SELECT 0 AS by_words UNION ALL SELECT 1) AS twice
            ) AS matched
        ) AS counted)"""
    output_field = IntegerField()

    def __init__(self, user: Any, links: Collection[str]) -> None:
        supporting = Citation.objects.visible_to(user).filter(stance=Stance.SUPPORTS).order_by()
        found = [supporting.filter(**{link: OuterRef("pk")}).values(**_told(link)) for link in links]
        super().__init__(found[0].union(*found[1:], all=True))


def _told(link: str) -> dict[str, Any]:
    """Return what a citation by one of the links says of whom: its fact, its origin, its outlet, whose words."""
    key = Cast(F(f"{link.partition('__')[0]}_id"), CharField())
    return {
        "fact": Joined(Value(f"{link} "), key, Value(" "), "field"),
        "origin": Joined(Value("#"), Cast(Coalesce("source__origin_id", "source_id"), CharField())),
        "outlet": F("source__outlet_folded"),
        "words": F("said_by_folded"),
    }
