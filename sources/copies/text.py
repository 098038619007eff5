"""Web pages: what is written in them beside what a reader sees, and their text. None is ever shown as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

import html_text
from lxml import etree, html

from sources.copies.findings import Found, NoCopy
from sources.media_types import TEXT

#: The comment that a browser writes into a page it saves (“saved from url=(0026)https://…”).
SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
#: What the headers of a saved archive of a page say of its saving.
HEADERS = ("From", "Subject", "Date", "Snapshot-Content-Location")


def copy_page(content: bytes) -> tuple[bytes, str, list[Found]]:
    """Return the text of a web page as its readers see it, its media type, and what was found. Raises NoCopy."""
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        # A page that does not say how it is written is taken for Latin; one that is good UTF-8 hardly ever is.
        encoding = "utf-8" if is_utf_8(content) else None
        page = html.document_fromstring(content, parser=html.HTMLParser(encoding=encoding))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NoCopy("It is damaged: the page cannot be read.") from error
    found = list(found_in_page(page))
    return written(html_text.extract_text(page)), TEXT, found


def is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def written(text: str) -> bytes:
    """Return a text as a file. Raises NoCopy where there is none: a page that its script would have filled."""
    if not text.strip():
        raise NoCopy("There is no text in the page.")
    return f"{text.strip()}\n".encode("utf-8", "replace")


def copy_archived_page(content: bytes) -> tuple[bytes, str, list[Found]]:
    """Return the text of a page that was saved with its pictures (RFC 2557). Raises NoCopy."""
    message = message_from_bytes(content, policy=policy.default)
    found = [Found(name.lower(), str(message[name])) for name in HEADERS if message[name]]
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            text, media_type, more = copy_page(payload if isinstance(payload, bytes) else b"")
            return text, media_type, found + more
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
