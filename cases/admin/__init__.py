"""The admin of the cases app: one file per noun."""

from cases.admin import agreements, evidence, incidents, notices, people, terms

__all__ = ["agreements", "evidence", "incidents", "notices", "people", "terms"]
