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
Form = tuple[etree._Element, str]


def build_forms(roots: dict[str, etree._Element], builder: Builder) -> dict[str, etree._Element]:
    """Return the parts "styles" and "numbering", with what the text built so far uses, and what that is based on."""
    for name, root in roots.items():
        refuse_strange(root, (W, name))
    built = {name: etree.Element(f"{{{W}}}{name}", nsmap=PREFIXES) for name in roots}
    for name, root in roots.items():
        for defaults in root.iterchildren(f"{{{W}}}docDefaults"):
            builder.add(defaults, built[name])
    waiting = {tag: [(form, name) for name, root in roots.items() for form in root.iterchildren(tag)] for tag in USED}
    while used := next_used(waiting, builder):  # what is built names more
        for form, name in used:
            build_form(form, built[name], builder)
    blank_unused_levels(built, builder)
    for root in built.values():  # the forms of lists have to stand before the lists
        root[:] = sorted(root, key=lambda form: str(form.tag))
    return built


def next_used(waiting: dict[str, list[Form]], builder: Builder) -> list[Form]:
    """Take out of the forms that wait those of one kind that are used: styles first, since they name the others."""
    for tag, forms in waiting.items():
        used = [form for form in forms if is_used(form[0], builder)]
        if used:
            waiting[tag] = [form for form in forms if form not in used]
            return used
    return []


def is_used(form: etree._Element, builder: Builder) -> bool:
    kind, attribute = USED[str(form.tag)]
    return builder.names.is_used(kind, form.get(attribute)) or is_on(form.get(f"{{{W}}}default"))


def build_form(form: etree._Element, parent: etree._Element, builder: Builder) -> None:
    for level in form.iter(f"{{{W}}}lvl"):
        for style in level.findall(f"{{{W}}}pStyle"):
            if not builder.names.is_used("style", style.get(f"{{{W}}}val")):
                level.remove(style)
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


def blank_unused_levels(built: dict[str, etree._Element], builder: Builder) -> None:
    """Take out what the levels of lists say that no paragraph has: nobody reads it."""
    for root in built.values():
        for level in root.iter(f"{{{W}}}lvl"):
            is_of_style = level.find(f"{{{W}}}pStyle") is not None
            if not is_of_style and level.get(f"{{{W}}}ilvl", "0") not in builder.names.levels:
                for sign in level.findall(f"{{{W}}}lvlText"):
                    sign.set(f"{{{W}}}val", "")
