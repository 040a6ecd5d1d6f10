"""A wall clock that can be set while programs run by it (libfaketime, Debian's package of that name). What nobody can
set on a real machine goes on as ever: the monotonic clock, and how long the machine has been running."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.system.program import Place

_LIBRARY = "faketime/libfaketimeMT.so.1"
_SHARED_MEMORY = Path("/dev/shm")
_HERE = Path(__file__).parent


def library() -> Path:
    """Where it is. No skip where it is missing: whoever checks a change must see that this was not checked."""
    found = next(iter(Path("/usr/lib").glob(f"*/{_LIBRARY}")), None)
    assert found, "another clock than the machine's comes with the Debian package libfaketime"
    return found


def remove_what_the_dead_left() -> None:
    """It keeps a semaphore and a page of shared memory for each process, by its number, and whoever is killed leaves
    both: a later process of that number finds them in whatever state they are."""
    for each in _SHARED_MEMORY.glob("*faketime_s??_*"):
        if not Path("/proc", each.name.rpartition("_")[2]).exists():
            each.unlink(missing_ok=True)


class Clock:
    """A clock for the programs that get its `environ`; it goes from `start` on."""

    def __init__(self, folder: Path, start: datetime) -> None:
        remove_what_the_dead_left()
        self._file = folder / "clock"
        self._ahead = round(start.timestamp() - time.time())
        self._tell()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def leap(self, by: timedelta) -> None:
        """Set it forward, or back where `by` is less than nothing."""
        self._ahead += round(by.total_seconds())
        self._tell()

    def _tell(self) -> None:
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(f"{self._ahead:+d}\n")
        unfinished.rename(self._file)

    def environ(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",  # the file is read at each look
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": os.pathsep.join([str(_HERE / "under_faketime"), *_paths()]),
            "CADENCE_CLOCK": "",  # it is a clock like any other, and held against the record
        }


def _paths() -> Iterator[str]:
    yield from filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))


class ByThatClock(Place):
    """A place whose programs live by another clock, and are told no moment besides."""

    clock: Clock

    def command(self, *words: str, now: str = "") -> list[str]:
        python, *given = super().command(*words)
        at = given.index("--now")
        environ = [f"{name}={value}" for name, value in self.clock.environ().items()]
        return ["env", *environ, python, *given[:at], *given[at + 2 :]]
