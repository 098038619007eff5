"""The evidence beside a fact, drawn without a template: a page can have a hundred statements."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.templatetags.waymark import web_address
from cases.views.evidence import Proof, Statement

register = template.Library()

PROOF = """<details class="proof{}>
<summary>{}{}{}</summary>
<div class="evidence"><table class="statements">
<caption class="unseen">What the sources say{}</caption>
<thead><tr>{}<th scope="col">States</th><th scope="col">Source</th>
<th scope="col">Where</th><th scope="col">Standing</th></tr></thead>
<tbody>
{}</tbody>
</table></div>
</details>"""
ROW = """<tr class="{}">{}
<td data-label="States" class="stated" dir="auto">{}</td>
<td data-label="Source"><a href="{}">{}</a><span class="outlet">{}</span>{}</td>
{}</tr>
"""
WHERE_AND_STANDING = """<td data-label="Where" class="place">{}{}{}</td>
<td data-label="Standing"><span class="stance {}">{}</span>{}{}</td>
"""
ON_THE_WEB = (
    ' <a class="external outlet" href="{}" rel="noopener noreferrer external" referrerpolicy="no-referrer">{}</a>'
)
FIELD = '<td data-label="About" class="field">{}</td>'


@register.simple_tag
def proof(given: Proof, about: str = "", missing: bool = False) -> str:
    """Return what sources say `about` a fact, closed unless they disagree; with `missing`, say so where none does."""
    if not given:
        return format_html('<span class="unsourced">{}</span>', "no source recorded") if missing else ""
    several = given.fields > 1
    rows = ((row(each, several=several),) for each in given.statements)
    return format_html(
        PROOF,
        SafeString(' contested" open' if given.disagreeing else '"'),
        given.label,
        format_html_join("", ' <strong class="remark">{}</strong>', ((remark,) for remark in given.remarks)),
        format_html('<span class="unseen"> for {}</span>', about) if about else "",
        f" about {about}" if about else "",
        SafeString('<th scope="col">About</th>' if several else ""),
        format_html_join("", "{}", rows),
    )


def row(said: Statement, *, several: bool) -> SafeString:
    """Return a statement as a row; which field it is about is told where there are several."""
    field = format_html(FIELD, said.field) if several else ""
    cells = where_and_standing(said)
    return format_html(
        ROW, said.stance, field, said.stated, said.link, said.title, said.outlet, on_the_web(said.address), cells
    )


def on_the_web(url: str) -> str:
    """Return the way to the source itself, which is not told who sent the reader."""
    if not web_address(url):
        return ""
    return format_html(ON_THE_WEB, url, urlsplit(url).hostname or url)


@register.filter
def where_and_standing(said: Statement) -> SafeString:
    """Return the two cells that tell where a statement stands in its source, and how it stands to the record."""
    who = format_html('<span class="said-by" dir="auto">{}</span>', said.said_by) if said.said_by else ""
    nowhere = "" if who or said.place or said.characters else "—"
    return format_html(
        WHERE_AND_STANDING,
        format_html('<a href="{}">{}</a>', said.words, said.place) if said.words else said.place,
        span("characters", said.characters),
        who or nowhere,
        said.stance,
        said.standing,
        span("outlet", said.credibility),
        span("reason", said.reason),
    )


def span(kind: str, text: str) -> str:
    return format_html('<span class="{}">{}</span>', kind, text) if text else ""
