"""The admin of citations: a page of their own, and the tables of citations on the pages of other records."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html

from cases.models import CITABLE, Citation, citable_fields
from cases.models.place import settle_place
from cases.vocabulary import Stance
from records.admin import (
    Link,
    ListTable,
    PartAdmin,
    Picker,
    RecordForm,
    RecordFormSet,
    RecordInline,
    count_of,
    words_of_paper,
)
from records.models import Record
from records.vocabulary import Vocabulary
from sources.admin import SourceDocumentAdmin
from sources.models import SourceDocument
from sources.passages import LONGEST_QUOTATION

ERRORS_AT: dict[str, str | tuple[str, str]] = {
    "citation_preferred_supports": "preferred",
    "citation_passage_is_not_empty": "end",
    "citation_has_exactly_one_record": "person",
}


def cited_as(model: type[Any]) -> str:
    """Return the name of the citation's link to records of this model."""
    return next(name for name, cited in CITABLE.items() if cited is model)


def columns_of(*models: type[Record]) -> list[tuple[str, str]]:
    """Return the columns of these models that a citation can be about, as choices."""
    labels = {
        name: str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for model in models
        for name in citable_fields(model)
    }
    return sorted(labels.items(), key=lambda choice: choice[1])


class CitationForm(RecordForm):
    """A citation, with a box for words that are looked up in the text of the source.

    It keeps what the paper has for a date that was chosen above for a day of another calendar.
    """

    quotation = forms.CharField(
        required=False,
        max_length=LONGEST_QUOTATION,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Words of the passage",
        help_text="Copied from the text of the source, where it is here: they are looked up there, and not kept.",
    )

    def _post_clean(self) -> None:
        self.instance.quotation = self.cleaned_data.get("quotation", "")
        super()._post_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "stated_value" in self.fields and not cleaned.get("stated_value"):
            cleaned["stated_value"] = words_of_paper(self.data, cleaned.get("field", ""))
        return cleaned


class CitationInline(RecordInline, admin.TabularInline):
    """What sources say about the record on whose page this stands; see citations_of."""

    model = Citation
    form = CitationForm
    related = ("source",)
    autocomplete_fields = ("source",)
    fields = (
        *("source", "field", "stated_value", "said_by", "stance", "preferred"),
        *("paragraph", "credibility", "reason", "level"),
    )
    errors_at = ERRORS_AT
    verbose_name_plural = "citations: what sources say about this record"

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "field":
            choices = [("", "---------"), *columns_of(CITABLE[self.fk_name or ""])]
            return forms.ChoiceField(choices=choices, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def citations_of(model: type[Any]) -> type[CitationInline]:
    """Return the inline that holds the citations of records of this model."""
    return type(f"{model.__name__}Citations", (CitationInline,), {"fk_name": cited_as(model)})


def citations_for(request: Any) -> Any:
    """Return the citations that the reader may see, put together once for all the inlines of a page."""
    if not hasattr(request, "citations"):
        request.citations = Citation.objects.visible_to(request.user)
    return request.citations


class CitedInline(RecordInline):
    """Rows that can be cited: each tells how many citations it has, and leads to the page where they are."""

    readonly_fields = ("evidence",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).annotate(cited=count_of(citations_for(request), cited_as(self.model)))

    @admin.display(description="citations")
    def evidence(self, row: Any) -> str:
        if row.pk is None:
            return "–"
        address = self.admin_site.get_model_admin(self.model).address(row)  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>', address, counted(row.cited))


def counted(citations: int) -> str:
    """Return "no citation yet", "1 citation", "2 citations"."""
    return "no citation yet" if not citations else "1 citation" if citations == 1 else f"{citations} citations"


class EvidenceForm(RecordForm):
    """A row that can be given its evidence in passing: a source, and what it says, become a citation of the row."""

    evidence_source = forms.ModelChoiceField(SourceDocument.objects.none(), required=False)
    evidence_field = forms.ChoiceField(required=False)
    evidence_paragraph = forms.IntegerField(required=False)
    evidence_stated = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("evidence_source") and not cleaned.get("evidence_stated"):
            cleaned["evidence_stated"] = words_of_paper(self.data, self.add_prefix(cleaned["evidence_field"]))
        said = cleaned.get("evidence_paragraph") or cleaned.get("evidence_stated")
        if said and not cleaned.get("evidence_source") and "evidence_source" not in self.errors:
            self.add_error("evidence_source", "Choose the source that says so.")
        self._refuse_wrong_place(cleaned)
        return cleaned

    def _refuse_wrong_place(self, cleaned: dict[str, Any]) -> None:
        """Refuse a paragraph that the source does not have, before the row is written."""
        place = Citation(source=cleaned.get("evidence_source"), paragraph=cleaned.get("evidence_paragraph"))
        try:
            settle_place(place)
        except ValidationError as wrong:
            self.add_error("evidence_paragraph", wrong.messages[0])

    def cite(self, row: Any) -> None:
        """Make the citation that was filled in beside the row, as open as the row itself."""
        if source := self.cleaned_data.get("evidence_source"):
            citation = Citation(
                source=source,
                field=self.cleaned_data["evidence_field"],
                paragraph=self.cleaned_data["evidence_paragraph"],
                stated_value=self.cleaned_data["evidence_stated"],
                level=row.level,
                **{cited_as(type(row)): row},
            )
            settle_place(citation)
            citation.save()


class EvidenceFormSet(RecordFormSet):
    def save_new(self, form: Any, commit: bool = True) -> Any:
        row = super().save_new(form, commit)
        form.cite(row)
        return row

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        row = super().save_existing(form, obj, commit)
        form.cite(row)
        return row


class EvidenceInline(CitedInline):
    """Cited rows with boxes for one more piece of evidence, which is about `evidence_of` unless told otherwise."""

    form = EvidenceForm
    formset = EvidenceFormSet
    evidence_of = ""
    evidence_boxes: ClassVar[Any] = (
        "Add evidence",
        {"fields": (("evidence_source", "evidence_paragraph", "evidence_field", "evidence_stated", "evidence"),)},
    )

    def add_boxes(self, boxes: dict[str, forms.Field], request: Any) -> None:
        added = self._boxes(request)
        for box in added.values():
            box.disabled = not request.user.has_perm("cases.add_citation")
        if "evidence_source" in boxes:  # not where the rows may only be read
            boxes |= added

    def _boxes(self, request: Any) -> dict[str, forms.Field]:
        box = Picker.of(Citation._meta.get_field("source"), self.admin_site, request)
        visible = SourceDocument.objects.visible_to(request.user)
        return {
            "evidence_source": forms.ModelChoiceField(visible, required=False, label="Source", widget=box),
            "evidence_field": forms.ChoiceField(
                choices=columns_of(self.model), required=False, label="Says so about", initial=self.evidence_of
            ),
            "evidence_paragraph": forms.IntegerField(
                required=False, min_value=1, max_value=2**31 - 1, label="Paragraph"
            ),
            "evidence_stated": forms.CharField(required=False, max_length=300, label="Value as stated"),
        }


@admin.register(Citation)
class CitationAdmin(PartAdmin):
    """A citation of any record: the form asks for exactly one."""

    section = "Evidence"
    list_display = ("ref", "source", "record_kind", "record", "field", "stated_value", "stance", "preferred", "level")
    list_filter = ("level", "stance", "preferred", "credibility")
    related = ("source", *CITABLE)
    autocomplete_fields = ("source", *CITABLE)
    meanings: ClassVar[dict[str, type[Vocabulary]]] = PartAdmin.meanings | {"stance": Stance}
    errors_at = ERRORS_AT
    form = CitationForm
    readonly_fields = ("start", "end", "sha256")
    fieldsets = (
        (None, {"fields": ("source", ("paragraph", "quotation"), ("start", "end", "sha256"))}),
        (
            "The record it is about: exactly one",
            {
                "fields": (
                    ("person", "person_name", "person_detail"),
                    ("legal_status", "relationship"),
                    ("incident", "incident_country", "tactic_used", "actor"),
                    ("involvement", "stage", "demand", "duty"),
                    ("notice", "warrant", "notice_event"),
                    ("ccf_request", "ccf_event"),
                    ("agreement", "ratification", "event"),
                )
            },
        ),
        (
            "What it says",
            {"fields": (("field", "stated_value"), "said_by", "stance", "preferred", "reason", "credibility")},
        ),
        ("Who may read it", {"fields": ("level",)}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "field":
            choices = [("", "---------"), *columns_of(*CITABLE.values())]
            return forms.ChoiceField(choices=choices, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def find(self, rows: Any, text: str, user: Any) -> Any:
        documents = SourceDocument.objects.visible_to(user).search(text)
        return rows.filter(Q(source__in=documents) | Q(stated_value__icontains=text))

    @admin.display(description="about")
    def record_kind(self, citation: Citation) -> str:
        return str(citation.record._meta.verbose_name)

    @admin.display(description="record")
    def record(self, citation: Citation) -> str:
        return str(citation.record)


def citations_from(document: SourceDocument, user: Any) -> ListTable:
    """Return what is cited from a document."""
    site = admin.site
    table = ListTable(
        "Cited from this document", ["Citation", "About", "Record", "Field", "As stated", "Stance", "Paragraph"]
    )
    for citation in Citation.objects.visible_to(user).filter(source=document).select_related(*CITABLE):
        own, about = site.get_model_admin(Citation), site.get_model_admin(type(citation.record))
        table.rows.append(
            [
                Link(citation.ref, own.address(citation)),  # type: ignore[attr-defined]
                str(citation.record._meta.verbose_name),
                Link(str(citation.record), about.address(citation.record)),  # type: ignore[attr-defined]
                citation.field.replace("_", " "),
                citation.stated_value,
                citation.get_stance_display(),
                citation.paragraph or "",
            ]
        )
    return table


SourceDocumentAdmin.more_tables.append(citations_from)
