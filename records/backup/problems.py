"""What stops a backup or a restore, in words that say what to do."""

from __future__ import annotations


class BackupRefused(Exception):
    """A backup or a restore did not happen, and nothing was changed; the text says why and what to do."""
