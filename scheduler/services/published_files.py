"""The files under `data` as this process last wrote them, so that what would say the same is neither rendered nor
written, and what others make of them is noticed.

Kept in memory: a fresh process renders everything once. A file that was changed or removed meanwhile, by whomever, does
not stand and is written anew.
"""

import os
from collections.abc import Callable, Iterator
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
        self._revisions: dict[str, int] = {}

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

    def signature(self, path: str) -> Signature | None:
        """Of the file as it lies there; None where there is none."""
        return _signature(self._root / path)

    def knows(self, path: str, signature: Signature) -> bool:
        """Whether the file of this signature is the one that was written, or looked at, last."""
        kept = self._known.get(path)
        return kept is not None and kept[1] == signature

    def know(self, path: str, signature: Signature) -> None:
        """A file that somebody else wrote was looked at. It is rendered anew where it is to be published."""
        kept = self._known.get(path)
        if kept is None or kept[1] != signature:
            self._known.keep(path, (b"", signature))

    def changed(self, folder: str, ending: str) -> Iterator[str]:
        """The files of a folder, and those beneath it, that are others than those that are known."""
        for path, (_, known) in self._known.items():
            if path.startswith(f"{folder}/") and path.endswith(ending) and self.signature(path) not in (None, known):
                yield path

    def is_news(self, partnership: str, revision: int) -> bool:
        """Whether it was published since its files were looked at last."""
        return self._revisions.get(partnership) != revision

    def are_looked_at(self, partnership: str, revision: int) -> None:
        """Its files as of this revision are looked at, and what people made of them is seen to."""
        self._revisions[partnership] = revision


def _signature(path: Path) -> Signature | None:
    try:
        return files.signature_of(os.lstat(path))
    except OSError:
        return None
