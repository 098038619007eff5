"""A database that processes of their own can reach: a SQLite file, or the PostgreSQL of the tests."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

APPS = ("records", "sources", "cases", "seeds")


def tables() -> list[str]:
    """The tables of the project, those of many-to-many fields included, in one order."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return sorted(model._meta.db_table for model in models)


class Installation:
    """Commands that run as processes on a database, and what it holds between them."""

    def __init__(self, url: str, file: Path | None) -> None:
        self.file = file
        self.env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.template = b""

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], cwd=settings.BASE_DIR, env=self.env, capture_output=True, text=True, check=False
        )

    def manage(self, *words: str) -> str:
        """Run a command of manage.py, which must succeed."""
        done = self.run("manage.py", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, *questions: str) -> list[int]:
        """Return the one number with which each question is answered."""
        if self.file:
            with closing(sqlite3.connect(self.file)) as base:
                return [base.execute(question).fetchone()[0] for question in questions]
        with connection.cursor() as cursor:
            answers = []
            for question in questions:
                cursor.execute(question)
                answers.append(cursor.fetchone()[0])
            return answers

    def rows(self) -> list[int]:
        """Return how many rows each table holds."""
        return self.ask(*(f'SELECT count(*) FROM "{table}"' for table in tables()))

    def prepare(self) -> None:
        """Put the tables, as the migrations made them for the tests, where processes find them."""
        if self.file:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(self.file)])
            self.template = self.file.read_bytes()

    def empty(self) -> None:
        """Take all rows away."""
        if self.file:
            self.file.write_bytes(self.template)
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(tables())} CASCADE")


@pytest.fixture
def installation(transactional_db: None, tmp_path: Path) -> Installation:
    """An empty database for processes."""
    given = connection.settings_dict
    file = tmp_path / "waymark.sqlite3" if connection.vendor == "sqlite" else None
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    made = Installation(f"sqlite:///{file}" if file else url, file)
    made.prepare()
    return made


@contextmanager
def served(installation: Installation) -> Iterator[int]:
    """Serve an installation as `make run` does, with one worker of four threads; yield the port."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    env = installation.env | {"PORT": str(number), "WEB_CONCURRENCY": "1"}
    words = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    with subprocess.Popen(words, cwd=settings.BASE_DIR, env=env, stdout=subprocess.DEVNULL, text=True) as server:
        try:
            wait_for(server, number)
            yield number
        finally:
            server.terminate()
            server.wait(timeout=20)
    if installation.file is None:  # what it left open is no part of the next test
        connection.close()


def wait_for(server: subprocess.Popen[str], port: int) -> None:
    """Wait until a worker takes connections."""
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")
