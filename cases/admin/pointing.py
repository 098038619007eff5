"""What does it say? The form that makes a citation of a passage that somebody pointed at, in one save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from cases.admin.evidence import CitationAdmin, CitationForm, cited_as
from cases.admin.facts import RecordFacts, facts_of, find_record
from cases.admin.near import NearRecord, near_records
from cases.admin.passages import (
    LONGEST_SHOWN,
    cite_address,
    passages_view,
    readable_source,
    whole_number,
)
from cases.models import Citation
from cases.passage_pages import passage_address
from cases.vocabulary import Stance
from records.admin import Link
from records.admin.proposing import page_of
from sources.admin import SourceDocumentAdmin
from sources.models import SourceDocument
from sources.passages import Passage, passage_between, passage_of

#: Words that were selected stand as the value that is stated, where they are so short.
SHORT = 80


@dataclass
class Pointed:
    """What somebody pointed at: a passage of a source, whether only a part of a paragraph, and for which record."""

    source: SourceDocument
    passage: Passage
    is_selected: bool
    near: list[NearRecord]
    facts: RecordFacts | None

    @property
    def words(self) -> str:
        return self.passage.text[:LONGEST_SHOWN]

    @property
    def left_out(self) -> int:
        return len(self.passage.text) - len(self.words)

    @property
    def back(self) -> str:
        return passage_address(self.source.ref, self.passage.number, self.facts.record.ref if self.facts else "")

    @property
    def offered(self) -> list[tuple[NearRecord, str]]:
        """The records that are near, each with the address at which it is the one that is cited for."""
        place = {"paragraph": self.passage.number}
        if self.is_selected:
            place |= {"start": self.passage.start, "end": self.passage.end}
        return [(each, cite_address(self.source, **place, record=each.ref)) for each in self.near]


class PointingForm(CitationForm):
    """A citation of what was pointed at. `pointed` is set for each request."""

    pointed: ClassVar[Any] = None
    fact = forms.ChoiceField(label="It says so about", required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fact: Any = self.fields["fact"]
        fact.choices = [("", "---------"), *self.pointed.facts.choices]
        self.fields["quotation"].label = "Only these words"
        self.fields["quotation"].help_text = "Leave it empty to cite the words above whole."

    def _post_clean(self) -> None:
        if "fact" not in self.cleaned_data:
            return
        ref, _, name = self.cleaned_data["fact"].partition(".")
        row, citation, passage = self.pointed.facts.rows[ref], self.instance, self.pointed.passage
        setattr(citation, cited_as(type(row)), row)
        citation.source, citation.field, citation.paragraph = self.pointed.source, name, passage.number
        if not self.cleaned_data.get("quotation"):
            citation.start, citation.end = passage.start, passage.end
        citation.preferred = self.cleaned_data.get("stance") == Stance.SUPPORTS
        super()._post_clean()


class Pointing(CitationAdmin):
    """The admin of citations as far as it makes one of a passage; it has no list and no page of its own."""

    form = PointingForm
    change_form_template = "admin/cite.html"
    readonly_fields: ClassVar[Any] = ()
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("fact", "stated_value", "said_by", "stance", "quotation")}),
        ("More", {"classes": ("collapse",), "fields": ("credibility", "reason", "level")}),
    )

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.pointed = request.pointed
        return form

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        pointed = request.pointed
        is_short = pointed.is_selected and len(pointed.passage.text) <= SHORT
        return {"stated_value": pointed.passage.text} if is_short else {}

    def response_add(self, request: Any, obj: Citation, post_url_continue: Any = None) -> HttpResponse:
        words = format_html('<a href="{}">{}</a> is cited.', self.address(obj), obj.ref)
        messages.success(request, words)
        return redirect(request.pointed.back)

    def _sent(self, request: Any, proposal: Any) -> Any:
        words = 'Sent to a second person as <a href="{}">{}</a>. Nothing is changed until they approve.'
        messages.success(request, format_html(words, page_of(proposal), proposal.ref))
        return redirect(request.pointed.back)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        context |= {
            "pointed": request.pointed,
            "title": "What does it say?",
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "save_on_top": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)


pointing = Pointing(Citation, admin.site)


def cite_view(request: Any, ref: str) -> HttpResponse:
    """Ask what a passage says: first about which record, where none is near or given; then about which of its facts."""
    source = readable_source(request, ref)
    if not request.user.has_perm("cases.add_citation"):
        raise PermissionDenied
    passage, problem = chosen_passage(source, request.GET)
    if passage is None:
        messages.error(request, problem)
        return redirect(passage_address(source.ref))
    near = near_records(request, source, passage)
    record = record_asked_for(request, near)
    facts = facts_of(request, record) if record is not None else None
    request.pointed = Pointed(source, passage, bool(request.GET.get("start")), near, facts)
    if facts is not None:
        return pointing.changeform_view(request)
    context = {"title": "What does it say?", "pointed": request.pointed, "asked": dict(request.GET.items())}
    return TemplateResponse(request, "admin/cite_for.html", admin.site.each_context(request) | context)


cite_view.model_admin = pointing  # type: ignore[attr-defined]


def chosen_passage(source: SourceDocument, asked: Any) -> tuple[Passage | None, str]:
    """Return the passage that an address asks for; or none, and why: a number that is typed may be any."""
    number, typed = whole_number(asked.get("paragraph", "")), asked.get("paragraph", "")[:20]
    start, end = whole_number(asked.get("start", ""), 0), whole_number(asked.get("end", ""))
    passage = passage_of(source.text, number) if number else None
    if passage is None:
        return None, f"“{typed}” is no paragraph of this text. Give the number of one of those below."
    if start is None or end is None:
        return passage, ""
    try:
        part = passage_between(source.text, start, end)
    except ValueError as wrong:
        return None, str(wrong)
    return (part, "") if part.number == number else (passage, "")


def record_asked_for(request: Any, near: list[NearRecord]) -> Any:
    """Return the record that the address names, else the nearest one; None where that is none its reader sees."""
    asked = request.GET.get("record", "").strip().upper()[:12]
    if asked:
        found = find_record(request, asked.replace("\0", ""))
        if found is None:
            messages.error(request, f"“{asked}” is the reference of no record that you see and that can be cited.")
        return found
    return find_record(request, near[0].ref) if near else None


def pages_of(source: SourceDocument, user: Any) -> list[Link]:
    """Return the way to the passages of a source, for whoever reads its text."""
    return [Link("Read and cite", passage_address(source.ref))] if source.text_is_read_by(user) and source.text else []


SourceDocumentAdmin.more_pages += [("passages", "passages", passages_view), ("passages/cite", "cite_add", cite_view)]
SourceDocumentAdmin.more_links.append(pages_of)
