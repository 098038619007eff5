"""Where a citation stands in its source: paragraph, range and hash are one, by the text where it is here."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.models import Citation
from records.audit.acts import act
from records.models import Proposal, Team
from sources.passages import Passage, passage_of, passage_quoting, passages
from tests.admin_forms import filled, rows
from tests.factories import make_citation, make_country, make_incident, make_person, make_source
from tests.pasts import editor_named, signed_in

pytestmark = pytest.mark.django_db
TEXT = "Held in Casablanca\n\n  Idris Hasan was held on 19 July.\r\n \t\nHe was held again, writes Ümüt."
SECOND = "Idris Hasan was held on 19 July."
ADD = "/admin/cases/citation/add/"


def digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def place(citation: Citation) -> tuple[Any, ...]:
    citation.refresh_from_db()
    return citation.paragraph, citation.start, citation.end, citation.sha256


def new(**fields: Any) -> Citation:
    return Citation(field="label", person=make_person(), **fields)


def written(citation: Citation) -> Citation:
    """Check and write a citation, as forms, submissions and approvals do."""
    citation.full_clean()
    citation.save()
    return citation


@pytest.fixture
def source() -> Any:
    return make_source(text=TEXT)


class TestOfAText:
    def test_its_lines_that_are_not_blank_are_numbered_from_1(self) -> None:
        # "Held in Casablanca" has 18 characters; two ends of lines and two spaces stand before the second passage.
        # It has 32, and a line of a carriage return, a space and a tab, with its end, follows.
        assert list(passages(TEXT)) == [
            Passage(1, 0, 18, "Held in Casablanca"),
            Passage(2, 22, 54, SECOND),
            Passage(3, 59, 90, "He was held again, writes Ümüt."),
        ]
        assert all(TEXT[each.start : each.end] == each.text for each in passages(TEXT))

    def test_a_number_that_it_does_not_have_leads_to_none(self) -> None:
        assert passage_of(TEXT, 0) is None and passage_of(TEXT, 4) is None and passage_of("", 1) is None

    def test_words_that_stand_once_are_found_whatever_spaces_are_between(self) -> None:
        assert passage_quoting(TEXT, " Idris  Hasan\nwas held").text == "Idris Hasan was held"

    @pytest.mark.parametrize(
        ("words", "number", "why"),
        [
            ("held", None, "more than once in the text. Quote more words, or give the number"),
            ("a", 2, "more than once in paragraph 2. Quote more words"),
            ("Hassan", None, "does not stand in the text"),
            ("Casablanca", 2, "does not stand in paragraph 2"),
            ("Casablanca", 9, "has no paragraph 9"),
            (" ", None, "does not stand"),
        ],
    )
    def test_other_words_are_refused(self, words: str, number: int | None, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            passage_quoting(TEXT, words, number)

    def test_two_megabytes_are_gone_through(self) -> None:
        text = "A line of a long text.\n\n" * 90_000
        assert sum(1 for _ in passages(text)) == 90_000
        with pytest.raises(ValueError, match="does not stand"):
            passage_quoting(text, "a a a a a a a a a")


class TestACitation:
    def test_is_filled_in_from_the_paragraph(self, source: Any) -> None:
        citation = written(new(source=source, paragraph=2))
        assert place(citation) == (2, 22, 54, digest(SECOND))

    def test_is_filled_in_from_the_range(self, source: Any) -> None:
        citation = written(new(source=source, start=28, end=33))
        assert place(citation) == (2, 28, 33, digest("Hasan"))

    def test_is_filled_in_from_a_quotation_which_is_not_kept(self, source: Any) -> None:
        citation = new(source=source)
        citation.quotation = "Hasan"
        written(citation)
        assert place(citation) == (2, 28, 33, digest("Hasan"))

    @pytest.mark.parametrize(
        ("fields", "field", "why"),
        [
            ({"paragraph": 4}, "paragraph", "has no paragraph 4"),
            ({"start": 28, "end": 900}, "end", "900 lies beyond the end of the text"),
            ({"start": 19, "end": 33}, "end", "begins on a blank line"),
            ({"paragraph": 1, "start": 28, "end": 33}, "paragraph", "begins in paragraph 2, and not in 1"),
            ({"paragraph": 2, "sha256": "0" * 64}, "sha256", "another SHA-256"),
        ],
    )
    def test_that_contradicts_the_text_is_refused(self, source: Any, fields: Any, field: str, why: str) -> None:
        with pytest.raises(ValidationError, match=why) as refused:
            new(source=source, **fields).full_clean()
        assert [*refused.value.error_dict] == [field]

    def test_of_a_source_without_a_text_says_what_was_entered(self) -> None:
        citation = written(new(source=make_source(), paragraph=7))
        assert place(citation) == (7, None, None, "")

    def test_that_moves_to_another_paragraph_takes_its_range_along(self, source: Any) -> None:
        written(new(source=source, paragraph=2))
        citation = Citation.objects.get()
        citation.paragraph = 1
        written(citation)
        assert place(citation) == (1, 0, 18, digest("Held in Casablanca"))

    def test_of_a_text_that_its_writer_does_not_read_is_neither_filled_in_nor_checked(self) -> None:
        """A hash that were filled in would tell the text letter by letter, and so would a refusal."""
        source = make_source(text=TEXT, team=Team.objects.create(name="Others"))
        outsider, person = editor_named("outsider", "read_team"), make_person(review="draft")
        with act(outsider, "api"):
            for fields in ({"paragraph": 2}, {"start": 0, "end": 1}, {"paragraph": 99}):
                citation = Citation(source=source, person=person, field="label", **fields)
                assert written(citation).sha256 == ""

    def test_that_is_read_and_saved_asks_for_no_text(self, source: Any, django_assert_num_queries: Any) -> None:
        written(new(source=source, paragraph=2))
        citation = Citation.objects.get()
        with django_assert_num_queries(0):
            citation.clean()


class TestInForms:
    @pytest.fixture
    def analyst(self) -> Any:
        return signed_in(editor_named("analyst", "read_team"))

    def test_nobody_types_a_range_or_a_hash(self, analyst: Any, source: Any) -> None:
        shown = analyst.get(ADD).context["adminform"].form
        assert {"paragraph", "quotation"} < set(shown.fields)
        assert not {"start", "end", "sha256"} & set(shown.fields)

    def test_words_that_are_typed_are_looked_up(self, analyst: Any, source: Any) -> None:
        data = filled(analyst, ADD) | {"source": source.pk, "person": make_person(review="draft").pk, "field": "label"}
        assert analyst.post(ADD, data | {"quotation": "Idris Hasan"}).status_code == 302
        assert place(Citation.objects.get()) == (2, 22, 33, digest("Idris Hasan"))

    def test_words_that_are_not_there_are_refused_beside_the_box(self, analyst: Any, source: Any) -> None:
        data = filled(analyst, ADD) | {"source": source.pk, "person": make_person(review="draft").pk, "field": "label"}
        errors = analyst.post(ADD, data | {"quotation": "Nobody"}).context["adminform"].form.errors
        assert [*errors] == ["quotation"]
        errors = analyst.post(ADD, data | {"paragraph": "77"}).context["adminform"].form.errors
        assert [*errors] == ["paragraph"]

    def test_evidence_beside_a_stage_is_settled_too(self, analyst: Any, source: Any) -> None:
        make_country("MA")
        incident, person = make_incident(review="draft"), make_person(review="draft")
        address = f"/admin/cases/incident/{incident.ref}/change/"
        stage = {"person": person.pk, "kind": "detention", "occurred": "2021-07", "position": "0", "level": "public"}
        stage |= {"evidence_field": "occurred", "evidence_source": source.pk, "evidence_stated": "19 July"}
        sent = filled(analyst, address) | rows("stages", stage | {"evidence_paragraph": "77"})
        page = analyst.post(address, sent).content.decode()
        assert "The text of this source has no paragraph 77." in page and not Citation.objects.exists()
        answer = analyst.post(address, filled(analyst, address) | rows("stages", stage | {"evidence_paragraph": "2"}))
        assert answer.status_code == 302, answer.context["errors"]
        assert not Proposal.objects.exists()
        assert place(Citation.objects.get()) == (2, 22, 54, digest(SECOND))

    def test_a_table_of_citations_is_settled_row_by_row(self, analyst: Any, source: Any) -> None:
        incident = make_incident(review="draft")
        make_citation(source, "title", incident=incident, paragraph=1, start=None, end=None)
        address = f"/admin/cases/incident/{incident.ref}/change/"
        assert analyst.post(address, filled(analyst, address) | {"citations-0-paragraph": "3"}).status_code == 302
        assert Citation.objects.get().sha256 == digest("He was held again, writes Ümüt.")
