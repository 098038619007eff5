#!/usr/bin/env bash
# A web page that is nested deeply loses its end, and no word is said.
#
# Guess:    a reader of web pages gives the text of the page or says that it cannot.
# Surprise: libxml2, under lxml, stops at 256 elements inside each other. lxml.html does not raise: it returns a page without
#           all that comes from there on, the paragraphs after the nest included, which lie on top again. html-text,
#           trafilatura and readability-lxml read through it, and give the beginning of the page for the whole.
#           lxml.html with huge_tree=True, and html5lib, read it to its end.
# For us:   saved pages of mail and forum threads, where each answer stands inside the one before, nest like that. The witness
#           is in the last answer.
# Waymark:  reads to a depth of 2,048 and refuses what is deeper, with words (sources/copies/text.py, tests/test_copied_pages.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet html-text==0.7.1 lxml==6.1.3 trafilatura==2.0.0 readability-lxml==0.8.4.1 html5lib==1.1
"$work/venv/bin/python" - <<'PY'
import html5lib
import html_text
import lxml.html
import trafilatura
from readability import Document

LINES = [f"Answer {number} tells at length what was seen on that day, and by whom." for number in range(300)]
thread = "".join(f"<div><p>{line}</p>" for line in LINES) + "</div>" * len(LINES)
PAGE = f"<!DOCTYPE html><html lang='en'><head><title>Thread</title></head><body>{thread}<p>Signed at the end.</p></body></html>"


def of_lxml(page, **options):
    return lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(**options)).text_content()


def of_html5lib(page):
    return "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())


READERS = {
    "lxml.html": of_lxml,
    "lxml.html, huge_tree": lambda page: of_lxml(page, huge_tree=True),
    "html-text": html_text.extract_text,
    "trafilatura": lambda page: trafilatura.extract(page, favor_recall=True) or "",
    "readability-lxml": lambda page: Document(page).summary(),
    "html5lib": of_html5lib,
}
seen = {}
print("Expected: 300 answers and the signature. Seen:")
for name, read in READERS.items():
    text = read(PAGE)
    seen[name] = (sum(line in text for line in LINES), "Signed at the end." in text)
    print(f"  {name}: {seen[name][0]} answers, {'with' if seen[name][1] else 'without'} the signature")
cut = {name for name, (answers, signed) in seen.items() if answers < len(LINES) and not signed}
expected = {"lxml.html", "html-text", "trafilatura", "readability-lxml"}
raise SystemExit(0 if cut == expected else f"This has changed: {seen}")
PY
