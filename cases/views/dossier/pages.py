"""The dossier of a person as a page for print and as a Word document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote_plus, urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from cases.codebook import PEOPLE
from cases.models import Citation, Person, Stage
from cases.views.dossier.content import Dossier
from cases.views.dossier.docx import MEDIA_TYPE, as_docx
from cases.views.dossier.gather import gather
from cases.views.dossier.reader import levels_open_to, reader_at, reader_words
from records.accounts.tokens import refuse_export
from records.audit.acts import note
from records.current_day import current_day
from records.lists.filters import wrong_parameters
from records.lists.listing import InvalidQuery
from records.lists.pages import unanswered
from records.lists.together import asked_together
from records.vocabulary import AuditKind, Level

PARAMETERS = ("level", "notes")


@dataclass(frozen=True)
class Options:
    """What the maker of a dossier chose: the level of its readers, None for the maker alone, and whether with notes."""

    level: Level | None = None
    notes: bool = True

    @classmethod
    def asked(cls, parameters: Any, maker: Any) -> Options:
        """Read the options from a query. Raises InvalidQuery, whoever the person is, even if there is none."""
        problems = wrong_parameters(parameters, PARAMETERS)
        levels = [level.value for level in levels_open_to(maker)]
        if "level" in parameters and parameters["level"] not in levels:
            problems.setdefault("level", [f"Choose one of: {', '.join(levels)}."])
        if parameters.get("notes", "no") != "no":
            problems.setdefault("notes", ["Write notes=no to leave them out."])
        if problems:
            raise InvalidQuery(problems)
        level = Level(parameters["level"]) if "level" in parameters else None
        return cls(level, "notes" not in parameters)

    @property
    def query(self) -> str:
        given = {"level": self.level.value if self.level else "", "notes": "" if self.notes else "no"}
        return "?" + urlencode({name: value for name, value in given.items() if value})

    def dossier(self, maker: Any, ref: str, today: date) -> Dossier | None:
        reader = maker if self.level is None else reader_at(self.level, maker)
        return gather(reader, ref, today, reader_words(maker, self.level), notes=self.notes)


class DossierView(View):
    """What page and document share: who may take it, what may be asked, and the note in the audit trail."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refuse_export(request) or super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, ref: str) -> HttpResponseBase:
        try:
            options = Options.asked(request.GET, request.user)
        except InvalidQuery as refused:
            return unanswered(request, refused.problems, PEOPLE)
        dossier = options.dossier(request.user, ref, current_day())
        if dossier is None:
            raise Http404
        if request.user.is_authenticated:  # strangers take what everybody may, and have no name to keep
            asked = unquote_plus(request.GET.urlencode())
            details: dict[str, Any] = {"resource": "dossier", "query": asked, "rows": len(dossier.statements)}
            note(AuditKind.EXPORT, [ref], who=request.user, channel="page", **details)
        return self.written(request, dossier, options)

    def written(self, request: HttpRequest, dossier: Dossier, options: Options) -> HttpResponse:
        raise NotImplementedError


class DossierDocument(DossierView):
    def written(self, request: HttpRequest, dossier: Dossier, options: Options) -> HttpResponse:
        response = HttpResponse(as_docx(dossier), content_type=MEDIA_TYPE)
        response["Content-Disposition"] = f'attachment; filename="waymark-{dossier.ref}.docx"'
        return response


class DossierPage(DossierView):
    def written(self, request: HttpRequest, dossier: Dossier, options: Options) -> HttpResponse:
        context = {
            "section": "people",
            "dossier": dossier,
            "document": reverse("dossier-document", args=[dossier.ref]) + options.query.rstrip("?"),
            "notes": Options(options.level, not options.notes).query,
            "options": options,
            "copies": copies(dossier, options, request.user),
        }
        return render(request, "cases/dossier.html", context)


@dataclass(frozen=True)
class Copy:
    """A copy for readers of a level, and how much of the maker's own dossier it would leave out."""

    level: Level
    query: str
    steps: int
    statements: int


def copies(dossier: Dossier, options: Options, maker: Any) -> list[Copy]:
    """Return the copies that the maker of a dossier can make for others.

    What a copy leaves out is counted here, on the maker's own page, and never in the copy: on paper that is handed on,
    a number would tell its reader that there is more.
    """
    if options.level is not None or not maker.is_authenticated:
        return []
    steps, cited = [step.ref for step in dossier.all_steps], [each.ref for each in dossier.statements]
    levels = levels_open_to(maker)
    counted = asked_together(
        model.objects.visible_to(reader_at(level, maker)).filter(ref__in=refs).order_by().values_list("pk")
        for level in levels
        for model, refs in ((Person, [dossier.ref]), (Stage, steps), (Citation, cited))
    )
    seen = [len(rows) for rows in counted]
    return [
        Copy(level, Options(level, options.notes).query, len(steps) - stages, len(cited) - citations)
        for level, people, stages, citations in zip(levels, seen[::3], seen[1::3], seen[2::3], strict=True)
        if people
    ]
