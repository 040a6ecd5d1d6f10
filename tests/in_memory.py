"""Where tests write: into memory where the machine has room there, because no test can tell whether the power failed.

The program syncs every commit and every file, and each sync on a disk takes milliseconds in which a test does nothing.
In a file system that lives in memory the same calls are made and cost nothing. Nothing of the program is replaced or
switched off for it. ``TMPDIR=/var/tmp make test`` writes onto a disk.
"""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that have to be free there: several times what a whole run leaves."""


def write_into_memory() -> None:
    """Let every temporary folder lie in memory, in the programs that tests start too; unless somebody has said where
    they are to lie."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # what was found before is forgotten


def _has_room(folder: Path) -> bool:
    """Whether programs may be written there and started, and much besides."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize > ROOM and not found.f_flag & os.ST_NOEXEC
