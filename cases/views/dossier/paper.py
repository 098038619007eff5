"""The Word document's building blocks: text of any script, headings, facts, tables, and raised numbers.

Text goes in as text: nothing in it is a field, a link or markup. What XML cannot hold is shown as U+FFFD.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from cases.views.dossier.content import DossierFact, Numbers
from records.fields.direction import begins_from_right, isolated

#: What XML 1.0 has no way to write (its production Char, turned round).
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: Chinese and its neighbours: Word keeps a language of its own for them.
EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
#: Parts of the library's template that would tell of its author's machine.
NOT_OURS = ("/thumbnail", "/extended-properties")
TITLE_LIMIT = 255
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def writable(text: str) -> str:
    """Return text that XML can hold."""
    return UNWRITABLE.sub("\ufffd", text)


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Split text where its direction turns; each part comes with whether it runs from right to left.

    What has no direction of its own (spaces, digits) goes with its neighbours where both run from right to left.
    """
    strong: list[bool | None] = []
    for character in text:
        is_mark = bool(strong) and unicodedata.bidirectional(character) == "NSM"  # a vowel sign goes with its letter
        strong.append(strong[-1] if is_mark else direction(character))
    before = carried(strong)
    after = reversed(list(carried(reversed(strong))))
    turned = [one and other for one, other in zip(before, after, strict=True)]
    for is_rtl, part in groupby(zip(turned, text, strict=True), lambda pair: pair[0]):
        yield "".join(character for _, character in part), is_rtl


def direction(character: str) -> bool | None:
    """Whether a character runs from right to left; None where it has no direction of its own."""
    kind = unicodedata.bidirectional(character)
    return True if kind in ("R", "AL", "AN") else False if kind == "L" else None


def carried(strong: Iterable[bool | None]) -> Iterator[bool]:
    """Yield for each character the direction last met."""
    last = False
    for each in strong:
        last = last if each is None else each
        yield last


class Paper:
    """One document, written from top to bottom."""

    def __init__(self, title: str, day: date) -> None:
        self._document = Document()
        self._bookmarks = 0
        self._put_properties(writable(title)[:TITLE_LIMIT], day)
        self._put_page()

    def _put_properties(self, title: str, day: date) -> None:
        """Say what it is and when it was made; who made it, and on which machine, is nobody's business."""
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # the format has no time zone
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = title, "Waymark", "en-GB"
        properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = midnight
        relations = self._document.part.package.rels
        for key in [key for key, each in relations.items() if each.reltype.endswith(NOT_OURS)]:
            del relations[key]

    def _put_page(self) -> None:
        section, styles = self._document.sections[0], self._document.styles
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        normal: Any = styles["Normal"]
        set_size(normal.font, 10)
        normal.paragraph_format.space_after = Pt(4)
        for level in (1, 2, 3):
            style: Any = styles[f"Heading {level}"]
            style.font.color.rgb = RGBColor(0, 0, 0)
            set_size(style.font, (16, 13, 11)[level - 1])
        fonts = self._document.settings.element.find(qn("w:themeFontLang"))
        for name, tag in (("val", "en-GB"), ("eastAsia", "zh-CN"), ("bidi", "ug-CN")):
            fonts.set(qn(f"w:{name}"), tag)

    def heading(self, text: str, level: int, lang: str = "") -> None:
        self.put(self._document.add_heading(level=level), text, lang=lang)

    def paragraph(self, text: str = "", cited: Numbers = (), **form: Any) -> Any:
        """Add a paragraph, and return it for more to be put in."""
        paragraph = self._document.add_paragraph()
        self.put(paragraph, text, **form)
        self.cite(paragraph, cited)
        return paragraph

    def put(
        self,
        paragraph: Any,
        text: str,
        *,
        lang: str = "",
        bold: bool = False,
        italic: bool = False,
        small: bool = False,
    ) -> None:
        """Add text to a paragraph, each part marked with its direction and its language.

        A paragraph that begins with letters from right to left runs so itself: its full stop stands at its left.
        """
        if begins_from_right(text) and not paragraph.runs:
            paragraph._element.get_or_add_pPr().append(made("w:bidi"))
        for part, is_rtl in runs(isolated(writable(text))):
            run = paragraph.add_run(part)
            run.font.bold = run.font.cs_bold = bold or None
            run.font.italic = run.font.cs_italic = italic or None
            if small:
                set_size(run.font, 8)
            run.font.rtl = is_rtl or None
            if LANGUAGE_TAG.fullmatch(lang):
                kind = "bidi" if is_rtl else "eastAsia" if EAST_ASIAN.search(part) else "val"
                run._element.get_or_add_rPr().append(made("w:lang", **{kind: lang}))

    def cite(self, paragraph: Any, numbers: Numbers) -> None:
        """Add raised numbers, each leading to its statement."""
        for place, number in enumerate(numbers):
            link = made("w:hyperlink", anchor=f"statement-{number}")
            run = paragraph.add_run(f"{', ' if place else ' '}{number}")
            run.font.superscript = True
            link.append(run._element)
            paragraph._element.append(link)

    def mark(self, paragraph: Any, name: str) -> None:
        """Make a paragraph a place to which a raised number leads."""
        self._bookmarks += 1
        start = made("w:bookmarkStart", id=str(self._bookmarks), name=name)
        place = paragraph._element.pPr
        paragraph._element.insert(0 if place is None else 1, start)
        paragraph._element.append(made("w:bookmarkEnd", id=str(self._bookmarks)))

    def facts(self, facts: Iterable[DossierFact]) -> None:
        for fact in facts:
            paragraph = self.paragraph(f"{fact.label}: ", bold=True)
            self.put(paragraph, fact.text, lang=fact.lang)
            self.cite(paragraph, fact.cited)

    def table(self, heads: Sequence[str], widths: Sequence[float]) -> PaperTable:
        """Begin a table. `widths` are in centimetres; the row of heads comes again on each page."""
        return PaperTable(self, self._document.add_table(rows=1, cols=len(heads), style="Table Grid"), heads, widths)

    def footer(self, text: str) -> None:
        """Put a line under every page, with its number."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        self.put(paragraph, f"{text} · page ", small=True)
        paragraph._element.append(made("w:fldSimple", instr="PAGE"))
        self.put(paragraph, " of ", small=True)
        paragraph._element.append(made("w:fldSimple", instr="NUMPAGES"))

    def as_bytes(self) -> bytes:
        """Return the file, the same for the same contents: its parts carry no time at which they were packed."""
        packed, again = io.BytesIO(), io.BytesIO()
        self._document.save(packed)
        with zipfile.ZipFile(packed) as parts, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as book:
            for name in parts.namelist():
                book.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), parts.read(name), zipfile.ZIP_DEFLATED)
        return again.getvalue()


class PaperTable:
    """A table that grows row by row. A cell is filled by text, or by what `fill` puts into its paragraph."""

    def __init__(self, paper: Paper, table: Any, heads: Sequence[str], widths: Sequence[float]) -> None:
        self._paper, self._table, self._widths = paper, table, [Cm(width) for width in widths]
        table.autofit = False
        head = table.rows[0]
        head._tr.get_or_add_trPr().append(made("w:tblHeader"))
        self._fill(head, [lambda paragraph, text=text: paper.put(paragraph, text, bold=True) for text in heads])

    def row(self, *cells: Any) -> None:
        row = self._table.add_row()
        row._tr.get_or_add_trPr().append(made("w:cantSplit"))
        self._fill(row, cells)

    def _fill(self, row: Any, cells: Sequence[Any]) -> None:
        for place, width, content in zip(row.cells, self._widths, cells, strict=True):
            place.width = width
            paragraph = place.paragraphs[0]
            if callable(content):
                content(paragraph)
            else:
                self._paper.put(paragraph, content)


def set_size(font: Any, points: int) -> None:
    """Set a size in points, for scripts of every kind: Word has one of its own for those that it calls complex."""
    font.size = Pt(points)
    of_font = font.element.get_or_add_rPr()
    for of_template in of_font.findall(qn("w:szCs")):
        of_font.remove(of_template)
    of_font.find(qn("w:sz")).addnext(made("w:szCs", val=str(2 * points)))


def made(tag: str, /, **attributes: str) -> Any:
    """Return an element of WordprocessingML with attributes of the same namespace."""
    element: Any = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
