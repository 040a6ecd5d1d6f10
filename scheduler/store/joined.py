"""A store whose transactions are pieces of one that is open: what each of several use cases does is recorded together
with what was the occasion for it, or not at all; a piece that fails leaves nothing behind, and the others stand."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from .engine import Store
from .holding import hold


class JoinedStore(Store):
    """`db` is an open transaction of `outer`, which holds all that its pieces write of."""

    def __init__(self, outer: Store, db: Connection) -> None:
        self.url, self._db = outer.url, db

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """What stands in the open transaction."""
        yield self._db

    @contextmanager
    def write(self, *of: str) -> Iterator[Connection]:
        """A piece of it, undone alone where it raises."""
        with self._db.begin_nested():
            hold(self._db, *of)
            yield self._db

    @contextmanager
    def write_found(self, find: Callable[[Connection], Collection[str]]) -> Iterator[Connection]:
        """The same: whatever is found is held."""
        with self.write(*find(self._db)) as db:
            yield db

    def give_way(self) -> None:
        """Nobody else can write before the transaction ends."""

    def close(self) -> None:
        """It is its outer store's to close."""
