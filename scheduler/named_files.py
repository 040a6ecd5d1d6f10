"""Files as people name them, which may be no files at all: nothing makes the reader wait. What root makes by a command
belongs to whom the folder belongs that it is made in, so that the service, which is another user, goes
on writing there.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path


def read(path: Path, most: int = -1, flags: int = 0) -> bytes:
    """What is in the file, at most so many bytes of it (-1: all). Raises OSError.

    A pipe that nobody writes into is empty: opened as usual, it would be waited at for ever (fifo(7)). One that
    somebody writes into, such as the shell's ``<(command)``, is read to its end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
    with os.fdopen(descriptor, "rb") as stream:
        os.set_blocking(descriptor, True)
        return stream.read(most)


def opened_privately(path: Path, *, anew: bool = False) -> int:
    """A descriptor for writing a file that its owner alone may read (0600), whatever the umask; with `anew` only where
    nothing is there. Raises OSError, FileExistsError among them."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_EXCL if anew else os.O_TRUNC), 0o600)
    os.fchmod(descriptor, 0o600)
    belongs_as(descriptor, path.parent)
    return descriptor


def belongs_as(made: int | Path, other: int | Path) -> None:
    """What root made belongs to whom the other belongs, mostly the folder that it is made in; nobody else can give
    anything away. Raises OSError."""
    if os.geteuid() == 0:
        owner = other.stat() if isinstance(other, Path) else os.fstat(other)
        os.chown(made, owner.st_uid, owner.st_gid)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it where they are missing, each belonging as the one above it. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with suppress(FileExistsError):
            each.mkdir(mode if each == folder else 0o777)
            belongs_as(each, each.parent)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def can_be_read_by_all(path: Path) -> bool:
    """Whether every user of this machine can read the file: by its own mode, and those of all folders above it."""
    return _is_open(path, 0o004, 0o001)


def can_be_read_by_another(path: Path) -> bool:
    """Whether anybody but its owner may: every user of this machine, or whoever is in a group."""
    return _is_open(path, 0o044, 0o011)


def _is_open(path: Path, reads: int, enters: int) -> bool:
    try:
        real = path.resolve()
        return bool(real.stat().st_mode & reads) and all(above.stat().st_mode & enters for above in real.parents)
    except (OSError, RuntimeError):  # it is not there
        return False
