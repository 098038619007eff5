"""The list of incidents as Django REST Framework's own tutorial has it: serializers of models, and prefetches."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from cases.models import Actor, Citation, Demand, Incident, IncidentCountry, Involvement, Notice, Stage, TacticUsed

DATE = ("", "_earliest", "_latest", "_precision")


def columns(*names: str, date: str = "") -> tuple[str, ...]:
    return (*names, *(f"{date}{part}" for part in DATE)) if date else names


class EdtfField(serializers.Field):
    """An uncertain date as its text."""

    def to_representation(self, value: Any) -> str:
        return str(value)


class Plain(serializers.ModelSerializer):
    """Serializes uncertain dates as text."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, options = super().build_standard_field(field_name, model_field)
        is_date = type(model_field).__name__ == "UncertainDateField"
        return (EdtfField, {"read_only": True}) if is_date else (field_class, options)


class TacticSerializer(Plain):
    class Meta:
        model = TacticUsed
        fields = columns("tactic", date="occurred")


class CountrySerializer(Plain):
    class Meta:
        model = IncidentCountry
        fields = columns("country", "part", "attribution")


class ActorSerializer(Plain):
    class Meta:
        model = Actor
        fields = columns("words", "kind", "part", "confidence", "answer")


class DemandSerializer(Plain):
    class Meta:
        model = Demand
        fields = columns("kind", "channel", "carried_by", "threat", "note", date="occurred")


class StageSerializer(Plain):
    class Meta:
        model = Stage
        fields = columns(
            *("ref", "kind", "country", "destination", "place", "headcount", "actor", "detention_kind"),
            *("lawfulness", "host_part", "in_absentia", "cause", "note"),
            date="occurred",
        )


class CitationSerializer(Plain):
    source = serializers.CharField(source="source.ref")  # type: ignore[assignment]

    class Meta:
        model = Citation
        fields = ("source",)


class PersonSerializer(Plain):
    person = serializers.CharField(source="person.ref")
    label = serializers.CharField(source="person.label")  # type: ignore[assignment]
    stages = StageSerializer(many=True)
    notices: Any = serializers.SlugRelatedField("ref", source="person.notices", many=True, read_only=True)

    class Meta:
        model = Involvement
        fields = columns(
            "person", "label", "role", "outcome", "status", "accusation", "stages", "notices", date="status_as_of"
        )


class IncidentSerializer(Plain):
    tactics = TacticSerializer(source="tactics_used", many=True)
    countries = CountrySerializer(source="country_parts", many=True)
    actors = ActorSerializer(many=True)
    demands = DemandSerializer(many=True)
    people = PersonSerializer(source="involvements", many=True)
    citations = CitationSerializer(many=True)
    agreement = serializers.CharField(source="agreement.ref", default=None)

    class Meta:
        model = Incident
        fields = columns(
            *("ref", "title", "scope", "tactics", "countries", "place", "end", "legal_basis", "agreement", "actors"),
            *("demands", "summary", "people", "citations", "one_person"),
            date="start",
        )


def incidents(keys: list[int], user: Any) -> bytes:
    """Return the incidents with these keys as JSON, with the parts that `user` may see."""
    seen = {model: model._default_manager.visible_to(user) for model in (TacticUsed, IncidentCountry, Actor, Demand)}
    people = Involvement.objects.visible_to(user).select_related("person")
    rows = (
        Incident.objects.filter(pk__in=keys)
        .select_related("agreement")
        .prefetch_related(
            Prefetch("tactics_used", seen[TacticUsed]),
            Prefetch("country_parts", seen[IncidentCountry]),
            Prefetch("actors", seen[Actor]),
            Prefetch("demands", seen[Demand]),
            Prefetch("involvements", people),
            Prefetch("involvements__stages", Stage.objects.visible_to(user)),
            Prefetch("involvements__person__notices", Notice.objects.visible_to(user)),
            Prefetch("citations", Citation.objects.visible_to(user).select_related("source")),
            Prefetch("involvements__stages__citations", Citation.objects.visible_to(user)),
        )
    )
    return JSONRenderer().render(IncidentSerializer(rows, many=True).data)
