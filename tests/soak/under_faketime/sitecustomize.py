"""Loaded by every Python that lives under libfaketime. `time.sleep` waits until a moment of the monotonic clock, by
clock_nanosleep(2), which libfaketime 0.9.10 (Debian 12's) moves even where it is told to leave that clock alone; so who
sleeps waits for nothing instead, as long."""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex) -> None:
    select.select([], [], [], float(seconds))


time.sleep = _sleep
