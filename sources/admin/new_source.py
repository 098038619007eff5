"""The form that enters a source: its text is pasted or uploaded, and another file is captured in the same save."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat

from records.admin.forms import RecordForm
from sources.admin.captures import ACCEPTED, checked_media_type
from sources.passages import sha256

#: The endings of files that become the text itself, and the largest that is taken, as of a text that is pasted.
TEXT_ENDINGS = (".txt", ".md")
TEXT_BYTES = 2_000_000


class SourceDocumentForm(RecordForm):
    def clean_text(self) -> str:
        """Return a pasted text with the ends of lines that files have, by which passages are counted."""
        text = with_ends_of_lines(self.cleaned_data["text"])
        if text and self.instance.sha256 and sha256(text) != self.instance.sha256:  # citations count its characters
            raise forms.ValidationError(
                "This is not the text that was cited: its SHA-256 is not the one under “Where it was found”. Paste it "
                "letter for letter, with the same empty lines."
            )
        return text

    def _post_clean(self) -> None:
        """Refuse a line of descent that runs in a circle, without naming the documents on it."""
        super()._post_clean()
        try:
            self.instance.line_of_descent()
        except ValueError:
            self.add_error("derived_from", "This document would descend from itself. Choose another one.")


class NewSource(SourceDocumentForm):
    """A new document. `media_type` is set where its file is to be captured."""

    media_type = ""
    upload = forms.FileField(
        required=False,
        max_length=200,
        allow_empty_file=True,  # it is refused below, in our words
        label="A file of it",
        widget=forms.FileInput(attrs={"accept": ",".join([*TEXT_ENDINGS, ACCEPTED])}),
        help_text="A text in UTF-8 (.txt, .md) becomes its text. A saved page, a PDF or Word file, or a picture is "
        "captured: sealed as it is, for the team, and never replaced.",
    )

    def clean_upload(self) -> Any:
        file = self.cleaned_data["upload"]
        if not file:
            return None
        if PurePath(file.name).suffix.lower() in TEXT_ENDINGS:
            return file
        if not self.viewer.has_perm("sources.add_capture"):
            raise forms.ValidationError("You may not add captured files. A text in UTF-8 is taken: .txt or .md.")
        self.media_type = checked_media_type(file)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        file = cleaned.get("upload")
        if file and not self.media_type:
            if cleaned.get("text"):
                self.add_error("upload", "Give the text once: paste it, or choose its file.")
            else:
                self._take_text(file, cleaned)
        return cleaned

    def _take_text(self, file: Any, cleaned: dict[str, Any]) -> None:
        try:
            cleaned["text"] = text_of(file)
        except ValueError as wrong:
            self.add_error("upload", str(wrong))


def with_ends_of_lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def text_of(file: Any) -> str:
    """Return what an uploaded text says. Raises ValueError where it is too large, or no text in UTF-8."""
    if file.size > TEXT_BYTES:
        raise ValueError(f"The text has {filesizeformat(file.size)}; at most {filesizeformat(TEXT_BYTES)} are taken.")
    file.seek(0)  # the form is asked twice: before the act, and in it
    try:
        text = with_ends_of_lines(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise ValueError(f"The file is no text in UTF-8: byte {wrong.start} is none. Save it as UTF-8.") from wrong
    if "\0" in text:
        raise ValueError("The file holds the character NUL, and is no text.")
    if not text.strip():
        raise ValueError("The file is empty.")
    return text
