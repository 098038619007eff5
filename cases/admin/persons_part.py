"""Tables on an incident's page of what hangs on a person's part in it: the person is chosen, and the part is found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from cases.admin.evidence import EvidenceForm, EvidenceFormSet, EvidenceInline
from cases.models import Involvement, Person
from cases.vocabulary import InvolvementRole
from records.admin import Picker


class PersonsPartForm(EvidenceForm):
    """A stage or a duty of a person; the involvement that it hangs on is found, or made, when the incident is saved."""

    person = forms.ModelChoiceField(Person.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "person" in self.fields:
            person = self.instance.involvement.person
            self.initial["person"] = person.pk
            self.fields["person"].widget.known = {str(person.pk): str(person)}


class PersonsPartFormSet(EvidenceFormSet):
    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.involvement = self._involvement(form)
        return super().save_new(form, commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        form.instance.involvement = self._involvement(form)
        return super().save_existing(form, obj, commit)

    def _involvement(self, form: Any) -> Involvement:
        """Return the part that the chosen person has in the incident; a new one is that of its subject."""
        row, person = form.instance, form.cleaned_data["person"]
        if row.involvement_id and row.involvement.person_id == person.pk:
            return row.involvement
        # A part that the editor may not see stays out of it: that it is there must not show.
        seen = Involvement.objects.visible_to(self.viewer).filter(incident=self.instance, person=person)
        if (known := seen.filter(role=InvolvementRole.SUBJECT).order_by("pk").first()) is not None:
            return known
        return Involvement.objects.create(
            incident=self.instance, person=person, role=InvolvementRole.SUBJECT, level=row.level
        )


class PersonsPartInline(EvidenceInline, admin.StackedInline):
    """Rows that hang on a person's part in the incident, entered by choosing the person."""

    fk_name = "incident"
    form = PersonsPartForm
    formset = PersonsPartFormSet
    extra = 1

    def _boxes(self, request: Any) -> dict[str, forms.Field]:
        box = Picker.of(Involvement._meta.get_field("person"), self.admin_site, request)
        person = forms.ModelChoiceField(Person.objects.visible_to(request.user), widget=box)
        return {"person": person, **super()._boxes(request)}
