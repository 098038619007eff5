"""Captures: the original files of a source, sealed with their hash, and the copies that others get of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from records.models import RecordQuerySet
from records.models.record import Record, ReferenceField, part_level
from records.vocabulary import PartLevel
from sources.capture_store import destroy, path_of
from sources.media_types import NAMES
from sources.models.source import SourceDocument

#: What never changes once a file is in the store.
SEALED = ("source_id", "sha256", "media_type", "size", "stored", "taken_at", "taken_by_id", "tool")
#: What never changes once there is a copy.
SEALED_COPY = ("copy_stored", "copy_sha256", "copy_media_type", "copy_size", "found")
FOUND, FOUND_WITHOUT_COPY = "Found in the sealed file, and not in the copy", "Found in the sealed file"


def described(what: str, kind: str, size: int, sha256: str) -> str:
    """Describe a file by what is told of it to those who do not open it."""
    return f"{what}: {kind}, {filesizeformat(size)}, SHA-256 {sha256}"


class CaptureQuerySet(RecordQuerySet):
    def sealed_for(self, user: Any) -> Self:
        """Narrow visible captures to those whose sealed files `user` may have: those of their teams.

        A sealed file tells where a photograph was taken and who wrote a document. Everybody else gets the copy.
        """
        return self.of_own_teams(user)


class Capture(Record):
    """A file as it was taken from its source: never changed, and checked against its hash.

    `stored` is the name of the file in the store: random, so that nobody can guess another one. Beside it lies its copy
    without metadata, where one could be made (sources.copies); `no_copy` says why not, and is empty as long as nobody
    tried. `found` has a line for each thing that the sealed file holds beside what it shows.
    """

    parents: ClassVar = ("source",)
    owner: ClassVar = "source"
    label_fields: ClassVar = ("media_type",)
    for_team: ClassVar = ("taken_by", "tool", "note", "found", "no_copy")

    ref = ReferenceField("CAP")
    level = part_level(PartLevel.TEAM)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="captures")
    sha256 = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the file, in hexadecimal.")
    media_type = models.CharField("kind", max_length=100, choices=NAMES, editable=False)
    size = models.PositiveBigIntegerField(editable=False, help_text="Bytes.")
    stored = models.CharField(max_length=64, unique=True, editable=False)
    taken_at = models.DateTimeField(
        "captured at",
        default=timezone.now,
        help_text="When the file was captured (UTC), and not when a photograph in it was taken.",
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="captured by",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    tool = models.CharField(max_length=120, blank=True, help_text="With what it was captured: a browser, a program.")
    note = models.CharField(max_length=300, blank=True)
    found = models.TextField(
        "found in the sealed file, and not in the copy",
        blank=True,
        editable=False,
        help_text="What the sealed file holds beside what it shows: a place, a device, an author. Not in the copy.",
    )
    copy_stored = models.CharField(max_length=64, blank=True, editable=False)
    copy_sha256 = models.CharField(max_length=64, blank=True, editable=False, help_text="SHA-256 of the copy.")
    copy_media_type = models.CharField("kind of the copy", max_length=100, choices=NAMES, blank=True, editable=False)
    copy_size = models.PositiveBigIntegerField(null=True, blank=True, editable=False, help_text="Bytes of the copy.")
    no_copy = models.CharField(
        "why there is no copy",
        max_length=200,
        blank=True,
        editable=False,
        help_text="Only the team gets the file then.",
    )
    expunged = models.BooleanField(
        default=False, editable=False, help_text="The file was destroyed to expunge a person; its hash stays."
    )

    objects: ClassVar = CaptureQuerySet.as_manager()

    def usual_level(self) -> PartLevel:
        """Nobody has looked yet at what the copy of a file shows."""
        return PartLevel.TEAM

    class Meta(Record.Meta):
        ordering = ["source", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(copy_stored="") | models.Q(no_copy=""),
                name="capture_has_a_copy_or_the_reason_why_not",
                violation_error_message="A capture has a copy, or the reason why there is none.",
            ),
        ]

    @property
    def path(self) -> Path:
        return path_of(self.stored)

    @property
    def copy_path(self) -> Path | None:
        """Where the copy lies, None where there is none."""
        return path_of(self.copy_stored) if self.copy_stored else None

    @property
    def files(self) -> list[str]:
        """The names in the store of the sealed file and of its copy."""
        return [name for name in (self.stored, self.copy_stored) if name]

    def get_absolute_url(self) -> str:
        return reverse("capture", args=(self.source.ref, self.ref))

    def address_for_readers(self) -> str:
        return self.get_absolute_url() if self.copy_stored and not self.expunged else ""

    @property
    def others_get(self) -> str:
        """What readers beside the team get of the file, in words."""
        if not self.copy_stored:
            return "Nothing of the file: there is no copy of it."
        kind = self.get_copy_media_type_display()
        return described("A copy without metadata", kind, self.copy_size or 0, self.copy_sha256)

    def reviewed_with(self, user: Any) -> list[tuple[str, str]]:
        """Return what others would get and see of the file; what was found in it to those who may have the file."""
        sealed = described("That the file exists", self.get_media_type_display(), self.size, self.sha256)
        told = [("Others would get", self.others_get), ("Others would see", sealed)]
        if not self.kept_from(user):
            told += [(FOUND if self.copy_stored else FOUND_WITHOUT_COPY, self.found), ("Why no copy", self.no_copy)]
        return [(label, words) for label, words in told if words]

    def get_sealed_url(self) -> str:
        return reverse("sealed_capture", args=(self.source.ref, self.ref))

    def replace_copy(self, columns: dict[str, Any]) -> None:
        """Tell of another copy of the same file, or why there is none any more. The former copy is destroyed."""
        former = self.copy_stored
        empty = {"copy_stored": "", "copy_sha256": "", "copy_media_type": "", "copy_size": None}
        type(self)._base_manager.filter(pk=self.pk).update(**empty | columns)
        self.refresh_from_db()
        transaction.on_commit(lambda: destroy(former))

    def save(self, **options: Any) -> None:
        """Refuse to change what is sealed. The one thing that happens to a file is that it is destroyed."""
        stored = type(self)._base_manager.filter(pk=self.pk).values(*SEALED, *SEALED_COPY).first()
        sealed = (*SEALED, *(SEALED_COPY if stored and stored["copy_stored"] else ()))
        if stored is not None and any(stored[name] != getattr(self, name) for name in sealed):
            raise ValueError(f"{self.ref} is sealed: its file and what is known of it never change.")
        super().save(**options)
