"""A mixin for the admin of records: a date that may mean another day is stored once its editor says which is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from records.admin.date_boxes import ANSWER, TO, DateBox, answered
from records.fields.date_questions import Meant, meant_by


class DatesInDoubtError(ValueError):
    """What a form wrote holds dates that may not be meant; `questions` are to be asked about them."""

    def __init__(self, questions: list[AskedDate]) -> None:
        super().__init__("A date may not be the one that is meant.")
        self.questions = questions


@dataclass(frozen=True)
class AskedDate:
    """What is asked about the date in one box of a form: what it holds, why it is asked, and what may be meant."""

    box: str
    label: str
    asked: str
    why: str
    meant: tuple[Meant, ...]

    @property
    def name(self) -> str:
        return ANSWER + self.box

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(f"{self.asked}{TO}{each.edtf}", each.words) for each in self.meant]


class AsksOfDates(admin.ModelAdmin):
    """A form that asks which day is meant, as far as what its editor sees gives reason to ask."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            request.POST = answered(request.POST)  # type: ignore[assignment]
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DatesInDoubtError as found:  # all is undone; read again, the form asks
            request.dates_in_doubt = found.questions  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Write the parts too, so that a date can be compared with its sources; where one is asked about, undo it."""
        super().save_related(request, form, formsets, change)
        forms = (form, *(each for formset in formsets for each in formset.forms))
        if questions := [each for each in asked_of(forms, request.user) if not is_confirmed(request.POST, each)]:
            raise DatesInDoubtError(questions)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.has_dates_to_ask = bool(getattr(request, "dates_in_doubt", ()))
        return form

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        formsets = [inline.formset for inline in context.get("inline_admin_formsets", ())]
        forms = (context["adminform"].form, *(each for formset in formsets for each in formset.forms))
        context["dates"] = [*getattr(request, "dates_in_doubt", ()), *refused_in(forms)]
        asked = {each.name for each in context["dates"]}
        sent = request.POST if request.method == "POST" else {}
        context["answers"] = [(name, sent[name]) for name in sent if name.startswith(ANSWER) and name not in asked]
        return super().render_change_form(request, context, *args, **kwargs)


def asked_of(forms: Iterable[Any], user: Any) -> Iterator[AskedDate]:
    """Return what is to be asked of the dates that forms have just written, of those that were changed alone."""
    for form in forms:
        if form.instance.pk is None or not form.has_changed():
            continue
        for question in form.instance.date_questions(form.changed_data, user):
            own = question.row is form.instance
            box = form.add_prefix(question.field) if own else question.field
            label = str(question.row._meta.get_field(question.field).verbose_name)
            may_change = box in form.data
            choices = question.meant if may_change else question.meant[:1]
            yield AskedDate(box, label, question.value.text, question.doubt.meaning, choices)


def is_confirmed(data: Any, question: AskedDate) -> bool:
    """Whether the editor said of this very date that it is meant."""
    return data.get(question.name) == f"{question.asked}{TO}{question.asked}"


def refused_in(forms: Iterable[Any]) -> Iterator[AskedDate]:
    """Return what is to be asked of texts that were refused and may be dates of another calendar."""
    for form in forms:
        for name in form.errors if form.is_bound else ():
            field = form.fields.get(name)
            if field is None or not isinstance(field.widget, DateBox):
                continue
            text = form[name].data or ""
            if choices := meant_by(text):
                yield AskedDate(form.add_prefix(name), str(form[name].label), text, "", tuple(choices))
