"""The admin of captured files: uploaded once, never replaced."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from records.admin.forms import RecordForm
from records.admin.records import PartAdmin
from sources.capture_store import keep
from sources.media_types import BEGINNING, ENDINGS, WrongFile, media_type_of
from sources.models import Capture

ACCEPTED = ",".join(ending for endings in ENDINGS.values() for ending in endings)


class NewCapture(RecordForm):
    """The form that takes a file in: what it is, its contents say."""

    file = forms.FileField(
        max_length=200,
        allow_empty_file=True,  # it is refused below, in our words
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="A saved page, a PDF or an image. It is sealed as it is, and can never be replaced.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.CAPTURE_BYTES:
            largest = filesizeformat(settings.CAPTURE_BYTES)
            raise forms.ValidationError(f"The file has {filesizeformat(file.size)}; at most {largest} are taken.")
        beginning = file.read(BEGINNING)
        file.seek(0)
        try:
            self.instance.media_type = media_type_of(file.name, beginning)
        except WrongFile as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return file


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

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("source", "file", "taken_at", "tool", "note", "level")
        return (*self.SEALED, "note", "level")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.SEALED if obj else ()

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": NewCapture}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(sha256__startswith=text.lower())

    def describe(self, record: Any) -> str:
        return f"{record.ref} {record.media_type}"

    @admin.display(description="size")
    def bytes(self, capture: Capture) -> str:
        return filesizeformat(capture.size)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return None if obj is None or obj.expunged else obj.get_absolute_url()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Put the file into the store, and the row beside it: both are there, or neither is."""
        if not change:
            kept = keep(form.cleaned_data["file"].chunks())
            obj.stored, obj.sha256, obj.size = kept
            obj.taken_by = request.user
        super().save_model(request, obj, form, change)
