"""Styles and lists of a Word document: those that its text still uses, under names of no meaning."""

from __future__ import annotations

from lxml import etree

from sources.copies.findings import Found
from sources.copies.word.allowed import KNOWN_STYLE, PREFIXES, W
from sources.copies.word.text import Builder, refuse_strange
from sources.copies.word.unseen import is_on

#: What is kept when it is used: the kind of name, and the attribute that bears it.
USED = {
    f"{{{W}}}style": ("style", f"{{{W}}}styleId"),
    f"{{{W}}}num": ("list", f"{{{W}}}numId"),
    f"{{{W}}}abstractNum": ("form", f"{{{W}}}abstractNumId"),
}


def build_forms(roots: dict[str, etree._Element], builder: Builder) -> dict[str, etree._Element]:
    """Return the parts "styles" and "numbering", with what the text built so far uses, and what that is based on."""
    for name, root in roots.items():
        refuse_strange(root, (W, name))
    built = {name: etree.Element(f"{{{W}}}{name}", nsmap=PREFIXES) for name in roots}
    for name, root in roots.items():
        for defaults in root.iterchildren(f"{{{W}}}docDefaults"):
            builder.add(defaults, built[name])
    done: set[etree._Element] = set()
    waiting = True
    while waiting:  # what is built names more
        waiting = False
        for name, root in roots.items():
            for form in root.iterchildren(*USED):
                if form not in done and is_used(form, builder):
                    done.add(form)
                    waiting = True
                    build_form(form, built[name], builder)
    for root in built.values():  # the forms of lists have to stand before the lists
        root[:] = sorted(root, key=lambda form: str(form.tag))
    return built


def is_used(form: etree._Element, builder: Builder) -> bool:
    kind, attribute = USED[str(form.tag)]
    return builder.names.is_used(kind, form.get(attribute)) or is_on(form.get(f"{{{W}}}default"))


def build_form(form: etree._Element, parent: etree._Element, builder: Builder) -> None:
    builder.add(form, parent)
    if form.tag != f"{{{W}}}style":
        return
    new, named = parent[-1], form.find(f"{{{W}}}name")
    old = "" if named is None else named.get(f"{{{W}}}val", "")
    name = old if KNOWN_STYLE.fullmatch(old) else f"Style {new.get(f'{{{W}}}styleId', '')[1:]}"
    element = etree.Element(f"{{{W}}}name")
    element.set(f"{{{W}}}val", name)
    new.insert(0, element)
    hidden = form.find(f"{{{W}}}rPr/{{{W}}}vanish")
    if hidden is not None and is_on(hidden.get(f"{{{W}}}val", "true")):
        builder.found.append(Found("hidden by a style", f"{old}: its words are to be seen in the copy"))
