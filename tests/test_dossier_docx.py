"""The dossier as a Word document: real structure, any text as it is, and nothing of whoever made it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import fields, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.views.dossier.content import (
    Disagreement,
    Dossier,
    DossierCase,
    DossierDeadline,
    DossierEvent,
    DossierFact,
    DossierNotice,
    DossierSignal,
    DossierSourceGroup,
    DossierStep,
    DossierValue,
    File,
    Source,
    Statement,
)
from cases.views.dossier.docx import MEDIA_TYPE, as_docx
from cases.views.dossier.gather import gather
from cases.views.dossier.paper import UNWRITABLE, runs, writable
from records.fields.direction import isolated
from tests.factories import (
    make_citation,
    make_incident,
    make_involvement,
    make_name,
    make_person,
    make_source,
    make_stage,
)
from tests.signin import may, sign_in

DAY = date(2026, 11, 22)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ANY_TEXT = st.text(max_size=60)


def size_of(form: Any, name: str) -> str:
    return form.find(f"{WORD}{name}").attrib[f"{WORD}val"]


def dossier(text: str = "Aybek Tursun", **parts: Any) -> Dossier:
    """A dossier with a part of every kind, each with the same text wherever text can stand."""
    fact, life = (
        DossierFact(text, text, (1,), text),
        DossierNotice(text, "NOT-1", (DossierFact(text, text),), (DossierEvent(text, text, text, (1,)),)),
    )
    files = (File("CAP-1", text, text, text, text),)
    source = Source(1, "SRC-1", text, (DossierFact(text, text),), text, text, files, text)
    whole = Dossier(
        label=text,
        ref="PER-8QX3M2VD",
        day=DAY,
        prepared=(text,),
        standing=fact,
        who=(fact,),
        names=(fact,),
        cases=(DossierCase(text, "INC-1", text, (fact,), text), DossierCase(text, "INC-2", text, (fact,))),
        no_case=text,
        appears_in=(fact,),
        steps=(DossierStep(1, "STG-1", text, text, text, text, text, text, text, text, (1,)),),
        undated=(DossierStep(2, "STG-2", text, text, "", "", "", text, "", "", ()),),
        disagreements=(Disagreement(text, text, (DossierValue(text, text, True, text, 1, 1),)),),
        notices=(life,),
        requests=(life,),
        due=(DossierDeadline(text, text, text, text, (1,)),),
        signals=(DossierSignal(text, text, (fact,), 2),),
        statements=(Statement(1, "CIT-1", 1, text, text, text, text, text, text, text),),
        groups=(DossierSourceGroup((source,)),),
        independent=1,
    )
    assert {each.name for each in fields(Dossier)} >= parts.keys()
    return replace(whole, **parts)


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def part(content: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(name).decode("utf-8")


def words_of(document: Any) -> str:
    """Everything that the document says, run by run, tables included."""
    body = document.element.body
    return "".join(
        each.text or "" if each.tag == f"{WORD}t" else "\t" if each.tag == f"{WORD}tab" else "\n"
        for each in body.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br", f"{WORD}p")
    )


class TestTheFile:
    def test_it_has_real_headings_and_tables_with_heads_that_come_again(self) -> None:
        document = opened(as_docx(dossier()))
        headings = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Head")]
        assert headings[0] == ("Heading 1", "Dossier: Aybek Tursun")
        assert [text for style, text in headings if style == "Heading 2"] == [
            "Who",
            "Where it stands",
            "Chronology",
            "Open disagreements",
            "Notices",
            "Requests to Interpol's commission (CCF)",
            "What comes next",
            "Signals of the danger of return",
            "Statements",
            "Sources: 1 document, 1 independent",
        ]
        assert [cell.text for cell in document.tables[0].rows[0].cells] == ["Step", "Date", "What happened"]
        assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)

    def test_it_is_a4_with_numbered_pages(self) -> None:
        content = as_docx(dossier())
        section = opened(content).sections[0]
        assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
        assert all(f'w:instr="{code}"' in part(content, "word/footer1.xml") for code in ("PAGE", "NUMPAGES"))

    def test_raised_numbers_lead_to_statements_that_are_there(self) -> None:
        xml = part(as_docx(dossier()))
        anchors, places = (set(re.findall(f'w:{name}="(statement-[0-9]+)"', xml)) for name in ("anchor", "name"))
        assert anchors == places == {"statement-1"}

    def test_it_names_nobody_who_made_it_and_no_machine(self) -> None:
        content = as_docx(dossier())
        properties = opened(content).core_properties
        assert (properties.author, properties.last_modified_by, properties.comments) == ("Waymark", "", "")
        assert properties.created.date() == properties.modified.date() == DAY
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            everything = b"\n".join(parts.read(name) for name in parts.namelist())
            assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(parts.namelist())
        for word in (b"Macintosh", b"python-docx", b"2013-12"):
            assert word not in everything

    def test_the_same_contents_give_the_same_bytes(self) -> None:
        assert as_docx(dossier()) == as_docx(dossier())
        assert as_docx(dossier()) != as_docx(dossier(day=date(2026, 11, 23)))
        with zipfile.ZipFile(io.BytesIO(as_docx(dossier()))) as parts:
            assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_nothing_in_it_is_fetched_from_elsewhere(self) -> None:
        content = as_docx(dossier())
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            relations = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
        assert relations and not any("TargetMode" in each for each in relations)


class TestText:
    @settings(deadline=None, max_examples=25)
    @given(ANY_TEXT)
    def test_any_text_comes_back_as_it_was_but_for_what_xml_cannot_hold(self, text: str) -> None:
        document = opened(as_docx(dossier(f"<{text}>")))
        shown = isolated(writable(text)).replace("\r", "\n")
        if shown.startswith("\u2068"):  # what stands round the text is isolated with it
            shown = shown[1:-1]
        assert words_of(document).count(f"<{shown}>") > 20

    @given(st.text(max_size=200))
    def test_what_cannot_be_written_is_shown_as_a_mark(self, text: str) -> None:
        shown = writable(text)
        assert len(shown) == len(text) and not UNWRITABLE.search(shown)
        ElementTree.fromstring(f"<a>{shown.replace('&', '&amp;').replace('<', '&lt;')}</a>")

    @pytest.mark.parametrize("text", ["<w:br/>", "&amp;", "{ INCLUDEPICTURE }", "]]>", "=HYPERLINK(1)", "{{ label }}"])
    def test_text_is_never_taken_for_anything_else(self, text: str) -> None:
        assert text in words_of(opened(as_docx(dossier(text))))

    @given(ANY_TEXT)
    def test_splitting_by_direction_loses_nothing(self, text: str) -> None:
        assert "".join(piece for piece, _ in runs(text)) == text

    def test_direction_turns_with_the_script_and_not_at_spaces_or_digits_within_it(self) -> None:
        assert list(runs("Kerem (كېرەم 12 مامۇت) 5")) == [("Kerem (", False), ("كېرەم 12 مامۇت", True), (") 5", False)]
        assert list(runs("محمدُ")) == [("محمدُ", True)]
        assert list(runs("Омир 吾买尔")) == [("Омир 吾买尔", False)]

    def test_names_in_arabic_script_run_from_right_to_left_in_their_language(self) -> None:
        name = DossierFact("Native script", "ئايبەك تۇرسۇن", (), "ug")
        document = opened(as_docx(dossier(names=(name,))))
        [run] = [run for each in document.paragraphs for run in each.runs if run.text == name.text]
        assert run.font.rtl
        assert run._element.rPr.find(f"{WORD}lang").attrib == {f"{WORD}bidi": "ug"}

    @pytest.mark.parametrize(
        ("text", "lang", "attribute"), [("多力坤", "zh-Hans", "eastAsia"), ("Домир", "kk-Cyrl", "val")]
    )
    def test_other_scripts_carry_their_language(self, text: str, lang: str, attribute: str) -> None:
        document = opened(as_docx(dossier(names=(DossierFact("Native script", text, (), lang),))))
        [run] = [run for each in document.paragraphs for run in each.runs if run.text == text]
        assert not run.font.rtl
        assert run._element.rPr.find(f"{WORD}lang").attrib == {f"{WORD}{attribute}": lang}

    def test_bold_and_size_hold_for_text_from_right_to_left_too(self) -> None:
        document = opened(as_docx(dossier(steps=(replace(dossier().steps[0], what="توقيف"),))))
        [run] = [run for each in document.tables[0].rows[1].cells[2].paragraphs for run in each.runs if run.font.rtl]
        assert run.font.bold and run.font.cs_bold

    def test_every_size_holds_for_scripts_that_word_calls_complex(self) -> None:
        """Such as Arabic: without a size of their own they stand in ten points, whatever stands beside them."""
        content = as_docx(dossier("ئايبەك"))
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            written = ElementTree.fromstring(parts.read("word/document.xml"))
            styles = ElementTree.fromstring(parts.read("word/styles.xml"))
        small = [each for each in written.iter(f"{WORD}rPr") if each.find(f"{WORD}sz") is not None]
        assert small and all(size_of(each, "szCs") == size_of(each, "sz") for each in small)
        for name, size in (("Normal", "20"), ("Heading1", "32"), ("Heading2", "26"), ("Heading3", "22")):
            [style] = [each for each in styles.iter(f"{WORD}style") if each.get(f"{WORD}styleId") == name]
            form = style.find(f"{WORD}rPr")
            assert form is not None and size_of(form, "sz") == size_of(form, "szCs") == size, name

    def test_a_paragraph_runs_as_its_first_letter_does(self) -> None:
        case = replace(dossier().cases[0], summary="اعتقل في المطار.")
        document = opened(as_docx(dossier(cases=(case,))))
        [summary] = [each for each in document.paragraphs if "المطار" in each.text]
        assert summary._element.pPr.find(f"{WORD}bidi") is not None, "its full stop stands at its left"
        [label] = [each for each in document.paragraphs if each.text.startswith("Dossier: ")][:1]
        assert label._element.pPr.find(f"{WORD}bidi") is None

    def test_a_date_beside_a_name_is_not_turned_round(self) -> None:
        name = DossierFact("Known", "ئايبەك 2021-07-08", ())
        document = opened(as_docx(dossier(names=(name,))))
        [known] = [each for each in document.paragraphs if each.text.startswith("Known")]
        assert known.text == "Known: \u2068ئايبەك \u20682021-07-08\u2069\u2069"

    def test_what_is_no_language_tag_is_left_out(self) -> None:
        document = opened(as_docx(dossier(names=(DossierFact("Primary", "Aybek", (), 'ug" onload="'),))))
        assert "onload" not in document.element.xml


@pytest.mark.django_db
class TestTheAddress:
    def test_it_is_a_file_to_keep_named_by_the_reference(self, client: Client) -> None:
        person = make_person()
        response = client.get(f"/people/{person.ref}/dossier.docx")
        assert response["Content-Type"] == MEDIA_TYPE
        assert response["Content-Disposition"] == f'attachment; filename="waymark-{person.ref}.docx"'
        assert opened(response.content).core_properties.title == "Dossier: Aybek Tursun"

    def test_it_does_not_bear_the_name_of_whoever_takes_it(self) -> None:
        person = make_person()
        ann = may(User.objects.create_user("ann.qzx", email="ann@qzx.example"), "read_team")
        content = sign_in(Client(), ann).get(f"/people/{person.ref}/dossier.docx").content
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert not any(b"qzx" in parts.read(name) for name in parts.namelist())

    def test_what_is_stored_goes_in_whatever_it_is(self) -> None:
        person = make_person("<b>Aybek</b> \x0b\u202e & “Tursun”")
        make_name(person, "ئايبەك", kind="native_script", script="Arab", language="ug")
        stage = make_stage(make_involvement(make_incident(), person), note="One line\r\nand \x1fanother\ttab")
        make_citation(make_source(title="]]> <w:p/>"), "occurred", stage=stage, stated_value="{PAGE}")
        found = gather(AnonymousUser(), person.ref, DAY, "the public")
        assert found is not None
        said = words_of(opened(as_docx(found)))
        for words in (
            "<b>Aybek</b> \ufffd[U+202E] & “Tursun”",
            "and \ufffdanother\ttab",
            "]]> <w:p/>",
            "{PAGE}",
            "ئايبەك",
        ):
            assert words in said
