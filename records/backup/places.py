"""Where a backup may lie."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from records.backup.problems import BackupRefused


def refuse_place(path: Path, *, inside_checkout: bool, open_folder: bool) -> None:
    """Raise BackupRefused where a new backup at `path` would overwrite something, or could be published or altered.

    The two exceptions are for whoever asked for them in words.
    """
    if os.path.lexists(path):
        raise BackupRefused(f"{path} is there already, and a backup never replaces anything. Choose another name.")
    folder = path.parent.resolve()
    if not folder.is_dir():
        raise BackupRefused(f"{folder} is no folder. Make it first:  mkdir -m 700 {folder}")
    if folder.is_relative_to(settings.BASE_DIR.resolve()) and not inside_checkout:
        raise BackupRefused(
            f"{path} lies inside the checkout, from where it could be committed or removed by accident. Choose a place "
            "outside, better on another disk; if you mean it:  --inside-checkout"
        )
    mode = folder.stat().st_mode & 0o777
    if mode & 0o066 and not open_folder:
        raise BackupRefused(
            f"{folder} is open to other accounts (mode {mode:04o}): they can see your backups, or move them. "
            f"Run:  chmod 700 {folder}   If it has to stay open:  --open-folder"
        )
