"""A file that is written over minutes bears another name until it is whole, and is synced before it bears its own:
whoever finds it finds all of it. It is its owner's alone. What a program that was killed left of one goes with the next
that is written there, once nobody can be at work on it any more.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scheduler.named_files import opened_privately

ABANDONED_AFTER = 12 * 60 * 60
"""Seconds in which nothing was written to it. Whoever is at work writes all the time, or examines what they wrote."""
_NAMED = re.compile(r"\.(.+?)(\.[0-9a-f]{8})?\.part(-journal)?")
_BY_THEMSELVES = re.compile(r"(cadence|before-upgrade|before-restore)-\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?\.(db|dump)")
"""Files that the program names itself; of any other only what has the name that is written now is known as its own."""


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """The file to write to in the meantime, empty, which takes the place of `target` at the end; where anything fails,
    what was there stays. Each has a name of its own, so that two at once do not write into one another's. Raises
    OSError."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(opened_privately(part, anew=True))
        _clear_up(part, target)
        yield part
        synced(part)
        part.replace(target)
        synced(target.parent)
    finally:
        for each in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                each.unlink(missing_ok=True)


def abandoned(folder: Path, now: float, also: str | None = None) -> list[Path]:
    """What killed programs left in a folder of files that they name themselves, or that have the name `also`; by `now`,
    in seconds since 1970."""
    found = []
    for each in folder.glob(".*.part*"):
        named = _NAMED.fullmatch(each.name)
        with suppress(OSError):  # it is gone by now
            is_ours = named and (named[1] == also or _BY_THEMSELVES.fullmatch(named[1]))
            if is_ours and now - each.lstat().st_mtime > ABANDONED_AFTER:
                found.append(each)
    return sorted(found)


def _clear_up(part: Path, target: Path) -> None:
    """By the clock of the disk, which may be another machine's."""
    for each in abandoned(target.parent, part.stat().st_mtime, target.name):
        with suppress(OSError):
            each.unlink()


def synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
