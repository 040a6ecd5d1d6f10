"""A disk of some megabytes that can be filled up to the last page: a file system in memory, which root can mount."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.daemon.polling import HANG

SIZE = 48 * 1024 * 1024
PAGE = 4096


class Disk:
    """Where it is mounted; `ballast` is what fills it."""

    def __init__(self, at: Path) -> None:
        self.at = at
        self._ballast = at / "ballast"

    def leave(self, free: int) -> None:
        """Fill it, so that so many bytes are free."""
        self.empty()
        with self._ballast.open("wb") as stream:
            os.posix_fallocate(stream.fileno(), 0, max(PAGE, self._free() - free))

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def holds(self, home: Path) -> Path:
        """A copy of a folder, alone on the disk."""
        self.empty()
        for each in self.at.iterdir():
            shutil.rmtree(each)
        return Path(shutil.copytree(home, self.at / "home"))

    def _free(self) -> int:
        found = os.statvfs(self.at)
        return found.f_bavail * found.f_frsize


@contextmanager
def mounted(at: Path) -> Iterator[Disk]:
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(at)], check=True, timeout=HANG)
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", str(at)], check=True, timeout=HANG)
