"""When two addresses of the web lead to one document: written alike, and without what only tracks a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from records.fields.names import FoldedField

#: Archives that keep a document under its own address: that address is what is compared.
_ARCHIVED = re.compile(
    r"(?i)\Ahttps?://(?:web\.archive\.org/web/[0-9]+[a-z_]*|archive\.(?:today|ph|is|li|vn|fo|md)/(?:o/\w+|[0-9.-]+))/"
    r"(?P<address>https?:/+.+)\Z"
)
#: The beginnings of hosts under which sites show the same pages.
_SAME_SITE = re.compile(r"\A(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)")
#: The ends of paths at which sites show the same page.
_SAME_PAGE = re.compile(r"(?:/(?:index\.(?:html?|php)|amp))?/*\Z")
#: What is added to an address to follow a reader, and what leads to the same document without it.
_TRACKS = re.compile(
    r"(?i)\A(?:utm_\w+|at_(?:medium|campaign\w*|custom\d)|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid?|mc_[ce]id|_ga|_gl"
    r"|ref_(?:src|url)|ocid|cmpid|xtor|smid|guccounter|guce_\w+|s_cid|mkt_tok)\Z"
)


def address_key(address: str) -> str:
    """Return the one form of all addresses that lead to one document.

    address_key("https://www.example.org/a/?utm_source=x#top") == address_key("http://example.org/a") == "example.org/a"
    """
    address = address.strip()
    while (archived := _ARCHIVED.match(address)) is not None:
        address = re.sub(r":/+", "://", archived["address"], count=1)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # no address that leads anywhere: it is the same as itself
        return address
    host = _SAME_SITE.sub("", _in_letters(parts.hostname or ""))
    query = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKS.match(name)
    )
    page = parts.fragment if parts.fragment[:1] in ("!", "/") else ""  # by which a site of one page tells its pages
    return "".join(
        [
            host,
            "" if port in (None, 80, 443) else f":{port}",
            _SAME_PAGE.sub("", unquote(parts.path)),
            f"?{urlencode(query)}" if query else "",
            f"#{page}" if page else "",
        ]
    )


def _in_letters(host: str) -> str:
    """Return a host's name in the letters of its language, where it is written in the ASCII form of them."""
    try:
        return host.rstrip(".").encode("ascii").decode("idna")
    except UnicodeError:
        return host.rstrip(".")


class AddressKeyField(FoldedField):
    """A column that holds another one's address of the web in the form in which addresses are compared."""

    def of(self, texts: Iterable[str]) -> str:
        return address_key(" ".join(texts))
