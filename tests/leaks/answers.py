"""What an answer tells: masked, so that two answers can be compared, and searched for the marks of planted rows."""

from __future__ import annotations

import base64
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.contrib.messages import get_messages
from django.core import mail

from tests.leaks.marks import marks_in, refs_in

#: What differs from one request to the next by itself: the token of a form, the question to a passkey, the time.
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w+"|(csrfToken: )"\w+"|("challenge": )"[\w-]+"')
CLOCK = re.compile(r'\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?|(?<=value=")\d\d:\d\d:\d\d(?=")')
VARYING = {"Set-Cookie", "Expires", "Date", "Last-Modified"}
CURSOR = re.compile(r"cursor=([\w-]+)")
#: What stands for a reference that a request made.
UNKNOWN = "???-????????"
KEY_IN_ADDRESS = re.compile(r"/\d+/")


class Answer(NamedTuple):
    """An answer without what varies by itself. `beside` is what else became of the request: messages, mails, logs."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    beside: str

    def everything(self) -> str:
        """All of it as text, and what its cursors hold."""
        text = "\n".join([str(self.headers), self.body, self.beside])
        return "\n".join([text, *(opened(cursor) for cursor in CURSOR.findall(text))])


def opened(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("utf-8", "replace")


def body_of(response: Any) -> str:
    """Return a body as text: a spreadsheet unzipped, other bytes as they are."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(
                f"{name}\n{book.read(name).decode('utf-8', 'replace')}" for name in sorted(book.namelist())
            )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")  # Parquet: the words in it stand as they are


def answer_to(response: Any, logged: list[str], known: set[str], *, wrote: bool) -> Answer:
    """Return what a response tells. After a write, references and keys of new rows are masked: the ones are random, the
    others come from a sequence, which PostgreSQL does not roll back. Keys stand in addresses: of headers, of messages.
    """
    body = TOKEN.sub(r"\1\2\3", CLOCK.sub("(then)", body_of(response)))
    varying = VARYING | ({"ETag"} if "csrfmiddlewaretoken" in body or wrote else set())
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name not in varying))
    messages = [str(each) for each in get_messages(response.wsgi_request)] if wrote else []
    mails = [f"{each.subject}\n{each.body}\n{each.to}" for each in mail.outbox]
    beside = CLOCK.sub("(then)", "\n".join([*messages, *mails, *logged]))
    if wrote:
        headers = tuple((name, KEY_IN_ADDRESS.sub("/#/", unknown_masked(value, known))) for name, value in headers)
        body, beside = unknown_masked(body, known), unknown_masked(KEY_IN_ADDRESS.sub("/#/", beside), known)
    return Answer(response.status_code, headers, body, beside)


def unknown_masked(text: str, known: set[str]) -> str:
    for ref in refs_in(text) - known:
        text = text.replace(ref, UNKNOWN)
    return text


def given_away(told: Answer, asked: str, marks: set[int], refs: set[str]) -> list[str]:
    """Return the hidden marks and references that an answer bears, but for those that were in the question."""
    text, asked = told.everything(), unquote_plus(asked)
    found = {f"mark {mark}" for mark in marks_in(text) & marks - marks_in(asked)}
    return sorted(found | (refs_in(text) & refs - refs_in(asked)))


@contextmanager
def log_read() -> Iterator[list[str]]:
    """Collect what is logged, by whichever logger."""
    lines: list[str] = []

    class Reader(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    reader = Reader()
    loggers = [logging.getLogger(name) for name in ("", "django.request", "django.security", "django.server")]
    for logger in loggers:
        logger.addHandler(reader)
    try:
        yield lines
    finally:
        for logger in loggers:
            logger.removeHandler(reader)
