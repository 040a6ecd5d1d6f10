"""How long the machine has been running: a clock beside the wall clock that nobody can set."""

import os
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from scheduler.rules.clock_trust import ClockReading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def uptime() -> float:
    """Seconds since the machine was started, also those for which it slept (clock_gettime(2), CLOCK_BOOTTIME); where it
    has no such clock, the monotonic one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def boot() -> str:
    """A name of this start of the machine; where the system gives none, of this process."""
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return f"process {os.getpid()}"


def reading(at: datetime) -> ClockReading:
    """A reading of the wall clock, with what the machine says beside it."""
    return ClockReading(at, uptime(), boot())
