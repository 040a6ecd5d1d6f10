"""The app as requests use it: one piece of work at a time, in a thread beside the server's."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from scheduler.domain.manner import AS_EVER
from scheduler.render.languages import speaking
from scheduler.services.app import App

T = TypeVar("T")
Reading = Callable[[App, Connection, datetime], T]
Acting = Callable[[App, datetime], T]


class UnitOfWork:
    """For one event loop. `clock` tells the time; `changed` is called after each change that people or programs make,
    so that somebody looks soon what follows from it."""

    def __init__(self, app: App, clock: Callable[[], datetime], changed: Callable[[], None]) -> None:
        self.app = app.for_another_thread()
        self._clock, self._changed = clock, changed
        self._turn = asyncio.Lock()

    async def read(self, work: Reading[T]) -> T:
        """Look something up, in the manner of whoever is spoken to. Raises StoreError, and what `work` raises."""

        def reading() -> T:
            with self.app.store.read() as db:
                return work(self.app, db, self._clock())

        async with self._turn:
            return await asyncio.to_thread(reading)

    async def act(self, work: Acting[T]) -> T:
        """Do what a person or a program asks for: a use case, which opens a transaction of its own. In English, whoever
        asks: it is put on record. Raises the same."""
        done = await self.note(work)
        self._changed()
        return done

    async def note(self, work: Acting[T]) -> T:
        """The same for what changes nothing that anybody is governed by, such as when an address was last read."""

        def noting() -> T:
            with speaking(AS_EVER):
                return work(self.app, self._clock())

        async with self._turn:
            return await asyncio.to_thread(noting)
