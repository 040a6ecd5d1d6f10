"""The states of many partnerships, for the steps of a cycle and whatever else looks at several: each made once, when it
is first asked for, and handed from step to step while nothing has changed.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from scheduler.services.app import App
from scheduler.services.state import PartnershipState, remembered, shown
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow

KEPT = 50
"""So many states a cycle keeps from one step to the next, at a few hundred KB each."""


class States:
    """The states that the first steps of a cycle have led to, for its later ones: the last few, since each is large.
    One is of no use any more once its partnership's revision has risen."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, PartnershipState]] = {}

    def keep(self, id: str, revision: int, state: PartnershipState) -> None:
        while len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[id] = revision, state

    def at(self, row: PartnershipRow, now: datetime) -> PartnershipState | None:
        """The state of a partnership at that moment, if it is known and nothing has changed since."""
        revision, state = self._kept.get(row.id, (0, None))
        return state if state and revision == row.revision and state.now == now else None


Complete = Callable[[App, Connection, PartnershipRow, PartnershipState], PartnershipState]
"""Reads what is wanted besides what decisions rest on."""


class Archive:
    """The states of one view of the database, each made when it is first asked for; those that are `known` are not
    worked out again. `complete` reads what they are asked for here."""

    def __init__(
        self, app: App, db: Connection, now: datetime, known: States | None = None, complete: Complete = shown
    ) -> None:
        self.app, self.db, self.now, self._known, self._complete = app, db, now, known or States(), complete
        self._made: dict[str, PartnershipState] = {}

    def __getitem__(self, id: str) -> PartnershipState:
        """The state of a partnership that is in the database. Raises KeyError for one that is not."""
        if id not in self._made:
            row = partnerships.get(self.db, id)
            if row is None:
                raise KeyError(id)
            state = self._known.at(row, self.now) or remembered(self.app, self.db, row, self.now)
            self._made[id] = self._complete(self.app, self.db, row, state)
        return self._made[id]

    def __iter__(self) -> Iterator[PartnershipState]:
        """Those that were asked for."""
        return iter(self._made.values())

    def on(self, db: Connection) -> "Archive":
        """The same states, and those that were not asked for yet from another view."""
        other = Archive(self.app, db, self.now, self._known, self._complete)
        other._made.update(self._made)
        return other
