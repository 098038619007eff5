"""Web pages: what is written in them beside what a reader sees, and their text. None is ever shown as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import html_text
from lxml import etree, html

from sources.copies.encodings import as_text
from sources.copies.findings import Found, NoCopy
from sources.media_types import TEXT

#: The comment that a browser writes into a page it saves (“saved from url=(0026)https://…”).
SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
#: What the headers of a saved archive of a page say of its saving.
HEADERS = ("From", "Subject", "Date", "Snapshot-Content-Location")
#: What browsers do not show, as far as a page itself tells it: its styles and scripts can hide or show anything else.
HIDDEN = etree.XPath("""
    //template | //noscript | //noframes | //noembed | //datalist | //rp | //iframe | //video | //audio | //canvas
    | //*[@hidden] | //dialog[not(@open)] | //svg//metadata | //svg//title | //svg//desc | //annotation
    | //*[contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')]
""")


def copy_page(content: bytes, charset: str | None = None) -> tuple[bytes, str, list[Found]]:
    """Return the text of a web page as its readers see it, its media type, and what was found.

    `charset` is the encoding that was named beside the page. Raises NoCopy.
    """
    text = as_text(content, charset)
    # Huge: pages are nested deeper than 255 elements, below which this reader would leave out everything.
    reader = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        page = html.document_fromstring(text.replace("\0", "\ufffd").encode("utf-8", "replace"), parser=reader)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NoCopy("It is damaged: the page cannot be read.") from error
    if any(problem.level == etree.ErrorLevels.FATAL for problem in reader.error_log):
        raise NoCopy("Its elements are nested too deep: a part of the page would be missing.")
    found = list(found_in_page(page))
    if unread := text.count("\ufffd"):
        found.append(Found("cannot be read", f"{unread} signs, in whose place there is \ufffd"))
    every: Any = HIDDEN(page)
    hidden = [element for element in every if element is not page]
    for element in hidden:
        element.drop_tree()
    if any(html_text.extract_text(element).strip() for element in hidden):
        found.append(Found("left out", f"{len(hidden)} parts of the page that a browser does not show"))
    return written(html_text.extract_text(page)), TEXT, found


def written(text: str) -> bytes:
    """Return a text as a file. Raises NoCopy where there is none: a page that its script would have filled."""
    if not text.strip():
        raise NoCopy("There is no text in the page.")
    return f"{text.strip()}\n".encode("utf-8", "replace")


def copy_archived_page(content: bytes) -> tuple[bytes, str, list[Found]]:
    """Return the text of a page that was saved with its pictures (RFC 2557). Raises NoCopy."""
    message = message_from_bytes(content, policy=policy.default)
    found = [Found(name.lower(), str(message[name])) for name in HEADERS if message[name]]
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    if pages:
        payload = pages[0].get_payload(decode=True)
        charset = pages[0].get_content_charset()
        text, media_type, more = copy_page(payload if isinstance(payload, bytes) else b"", charset)
        frames = [Found("left out", f"the words of {len(pages) - 1} frames inside of the page")] if pages[1:] else []
        return text, media_type, [*found, *more, *frames]
    raise NoCopy("There is no page in it.")


def found_in_page(page: html.HtmlElement) -> Iterator[Found]:
    """Yield what a page says of itself, and its comments, which nobody sees who reads it."""
    for element in page.iter("meta"):
        name, words = element.get("name") or element.get("property"), element.get("content")
        if name and words and name.lower() not in ("viewport", "referrer", "theme-color"):
            yield Found("author" if name.lower().endswith("author") else name.lower(), words)
    comments = 0
    for comment in page.getroottree().iter(etree.Comment):
        saved = SAVED_FROM.search(comment.text or "")
        if saved:
            yield Found("saved from", saved[1])
        comments += not saved
    if comments:
        yield Found("comments in the page's source", str(comments))
    hidden = len(page.xpath("//input[@type='hidden']"))
    if hidden:
        yield Found("hidden fields", f"{hidden}, such as the keys of a session")
