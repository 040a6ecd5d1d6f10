"""Waiting for what another thread or process does: looked for often, given up at a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(found: Callable[[], T], what: str, seconds: float = 20.0) -> T:
    """The first true answer of `found`; fails, saying what was waited for, where none comes in time."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, f"waited {seconds} seconds for {what}"
        time.sleep(0.02)
    return answer
