"""The admin of captured files: uploaded once, never replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from records.admin.forms import RecordForm
from records.admin.records import Link, ListTable, PartAdmin
from records.vocabulary import Level
from sources.copies.making import taken_in
from sources.media_types import BEGINNING, ENDINGS, WORD, WrongFile, media_type_of, refuse_other_packages
from sources.models import Capture
from sources.models.capture import FOUND, FOUND_WITHOUT_COPY

#: Who a new file may be open to: nobody has looked at its copy yet.
AT_FIRST = (Level.TEAM, Level.RESTRICTED)
ACCEPTED = ",".join(ending for endings in ENDINGS.values() for ending in endings)


class NewCapture(RecordForm):
    """The form that takes a file in: what it is, its contents say."""

    file = forms.FileField(
        max_length=200,
        allow_empty_file=True,  # it is refused below, in our words
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="A saved page, a PDF or Word file, or a picture. It is sealed as it is, for the team, and can never "
        "be replaced. Others get a copy without metadata, of a page its text.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = [each for each in level.choices if each[0] in AT_FIRST]
        level.help_text = "A new file is the team's. Look at its copy, and open that to others afterwards."

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        self.instance.media_type = checked_media_type(file)
        return file


def checked_media_type(file: Any) -> str:
    """Return the media type of an uploaded file, told from its contents. Raises ValidationError where none is taken."""
    if file.size > settings.CAPTURE_BYTES:
        largest = filesizeformat(settings.CAPTURE_BYTES)
        raise forms.ValidationError(f"The file has {filesizeformat(file.size)}; at most {largest} are taken.")
    file.seek(0)  # the form is asked twice: before the act, and in it
    beginning = file.read(BEGINNING)
    file.seek(0)
    try:
        media_type = media_type_of(file.name, beginning)
        if media_type == WORD:
            refuse_other_packages(file)
    except WrongFile as wrong:
        raise forms.ValidationError(str(wrong)) from wrong
    return media_type


@admin.register(Capture)
class CaptureAdmin(PartAdmin):
    """The captures of all sources. None is ever removed here."""

    section = "Evidence"
    list_display = ("ref", "source", "media_type", "bytes", "taken_at", "level", "expunged")
    list_filter = ("level", "media_type", "expunged")
    ordering = ("-taken_at", "-pk")
    related = ("source", "taken_by")
    autocomplete_fields = ("source",)
    SEALED = ("source", "media_type", "bytes", "sha256", "taken_at", "taken_by", "tool", "expunged")
    COPY = ("others_get", "no_copy", "copy_sha256")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("source", "file", "taken_at", "tool", "note", "level")
        kept = obj.kept_from(request.user)
        return tuple(name for name in (*self.SEALED, *self.COPY, "note", "level") if name not in kept)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.SEALED, *self.COPY) if obj else ()

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": NewCapture}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(sha256__startswith=text.lower())

    def describe(self, record: Any) -> str:
        return f"{record.ref} {record.get_media_type_display()}"

    def tables(self, record: Any, user: Any) -> list[ListTable]:
        """Return what was found in the file, for those alone who may have it."""
        if record.expunged or record.kept_from(user):
            return []
        rows: list[list[Any]] = [[*line.partition(": ")[::2]] for line in record.found.splitlines()]
        found = FOUND if record.copy_stored else FOUND_WITHOUT_COPY
        link = Link("Get the sealed file (this is written down)", record.get_sealed_url())
        return [ListTable(found if rows else "Sealed file", ["What", "Words"], rows, [link])]

    @admin.display(description="size")
    def bytes(self, capture: Capture) -> str:
        return filesizeformat(capture.size)

    @admin.display(description="what others get")
    def others_get(self, capture: Capture) -> str:
        if capture.copy_stored:
            words = f"A copy without metadata, {capture.get_copy_media_type_display()}"
            return format_html('<a href="{}">{}</a>', capture.get_absolute_url(), words)
        not_yet = " No copy was made yet: whoever runs the server does that (manage.py copy_captures)."
        return f"Nothing.{'' if capture.no_copy else not_yet}"

    @contextmanager
    def before_act(self, request: Any) -> Iterator[None]:
        """Put a new file and its copy into the store before the act, in which nobody else could write on SQLite."""
        is_new = request.resolver_match.url_name == "sources_capture_add" and (
            self.admin_site.has_permission(request) and self.has_add_permission(request)
        )
        form = self.get_form(request)(request.POST, request.FILES, instance=Capture()) if is_new else None
        if form is None or not form.is_valid():
            yield
            return
        with taken_in(form.cleaned_data["file"].chunks(), form.instance.media_type) as request.new_files:
            yield

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Name the files of a new row: all are there, or none is."""
        if not change:
            request.new_files.name_in(obj)  # type: ignore[attr-defined]
            obj.taken_by = request.user
            tell_of(request, obj)
        super().save_model(request, obj, form, change)


def tell_of(request: HttpRequest, capture: Capture) -> None:
    """Say what became of a new file. What was found in it stands on its page, for whoever may read that."""
    if capture.no_copy:
        words = f"No copy without metadata could be made. {capture.no_copy} The file stays with the team."
        messages.warning(request, words)
    elif capture.found:
        words = "The file holds more than it shows: its page tells what was found. The copy has none of it."
        messages.warning(request, words)
