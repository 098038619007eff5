"""The countries by which an incident can stand in the order of a list: for each part those that may come first."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cases.models.incident import Incident
from cases.models.incident_parts import IncidentCountry
from cases.vocabulary import CountryPart
from records.fields.sort_keys import by_text


class CountryKeyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return the places of visible incidents by the countries that `user` sees in this part, and by none."""
        parts = IncidentCountry.objects.visible_to(user).filter(incident=OuterRef("incident"), part=OuterRef("part"))
        is_seen = Q(country="") | Q(Exists(parts.filter(country=OuterRef("country"))))
        return self.filter(is_seen, incident__in=Incident.objects.visible_to(user))


class CountryKey(models.Model):
    """A place in which an incident may stand in the order of its origins, or of its hosts.

    It stands in one of them for each reader: by the first country that this reader sees, which is asked of the incident
    itself. So what stands here is shown to nobody, and decides nothing but where to look. The country is "" where some
    readers may see none.
    """

    #: It follows from rows that the audit trail follows.
    is_derived: ClassVar = True

    incident = models.ForeignKey(
        Incident, on_delete=models.DO_NOTHING, db_constraint=False, related_name="country_keys"
    )
    ref = models.CharField(max_length=12)
    part = models.CharField(max_length=12, choices=CountryPart)
    country = models.CharField(max_length=4, blank=True)

    objects: ClassVar = CountryKeyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("part"), by_text("country"), by_text("ref"), name="country_key_in_order")]

    def __str__(self) -> str:
        return f"{self.ref}, {self.part}: {self.country}"


#: The SELECT of the keys of some incidents, whose numbers stand in the place of {keys}.
COUNTRY_KEYS = """
SELECT i.id, i.ref, p.part, p.country_id FROM cases_incident i JOIN cases_incidentcountry p ON p.incident_id = i.id
WHERE i.id IN ({keys}) AND p.part IN ('origin', 'location')
UNION
SELECT i.id, i.ref, 'origin', '' FROM cases_incident i WHERE i.id IN ({keys}) AND NOT EXISTS (
    SELECT 1 FROM cases_incidentcountry p WHERE p.incident_id = i.id AND p.part = 'origin' AND p.lane = i.lane)
UNION
SELECT i.id, i.ref, 'location', '' FROM cases_incident i WHERE i.id IN ({keys}) AND NOT EXISTS (
    SELECT 1 FROM cases_incidentcountry p WHERE p.incident_id = i.id AND p.part = 'location' AND p.lane = i.lane
    AND NOT EXISTS (SELECT 1 FROM cases_incidentcountry o
        WHERE o.incident_id = i.id AND o.part = 'origin' AND o.country_id = p.country_id))
"""
