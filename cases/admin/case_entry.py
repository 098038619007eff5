"""Entering a case from a source: the text beside one form, from which person, incident, stages and citations come.

The form becomes a body of the writing API (cases.api.incident_bodies), so that what is refused there is refused here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join

from cases.admin.case_forms import MOST_STAGES, STAGES, CaseBody, CaseForm, StageForms, stages_of
from cases.admin.passages import readable_source
from cases.api.incident_bodies import INCIDENT_BODY
from cases.models import Incident
from records.admin import Link
from records.admin.boxes import lists_of
from records.admin.date_boxes import ANSWER, CALENDAR_CHOICES, answered
from records.admin.date_boxes import LIST as CALENDAR_LIST
from records.admin.date_questions import AskedDate, DatesInDoubtError, is_confirmed, refused_in
from records.admin.proposing import page_of
from records.admin.sent_once import carried_out_once
from records.admin.similar import different_from, in_one_answer
from records.api.drafts import AlreadyStored, DraftWriter, MayBeStored
from records.api.request_body import RowInput
from records.api.strict_json import Malformed
from records.models import Proposal, SimilarRecord, Team
from records.review import ReviewRefused, submit
from records.typed import AGAIN
from records.vocabulary import Level, Review
from sources.admin import SourceDocumentAdmin
from sources.models import SourceDocument
from sources.passages import passages

#: So much of the text stands beside the form; all of it is on the pages on which it is read and cited.
SHOWN = 200
WHO = ("names", "names_paragraph", "standing", "person")
WHAT = ("title", "scope", "tactic", "origin", "attribution", "origin_paragraph", "host")
RIGHTS = ("cases.add_incident", "cases.add_person", "cases.add_citation")


class StaffWriter(DraftWriter):
    """Makes the drafts of somebody of the team: of their team, of the level that they chose, and not yet in review."""

    goes_to_review = False

    def __init__(self, user: Any, level: str) -> None:
        super().__init__(user)
        teams = [*Team.objects.visible_to(user).filter(members=user.pk)[:2]]
        self.level, self.team = level, teams[0] if len(teams) == 1 else None

    def begin(self, row: Any, given: RowInput) -> None:
        row.level, row.team, row.review = self.level, self.team, Review.DRAFT


def case_view(request: Any, ref: str) -> HttpResponse:
    """Show the form beside the text of a source; make of it what is entered, and send it to review where asked."""
    source = readable_source(request, ref)
    if not all(request.user.has_perm(right) for right in RIGHTS):
        raise PermissionDenied
    if request.method == "POST":
        return carried_out_once(request, lambda: _entered(request, source))
    case = CaseForm(request, initial={"level": source.level})
    return _shown(request, source, case, stages_of(request, STAGES))


# What was typed here when a session ends comes back, as from the form of a record.
case_view.model_admin = admin.site.get_model_admin(SourceDocument)  # type: ignore[attr-defined]


def _entered(request: Any, source: SourceDocument) -> HttpResponse:
    request.POST = answered(request.POST)
    case, stages = CaseForm(request, request.POST), stages_of(request, STAGES, data=request.POST)
    if "_more" in request.POST:
        return _shown(request, source, *_with_more(request, stages))
    if not (case.is_valid() & stages.is_valid()):
        return _shown(request, source, case, stages)
    if AGAIN in request.POST:
        case.add_error(None, "This is what you typed. It is not saved yet: press Save.")
        return _shown(request, source, case, stages)
    if "_submit" in request.POST and refuses_untold(stages):
        return _shown(request, source, case, stages)
    steps = [(at, form.cleaned_data) for at, form in stages.filled()]
    given = CaseBody(source.ref, case.cleaned_data, steps, request.POST)
    try:
        with transaction.atomic():
            incident, proposals = _made(request, source, given)
    except (Malformed, AlreadyStored) as refusal:
        _tell(refusal.problems, given, case, stages)
        return _shown(request, source, case, stages)
    except MayBeStored as found:
        case.add_error(None, "Nothing was saved: somebody like this is there already. See above the form.")
        return _shown(request, source, case, stages, found.similar)
    except DatesInDoubtError as found:
        case.add_error(None, "Nothing was saved: a date may mean another day. See above the form.")
        return _shown(request, source, case, stages, dates=found.questions)
    except ReviewRefused as refusal:
        for problem in refusal.problems:
            case.add_error(None, problem)
        return _shown(request, source, case, stages)
    _say(request, source, incident, proposals)
    return redirect(admin.site.get_model_admin(Incident).address(incident))  # type: ignore[attr-defined]


def _made(request: Any, source: SourceDocument, given: CaseBody) -> tuple[Incident, list[Proposal]]:
    """Make the drafts; where asked, send them to review, and the source with them if it is a draft."""
    writer = StaffWriter(request.user, given.case["level"])
    person = given.body["people"][0]["person"]
    if isinstance(person, dict) and (others := different_from(request)):
        person["different_from"] = others
    incident = INCIDENT_BODY.make(writer, INCIDENT_BODY.read(given.body, request.user, new=True))
    if in_doubt := [each for each in asked_about(writer, given) if not is_confirmed(request.POST, each)]:
        raise DatesInDoubtError(in_doubt)
    if "_submit" not in request.POST:
        return incident, []
    drafts = [source] if source.review == Review.DRAFT else []
    return incident, [submit(draft, request.user) for draft in [*drafts, *writer.drafts]]


def refuses_untold(stages: StageForms) -> bool:
    """Whether a step has no passage that tells of it; then that is said beside it."""
    bare = [form for _, form in stages.filled() if not form.cleaned_data["paragraph"]]
    for form in bare:
        form.add_error("paragraph", "Say which passage tells of it: without one it is not published.")
    return bool(bare)


def asked_about(writer: DraftWriter, given: CaseBody) -> list[AskedDate]:
    """Return what is to be asked of the dates that were written, once for each box."""
    asked = {}
    for at, question in writer.asked:
        number, name = given.box_at(at)
        box = f"stages-{number}-{name}" if number is not None else name
        label = f"step {number + 1}, when" if number is not None else name
        asked[box] = AskedDate(box, label, question.value.text, question.doubt.meaning, question.meant)
    return [*asked.values()]


def _with_more(request: Any, stages: StageForms) -> tuple[CaseForm, StageForms]:
    """Return the forms as they were filled in, with as many rows again."""
    data = request.POST.copy()
    data["stages-TOTAL_FORMS"] = str(min(stages.total_form_count() + STAGES, MOST_STAGES))
    case, more = CaseForm(request, data), stages_of(request, STAGES, data=data)
    unchecked: list[Any] = [case, *more.forms]
    for form in unchecked:  # nothing is checked until it is saved
        form._errors = {}
    vars(more).update(_errors=[{} for _ in more.forms], _non_form_errors=[])
    return case, more


def _tell(problems: dict[str, list[str]], given: CaseBody, case: CaseForm, stages: StageForms) -> None:
    """Say what was refused beside the box that it came from."""
    for place, words in problems.items():
        number, name = given.box_at(place)
        form: Any = case if number is None else stages.forms[number]
        for each in words:
            form.add_error(name if name in form.fields else None, each)


def _say(request: Any, source: SourceDocument, incident: Incident, proposals: list[Proposal]) -> None:
    if Level(incident.level).rank < Level(source.level).rank:
        words = "Its source stays at level “{}”: who reads no more than the case will find no source for it."
        messages.warning(request, words.format(source.get_level_display()))
    if not proposals:
        messages.success(request, "Saved as drafts. Nobody beyond the team reads them until they are sent to review.")
        return
    links = format_html_join(", ", '<a href="{}">{}</a>', ((page_of(each), each.ref) for each in proposals))
    messages.success(request, format_html_join("", "{}", [("Saved, and sent to review: ",), (links,), (".",)]))


def _shown(
    request: Any,
    source: SourceDocument,
    case: CaseForm,
    stages: StageForms,
    similar: list[SimilarRecord] | None = None,
    dates: list[AskedDate] | None = None,
) -> HttpResponse:
    questions = [*(dates or ()), *refused_in(stages.forms)]
    asked = {each.name for each in questions}
    every = [*passages(source.text)]
    found = similar or []
    page: Any = {type(each.record): admin.site.get_model_admin(type(each.record)) for each in found}
    context = (
        admin.site.each_context(request)
        | {
            "title": "Enter a case from this source",
            "subtitle": source.title,
            "source": source,
            "address": admin.site.get_model_admin(SourceDocument).address(source),  # type: ignore[attr-defined]
            "passages": every[:SHOWN],
            "left_out": max(len(every) - SHOWN, 0),
            "form": case,
            "who": [case[name] for name in WHO],
            "what": [case[name] for name in WHAT],
            "stages": stages,
            "media": case.media + stages.media,
            "lists": lists_of(request) | {CALENDAR_CHOICES: CALENDAR_LIST},
            "dates": questions,
            "answers": [each for each in request.POST.items() if each[0].startswith(ANSWER) and each[0] not in asked],
            "similar": [(each, page[type(each.record)].address_of_similar(each)) for each in found],
            "shown": in_one_answer([*different_from(request), *(each.record.ref for each in found)]),
            "answered": not found and bool(different_from(request)),
            "may_submit": request.user.has_perm("records.submit_records"),
            "can_grow": stages.total_form_count() < MOST_STAGES,
        }
    )
    return TemplateResponse(request, "admin/case_entry.html", context)


def case_pages(source: SourceDocument, user: Any) -> list[Any]:
    """Return the way to enter a case from a source, for whoever may."""
    address = case_address(source, user)
    return [Link("Enter a case from it", address)] if address else []


def case_address(source: SourceDocument, user: Any) -> str:
    """Return the address at which a case is entered from a source, "" for whoever may not, and where it has no text."""
    may = all(user.has_perm(right) for right in RIGHTS) and source.text_is_read_by(user)
    return reverse("admin:sources_sourcedocument_case_add", args=(source.ref,)) if may and source.text else ""


SourceDocumentAdmin.more_pages.append(("case", "case_add", case_view))
SourceDocumentAdmin.more_links.append(case_pages)
SourceDocumentAdmin.after_saving.append(("_case", "Save and enter a case from it", case_address))
