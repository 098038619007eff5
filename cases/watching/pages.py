"""The pages of what a reader watches, and of the digest."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from cases.views.links import Item, page_of
from cases.views.subjects import subject
from cases.watching.digest import DigestEntry, digest
from cases.watching.watches import (
    LONGEST_NAME,
    RESOURCES,
    Watched,
    watch_filter,
    watch_record,
    watched_by,
)
from records.history.known_on import parse_day
from records.lists.controls import printable
from records.lists.filters import wrong_parameters
from records.lists.listing import InvalidQuery
from records.lists.pages import PageWithoutParameters
from records.models import Watch

#: A page of a digest shows so many records; the days before can be asked for.
SHOWN = 100


class Watching(LoginRequiredMixin, PageWithoutParameters):
    """Everything that one follows: a list, with a name for each and a button that ends it.

    A Follow button leads back to where it was pressed.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "end" in request.POST:
            return self.end(request)
        if "rename" in request.POST:
            return self.rename(request)
        try:
            one = self.follow(request)
        except InvalidQuery as refused:
            return self.page(request, refused.problems)
        back = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return HttpResponseRedirect(back)  # there it says that this is followed
        messages.success(request, f"You follow {one.name} from now on.")
        return redirect("watching")

    def follow(self, request: HttpRequest) -> Watched:
        """Follow what a form names: a record by kind and reference, or the filter of a list. Raises InvalidQuery."""
        given = {name: request.POST.get(name, "").replace("\0", "") for name in ("resource", "ref", "query")}
        resource = RESOURCES.get(given["resource"])
        if resource is None:
            raise Http404
        if given["ref"]:
            one = watch_record(request.user, resource, given["ref"])
            if one is None:
                raise Http404
            return one
        return watch_filter(request.user, resource, given["query"])

    def end(self, request: HttpRequest) -> HttpResponse:
        self.own(request, request.POST["end"]).delete()
        messages.success(request, "You do not follow that any more.")
        return redirect("watching")

    def rename(self, request: HttpRequest) -> HttpResponse:
        watch = self.own(request, request.POST["rename"])
        watch.name = printable(request.POST.get("name", "").strip())[:LONGEST_NAME]
        watch.save(update_fields=["name"])
        return redirect("watching")

    def own(self, request: HttpRequest, key: str) -> Watch:
        """Return one of the reader's own watches that they are shown, or answer as for any missing page."""
        shown: QuerySet[Watch] = Watch.objects.visible_to(request.user).filter(
            pk__in=[one.watch.pk for one in watched_by(request.user)]
        )
        return get_object_or_404(shown, pk=key if key.isdecimal() and len(key) < 16 else None)

    def page(self, request: HttpRequest, problems: dict[str, list[str]] | None = None) -> HttpResponse:
        rows = [(one, link(one)) for one in watched_by(request.user)]
        context = {"section": "watching", "rows": rows, "problems": problems, "longest": LONGEST_NAME}
        return render(request, "cases/watching.html", context, status=400 if problems else 200)


def link(one: Watched) -> str:
    """Return the page of what is followed: the record's, or the list under its filter."""
    if one.record:
        return page_of(one.resource.singular, one.watch.ref)
    return f"{reverse(one.resource.name)}?{one.watch.query}"


class DigestPage(LoginRequiredMixin, View):
    """What changed in what one follows, the latest first, and why it is told."""

    def get(self, request: HttpRequest) -> HttpResponse:
        since, problem = asked_since(request)
        now = timezone.now()
        found = None if problem else digest(request.user, now, since)
        context: dict[str, Any] = {
            "section": "watching",
            "given": request.GET.get("since", "") if since else "",
            "problem": problem,
            "until": now.isoformat(),
        }
        if found:
            context |= {
                "rows": [(entry, subject_of(entry)) for entry in found.entries[:SHOWN]],
                "more": len(found.entries) > SHOWN,
                "refused": found.refused,
                "follows": found.follows_anything,
            }
        return render(request, "cases/digest.html", context, status=400 if problem else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark everything as read that was there when the page was made."""
        now = timezone.now()
        try:
            until = parse_datetime(request.POST.get("until", "")) or now
        except ValueError:
            until = now
        if timezone.is_naive(until) or until > now:
            until = now
        Watch.objects.visible_to(request.user).update(seen_at=until)
        messages.success(request, "Everything up to now is marked as read.")
        return redirect("watching")


def subject_of(entry: DigestEntry) -> Item:
    return subject(entry.record)


def asked_since(request: HttpRequest) -> tuple[datetime | None, str]:
    """Return the moment from which changes are asked for, and what is wrong with the question."""
    if wrong := wrong_parameters(request.GET, ["since"]):
        return None, printable(str(InvalidQuery(wrong)))
    if "since" not in request.GET:
        return None, ""
    try:
        day = parse_day(request.GET["since"])
    except ValueError as error:
        return None, f"since: {error}"
    return datetime.combine(day, time.min, UTC), ""
