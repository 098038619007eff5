"""Captures: the original files of a source, sealed with their hash."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from records.models.record import Record, ReferenceField
from sources.capture_store import path_of
from sources.models.source import SourceDocument

#: What never changes once a file is in the store.
SEALED = ("source_id", "sha256", "media_type", "size", "stored", "taken_at", "taken_by_id", "tool")


class Capture(Record):
    """A file as it was taken from its source: never changed, and checked against its hash.

    `stored` is the name of the file in the store: random, so that nobody can guess another one.
    """

    parents: ClassVar = ("source",)
    owner: ClassVar = "source"
    label_fields: ClassVar = ("media_type",)

    ref = ReferenceField("CAP")
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="captures")
    sha256 = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the file, in hexadecimal.")
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(editable=False, help_text="Bytes.")
    stored = models.CharField(max_length=64, unique=True, editable=False)
    taken_at = models.DateTimeField(default=timezone.now, help_text="When the file was taken (UTC).")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    tool = models.CharField(max_length=120, blank=True, help_text="With what it was taken: a browser, a program.")
    note = models.CharField(max_length=300, blank=True)
    expunged = models.BooleanField(
        default=False, editable=False, help_text="The file was destroyed to expunge a person; its hash stays."
    )

    class Meta:
        ordering = ["source", "id"]
        constraints = [*Record.Meta.constraints]

    @property
    def path(self) -> Path:
        return path_of(self.stored)

    def get_absolute_url(self) -> str:
        return reverse("capture", args=(self.source.ref, self.ref))

    def save(self, **options: Any) -> None:
        """Refuse to change what is sealed. The one thing that happens to a file is that it is destroyed."""
        stored = type(self)._base_manager.filter(pk=self.pk).values(*SEALED).first()
        if stored is not None and any(stored[name] != getattr(self, name) for name in SEALED):
            raise ValueError(f"{self.ref} is sealed: its file and what is known of it never change.")
        super().save(**options)
