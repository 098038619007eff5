"""Settings on machines that differ from this one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_the_embedded_database_stays_in_its_folder_whatever_the_folder_is_called(tmp_path: Path) -> None:
    home = tmp_path / "a b+c%20#d?e"
    shutil.copytree(settings.BASE_DIR / "config", home / "config")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ask = "from config import settings; print(settings.DATABASES['default']['NAME'], end='')"
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=home, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout == str(home / "var" / "waymark.sqlite3")


def test_an_empty_database_url_means_the_embedded_database(tmp_path: Path) -> None:
    shutil.copytree(settings.BASE_DIR / "config", tmp_path / "config")
    ask = "from config import settings; print(settings.DATABASES['default']['ENGINE'], end='')"
    environment = {**os.environ, "DATABASE_URL": ""}
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout == "config.sqlite"
