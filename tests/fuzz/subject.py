"""What is fuzzed: how an input is made from chance, and what has to be so of what comes of it."""

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STILL_GOOD = b"# still good"
"""So an input begins that says what a good one says in other words."""


class Subject(ABC):
    """One way in. `folder` is empty and its own. `try_one` leaves things as they were before, so that each input can be
    run alone; what it raises is a fault of the program."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: float | None = None
        """What the program took for the last input, of the processor, where `timed` says so."""

    @abstractmethod
    def make(self, rng: random.Random) -> bytes:
        """An input, the same for the same chance."""

    @abstractmethod
    def try_one(self, content: bytes) -> str:
        """Hand an input to the program, and see what became of it; return that in a word, to be counted."""

    @contextmanager
    def timed(self) -> Iterator[None]:
        """What the program does inside is what is timed of an input; without it all of `try_one` is."""
        began = time.process_time()
        yield
        self.seconds = (self.seconds or 0) + time.process_time() - began

    def shrinks(self, content: bytes) -> bool:
        """Whether a shorter input would still be one of its kind."""
        return not content.startswith(STILL_GOOD)

    def close(self) -> None:
        """Let go of what is open."""
        return
