"""A column for the language of a text: a tag of BCP 47, in its one written form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from langcodes import Language
from langcodes.tag_parser import LanguageTagError

NO_TAG = "“{}” is no language tag of BCP 47: write en for English, ug for Uyghur, zh-Hant for traditional Chinese."


def canonical_tag(text: str) -> str:
    """Return a language tag in the form in which it is stored: canonical_tag("UIG-arab") == "ug-Arab".

    Codes that the registry has replaced give way; one that is a language of its own (prs) stays, and is not made a
    variety of another. Raises ValueError where it is no tag.
    """
    try:
        given, normal = (Language.get(text.strip(), normalize=normalize) for normalize in (False, True))
    except LanguageTagError as error:
        raise ValueError(NO_TAG.format(text)) from error
    if not normal.is_valid():
        raise ValueError(NO_TAG.format(text))
    if given.language is None or normal.territory != given.territory:
        return given.to_tag()
    return Language.make(**given.to_dict() | {"language": normal.language}).to_tag()


class LanguageTagField(models.CharField):
    """A column of text that takes language tags only. The database sees a column of text."""

    def clean(self, value: Any, model_instance: Any) -> str:
        value = super().clean(value, model_instance)
        try:
            return canonical_tag(value) if value else value
        except ValueError as error:
            raise ValidationError(str(error), code="language") from error

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options
