"""The log filter that takes secrets out of everything that is logged."""

from __future__ import annotations

import logging
import re

GONE = "[removed]"
#: What is taken out, and what stays in its place. Questions go whole: they name the people who were looked for.
RULES = [
    # PostgreSQL tells the values of the row that it refused.
    (re.compile(r"((?:DETAIL|CONTEXT):[ \t]+|Failing row contains )[^\n]*"), rf"\1{GONE}"),
    # Headers, also in the dress that WSGI gives them.
    (
        re.compile(r"(?i)((?:proxy[-_])?authorization|(?:set[-_])?cookie|x-api-key)(['\"]?\s*[:=]\s*)[^\n]+"),
        rf"\1\2{GONE}",
    ),
    (re.compile(r"(?i)\b(token|bearer|basic) +[\w.~+/=-]{8,}"), rf"\1 {GONE}"),
    # https://user:password@host
    (re.compile(r"(://)[^/\s@]+@"), rf"\1{GONE}@"),
    # The secret of a private address.
    (re.compile(r"(?i)(/feeds/)[^/\s'\"<>?#]+"), rf"\1{GONE}"),
    # The question of an address.
    (re.compile(r"(/[^\s?'\"<>]*\?)[^\s'\"<>]+"), rf"\1{GONE}"),
    # name=value and "name": "value"
    (
        re.compile(
            r"(?i)(\b[\w-]*(?:passw|secret|token|api[-_]?key|session_?id|recovery|otp)[\w-]*['\"]?\s*[:=]\s*[\[(]?['\"]?)"
            r"[^\s'\",;&)}]+"
        ),
        rf"\1{GONE}",
    ),
]


def cleaned(text: str) -> str:
    """Return a text of the log without secrets of any kind, questions and the values of refused rows."""
    for pattern, kept in RULES:
        text = pattern.sub(kept, text)
    return text


class Cleaned(logging.Filter):
    """Cleans every record: its message, and the errors that stand below it."""

    tracebacks = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = cleaned(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self.tracebacks.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = cleaned(record.exc_text)
        return True
