"""The boxes in which a case is entered from a source, and the body of a whole case that is made of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin

from cases.models import Country, IncidentCountry, Involvement, Person, Tactic
from cases.vocabulary import Attribution, Scope, StageKind, Standing
from records.admin import Picker
from records.admin.boxes import share_lists
from records.admin.date_boxes import DateBox, words_of_paper
from records.models import BEYOND_THE_TEAM
from records.vocabulary import Level

#: How many stages the page offers at first, and at most; further ones are added on the page of the incident.
STAGES, MOST_STAGES = 4, 20
#: How long a date may be in the words of its paper.
LONGEST_DATE = 80
#: A box, by the form in which it stands (None is the form of the case, a number that of a stage) and its name.
Box = tuple[int | None, str]


def paragraph_box() -> forms.IntegerField:
    """Return a box for the number of a passage of the source."""
    return forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, label="Paragraph")


class PerRequest(forms.Form):
    """A form whose boxes for records and countries offer what one reader sees."""

    pickers: ClassVar[dict[str, Any]] = {}

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, link in self.pickers.items():
            box: Any = self.fields[name]
            box.queryset = link.remote_field.model.objects.visible_to(request.user)
            box.widget = Picker.of(link, admin.site, request)
            box.widget.choices = box.choices
        if "tactic" in self.fields:
            tactic: Any = self.fields["tactic"]
            tactic.queryset = Tactic.objects.filter(retired=False)
        share_lists(request, self.fields)


class CaseForm(PerRequest):
    """Who, what and between which states. Either names are given, or somebody who is there already."""

    pickers: ClassVar = {
        "person": Involvement._meta.get_field("person"),
        "origin": IncidentCountry._meta.get_field("country"),
        "host": IncidentCountry._meta.get_field("country"),
    }

    names = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        label="Names of somebody new",
        help_text="One in each line, in every script and spelling of the source. The first is the name to display.",
    )
    standing = forms.ChoiceField(choices=Standing.choices, initial=Standing.TARGET)
    names_paragraph = paragraph_box()
    person = forms.ModelChoiceField(Person.objects.none(), required=False, label="Or somebody who is there already")
    title = forms.CharField(max_length=200, label="What happened, in a line")
    scope = forms.ChoiceField(choices=Scope.choices, initial=Scope.CROSS_BORDER)
    tactic = forms.ModelChoiceField(Tactic.objects.none(), required=False)
    origin = forms.ModelChoiceField(Country.objects.none(), required=False, label="State behind it")
    attribution = forms.ChoiceField(choices=Attribution.choices, initial=Attribution.STATED)
    origin_paragraph = paragraph_box()
    host = forms.ModelChoiceField(
        Country.objects.none(),
        required=False,
        label="Where",
        help_text="The country of each stage that names no other.",
    )
    level = forms.ChoiceField(
        choices=[(level.value, level.label) for level in Level if level in (*BEYOND_THE_TEAM, Level.TEAM)],
        label="Who may read it, once it is approved",
    )

    def clean_names(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "names" in cleaned and "person" in cleaned and bool(cleaned["names"]) == bool(cleaned["person"]):
            self.add_error("names", "Give the names of somebody new, or choose who is there already: one of the two.")
        return cleaned


class StageForm(PerRequest):
    """One step of what happened, and the paragraph that says so."""

    pickers: ClassVar = {"country": IncidentCountry._meta.get_field("country")}

    kind = forms.ChoiceField(choices=[("", "---------"), *StageKind.choices], label="What happened")
    occurred = forms.CharField(
        required=False,
        max_length=LONGEST_DATE,
        label="When",
        widget=DateBox(),
        help_text="2021-07-19, 2021-07, 2021-07~ (about); the box beside it is for a paper of another calendar.",
    )
    country = forms.ModelChoiceField(Country.objects.none(), required=False, label="In another country")
    place = forms.CharField(required=False, max_length=200)
    paragraph = paragraph_box()


class StageForms(forms.BaseFormSet):
    """The stages, in their order; empty rows are left out."""

    def filled(self) -> list[tuple[int, Any]]:
        return [(number, form) for number, form in enumerate(self.forms) if form.has_changed()]


def stages_of(request: Any, rows: int, **given: Any) -> StageForms:
    made: Any = forms.formset_factory(StageForm, formset=StageForms, extra=rows, max_num=MOST_STAGES, validate_max=True)
    return made(form_kwargs={"request": request}, prefix="stages", **given)


class CaseBody:
    """The body of a whole case as the writing API takes it, and which box each place in it comes from."""

    def __init__(self, source: str, case: dict[str, Any], stages: list[tuple[int, dict[str, Any]]], sent: Any) -> None:
        self.source, self.case, self.sent = source, case, sent
        self.boxes: dict[str, Box] = {"title": (None, "title"), "scope": (None, "scope")}
        self.body: dict[str, Any] = {
            "title": case["title"],
            "scope": case["scope"],
            "people": [{"person": self._person(), "role": "subject", "stages": self._stages(stages)}],
        }
        if began := next((stage["occurred"] for _, stage in stages if stage["occurred"]), ""):
            self.body["start"] = began
            self.boxes["start"] = self.boxes["people/0/stages/0/occurred"]
        if case["tactic"]:
            self.body["tactics"] = [{"tactic": case["tactic"].pk}]
        if case["origin"]:
            self.body["origins"] = [self._origin()]
        if case["host"]:
            self.body["locations"] = [case["host"].pk]

    def box_at(self, place: str) -> Box:
        """Return the box that a place in the body comes from, or the nearest one above it."""
        while place and place not in self.boxes:
            place = place.rpartition("/")[0]
        return self.boxes.get(place, (None, "__all__"))

    def _person(self) -> Any:
        case, at = self.case, "people/0/person"
        self.boxes[at] = (None, "person" if case["person"] else "names")
        if case["person"]:
            return case["person"].ref
        names = [{"text": name} for name in case["names"]]
        person = {"label": case["names"][0], "standing": case["standing"], "names": names}
        self.boxes[f"{at}/standing"] = (None, "standing")
        return person | self._cited("label", case["names_paragraph"], at, (None, "names_paragraph"))

    def _origin(self) -> dict[str, Any]:
        case = self.case
        self.boxes |= {"origins/0": (None, "origin"), "origins/0/attribution": (None, "attribution")}
        origin = {"country": case["origin"].pk, "attribution": case["attribution"]}
        return origin | self._cited("country", case["origin_paragraph"], "origins/0", (None, "origin_paragraph"))

    def _stages(self, stages: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
        made = []
        for at, (number, stage) in enumerate(stages):
            here = f"people/0/stages/{at}"
            country = stage["country"] or self.case["host"]
            row = {"kind": stage["kind"], "occurred": stage["occurred"], "place": stage["place"]}
            row |= {"country": country.pk} if country else {}
            self.boxes |= {f"{here}/{name}": (number, name) for name in ("kind", "occurred", "country", "place")}
            self.boxes[here] = (number, "kind")
            field = "occurred" if stage["occurred"] else "kind"
            words = words_of_paper(self.sent, f"stages-{number}-occurred")
            row |= self._cited(field, stage["paragraph"], here, (number, "paragraph"), words)
            made.append({name: value for name, value in row.items() if value})
        return made

    def _cited(self, field: str, paragraph: int | None, at: str, box: Box, words: str = "") -> dict[str, Any]:
        """Return what cites a paragraph of the source for a field of the row at this place, where one is given."""
        if not paragraph:
            return {}
        self.boxes[f"{at}/citations"] = box
        cited = {"source": self.source, "field": field, "paragraph": paragraph}
        return {"citations": [cited | ({"stated_value": words} if words else {})]}
