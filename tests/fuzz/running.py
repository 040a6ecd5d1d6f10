"""Many inputs of one subject: each from its own seed, timed by the processor alone, and the failing ones shrunk, kept
and told with the command that runs them again."""

import hashlib
import os
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .subject import Subject

KEPT = Path(__file__).parent / "found"
"""Where failing inputs lie, by subject; git does not know the folder."""
MOST_KEPT = 10
"""So many different failures of a subject are shrunk; more would tell nothing new."""
MOST_TRIES = 600
"""Of shrinking one."""


class TooSlow(Exception):
    """One input took longer than a second of the processor."""


@dataclass
class Failure:
    """An input that the program failed on: its seed and number, what happened, and the file of what it shrank to."""

    seed: int
    number: int
    what: str
    file: Path


@dataclass
class Outcome:
    """What became of so many inputs: how often each word was answered, the slowest in seconds of CPU with its number,
    and the failures, each kind once."""

    subject: str
    seed: int
    count: int = 0
    words: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    failures: list[Failure] = field(default_factory=list)

    @property
    def told(self) -> str:
        became = ", ".join(f"{count} {word}" for word, count in self.words.most_common(12))
        lines = [
            f"{self.subject}: {self.count} inputs of seed {self.seed}: {became}; "
            f"slowest {self.slowest[0]:.2f} s CPU (number {self.slowest[1]}); {len(self.failures)} failures"
        ]
        for each in self.failures:
            again = f".venv/bin/python -m tests.fuzz {self.subject} {each.file}"
            lines.append(f"\nnumber {each.number} of seed {each.seed}: {each.what}\n  again: {again}")
        return "\n".join(lines)


def fuzz(subject: Subject, count: int, seed: int, most_seconds: float | None = None, first: int = 0) -> Outcome:
    """Try so many inputs, from number `first` on. With `most_seconds` of CPU an input that takes longer, three times
    over, has failed."""
    outcome, seen = Outcome(subject.name, seed), set[str]()
    for number in range(first, first + count):
        content = subject.make(chance(subject, seed, number))
        subject.seconds, began = None, time.process_time()
        trouble = _trouble(subject, content, outcome)
        took = _took(subject, began)
        if trouble is None and most_seconds is not None and took > most_seconds:
            took = min(took, *(_seconds(subject, content) for _ in range(2)))
            if took > most_seconds:
                trouble = TooSlow(f"{took:.2f} s of CPU")
        outcome.count += 1
        outcome.slowest = max(outcome.slowest, (took, number))
        if trouble and (kind := _kind(trouble)) not in seen and len(seen) < MOST_KEPT:
            seen.add(kind)
            is_shrunk = subject.shrinks(content) and not isinstance(trouble, TooSlow)
            small = shrunk(content, _fails_alike(subject, kind)) if is_shrunk else content
            outcome.failures.append(Failure(seed, number, _told(trouble), _keep(subject.name, small)))
    return outcome


def chance(subject: Subject, seed: int, number: int) -> random.Random:
    """The one from which an input is made."""
    return random.Random(f"{subject.name} {seed} {number}")


def shrunk(content: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """A shorter input that fails alike: pieces are left out, large ones first, while that holds."""
    tries, size = MOST_TRIES, max(1, len(content) // 2)
    while size and tries > 0:
        at, is_shorter = 0, False
        while at < len(content) and tries > 0:
            tries -= 1
            shorter = content[:at] + content[at + size :]
            if fails(shorter):
                content, is_shorter = shorter, True
            else:
                at += size
        if not is_shorter or size > len(content):
            size //= 2
    return content


def _trouble(subject: Subject, content: bytes, outcome: Outcome) -> BaseException | None:
    try:
        outcome.words[subject.try_one(content)] += 1
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return error
    return None


def _seconds(subject: Subject, content: bytes) -> float:
    subject.seconds, began = None, time.process_time()
    subject.try_one(content)
    return _took(subject, began)


def _took(subject: Subject, began: float) -> float:
    return time.process_time() - began if subject.seconds is None else subject.seconds


def _fails_alike(subject: Subject, kind: str) -> Callable[[bytes], bool]:
    def fails(content: bytes) -> bool:
        try:
            subject.try_one(content)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            return _kind(error) == kind
        return False

    return fails


def _kind(error: BaseException) -> str:
    """Failures of one kind: of one type, from one line of the program, or of the test where the program returned."""
    frames = traceback.extract_tb(_root(error).__traceback__)
    ours = [each for each in frames if f"{os.sep}scheduler{os.sep}" in each.filename] or frames[-1:]
    where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else ""
    return f"{type(_root(error)).__name__} {where}"


def _root(error: BaseException) -> BaseException:
    """What was raised first, where the subject raised it as the cause of its own words."""
    return error.__cause__ or error


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(_root(error), limit=-6)).strip()[-4000:]


def _keep(name: str, content: bytes) -> Path:
    file = KEPT / name / hashlib.blake2b(content, digest_size=8).hexdigest()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def kept(name: str) -> Iterator[Path]:
    """The failing inputs of a subject that lie there."""
    yield from sorted((KEPT / name).glob("*"))
