"""A folder of ``.eml`` files as a way out, for where there is no mail server: each letter lies there exactly once.

A letter is written under another name and then linked to its own (link(2)), which happens wholly or not at all, and
only where nothing of that name is there. Only its owner may read it, whatever the umask: letters hold links that open
forms.
"""

import os
from contextlib import suppress
from pathlib import Path

from scheduler.named_files import make_folder, opened_privately

from . import files

FOLDER = "outbox"
"""Under the folder of what is written: where letters lie if there is no mail server."""


def put(root: Path, name: str, content: bytes) -> bool:
    """Make the letter lie in ``root/name``; False where it already does, whatever has become of its bytes.

    Raises `DeliveryError`, for a full disk `DiskError`.
    """
    with files.in_plain_words(root, name):
        make_folder(root)
        unfinished, letter = root / f".{name}.{os.getpid()}.new", root / name
        try:
            with os.fdopen(opened_privately(unfinished), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, letter)
        except FileExistsError:
            return False
        finally:
            with suppress(OSError):
                unfinished.unlink()
        _sync(root)
    return True


def _sync(root: Path) -> None:
    """Else the new name could be lost with the power."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
