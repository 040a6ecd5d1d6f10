"""Those who get what the program sends: they keep whatever arrives, also what they do not answer to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import NamedTuple

from scheduler.services.pipeline.sending import transports
from scheduler.services.pipeline.sending.transports import Opening, Send
from scheduler.store.tables import LetterRow

from .faults import MortalStore


class Arrival(NamedTuple):
    """A letter that arrived at a moment of the true clock: by which channel, to whom, and what it is known by."""

    at: datetime
    channel: str
    email: str
    message_id: str
    dedup_key: str
    method: str
    content: bytes


class Receivers:
    """Mail servers and webhooks, as far as a sender can see them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.arrived: list[Arrival] = []

    def _take(self, letter: LetterRow) -> None:
        known = letter.channel, letter.email, letter.message_id, letter.dedup_key, letter.method
        self.arrived.append(Arrival(self._clock(), *known, letter.content))

    @contextmanager
    def _open(self, at: Opening) -> Iterator[Send]:
        """A conversation with places before it, before a letter, before its last line, and before the answer."""
        assert isinstance(at.app.store, MortalStore)
        process = at.app.store.process
        process.at("connect")

        def send(letter: LetterRow, may_go: Callable[[], bool]) -> str | None:
            process.at("before")
            if not may_go():
                return None
            process.at("marked")
            self._take(letter)
            process.at("taken")
            return "250 taken"

        yield send

    def registry(self) -> Mapping[str, Callable[[Opening], AbstractContextManager[Send]]]:
        """What to lay in place of the transports by which something leaves the machine."""
        return {**transports.TRANSPORTS, "smtp": self._open, "webhook": self._open}
