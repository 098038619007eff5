"""The table of what was measured: each work with its ratios, its growth, and whether its bound is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: What a work may take, by its kind, as docs/speed.md has it: as a multiple of what the database takes by hand...
RATIOS = {
    ("list", ""): 1.5,
    ("filter", ""): 1.5,
    ("deep page", ""): 1.5,
    ("export", "sqlite"): 2.5,
    ("export", "postgresql"): 1.5,
}
#: ...as a part of what the build of 2026-11-24 took...
OF_FORMER = {"page": 1 / 3, "form": 1 / 3}
#: ...as a multiple of what it took at the smallest size...
GROWTH = dict.fromkeys(("list", "filter", "deep page", "page", "count"), 1.5)
#: ...and in megabytes, and milliseconds in 95 of 100 cases.
MEGABYTES, NAME_MS = 150, 10
PLAIN_DRF = 3.0


def judged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as var/bench.json has them: with ratios, growth, and which bounds are not kept."""
    smallest = min(row["size"] for row in rows)
    first = {key_of(row): row for row in rows if row["size"] == smallest}
    return [_judged(row, first.get(key_of(row))) for row in rows]


def key_of(row: dict[str, Any]) -> tuple[str, ...]:
    return row["work"], row["database"], row["reader"]


def _judged(row: dict[str, Any], first: dict[str, Any] | None) -> dict[str, Any]:
    ours, others = row.get("ours_ms"), row.get("others", {})
    # What another program writes is measured by the clock: on PostgreSQL half of it happens in the server.
    by_clock = row["kind"] == "export"
    limit = others["limit"][by_clock] if "limit" in others else None
    mine = row.get("ours_wall_ms") if by_clock else ours
    found = {name: value for name, value in row.items() if name != "others"}
    found |= {"limit_ms": limit, "ratio": ratio(mine, limit)}
    found |= {f"{name}_ms": cpu for name, (cpu, _) in others.items() if name != "limit"}
    found["peer_ratios"] = {name: ratio(ours, cpu) for name, (cpu, _) in others.items() if name != "limit"}
    grown = first is not None and first["size"] != row["size"]
    found["growth"] = ratio(ours, first.get("ours_ms")) if grown and first else None
    found["not_kept"] = list(_not_kept(found))
    return found


def ratio(one: float | None, other: float | None) -> float | None:
    return round(one / other, 2) if one is not None and other else None


def _not_kept(row: dict[str, Any]) -> Iterable[str]:
    """Yield in words which bounds a row does not keep."""
    kind, share = row["kind"], row["ratio"]
    bound = RATIOS.get((kind, row["database"])) or RATIOS.get((kind, ""))
    if row["failed"].get("ours"):
        yield "no answer"
    if bound and share and share > bound:
        yield f"{share:g} of {bound:g} x by hand"
    of_former, part = row["peer_ratios"].get("former"), OF_FORMER.get(kind)
    if of_former and part and of_former > part:
        yield f"{of_former:g} of 0.33 x the former build"
    of_drf = row["peer_ratios"].get("drf")
    if of_drf and of_drf > 1 / PLAIN_DRF:
        yield f"{of_drf:g} of 0.33 x plain DRF"
    if row["growth"] and kind in GROWTH and row["growth"] > GROWTH[kind]:
        yield f"grew {row['growth']:g} of {GROWTH[kind]:g} x"
    if kind == "export" and row["peak_mb"] > MEGABYTES:
        yield f"{row['peak_mb']:.0f} of {MEGABYTES} MB"
    if kind == "names" and row.get("worst_ms", 0) > NAME_MS:
        yield f"{row['worst_ms']:g} of {NAME_MS} ms"


COLUMNS = (
    "work",
    "reader",
    "size",
    "ours",
    "wall",
    "by hand",
    "x",
    "drf",
    "datasette",
    "former",
    "growth",
    "MB",
    "bounds not kept",
)


def printed(rows: list[dict[str, Any]]) -> str:
    """Return the table as text, one part for each database."""
    parts = []
    for database in dict.fromkeys(row["database"] for row in rows):
        lines = [COLUMNS, *(_cells(row) for row in rows if row["database"] == database)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
        parts.append(
            f"\n{database} (milliseconds of processor; x, drf, datasette, former: ours as a multiple of theirs)"
        )
        for line in lines:
            cells = [
                cell.rjust(width) if place > 1 else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            parts.append("  ".join([*cells[:-1], line[-1]]).rstrip())
    return "\n".join(parts)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    peers = row["peer_ratios"]
    ours = shown(row.get("ours_ms")) + ("*" if row["asked"] == 1 else "")
    return (
        row["work"],
        row["reader"],
        f"{row['size']:,}",
        ours,
        shown(row.get("ours_wall_ms")),
        shown(row["limit_ms"]),
        shown(row["ratio"]),
        shown(peers.get("drf")),
        shown(peers.get("datasette sql")),
        shown(peers.get("former")),
        shown(row["growth"]),
        f"{row['peak_mb']:.0f}",
        "; ".join(row["not_kept"]),
    )


def shown(value: float | None) -> str:
    """Return a number with three digits that count, "-" for none."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
