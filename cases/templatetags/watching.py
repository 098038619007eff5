"""Template tags of the “Follow” buttons."""

from __future__ import annotations

from typing import Any

from django import template

from cases.watching.watches import RESOURCES, kept_query
from records.models import Watch

register = template.Library()


@register.simple_tag
def is_watched_by(user: Any, resource: str, ref: str) -> bool:
    """Whether a reader follows a record."""
    return Watch.objects.visible_to(user).filter(resource=resource, ref=ref).exists()


@register.simple_tag
def is_filter_watched_by(user: Any, resource: str, query: str) -> bool:
    """Whether a reader follows a list under a filter, in whatever order it is shown."""
    return Watch.objects.visible_to(user).filter(resource=resource, ref="", query=kept_query(query)).exists()


@register.simple_tag
def can_be_watched(resource: str) -> bool:
    """Whether filtered lists of this resource can be followed."""
    return resource in RESOURCES
