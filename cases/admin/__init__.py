"""The admin of the cases app: one file per noun."""

from cases.admin import agreements, evidence, following, incidents, notices, people, terms

__all__ = ["agreements", "evidence", "following", "incidents", "notices", "people", "terms"]
