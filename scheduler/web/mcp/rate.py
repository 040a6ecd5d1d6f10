"""How often a token may ask in a minute: a program that asks without end would leave nobody else a turn."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

MOST = 120
_SPAN = timedelta(minutes=1)


class Rate:
    """For one process, kept in memory; `most` requests in any minute."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._asked: defaultdict[int, deque[datetime]] = defaultdict(deque)

    def take(self, token: int, now: datetime) -> bool:
        """Whether a token may ask now; counted, if so. What a clock that was set back left ahead of it counts no
        more."""
        asked = self._asked[token]
        recent = [each for each in asked if now - _SPAN < each <= now]
        self._asked[token] = deque(recent, self._most)
        if len(recent) >= self._most:
            return False
        self._asked[token].append(now)
        return True
