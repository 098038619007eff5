"""The admin of the cases app: one file per noun."""

from cases.admin import (
    agreements,
    case_entry,
    commission,
    duties,
    evidence,
    incident_parts,
    incidents,
    notices,
    people,
    pointing,
    silence,
    terms,
)

__all__ = [
    "agreements",
    "case_entry",
    "commission",
    "duties",
    "evidence",
    "incident_parts",
    "incidents",
    "notices",
    "people",
    "pointing",
    "silence",
    "terms",
]
