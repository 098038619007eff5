"""What day it is, where the organisation is."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def current_day(moment: datetime | None = None) -> date:
    """Return today, or the day of a moment, in the organisation's time zone (the setting ORGANISATION_TIME_ZONE).

    A day begins earlier in Istanbul than in New York, and with it what is due on it. Moments stay in UTC.
    """
    return (moment or timezone.now()).astimezone(ZoneInfo(settings.ORGANISATION_TIME_ZONE)).date()


def is_past(day: date | None) -> bool:
    """Whether a day that is asked about lies before today; None is today. The world as of today is the world now."""
    return day is not None and day < current_day()
