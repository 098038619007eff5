"""Copies of Word documents hold what is named in a list, and of that what is seen; of doubtful ones there is none."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from lxml import etree
from PIL import Image

from sources.copies.__main__ import copied
from sources.copies.findings import Found, NoCopy, in_words
from sources.copies.word import allowed
from sources.media_types import WORD
from tests import telling_files as files
from tests.telling_documents import NAMED, UNSEEN, W, document, field, hidden, mark, paragraph, picture, run

SEEN = run("Seen")
PNG = files.saved(files.corner(), "PNG")


def copy_of(content: bytes) -> bytes:
    return copied(content, WORD)[0]


def parts_of(copy: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        return {name: package.read(name) for name in package.namelist()}


def words_of(copy: bytes, part: str = "word/document.xml") -> str:
    """Return what a part says, paragraph by paragraph."""
    paragraphs = etree.fromstring(parts_of(copy)[part]).iter(f"{{{W}}}p")
    return " / ".join("".join(str(text.text) for text in each.iter(f"{{{W}}}t")) for each in paragraphs)


def pictures_of(copy: bytes) -> list[bytes]:
    return [content for name, content in parts_of(copy).items() if name.startswith("word/media/")]


# Words that nobody sees


@pytest.mark.parametrize("body", UNSEEN.values(), ids=UNSEEN.keys())
def test_words_that_are_not_seen_on_paper_are_not_in_the_copy(body: str) -> None:
    copy = copy_of(document(body + paragraph(SEEN)))
    assert b"SECRET" not in files.unpacked(copy)
    assert words_of(copy).endswith("Seen")


@pytest.mark.parametrize("body", NAMED.values(), ids=NAMED.keys())
def test_names_and_descriptions_are_not_in_the_copy(body: str) -> None:
    copy = copy_of(document(body + paragraph(SEEN)))
    assert b"SECRET" not in files.unpacked(copy)
    assert words_of(copy).endswith("Seen")


def every_element() -> str:
    """Return each element that a copy may have, with words in it, and in each attribute that it may have."""
    drawn = {(W, name) for name in ("t", "fldChar", "headerReference", "footerReference")} | {(allowed.V, "textpath")}
    elements = []
    for space, names in allowed.ELEMENTS.items():
        prefix = {W: "w:", allowed.M: "m:"}.get(space, "")
        words = " ".join(f'{prefix}{name}="SECRET x/y:z"' for name in sorted(allowed.ATTRIBUTES[space]))
        kept = sorted(name for name in names if (space, name) not in drawn)
        elements += [f'<x:{name} xmlns:x="{space}" {words}>SECRET</x:{name}>' for name in kept]
    return "".join(elements)


@pytest.mark.parametrize(
    "place",
    [
        *("{}", "<w:p>{}</w:p>", "<w:p><w:r>{}</w:r></w:p>", "<w:p><w:pPr>{}</w:pPr></w:p>", "<w:sectPr>{}</w:sectPr>"),
        *("<w:p><w:r><w:rPr>{}</w:rPr></w:r></w:p>", "<w:p><m:oMath>{}</m:oMath></w:p>"),
        *("<w:tbl>{}<w:tr>{}</w:tr></w:tbl>", "<w:p><w:r><w:pict><v:shape>{}</v:shape></w:pict></w:r></w:p>"),
    ],
)
def test_no_element_bears_words_of_its_own(place: str) -> None:
    copy = copy_of(document(place.replace("{}", every_element()) + paragraph(SEEN)))
    assert b"SECRET" not in files.unpacked(copy)
    assert words_of(copy).endswith("Seen")


def test_what_fields_forms_and_links_show_stays() -> None:
    copy = copy_of(
        document(
            paragraph(field("HYPERLINK SECRET", field("PAGEREF SECRET", run("one"))))
            + f"<w:sdt><w:sdtContent>{paragraph(run('two'))}</w:sdtContent></w:sdt>"
            + f'<w:p><w:hyperlink r:id="a">{run("three")}</w:hyperlink></w:p>'
            + paragraph(field("PAGE", run("4"))),
            {"a": ("hyperlink", "https://SECRET.example/"), "b": ("hyperlink", "mailto:SECRET@example.org")},
        )
    )
    assert b"SECRET" not in files.unpacked(copy)
    assert words_of(copy) == "one / two / three / 4"
    assert b"<w:instrText> PAGE </w:instrText>" in parts_of(copy)["word/document.xml"]


def test_where_links_led_is_told_to_whoever_decides() -> None:
    found = copied(document(paragraph(SEEN), {"a": ("hyperlink", "https://example.org/ann")}), WORD)[2]
    assert Found("link (hyperlink)", "https://example.org/ann") in found


# Parts that nothing names any more


def test_pictures_that_are_not_shown_are_not_in_the_copy() -> None:
    colours = {"a": "red", "b": "blue", "c": "green", "d": "white", "of nobody": "black"}
    links = {key: ("image", files.saved(Image.new("RGB", (9, 9), colour), "PNG")) for key, colour in colours.items()}
    taken_out, in_condition = f'<w:del w:id="1">{picture("a")}</w:del>', field(picture("d"), run("Seen"))
    shown = taken_out + hidden(picture("b")) + picture("c", of_frame='hidden="1"') + in_condition
    copy, _, found = copied(document(paragraph(shown), links), WORD)
    assert pictures_of(copy) == []
    assert Found("pictures that are not shown", "5") in found
    assert words_of(copy) == "Seen"


def test_a_note_goes_with_the_words_that_referred_to_it() -> None:
    note, reference = '<w:footnote w:id="{}">{}</w:footnote>', '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    notes = note.format(2, paragraph(run("SECRET"))) + note.format(7, paragraph(run("Kept")))
    taken_out = f'<w:del w:id="1">{reference.format(2)}</w:del>'
    body = paragraph(taken_out + SEEN + reference.format(7) + reference.format("of nothing"))
    copy = copy_of(document(body, {"a": ("footnotes", notes)}))
    assert b"SECRET" not in files.unpacked(copy)
    assert words_of(copy, "word/footnotes.xml") == "Kept"
    text = parts_of(copy)["word/document.xml"]
    assert (text.count(b'<w:footnoteReference w:id="1"/>'), text.count(b"footnoteReference")) == (1, 1)


def headers_of(body: str, settings: str = "") -> set[str]:
    """Return what is said by the headers in the copy of a document with one for each kind of pages."""
    links = {kind: ("header", paragraph(run(f"SECRET {kind}"))) for kind in ("default", "first", "even")}
    copy = copy_of(document(body, links | {"s": ("settings", settings)}))
    return {words_of(copy, name) for name in parts_of(copy) if name.startswith("word/header")}


SECTION = "".join(f'<w:headerReference w:type="{kind}" r:id="{kind}"/>' for kind in ("default", "first", "even"))


def test_headers_of_pages_that_there_are_not_are_not_in_the_copy() -> None:
    assert headers_of(f"<w:sectPr>{SECTION}</w:sectPr>") == {"SECRET default"}


def test_headers_of_first_and_even_pages_stay_where_there_are_such_pages() -> None:
    later = paragraph("", f"<w:sectPr>{SECTION}</w:sectPr>") + "<w:sectPr><w:titlePg/></w:sectPr>"
    assert headers_of(later) == {"SECRET default", "SECRET first"}
    assert headers_of(f"<w:sectPr>{SECTION}</w:sectPr>", "<w:evenAndOddHeaders/><w:rsids w:val='SECRET'/>") == {
        "SECRET default",
        "SECRET even",
    }


def test_of_the_settings_those_stay_that_lay_out_pages() -> None:
    """Without any, programs space lines as the oldest ones did, and pages break elsewhere than in the sealed file."""
    mode = '<w:compatSetting w:name="{}" w:uri="http://SECRET.example" w:val="{}"/>'
    settings = (
        '<w:attachedTemplate w:val="SECRET"/><w:defaultTabStop w:val="720"/><w:rsids><w:rsid w:val="00SECRET"/>'
        f'</w:rsids><w:compat><w:growAutofit w:val="SECRET"/><w:SECRET/>{mode.format("SECRET", 1)}'
        f"{mode.format('compatibilityMode', 15)}</w:compat><w:docVars>SECRET</w:docVars>"
    )
    copy = copy_of(document(paragraph(SEEN), {"a": ("settings", settings)}))
    assert b"SECRET" not in files.unpacked(copy)
    layout = etree.fromstring(parts_of(copy)["word/layout.xml"])
    assert [etree.QName(each).localname for each in layout.iter()] == [
        *("settings", "defaultTabStop", "compat", "growAutofit", "compatSetting")
    ]
    assert layout.xpath("//@w:val", namespaces={"w": W}) == ["720", "15"]


# Styles and lists


STYLE = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:rsid w:val="00SECRET"/>{1}</w:style>'
OF_LIST = '<w:aliases w:val="SECRET"/><w:pPr><w:numPr><w:numId w:val="{}"/></w:numPr></w:pPr>'
FORM = (
    '<w:abstractNum w:abstractNumId="{0}"><w:nsid w:val="SECRET"/><w:tmpl w:val="SECRET"/><w:name w:val="SECRET"/>'
    '<w:lvl w:ilvl="0"><w:lvlText w:val="{1} %1)"/></w:lvl></w:abstractNum>'
)
LIST = '<w:num w:numId="{0}"><w:abstractNumId w:val="{1}"/></w:num>'


def test_styles_and_lists_that_are_used_stay_under_names_of_no_meaning() -> None:
    styles = STYLE.format("heading 1", "") + STYLE.format("SECRET", OF_LIST.format(5))
    unused = STYLE.format("SECRET 2", OF_LIST.format(8))
    hidden_sign = FORM.format(6, "SECRET").replace("<w:lvlText", "<w:rPr><w:vanish/></w:rPr><w:lvlText")
    deeper = '<w:lvl w:ilvl="1"><w:pStyle w:val="SECRET 2"/><w:lvlText w:val="SECRET"/></w:lvl></w:abstractNum>'
    forms = FORM.format(3, "Part").replace("</w:abstractNum>", deeper) + FORM.format(4, "SECRET") + hidden_sign
    lists = forms + LIST.format(5, 3) + LIST.format(8, 4) + LIST.format(9, 6)
    direct = paragraph(SEEN, '<w:numPr><w:numId w:val="9"/></w:numPr>')
    body = direct + paragraph(SEEN, '<w:pStyle w:val="SECRET"/>') + paragraph(SEEN, '<w:pStyle w:val="heading 1"/>')
    copy = copy_of(document(body, {"a": ("styles", styles + unused), "b": ("numbering", lists)}))
    assert b"SECRET" not in files.unpacked(copy)
    styled = [paragraph.style.name for paragraph in Document(io.BytesIO(copy)).paragraphs if paragraph.style]
    assert styled == ["Style 1", "Heading 1"]
    assert b'"Part %1)"' in parts_of(copy)["word/numbering.xml"]
    assert b'<w:numId w:val="2"/>' in parts_of(copy)["word/styles.xml"]
    assert b'<w:num w:numId="2">' in parts_of(copy)["word/numbering.xml"]


# Pictures


def test_what_is_cut_away_of_a_picture_is_not_in_the_copy() -> None:
    """The blue corner is the upper half and the left third of it."""
    cut = '<a:srcRect l="50000" t="25000" b="-50000"/>'
    copy = copy_of(document(paragraph(picture("a", cut) + picture("a")), {"a": ("image", PNG)}))
    sizes = {}
    for content in pictures_of(copy):
        with Image.open(io.BytesIO(content)) as opened:
            sizes[opened.size] = files.where_blue(content)
    assert sizes == {(48, 48): "", (96, 64): "top left"}
    # Three quarters of its height are left, below which there is an empty margin of half of the whole.
    assert b'<a:srcRect b="-66667"/>' in parts_of(copy)["word/document.xml"]


def test_what_an_old_shape_cuts_away_is_not_in_the_copy() -> None:
    old = '<w:r><w:pict><v:shape><v:imagedata r:id="a" cropleft="32768f" cropbottom=".25"/></v:shape></w:pict></w:r>'
    copy = copy_of(document(paragraph(old), {"a": ("image", PNG)}))
    with Image.open(io.BytesIO(pictures_of(copy)[0])) as opened:
        assert opened.size == (48, 48)
    assert b"crop" not in parts_of(copy)["word/document.xml"]


def test_a_picture_in_a_round_frame_is_named_and_is_whole() -> None:
    copy, _, found = copied(document(paragraph(picture("a", form="ellipse")), {"a": ("image", PNG)}), WORD)
    assert "picture in a frame that shows less of it: the copy has all of it" in in_words(found)
    assert len(pictures_of(copy)) == 1


def test_a_picture_with_a_drawing_of_the_same_keeps_its_points() -> None:
    both = picture("a").replace(
        '<a:blip r:embed="a"/>',
        '<a:blip r:embed="a"><a:extLst><a:ext><secret:svgBlip r:embed="b"/></a:ext></a:extLst></a:blip>',
    )
    copy, _, found = copied(document(paragraph(both), {"a": ("image", PNG), "b": ("image", b"<svg/>")}), WORD)
    assert files.where_blue(pictures_of(copy)[0]) == "top left"
    assert len(pictures_of(copy)) == 1
    assert b"a:blip r:embed" in parts_of(copy)["word/document.xml"]
    assert "device" not in in_words(found)  # which an empty line once named


def test_a_drawing_of_which_there_is_no_copy_leaves_no_frame_behind() -> None:
    copy, _, found = copied(document(paragraph(SEEN + picture("a")), {"a": ("image", b"<svg/>")}), WORD)
    assert Found("left out", "a picture (image/png)") in found
    assert b"drawing>" not in parts_of(copy)["word/document.xml"]


# Documents of which nobody can be sure


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (document(paragraph(SEEN), strict=True), "Strict"),
        (document(paragraph(mark("begin") + SEEN)), "no end"),
        (document(paragraph(SEEN + mark("end"))), "no beginning"),
        (document(f"<w:sectPr>{SECTION}{SECTION}</w:sectPr>"), "two headers"),
        (document(paragraph(run("&x;")), before='<!DOCTYPE a [<!ENTITY x "SECRET">]>'), "DOCTYPE"),
    ],
    ids=["another language", "an open field", "an end alone", "two headers", "words of its own"],
)
def test_of_a_document_that_may_show_something_else_there_is_no_copy(content: bytes, why: str) -> None:
    with pytest.raises(NoCopy, match=why):
        copied(content, WORD)


def test_of_a_document_with_two_parts_of_one_name_there_is_no_copy() -> None:
    out = io.BytesIO(document(paragraph(SEEN)))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/Document.xml", "another")
    with pytest.raises(NoCopy, match="one name"):
        copied(out.getvalue(), WORD)


def test_a_part_that_is_not_what_it_says_is_not_copied() -> None:
    with pytest.raises(NoCopy, match="no hdr"):
        copied(
            document('<w:sectPr><w:headerReference w:type="default" r:id="a"/></w:sectPr>', {"a": ("footer", "")}), WORD
        )
