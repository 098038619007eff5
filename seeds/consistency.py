"""The checks of `check_data`: whether the stored data agree with themselves.

A check is a function that yields findings. To add one, write it and put it into CHECKS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from cases.models import CcfRequest, Citation, Demand, Duty, Incident, LegalStatus, Notice, Stage
from cases.situation.comparing import wrongly_stored
from cases.situation.country_keys import wrongly_placed
from cases.situation.last_signs import wrongly_heard
from cases.situation.lives import wrongly_lived
from records.audit.lane_checks import lanes_agree_with_the_full_rule
from records.fields.code_forms import code_form
from records.fields.edtf import EdtfError, UncertainDate
from records.fields.uncertain_date import PARTS, date_fields, parts
from records.models import Clearance, Record, VisibleUnique
from records.vocabulary import Review
from seeds.derived_columns import folded_columns, in_batches, project_models, refold
from sources.capture_checks import faults
from sources.models import SourceDocument
from sources.passages import number_at, sha256

#: The reference of a record, and what is wrong with it.
Finding = tuple[str, str]


class Check(Protocol):
    """One question about the data; its name says what is in order where it finds nothing."""

    __name__: str

    def __call__(self) -> Iterator[Finding]: ...


def records() -> list[type[Any]]:
    """Return every model whose rows have a reference."""
    return [model for model in project_models() if issubclass(model, Record)]


def references_are_well_formed() -> Iterator[Finding]:
    """Every reference is its model's prefix and eight characters."""
    for model in records():
        pattern = re.compile(model._meta.get_field("ref").validators[0].regex)
        for ref in model.objects.order_by("ref").values_list("ref", flat=True).iterator():
            if not pattern.match(ref):
                yield ref, f"is no reference of a {model._meta.verbose_name}"


def foreign_keys_lead_somewhere() -> Iterator[Finding]:
    """Every foreign key leads to a row."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield "database", " ".join(str(error).split())


def dates_agree_with_their_text() -> Iterator[Finding]:
    """The first day, the last day and the precision of every date are those of its text."""
    for model in records():
        for column in date_fields(model):
            texts = model.objects.annotate(written=Cast(column.name, TextField())).order_by("ref")
            names = [f"{column.name}_{part}" for part in PARTS]
            for ref, text, *stored in texts.values_list("ref", "written", *names).iterator():
                try:
                    expected = list(parts(UncertainDate.stored(text)).values())
                except EdtfError as error:
                    yield ref, f"{column.name}: {error}"
                    continue
                if stored != expected:
                    yield ref, f"{column.name}: {text!r} does not mean {', '.join(map(str, stored))}"


def names_are_folded() -> Iterator[Finding]:
    """Every search column holds what its row would fold to now."""
    for model in project_models():
        if folded_columns(model):
            for batch in in_batches(model.objects.all()):
                for row in batch:
                    if stale := refold(row):
                        yield str(getattr(row, "ref", row.pk)), f"{' and '.join(stale)}: stale; run rebuild_names"


def steps_belong_to_their_incident() -> Iterator[Finding]:
    """The incident of a stage, a demand or a duty is that of its involvement."""
    for model in (Stage, Demand, Duty):
        for part in model.objects.exclude(incident=F("involvement__incident")).order_by("ref"):
            yield part.ref, "incident: not the one of its involvement"


def residences_agree() -> Iterator[Finding]:
    """Nobody is said to live in one country now, and has another one as their residence."""
    living = LegalStatus.objects.filter(kind="lives_there", until="", person__residence__isnull=False)
    for status in living.exclude(country=F("person__residence")).select_related("person").order_by("ref"):
        told = f"lives in {status.country_id} with no end, but the residence of {status.person.ref} is"
        yield status.ref, f"{told} {status.person.residence_id}"


def sources_know_their_origin() -> Iterator[Finding]:
    """A source's origin stands at the top of its line of descent, which is no circle."""
    rows = {
        pk: (ref, above, origin)
        for pk, ref, above, origin in SourceDocument.objects.order_by("ref").values_list(
            "pk", "ref", "derived_from", "origin"
        )
    }
    for pk, (ref, above, origin) in rows.items():
        seen, top = {pk}, None
        while above is not None and above not in seen:
            seen.add(above)
            top, above = above, rows[above][1]
        if above is not None:
            yield ref, "derived_from: descends from itself"
        elif origin != top:
            yield ref, f"origin: not {rows[top][0] if top else 'empty'}, where its line of descent ends"


class Everything(AnonymousUser):
    """The reader in whose name the data are checked: nothing is hidden from a command."""

    is_authenticated: Any = True
    is_active: Any = True
    _clearance = Clearance(everything=True)


def published_stages_have_a_source() -> Iterator[Finding]:
    """Every stage of a published incident is cited, or the incident says why it was published all the same."""
    cited = Exists(Citation.objects.filter(stage=OuterRef("pk")))
    uncited = Stage.objects.filter(~cited, incident__review=Review.PUBLISHED, incident__without_evidence="")
    for ref, incident in uncited.order_by("ref").values_list("ref", "incident__ref"):
        yield ref, f"a stage of the published {incident}, but no source is cited for it"


def situations_are_as_the_engine_says() -> Iterator[Finding]:
    """What is stored of where a case stands, for each lane and each day, is what the engine says of it today."""
    for incidents in in_batches(Incident.objects.only("pk")):
        for ref in wrongly_stored([incident.pk for incident in incidents]):
            yield ref, "where the case stands is not stored as it follows from its stages; run rebuild_situations"


def last_signs_are_as_cited() -> Iterator[Finding]:
    """What is stored of when a case was last heard of, for each lane, is what the citations give today."""
    for incidents in in_batches(Incident.objects.only("pk")):
        for ref in wrongly_heard([incident.pk for incident in incidents]):
            yield ref, "when the case was last heard of is not stored as its citations give it; run rebuild_situations"


def incidents_stand_where_their_countries_put_them() -> Iterator[Finding]:
    """What is stored of the countries by which incidents may be sorted is what their countries give."""
    for incidents in in_batches(Incident.objects.only("pk")):
        for ref in wrongly_placed([incident.pk for incident in incidents]):
            yield ref, "its place in the order of countries is not stored as they give it; run rebuild_situations"


def notices_are_as_their_events_say() -> Iterator[Finding]:
    """What is stored of the state of a notice, for each lane and each day, is what its events say today."""
    for notices in in_batches(Notice.objects.only("pk")):
        for ref in wrongly_lived([notice.pk for notice in notices]):
            yield ref, "the state of the notice is not stored as it follows from its events; run rebuild_situations"


def slices_are_whole() -> Iterator[Finding]:
    """A source's text is as long as its slice, and has its hash."""
    for source in SourceDocument.objects.exclude(text="").order_by("ref").iterator(chunk_size=20):
        if source.end is not None and len(source.text) != source.end - source.start:
            yield source.ref, f"text: {len(source.text)} characters, but its slice has {source.end - source.start}"
        if source.sha256 and sha256(source.text) != source.sha256:
            yield source.ref, "text: does not have the sha256 of the slice"


def passages_lie_in_their_source() -> Iterator[Finding]:
    """Every cited passage lies inside its source; where the text is here, with the hash and paragraph stated."""
    sources = SourceDocument.objects.filter(Q(end__isnull=False) | ~Q(text="")).order_by("ref")
    for source in sources.iterator(chunk_size=20):
        length = source.end - source.start if source.end is not None else len(source.text)
        for citation in source.citations.filter(end__isnull=False).order_by("ref"):
            passage = source.text[citation.start : citation.end]
            if citation.end > length:
                yield citation.ref, f"end: {citation.end}, but {source.ref} has {length} characters"
            elif source.text and citation.sha256 != sha256(passage):
                yield citation.ref, f"sha256: the passage in {source.ref} has another"
            elif source.text and citation.paragraph not in (None, number_at(source.text, citation.start)):
                yield citation.ref, f"paragraph: the passage begins in another one of {source.ref}"


def notices_and_requests_run_forward() -> Iterator[Finding]:
    """No event of a notice, or of a request to the commission, certainly came before the one told ahead of it."""
    for model in (Notice, CcfRequest):
        for record in model.objects.prefetch_related("events").order_by("ref").iterator(chunk_size=500):
            for earlier, later in pairwise(record.events.all()):
                if earlier.occurred and later.occurred and later.occurred.before(earlier.occurred):
                    yield later.ref, f"occurred {later.occurred}, but follows {earlier.ref} of {earlier.occurred}"


def nothing_stands_twice() -> Iterator[Finding]:
    """No two records say the same, be they of teams that cannot see each other's."""
    for model in records():
        for once in model.once:
            rows = model._base_manager.filter(**dict(once.when)).exclude(**dict(once.unless))
            if once.alike:
                yield from no_two_look_alike(once, rows)
                continue
            twice = rows.values(*once.fields).annotate(n=Count("pk")).filter(n__gt=1).order_by()
            for values in twice.values(*once.fields):
                refs = list(rows.filter(**values).order_by("ref").values_list("ref", flat=True))
                yield refs[0], f"{once.message} Compare {', '.join(refs[1:])}"


def no_two_look_alike(once: VisibleUnique, rows: QuerySet) -> Iterator[Finding]:
    """Of rows with the same values, no two have texts that differ by their code form only."""
    names = [rows.model._meta.get_field(name).attname for name in once.fields]
    ordered = rows.order_by(*names, "ref").only("ref", once.alike, *names).iterator(chunk_size=500)
    for _, same in groupby(ordered, lambda row: [getattr(row, name) for name in names]):
        met: dict[str, Any] = {}
        for row in same:
            first = met.setdefault(code_form(once.text_of(row)), row)
            if once.text_of(first) != once.text_of(row):
                yield first.ref, f"{once.words(first, row)} Compare {row.ref}"


def captures_are_as_they_were_sealed() -> Iterator[Finding]:
    """Every captured file is in the store, has its hash, and there is no other."""
    yield from faults()


CHECKS: tuple[Check, ...] = (
    references_are_well_formed,
    foreign_keys_lead_somewhere,
    dates_agree_with_their_text,
    names_are_folded,
    steps_belong_to_their_incident,
    residences_agree,
    sources_know_their_origin,
    published_stages_have_a_source,
    situations_are_as_the_engine_says,
    last_signs_are_as_cited,
    incidents_stand_where_their_countries_put_them,
    notices_are_as_their_events_say,
    slices_are_whole,
    passages_lie_in_their_source,
    notices_and_requests_run_forward,
    nothing_stands_twice,
    captures_are_as_they_were_sealed,
    lanes_agree_with_the_full_rule,
)
