"""Writing the rows that partners submit: checked, and sent to a second person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from records.api.request_body import ASKED_LEVEL, CONFIRMED_DATES, DIFFERENT_FROM, RowInput
from records.api.strict_json import BODY, Malformed, place
from records.fields.date_questions import DateQuestion
from records.fields.edtf import UncertainDate
from records.models import Proposal, Record, SimilarRecord
from records.review import proposing, submit
from records.vocabulary import Level, PartLevel, Review

CONFIRM = "Some dates may not be those that are meant: see “dates”. Correct them, or give here those that are."
SAY_SO = "This may be stored already: see “similar”. If it is another than all of these, give their references here."


class AlreadyStored(ValueError):
    """What was given is stored already, where the user may see it; `problems` says so by field."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("; ".join(message for messages in problems.values() for message in messages))
        self.problems = problems


class MayBeStored(ValueError):
    """What was given may be stored already; `similar` are the records to look at, `place` is where to say they are not.

    `answer` is what is told of it.
    """

    def __init__(self, similar: list[SimilarRecord], place: str) -> None:
        super().__init__("This may be stored already.")
        self.similar, self.place = similar, place

    @property
    def answer(self) -> dict[str, Any]:
        told = [
            {
                "ref": each.record.ref,
                "name": each.name,
                "alike": [{"likeness": one.likeness.value, "value": one.value or None} for one in each.alike],
            }
            for each in self.similar
        ]
        return {self.place: [SAY_SO], "similar": told}


class DatesInDoubt(ValueError):
    """Dates that were given may not be those that are meant; `asked` are the questions, by their place in the body."""

    def __init__(self, asked: list[tuple[str, DateQuestion]]) -> None:
        super().__init__("A date may not be the one that is meant.")
        self.asked = asked

    @property
    def answer(self) -> dict[str, Any]:
        told = [
            {
                "at": at,
                "value": question.value.text,
                "doubt": question.doubt.value,
                "question": question.doubt.meaning,
                "meant": [{"edtf": each.edtf, "words": each.words} for each in question.meant],
            }
            for at, question in self.asked
        ]
        return {CONFIRMED_DATES.name: [CONFIRM], "dates": told}


class DraftWriter:
    """Makes and changes the rows of one request for its user.

    `drafts` are the new records, which wait for a second person. `proposal` is set where something that others read
    would have changed: then that was not written, and waits too. `asked_closed` tells that a draft was to be of a level
    that partners do not read.
    """

    #: Whether what it makes goes to review at once, and so has to have its evidence.
    goes_to_review: ClassVar[bool] = True

    def __init__(self, user: Any) -> None:
        self.user = user
        self.drafts: list[Any] = []
        self.is_together = False
        self.proposal: Proposal | None = None
        self.asked_closed = False
        self.confirmed: set[UncertainDate] = set()
        self.asked: list[tuple[str, DateQuestion]] = []

    def new(self, model: type[Record], given: RowInput, **own: Any) -> Any:
        """Make, check and store a row: a draft that its user may read, or a part of a record. Raises Malformed."""
        row: Any = model(**own, **given.columns)
        if model.reviewed:
            self.begin(row, given)
            self._store(row, given)
            self.drafts.append(row)
        else:
            whole, usual = row.owning(), row.usual_level()
            asked = Level(given.more.get(ASKED_LEVEL.name, Level.PARTNER))
            row.level = asked if ASKED_LEVEL.name in given.more or usual != PartLevel.RECORD else usual
            if whole in self.drafts or self.is_together:
                self._store(row, given)
            else:
                self._propose(row, given, whole)
        return row

    @contextmanager
    def together(self, whole: Record) -> Iterator[None]:
        """Write the parts of a record that are made inside, or have them wait for a second person as one proposal."""
        with proposing(whole) as sent:
            self.is_together = True
            yield
        self.is_together = False
        self.proposal = sent.proposal

    def begin(self, row: Any, given: RowInput) -> None:
        """Say of a new record who may read it, and that it waits for a second person."""
        row.level = Level(given.more.get(ASKED_LEVEL.name, Level.PARTNER))
        self.asked_closed |= row.level != Level.PARTNER
        row.review, row.submitted_by = Review.IN_REVIEW, self.user

    def change(self, row: Record, given: RowInput) -> None:
        """Give a row the values that were given for it. Raises Malformed."""
        changed = {name for name, value in given.columns.items() if getattr(row, name) != value}
        for name, value in given.columns.items():
            setattr(row, name, value)
        self._propose(row, given, row.owning(), changed)

    def ask_of_similar(self, similar: list[SimilarRecord], given: RowInput) -> None:
        """Go on only where whoever writes has said of each similar record that it is another. Raises MayBeStored."""
        others = given.more.get(DIFFERENT_FROM.name, [])
        similar = [each for each in similar if each.record not in self.drafts]  # two of one body are two
        if any(each.record not in others for each in similar):
            raise MayBeStored(similar, place(given.at, DIFFERENT_FROM.name))

    def ask_of_dates(self) -> None:
        """Go on only where whoever writes has said of each date in doubt that it is meant. Raises DatesInDoubt."""
        if asked := [each for each in self.asked if each[1].value not in self.confirmed]:
            raise DatesInDoubt(asked)

    def submit(self) -> list[Proposal]:
        """Ask for a second person to publish the drafts; return what asks for it."""
        return [submit(draft, self.user) for draft in self.drafts]

    def submit_again(self, row: Record) -> None:
        """Ask again for what was sent back, once it was corrected and nothing is lacking."""
        whole = row.owning()
        if whole.review == Review.DRAFT and not whole.lacking(self.user):
            submit(whole, self.user)

    def _propose(self, row: Record, given: RowInput, whole: Record, changed: set[str] | None = None) -> None:
        """Store a row, or have it wait for a second person where it would open something to more readers."""
        with proposing(whole) as sent:
            self._store(row, given, changed)
        self.proposal = sent.proposal

    def _store(self, row: Record, given: RowInput, changed: set[str] | None = None) -> None:
        """Check a row with what was given for it, and write it; of a new one all is `changed`.

        What stands twice is asked of what the user sees, and so is what dates may mean.
        """
        model: Any = type(row)
        try:
            row.full_clean()
            row.refuse_twins(model.objects.visible_to(self.user))
        except ValidationError as error:
            raise Malformed(given.problems(error)) from error
        row.save()
        for name, keys in given.links.items():
            getattr(row, name).set(keys)
        self.confirmed |= set(given.more.get(CONFIRMED_DATES.name, ()))
        for question in row.date_questions(changed if changed is not None else {*vars(row)}, self.user):
            self.asked.append((given.places.get(question.field, given.at) or BODY, question))
