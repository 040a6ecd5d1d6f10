"""When to try again what failed: soon at first, and less often for as long as it goes on failing."""

FIRST = 1.0
"""Seconds after the first failure: most are a lock, or a disk or server that is back in a moment."""


class Retry:
    """Waits twice as long after each failure in a row, up to `longest` seconds; moments are by the monotonic clock."""

    def __init__(self, longest: float) -> None:
        self._longest = max(FIRST, longest)
        self._failures = 0
        self._at: float | None = None

    def failed(self, now: float) -> float:
        """Something failed: the seconds until it is tried again."""
        wait: float = min(self._longest, FIRST * 2 ** min(self._failures, 30))
        self._failures += 1
        self._at = now + wait
        return wait

    def went_well(self) -> None:
        self._failures, self._at = 0, None

    def is_due(self, now: float) -> bool:
        return self._at is not None and now >= self._at

    def seconds_left(self, now: float) -> float | None:
        """How long it still waits; None where nothing has failed."""
        return None if self._at is None else max(0.0, self._at - now)
