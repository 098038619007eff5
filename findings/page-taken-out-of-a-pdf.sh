#!/usr/bin/env bash
# A page that was taken out of a PDF file leaves its photograph in it.
#
# Guess:    whoever takes a page out of a report, or copies the other pages into a new file, hands on those pages only.
# Surprise: where the pages share one dictionary of resources, as many programs write it, each page brings along what all
#           of them draw. pypdf (new file from page 1) and pikepdf (page 2 deleted, file saved) both leave the photograph of
#           the page that is gone, whole. No reader shows it, every extractor finds it. pikepdf's
#           remove_unreferenced_resources() takes it out; nothing calls that by itself.
# For us:   a partner gets the report without the page that shows a witness, and the witness is in it.
# Waymark:  its copies keep a resource only where the drawing of a page that is left uses it (sources/copies/pdf.py,
#           tests/test_copied_pdf.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pypdf==7.1.1 pikepdf==10.18.0
"$work/venv/bin/python" - <<'PY'
import io

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name

GREY = {1: bytes([10]) * 64, 2: bytes([200]) * 64}
pdf = pikepdf.new()
pictures = {}
for number, points in GREY.items():
    picture = pdf.make_stream(points)
    picture.Type, picture.Subtype, picture.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    picture.Width, picture.Height, picture.BitsPerComponent = 8, 8, 8
    pictures[f"/Im{number}"] = picture
shared = pdf.make_indirect(Dictionary(XObject=Dictionary(pictures)))
for number in GREY:
    drawn = pdf.make_stream(f"q 100 0 0 100 0 0 cm /Im{number} Do Q".encode())
    page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 100, 100]), Resources=shared, Contents=drawn)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
pdf.save(report := io.BytesIO())
report = report.getvalue()


def by_pypdf(content):
    writer = pypdf.PdfWriter()
    writer.add_page(pypdf.PdfReader(io.BytesIO(content)).pages[0])
    writer.write(out := io.BytesIO())
    return out.getvalue()


def by_pikepdf(content, tidy=False):
    with pikepdf.open(io.BytesIO(content)) as opened:
        del opened.pages[1]
        if tidy:
            opened.remove_unreferenced_resources()
        opened.save(out := io.BytesIO())
    return out.getvalue()


def pictures_in(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        streams = [each for each in opened.objects if isinstance(each, pikepdf.Stream)]
        found = [each.read_bytes() for each in streams if each.get("/Subtype") == "/Image"]
        return len(opened.pages), [number for number, points in GREY.items() if points in found]


seen = {
    "pypdf, page 1 into a new file": pictures_in(by_pypdf(report)),
    "pikepdf, page 2 deleted": pictures_in(by_pikepdf(report)),
    "pikepdf, tidied as well": pictures_in(by_pikepdf(report, tidy=True)),
}
print("Expected: one page, picture 1 only. Seen (pages, pictures):")
for way, found in seen.items():
    print(f"  {way}: {found}")
expected = {
    "pypdf, page 1 into a new file": (1, [1, 2]),
    "pikepdf, page 2 deleted": (1, [1, 2]),
    "pikepdf, tidied as well": (1, [1]),
}
raise SystemExit(0 if seen == expected else f"This has changed: {seen}")
PY
