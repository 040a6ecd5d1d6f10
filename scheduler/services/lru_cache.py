"""What was worked out once is kept, as much as fits: what was asked for longest ago goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """Values by their keys, up to `most` in weight (each weighs 1 unless `weigh` tells); at least one is kept."""

    def __init__(self, most: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        self._most, self._weigh = most, weigh
        self._held: OrderedDict[K, V] = OrderedDict()
        self._weight = 0

    def get(self, key: K) -> V | None:
        value = self._held.get(key)
        if value is not None:
            self._held.move_to_end(key)
        return value

    def keep(self, key: K, value: V) -> V:
        self.forget(key)
        self._held[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._most and len(self._held) > 1:
            self.forget(next(iter(self._held)))
        return value

    def items(self) -> list[tuple[K, V]]:
        """All that is kept, what was asked for longest ago first."""
        return [*self._held.items()]

    def forget(self, key: K) -> None:
        value = self._held.pop(key, None)
        if value is not None:
            self._weight -= self._weigh(value)
