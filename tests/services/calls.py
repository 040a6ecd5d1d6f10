"""How often functions are called, and which questions the database is asked, while a block runs. Nothing is replaced:
the interpreter tells of each call, and SQLAlchemy of each statement."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def counted(*functions: Callable[..., Any], but_from: str) -> Iterator[Counter[str]]:
    """The calls of these functions, by their names; those that come from a package are another matter's."""
    names = {each.__code__: each.__name__ for each in functions}
    calls: Counter[str] = Counter(dict.fromkeys(names.values(), 0))

    def note(frame: FrameType, what: str, _: object) -> None:
        if what == "call" and frame.f_code in names and not _is_in(frame.f_back, but_from):
            calls[names[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def _is_in(caller: FrameType | None, package: str) -> bool:
    return caller is not None and str(caller.f_globals.get("__name__")).startswith(package)


@contextmanager
def asked(start: str) -> Iterator[list[str]]:
    """The questions whose part from FROM on starts so, as they are put to the database."""
    found: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = " ".join(statement.split())
        if words.startswith("SELECT") and words.partition(" FROM ")[2].startswith(start):
            found.append(words)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
