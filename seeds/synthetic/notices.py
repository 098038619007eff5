"""The notices of a synthetic database, with the warrants that they rest on and the requests about them."""

from __future__ import annotations

from datetime import date

from cases.models import CcfEvent, CcfRequest, Notice, NoticeEvent, Warrant
from cases.vocabulary import Accusation, CcfKind, CcfState, Instrument, NoticeState
from seeds.synthetic.chance import Uneven
from seeds.synthetic.ground import Ground

INSTRUMENTS = Uneven(
    {
        Instrument.RED_NOTICE: 60,
        Instrument.WANTED_PERSON_DIFFUSION: 20,
        Instrument.BLUE_NOTICE: 8,
        Instrument.NATIONAL_ALERT: 7,
        Instrument.BILATERAL_REQUEST: 5,
    }
)
#: How a notice goes on after it was asked for.
LIVES = Uneven(
    {
        (NoticeState.PUBLISHED,): 50,
        (NoticeState.PUBLISHED, NoticeState.DELETED): 20,
        (NoticeState.REFUSED,): 10,
        (NoticeState.PUBLISHED, NoticeState.CANCELLED): 8,
        (NoticeState.UNVERIFIED,): 12,
    }
)
CHARGES = ("fraud", "membership of a banned group", "illegal crossing of a border", "insult of the state", "")
REQUESTS = (CcfKind.ACCESS, CcfKind.CORRECTION, CcfKind.DELETION)
ANSWERS = ((), (CcfState.ADMISSIBLE,), (CcfState.ADMISSIBLE, CcfState.DECIDED), (CcfState.INADMISSIBLE,))


class Notices:
    """Adds notices against somebody."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.chance = ground, ground.chance

    def add(self, person: int, country: str, source: int, day: date) -> None:
        """Add a notice that a country asked for on about this day, and now and then a request to the commission."""
        chance, part = self.chance, self.ground.cited_part
        instrument = chance.draw(INSTRUMENTS)
        notice = self.ground.record(Notice, person_id=person, instrument=instrument, requested_by_id=country)
        self.ground.cite(source, "instrument", instrument.label, notice_id=notice)
        charge = {"charge": chance.one_of(CHARGES), "accusation": chance.one_of(list(Accusation))}
        part(source, "charge", Warrant, notice_id=notice, issuer_id=country, date=chance.vaguely(day), **charge)
        asked = day
        for position, state in enumerate((NoticeState.REQUESTED, *chance.draw(LIVES)), start=1):
            part(
                source,
                "state",
                NoticeEvent,
                notice_id=notice,
                state=state,
                occurred=chance.vaguely(day),
                position=position,
            )
            day = chance.after(day, 200)
        if chance.happens(0.3):
            self._request(notice, source, asked)

    def _request(self, notice: int, source: int, day: date) -> None:
        request = self.ground.record(CcfRequest, notice_id=notice, kind=self.chance.one_of(REQUESTS))
        self.ground.cite(source, "kind", ccf_request_id=request)
        for position, state in enumerate((CcfState.FILED, *self.chance.one_of(ANSWERS)), start=1):
            day = self.chance.after(day, 150)
            occurred = day.isoformat()
            self.ground.cited_part(
                source, "state", CcfEvent, request_id=request, state=state, occurred=occurred, position=position
            )
