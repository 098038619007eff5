"""The values of attributes that the copy of a Word document may have, and those that are names."""

from __future__ import annotations

import re

from sources.copies.word import allowed
from sources.copies.word.allowed import A, V, W
from sources.copies.word.unseen import Key

#: Attributes that name a style, a list or its form, by element and attribute.
NAMES = {
    **{(name, "val"): "style" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "numStyleLink", "styleLink")},
    **{("style", "styleId"): "style", ("numId", "val"): "list", ("num", "numId"): "list"},
    **{("abstractNum", "abstractNumId"): "form", ("abstractNumId", "val"): "form"},
}


def kind_of_name(key: Key, attribute: str, value: str) -> str:
    """Return what an attribute names: a style, a list, a shape; or nothing, where it is no name."""
    if key[0] == V:
        return "shape" if attribute == "id" or (attribute == "type" and value.startswith("#")) else ""
    return NAMES.get((key[1], attribute), "") if key[0] == W else ""


def plain_value(key: Key, name: str, value: str) -> str | None:
    if name == "name" and key != (A, "gd"):
        return "picture" if key[1] in ("docPr", "cNvPr") else "theme"
    if name == "id" and key[0] != V:
        return value if re.fullmatch(r"-?\d+", value) else "0"
    if name == "uri":
        return value if value in allowed.DRAWINGS else None
    if name == "style":
        return plain_style(value)
    return value if form_of(key, name).fullmatch(value) else None


def form_of(key: Key, name: str) -> re.Pattern[str]:
    """Return what the value of an attribute looks like."""
    if (*key, name) in allowed.SIGNS:
        return allowed.SIGN
    if key[1] in allowed.NAMING_FONTS and name in allowed.FONTS:
        return allowed.FONT
    if (key, name) in (((A, "gd"), "fmla"), ((V, "f"), "eqn")):
        return allowed.FORMULA
    return allowed.LINE if key[0] == V and name in allowed.LINES else allowed.PLAIN


def plain_style(value: str) -> str:
    """Return the measures of an old shape: `position:absolute;width:10pt`."""
    parts = [part.partition(":") for part in value.split(";")]
    return ";".join(
        f"{name.strip()}:{measure.strip()}"
        for name, _, measure in parts
        if name.strip().lower() in allowed.STYLES and form_of_style(name).fullmatch(measure.strip())
    )


def form_of_style(name: str) -> re.Pattern[str]:
    return allowed.FONT if name.strip().lower() == "font-family" else allowed.MEASURE
