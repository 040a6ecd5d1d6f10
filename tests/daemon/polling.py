"""Waiting for what another thread or process does: looked for often, and given up only where it must be a hang."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
HANG = 400.0
"""Seconds after which a test that waits is taken to wait for ever: no machine is so busy. There is no other limit."""


def until(found: Callable[[], T], what: str, goes_on: Callable[[], bool] = lambda: True) -> T:
    """The first true answer of `found`; fails, saying what was waited for, where it cannot come any more: what it is
    waited for from goes on no longer, or it hangs."""
    began = time.monotonic()
    while True:
        # Asked first: whoever ends has done before what there is to find.
        may_still_come = goes_on() and time.monotonic() - began < HANG
        if answer := found():
            return answer
        assert may_still_come, f"{time.monotonic() - began:.0f} seconds were not enough, or it ended, for {what}"
        time.sleep(0.02)
