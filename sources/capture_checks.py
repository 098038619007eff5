"""Checking that every captured file is still what was sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from records.models import Proposal
from records.vocabulary import ProposalState
from sources.capture_store import sha256_of, stored_files
from sources.models import Capture

PROGRESS_EVERY = 200
#: What is wrong with which file: the reference of its capture, or its name in the store.
Fault = tuple[str, str]


def faults(say: Callable[[str], None] | None = None) -> Iterator[Fault]:
    """Read every file again; yield those that are missing, altered, left behind, or nobody's."""
    known = set()
    captures = Capture.objects.order_by("pk")
    for seen, capture in enumerate(captures.iterator(chunk_size=PROGRESS_EVERY), start=1):
        known.update(capture.files)
        yield from ((capture.ref, wrong) for wrong in faults_of(capture))
        if say is not None and seen % PROGRESS_EVERY == 0:
            say(f"  {seen} files read")
    waiting = waiting_files()
    for name in stored_files():
        if name not in known and name not in waiting:
            yield name, "lies in the store, but no capture knows it"


def files_to_keep() -> tuple[list[str], list[str]]:
    """Return the files of the store that the database knows, and the names of those that it knows and that are gone."""
    kept = Capture.objects.filter(expunged=False).values_list("stored", "copy_stored")
    named = {name for names in kept for name in names if name}
    there, waiting = stored_files(), waiting_files()
    return [name for name in there if name in named or name in waiting], sorted(named.difference(there))


def copies_among(names: Iterable[str]) -> int:
    """Return how many of these files of the store are copies, and not sealed files."""
    return len({*Capture.objects.values_list("copy_stored", flat=True)}.intersection(names))


def waiting_files() -> str:
    """Return a text in which the files stand that are only proposed."""
    return " ".join(Proposal.objects.filter(state=ProposalState.OPEN).values_list("row_changes", flat=True))


def faults_of(capture: Capture) -> Iterator[str]:
    """Say what is wrong with the sealed file of a capture, and with its copy."""
    files = [("", capture.path, capture.size, capture.sha256)]
    if capture.copy_path:
        files.append(("its copy ", capture.copy_path, capture.copy_size or 0, capture.copy_sha256))
    for what, path, size, sha256 in files:
        if capture.expunged:
            if path.is_file():
                yield f"{what}was to be destroyed, and is still there: run expunge again"
        elif not path.is_file():
            yield f"{what}is missing"
        elif path.stat().st_size != size or sha256_of(path) != sha256:
            yield f"{what}was altered: it does not have its SHA-256 any more"
