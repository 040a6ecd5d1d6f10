"""The app as requests use it: one piece of work at a time, in a thread beside the server's, in one transaction."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from scheduler.services.app import App

T = TypeVar("T")
Work = Callable[[App, Connection, datetime], T]


class UnitOfWork:
    """For one event loop. `clock` tells the time; `changed` is called after each change that people or programs make,
    so that somebody looks soon what follows from it."""

    def __init__(self, app: App, clock: Callable[[], datetime], changed: Callable[[], None]) -> None:
        self.app = app.for_another_thread()
        self._clock, self._changed = clock, changed
        self._turn = asyncio.Lock()

    async def read(self, work: Work[T]) -> T:
        """Raises StoreError, and what `work` raises."""

        def reading() -> T:
            with self.app.store.read() as db:
                return work(self.app, db, self._clock())

        async with self._turn:
            return await asyncio.to_thread(reading)

    async def write(self, work: Work[T]) -> T:
        """The same in a transaction that is committed only where `work` ends well."""

        def writing() -> T:
            with self.app.store.write() as db:
                return work(self.app, db, self._clock())

        async with self._turn:
            done = await asyncio.to_thread(writing)
        self._changed()
        return done
