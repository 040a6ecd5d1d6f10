"""The files under `data` as this process last wrote them, so that what would say the same is neither rendered nor
written.

Kept in memory: a fresh process renders everything once. A file that was changed or removed meanwhile, by whomever, does
not stand and is written anew.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scheduler.services.lru_cache import LruCache
from scheduler.transports import files
from scheduler.transports.files import Signature

KEPT = 100_000
"""How many files are known, at some 300 bytes each; what is not known is rendered."""


class File(NamedTuple):
    """A file to be written: its path, relative to where things are published, a digest of all that its bytes follow
    from, and how they are made."""

    path: str
    said: bytes
    render: Callable[[], bytes]


class PublishedFiles:
    """The files under `root`. For one thread at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: LruCache[str, tuple[bytes, Signature]] = LruCache(KEPT)

    def stands(self, path: str, said: bytes) -> bool:
        """Whether the file is there as it was written last, and said the same."""
        kept = self._known.get(path)
        return kept is not None and kept == (said, _signature(self._root / path))

    def write(self, path: str, said: bytes, content: bytes | str) -> None:
        """Write a file, and remember what it says. Raises as `files.write` does."""
        self._known.forget(path)
        self._known.keep(path, (said, files.put(self._root, path, content).signature))

    def publish(self, file: File) -> None:
        """Render and write a file, unless it stands. Raises as `files.write` does."""
        if not self.stands(file.path, file.said):
            self.write(file.path, file.said, file.render())

    def edited(self, folder: str, ending: str) -> list[str]:
        """The files of a folder, and those beneath it, that somebody has changed since they were written; each is told
        of once."""
        theirs = [each for each in self._known.items() if each[0].startswith(f"{folder}/") and each[0].endswith(ending)]
        found = [path for path, (_, written) in theirs if _signature(self._root / path) not in (None, written)]
        for path in found:
            self._known.forget(path)
        return found


def _signature(path: Path) -> Signature | None:
    try:
        return files.signature_of(os.lstat(path))
    except OSError:
        return None
