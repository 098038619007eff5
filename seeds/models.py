"""What the seed loader remembers of the files it loaded, and of expunged people."""

from __future__ import annotations

from django.db import models

#: Stands for all columns of a record.
WHOLE = "*"


class LoadedRecord(models.Model):
    """What the seed files said about one record when it was last loaded.

    For each column there is a short digest of its value, so that no second copy of the data is kept. By it the loader
    tells an edit made here from a change made in the files.
    """

    key = models.CharField(max_length=80, primary_key=True, help_text="A reference, or list and code of a term.")
    file = models.CharField(max_length=200, help_text="The seed file that it was in.")
    digests = models.JSONField(default=dict)
    expunged = models.JSONField(
        default=list, help_text="Columns that were expunged here and are never loaded again; “*” is the whole record."
    )

    def __str__(self) -> str:
        return self.key
