"""Private feeds: deadlines as iCalendar, changes as Atom."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from allauth.core.internal.ratelimit import respond_429
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views import View

from cases.duties.calendar import calendar
from cases.duties.deadlines import deadlines
from cases.views.subjects import subject
from cases.watching.digest import Digest, DigestEntry, digest
from cases.watching.safe_names import safe_names, safe_reason, without_broken_glass
from records.accounts.tries import count
from records.audit.acts import note
from records.current_day import current_day
from records.models import Feed, FeedKind
from records.vocabulary import AuditKind

#: A feed of changes goes back so far: programs remember themselves what they have shown.
LOOKS_BACK = timedelta(days=30)
#: A program that asks every few minutes is noted once in so many seconds.
NOTED_EVERY = 60 * 60
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


class PrivateFeed(View):
    """One private address. Any other secret, and one whose reader has no account any more, is a missing page."""

    http_method_names = ["get", "head"]
    kind: FeedKind
    content_type: str

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        feed = Feed.objects.of_address(secret).filter(kind=self.kind).select_related("user").first()
        if feed is None:
            raise Http404
        if count(request, "feed", str(feed.pk)) is None:
            return respond_429(request)
        if cache.add(f"feed-read-{feed.pk}", True, NOTED_EVERY):
            note(AuditKind.EXPORT, who=feed.user, channel="feed", resource=feed.kind, name=feed.name)
        body = self.body(request, without_broken_glass(feed.user), datetime.now(UTC))
        return HttpResponse(body, content_type=self.content_type, headers=HEADERS)

    def body(self, request: HttpRequest, user: Any, now: datetime) -> bytes | str:
        raise NotImplementedError


class DeadlinesFeed(PrivateFeed):
    kind = FeedKind.DEADLINES
    content_type = "text/calendar; charset=utf-8"

    def body(self, request: HttpRequest, user: Any, now: datetime) -> bytes:
        today = current_day(now)
        return calendar(deadlines(user, today), today, request.build_absolute_uri)


class ChangesFeed(PrivateFeed):
    kind = FeedKind.CHANGES
    content_type = "application/atom+xml; charset=utf-8"

    def body(self, request: HttpRequest, user: Any, now: datetime) -> str:
        first_day = datetime.combine((now - LOOKS_BACK).date(), time.min, UTC)
        return atom(digest(user, now, first_day, restricted=False), user, request.build_absolute_uri)


def atom(found: Digest, user: Any, absolute: Any) -> str:
    """Return the feed: for each record that it is new or changed, on what day, and why that is told; no values."""
    feed = DatedAtom("Waymark: changes in what you follow", absolute(reverse("digest")), "", language="en-GB")
    followed_records = {one.record for entry in found.entries for one in entry.because if one.record}
    names = safe_names({*followed_records, *(entry.record for entry in found.entries)}, user)
    for entry in found.entries:
        day = datetime.combine(entry.news.at.astimezone(UTC).date(), time.min, UTC)
        feed.add_item(
            title=f"{names[entry.record.ref]}: {what_happened(entry)}",
            link=absolute(subject(entry.record).link),
            description=escape("; ".join(dict.fromkeys(safe_reason(one, names) for one in entry.because))),
            unique_id=f"urn:waymark:{entry.record.ref}:{day:%Y-%m-%d}",
            pubdate=day,
            updateddate=day,
        )
    return feed.writeString("utf-8")


def what_happened(entry: DigestEntry) -> str:
    return f"{entry.noun} {'new' if entry.news.is_new else 'changed'}"


class DatedAtom(Atom1Feed):
    """An Atom feed whose own date is that of its latest entry: one without any says so by the first of all days."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=datetime(1970, 1, 1, tzinfo=UTC))
