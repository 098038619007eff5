"""`make run`: from a fresh clone to a page in the browser. Safe to run again: nothing is created twice."""

import errno
import os
import socket
from urllib.parse import urlsplit

from make.packages import PYTHON, install
from make.shell import ROOT, Trouble, must, say, tell


def port() -> int:
    """Return the port to serve on: PORT, or 8000."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Trouble(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_database_url() -> None:
    """Refuse a DATABASE_URL that cannot be meant, without showing it: it holds a password."""
    text = os.environ.get("DATABASE_URL")
    if text is None:
        return
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "sqlite" or (parts.scheme in ("postgres", "postgresql") and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        raise Trouble(
            "DATABASE_URL is not understood. It looks like  postgres://user:password@host:5432/name\n"
            "(other characters than letters and digits in the password are written as %XX), or  unset DATABASE_URL\n"
            "to use the embedded database."
        )


def must_be_free(number: int) -> None:
    """Refuse a port that somebody else serves on, before any long work begins."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            why = "is already in use" if error.errno == errno.EADDRINUSE else f"is refused: {error.strerror}"
            raise Trouble(f"Port {number} {why}. Choose another one:  PORT=8001 make run") from None


def manage(*words: str) -> None:
    """Run a command of manage.py."""
    must([PYTHON, "manage.py", *words])


def main() -> None:
    """Install, prepare the database, and become the web server."""
    number = port()
    must_be_free(number)
    check_database_url()
    install("requirements.lock")
    os.umask(0o077)  # what is made from here on, the database above all, is for this account only
    say("Preparing the database")
    must([PYTHON, "-m", "make.database"], otherwise="It did not start; what to do stands above.")
    manage("migrate", "--noinput")
    say("Loading the seeds")
    manage("load_seeds")
    say("Roles and the first administrator")
    manage("make_roles")
    manage("first_admin")
    say("Collecting static files")
    manage("collectstatic", "--noinput")
    must_be_free(number)
    os.chdir(ROOT)
    os.environ["PORT"] = str(number)
    os.execv(PYTHON, [str(PYTHON), "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"])


if __name__ == "__main__":
    tell(main)
