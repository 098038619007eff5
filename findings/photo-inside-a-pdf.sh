#!/usr/bin/env bash
# A PDF file without any metadata still tells where its photograph was taken.
#
# Guess:    whoever empties the properties and the XMP of a PDF file has taken its metadata out.
# Surprise: a photograph lies in the file as the JPEG that it was, with its EXIF: position, telephone, owner. img2pdf puts
#           it in so, pypdf and pikepdf leave it so when they write the file anew without properties, and whoever takes the
#           picture out as it lies there (pikepdf's extract_to) has its position. None of them says a word.
# For us:   a scanned letter or a report with photographs is handed on as PDF, "cleaned", and leads to a flat.
# Waymark:  its copies take EXIF, XMP and comments out of every photograph inside a PDF file, and tell what was in them
#           (sources/copies/pdf.py, tests/test_copies.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet img2pdf==0.6.3 pypdf==7.1.1 pikepdf==10.18.0 pillow==13.0.0
"$work/venv/bin/python" - <<'PY'
import io

import img2pdf
import pikepdf
import pypdf
from PIL import Image

exif = Image.Exif()
exif[0x010F], exif[0x0110] = "Maker", "Telephone"
place = exif.get_ifd(0x8825)
place[1], place[2], place[3], place[4] = "N", (10.0, 20.0, 30.0), "E", (40.0, 50.0, 0.0)
photo = io.BytesIO()
Image.new("RGB", (64, 48), "white").save(photo, "JPEG", exif=exif)
paper = img2pdf.convert(photo.getvalue())


def by_pikepdf(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.docinfo
        if "/Metadata" in pdf.Root:
            del pdf.Root.Metadata
        pdf.save(out := io.BytesIO())
    return out.getvalue()


def by_pypdf(content):
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        writer.add_page(page)
    writer.metadata = None
    writer.write(out := io.BytesIO())
    return out.getvalue()


def place_in(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (inside,) = pdf.pages[0].images.values()
        pikepdf.PdfImage(inside).extract_to(stream=(out := io.BytesIO()))
    picture = Image.open(out)
    return dict(picture.getexif().get_ifd(0x8825)).get(2), dict(reader.metadata or {}), reader.xmp_metadata


print("Expected after cleaning: no position. Seen (position, properties, XMP):")
seen = {"img2pdf 0.6.3": paper, "then pikepdf 10.18.0": by_pikepdf(paper), "then pypdf 7.1.1": by_pypdf(paper)}
for name, content in seen.items():
    print(f"  {name}: {place_in(content)}")
cleaned = [place_in(content) for content in list(seen.values())[1:]]
if not all(str(position) == "(10.0, 20.0, 30.0)" and not told and not xmp for position, told, xmp in cleaned):
    raise SystemExit("no longer so: look at this finding again")
PY
