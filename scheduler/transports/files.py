"""A folder as a way out: each file is there whole or not at all, and is touched only where its content differs.

Names may come from mail addresses and ids, so none may lead out of the folder: a path is walked part by part, each
opened under the one before, and a symbolic link is refused wherever it stands.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from scheduler.named_files import belongs_as, make_folder

from .delivery_errors import DeliveryError, DiskError

_MOST_BYTES_OF_A_NAME = 250
"""Of the 255 that file systems allow, some are left for the name a file bears while it is written."""


Signature = tuple[int, int, int]
"""What tells a file from what anybody makes of it later: its number on the disk, size, and time of change in ns."""


class WrittenFile(NamedTuple):
    """Whether a file was changed, and the signature of the one that now holds the content."""

    changed: bool
    signature: Signature


def write(root: Path, relative: str, content: bytes | str) -> bool:
    """As `put`; whether the file was changed."""
    return put(root, relative, content).changed


def put(root: Path, relative: str, content: bytes | str) -> WrittenFile:
    """Make ``root/relative`` hold `content` (text as UTF-8), with all folders on the way, unless it already does.

    `relative` is parted by "/": ``agendas/acme-globex/pipeline/2026-W49.md``. The file is replaced in one step, and is
    on the disk when this returns. Raises `DeliveryError`: a full disk, a folder that cannot be written, a path that
    leaves the root, a link on the way.
    """
    data = content.encode() if isinstance(content, str) else content
    *folders, name = _parts(relative)
    with in_plain_words(root, relative), _folder(root, folders, make=True) as folder:
        _wait_for_turn(folder)
        there = _content(folder, name)
        if there is not None and there[0] == data:
            return WrittenFile(False, there[1])
        return WrittenFile(True, _replace(folder, name, data))


def signature_of(stat: os.stat_result) -> Signature:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def remove(root: Path, relative: str) -> bool:
    """Remove ``root/relative``; False where it is not there. Raises `DeliveryError` as `write` does."""
    *folders, name = _parts(relative)
    with in_plain_words(root, relative), suppress(FileNotFoundError), _folder(root, folders, make=False) as folder:
        os.unlink(name, dir_fd=folder)
        return True
    return False


def _parts(relative: str) -> list[str]:
    """The names on the way. No hidden ones: that takes in ``..``, ``.``, and our own unfinished files."""
    parts = relative.split("/")
    if any(not part or part.startswith(".") or not part.isprintable() for part in parts):
        raise DeliveryError(
            f"{relative!r} is no path inside a folder", "paths are plain names, parted by single slashes"
        )
    if len(parts[-1].encode()) > _MOST_BYTES_OF_A_NAME:
        raise DeliveryError(f"{relative!r} is too long a name for a file", "choose a shorter id")
    return parts


@contextmanager
def _folder(root: Path, parts: list[str], make: bool) -> Iterator[int]:
    """The folder at the end of the way, open. The root itself may be a link: it is the operator's own word."""
    if make:
        make_folder(root)
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            is_new = make and _is_made(folder, part)
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            if is_new:
                belongs_as(below, folder)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


def _is_made(folder: int, name: str) -> bool:
    try:
        os.mkdir(name, dir_fd=folder)
    except FileExistsError:
        return False
    return True


def _wait_for_turn(folder: int) -> None:
    """One writer in a folder at a time: so an unfinished file has one name, and a killed writer's is used up."""
    with suppress(OSError):  # a network's file system may know no lock on a folder
        fcntl.flock(folder, fcntl.LOCK_EX)


def _open(folder: int, name: str, mode: Literal["rb", "wb"], flags: int) -> BinaryIO:
    return open(name, mode, opener=lambda path, _: os.open(path, flags | os.O_NOFOLLOW, 0o666, dir_fd=folder))


def _content(folder: int, name: str) -> tuple[bytes, Signature] | None:
    """The signature is taken first: what somebody writes meanwhile has another."""
    try:
        with _open(folder, name, "rb", os.O_RDONLY) as file:
            signature = signature_of(os.fstat(file.fileno()))
            return file.read(), signature
    except FileNotFoundError:
        return None


def _replace(folder: int, name: str, data: bytes) -> Signature:
    unfinished = f".{name}.new"
    try:
        with _open(folder, unfinished, "wb", os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as file:
            file.write(data)
            file.flush()
            belongs_as(file.fileno(), folder)
            os.fsync(file.fileno())
            signature = signature_of(os.fstat(file.fileno()))
        os.rename(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(unfinished, dir_fd=folder)
        raise
    os.fsync(folder)  # else the new name could be lost with the power
    return signature


_WHOLE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_WORDS = {
    errno.ENOSPC: ("the disk is full", "free some space; the file is as it was before"),
    errno.EDQUOT: ("the disk quota is used up", "free some space; the file is as it was before"),
    errno.EROFS: ("the disk is read-only", "mount it for writing, or name another folder"),
    errno.EACCES: ("the folder may not be written to", "check who owns it"),
    errno.EPERM: ("the folder may not be written to", "check who owns it"),
    errno.ELOOP: ("there is a symbolic link on the way", "put a real file or folder in its place"),
    errno.ENOTDIR: ("a file or a link stands where a folder is needed", "move it away"),
    errno.EISDIR: ("a folder stands where the file is to be", "move it away"),
}


@contextmanager
def in_plain_words(root: Path, relative: str) -> Iterator[None]:
    """Turn what the disk complains of into a `DeliveryError`, or a `DiskError`."""
    try:
        yield
    except OSError as error:
        what, hint = _WORDS.get(error.errno or 0, (error.strerror or str(error), "check the folder and its disk"))
        kind = DiskError if error.errno in _WHOLE_DISK else DeliveryError
        raise kind(f"{root / relative} cannot be written: {what}", hint) from error
