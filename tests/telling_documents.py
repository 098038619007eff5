"""Word documents written by hand, for tests of their copies. Whatever must not be in a copy bears the word SECRET."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}" xmlns:pic="{PIC}" xmlns:wps="{WPS}"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:secret="urn:SECRET:namespace"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14 secret"'
)
#: The roots of parts, by what a document calls the link to them.
ROOTS = {"header": "hdr", "footer": "ftr", "footnotes": "footnotes", "styles": "styles", "numbering": "numbering",
         "settings": "settings"}  # fmt: skip
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def run(text: str, form: str = "") -> str:
    return f"<w:r><w:rPr>{form}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(content: str, form: str = "") -> str:
    return f"<w:p><w:pPr>{form}</w:pPr>{content}</w:p>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(asks: str, shows: str) -> str:
    """Return a field, which asks one thing and shows another."""
    asked = f"<w:r><w:instrText>{asks}</w:instrText></w:r>" if not asks.startswith("<") else asks
    return f"{mark('begin')}{asked}{mark('separate')}{shows}{mark('end')}"


def picture(key: str, cut: str = "", *, form: str = "rect", of_frame: str = "") -> str:
    """Return a run that shows a picture, under its key among the links."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="400000" cy="400000"/><wp:docPr id="1" name="SECRET" {of_frame}/>'
        f'<a:graphic><a:graphicData uri="{PIC}"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="SECRET"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{key}"/>{cut}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:prstGeom prst="{form}"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def document(
    body: str, links: Mapping[str, tuple[str, str | bytes]] | None = None, *, strict: bool = False, before: str = ""
) -> bytes:
    """Return a document. Each link has a key, a kind, and the content of a part, a picture's bytes, or a target."""
    out, relations, types = io.BytesIO(), "", ""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (key, (kind, content)) in enumerate((links or {}).items()):
            name, mode = f"SECRET{number}.xml", ""
            if kind in ROOTS:
                package.writestr(f"word/{name}", f"<w:{ROOTS[kind]} {NAMESPACES}>{content!s}</w:{ROOTS[kind]}>")
                types += f'<Override PartName="/word/{name}" ContentType="{TYPE}.{kind}+xml"/>'
            elif isinstance(content, bytes):
                name = f"media/SECRET{number}.png"
                package.writestr(f"word/{name}", content)
            else:
                name, mode = content, 'TargetMode="External"'
            relations += f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{name}" {mode}/>'
        package.writestr("word/_rels/document.xml.rels", relationships(relations))
        main = f"{before}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        package.writestr("word/document.xml", main.replace(W, "http://purl.oclc.org/ooxml/main") if strict else main)
        link = f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
        package.writestr("_rels/.rels", relationships(link))
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="png" ContentType="image/png"/>{types}'
            f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/></Types>',
        )
    return out.getvalue()


def relationships(links: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )


def hidden(runs: str) -> str:
    return runs.replace("<w:rPr></w:rPr>", "").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")


def table(*cells: str, of_row: str = "", of_table: str = "") -> str:
    """Return a table of one row, of cells that are only their content, perhaps behind their form."""
    row = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tblPr>{of_table}</w:tblPr><w:tr><w:trPr>{of_row}</w:trPr>{row}</w:tr></w:tbl>"


def shape(of_frame: str = "", of_document: str = "") -> str:
    """Return a paragraph with a box in which something secret is written."""
    return paragraph(
        f'<w:r><w:drawing><wp:anchor {of_frame}><wp:docPr id="3" name="x" {of_document}/><a:graphic>'
        f'<a:graphicData uri="{WPS}"><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData>'
        "</a:graphic></wp:anchor></w:drawing></w:r>"
    )


def old_shape(attributes: str, content: str) -> str:
    return paragraph(f"<w:r><w:pict><v:rect {attributes}>{content}</v:rect></w:pict></w:r>")


def formula(content: str) -> str:
    return paragraph(f"<m:oMath>{content}</m:oMath>")


SECRET = run("SECRET")
BOX = f"<w:txbxContent>{paragraph(SECRET)}</w:txbxContent>"
OF_FORMULA = "<m:r><m:t>SECRET</m:t></m:r>"
#: Words that nobody sees on paper, each in a way of its own.
UNSEEN = {
    "a hidden row": table(paragraph(SECRET), of_row="<w:hidden/>"),
    "a cell that was taken out": table(
        f'<w:tcPr><w:cellDel w:id="1"/></w:tcPr>{paragraph(SECRET)}', paragraph(run("kept"))
    ),
    "a cell under another one": table(f"<w:tcPr><w:vMerge/></w:tcPr>{paragraph(SECRET)}"),
    "what lost against another writer": paragraph(f'<w14:conflictDel w:author="SECRET">{SECRET}</w14:conflictDel>'),
    "what is both new and taken out": paragraph(f'<w:ins w:id="1"><w:del w:id="2">{SECRET}</w:del></w:ins>'),
    "a shape hidden by its frame": shape(of_frame='hidden="1"'),
    "a shape hidden in the document": shape(of_document='hidden="true"'),
    "an old shape": old_shape('style="width:9pt; visibility : hidden"', f"<v:textbox>{BOX}</v:textbox>"),
    "an old shape not for paper": old_shape('print="f"', f"<v:textbox>{BOX}</v:textbox>"),
    "the words of a shape that is none": old_shape("", "").replace(
        "<v:rect", '<v:shapetype><v:textpath string="SECRET"/></v:shapetype><v:rect'
    ),
    "words hidden for some programs": paragraph(
        SECRET.replace(
            "<w:rPr>",
            '<w:rPr><mc:AlternateContent><mc:Choice Requires="wps"><w:vanish/></mc:Choice></mc:AlternateContent>',
        )
    ),
    "a hidden formula": formula("<m:r><w:rPr><w:vanish/></w:rPr><m:t>SECRET</m:t></m:r>"),
    "a formula that only takes room": formula(
        f'<m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e>{OF_FORMULA}</m:e></m:phant>'
    ),
    "a formula that was taken out": formula(
        f"<m:f><m:fPr><m:ctrlPr><w:del/></m:ctrlPr></m:fPr><m:num>{OF_FORMULA}</m:num></m:f>"
    ),
    "the hidden degree of a root": formula(
        f"<m:rad><m:radPr><m:degHide/></m:radPr><m:deg>{OF_FORMULA}</m:deg><m:e/></m:rad>"
    ),
    "what only older programs show": paragraph(
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:t>new</w:t></mc:Choice>'
        "<mc:Fallback><w:t>SECRET</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    ),
    "what only other programs know": paragraph('<secret:SECRET secret:SECRET="SECRET">SECRET</secret:SECRET>'),
    "words where none are drawn": paragraph("<w:t>SECRET</w:t>", f"{SECRET}<m:oMath>{OF_FORMULA}</m:oMath>") + BOX,
    "words for a sign or a measure": formula('<m:d><m:dPr><m:begChr m:val="SECRET"/></m:dPr></m:d>')
    + old_shape('fillcolor="SECRET @ no colour" strokecolor="file:SECRET"', '<v:fill color2="SECRET,SECRET"/>'),
    "a value inside a condition": paragraph(field(mark("begin") + mark("separate") + SECRET + mark("end"), "")),
    "a value that is kept for later": paragraph(field("SET name", SECRET)),
    "a field in hidden words": paragraph(hidden(field("XE SECRET", "") + field("PAGE SECRET", SECRET))),
    "what a plain field asks": paragraph(
        '<w:fldSimple w:instr="AUTHOR SECRET"><w:fldData>SECRET</w:fldData></w:fldSimple>'
    ),
    "how a page is numbered": paragraph(field('PAGE \\# "SECRET"', run("1"))),
}
#: What is no text, and is called, described or bound to something.
NAMED = {
    "marks of places": paragraph('<w:bookmarkStart w:id="1" w:name="SECRET"/><w:bookmarkEnd w:id="1"/>'),
    "descriptions of tables": table(
        paragraph(""), of_table='<w:tblCaption w:val="SECRET"/><w:tblDescription w:val="SECRET"/>'
    ),
    "a form's names and choices": '<w:sdt><w:sdtPr><w:alias w:val="SECRET"/><w:placeholder><w:docPart w:val="SECRET"/>'
    '</w:placeholder><w:dropDownList><w:listItem w:displayText="SECRET" w:value="SECRET"/></w:dropDownList>'
    f"</w:sdtPr><w:sdtContent>{paragraph(run('chosen'))}</w:sdtContent></w:sdt>",
    "where a link leads": paragraph(f'<w:hyperlink w:tooltip="SECRET" w:anchor="SECRET">{run("link")}</w:hyperlink>'),
    "what an old shape is called": old_shape(
        'id="SECRET" type="#SECRET" alt="SECRET" href="SECRET" o:gfxdata="SECRET"'
        ' style="width:9pt;SECRET:1;left:(SECRET)"',
        '<v:imagedata src="SECRET" o:href="SECRET" o:title="SECRET"/>',
    ),
    "what a shape is called": shape().replace('name="x"', 'name="SECRET"').replace("<w:t>SECRET</w:t>", ""),
}
