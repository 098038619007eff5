"""The admin of the cases app: one file per noun."""

from cases.admin import (
    agreements,
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
