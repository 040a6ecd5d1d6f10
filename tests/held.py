"""Who writes of a partnership holds it: a tool that fails a test in which the program does otherwise.

On SQLite there is one writer, and nothing comes of a partnership that is not held; on PostgreSQL a change of another
daemon would be lost, now and then. So each statement that changes a table is looked at as it is executed, on both: its
transaction has to hold a partnership where the table is of one, and that one, where the statement says whose it is.
Transactions that a test opens to prepare a record are its own affair.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from scheduler.domain.ids import Id
from scheduler.store import core_tables, holding

BY_ROWS = {
    "api_token": "an operator's: each is changed by its own row",
    "claim": "taken and looked at by its rows, which is what it is for",
    "confirmation": "a code is tried under its row's lock, and made in its person's turn",
    "letter": "a sender settles it by its own row, under a lease that is looked at again",
    "letter_question": "what was asked long ago goes; a row is new in the transaction that writes its letter",
    "event": "taken off the record by rows that nobody else is at",
    "subscription": "each is changed under its row's lock",
}
"""The tables that have a partnership and are changed without holding it, and why that is right."""
OF_ITS_OWN = ("services/cases/backups.py", "services/leaving/importing.py", "services/previews/scratch.py")
"""These write into a copy that nobody else has open, or into a record in which nothing is yet."""
NEW_HOLDS = ("letter", "letter_question", "event")
"""Of these, a row is new in the transaction of the change that it tells of."""
_IDS = ("review", "subject", "scope", "kpi", "proposal", "series")
"""Columns that hold the id of something of a partnership."""
_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.IGNORECASE)
_OPENER = "opened in"


def _of_partnerships() -> set[str]:
    tables = {name: {column.name for column in getattr(core_tables, name).columns} for name in core_tables._COLUMNS}
    found = {name for name, columns in tables.items() if "partnership" in columns}
    return {*found, "partnership", "revision", "agenda", "imported"}


OF_PARTNERSHIPS = _of_partnerships()


_found: list[str] = []


class NotHeld(AssertionError):
    """A statement wrote of a partnership that its transaction does not hold."""


@pytest.fixture(autouse=True)
def only_what_is_held_is_written(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    begin = holding.begin

    def begun(db: Connection) -> None:
        begin(db)
        db.info[_OPENER] = _opener()

    monkeypatch.setattr("scheduler.store.engine.begin", begun)
    _found.clear()
    event.listen(Engine, "before_cursor_execute", _look)
    yield
    event.remove(Engine, "before_cursor_execute", _look)
    assert not _found, "\n".join(_found)  # what goes wrong with one partnership ends no cycle


def _opener() -> str:
    """The file that opened the transaction: of the program, or a test's."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_name != "_settle_schema":
        if not frame.f_code.co_filename.endswith(("contextlib.py", "store/engine.py")):
            break
        frame = frame.f_back
    return frame.f_code.co_filename


def _look(db: Connection, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool) -> None:
    written = _WRITES.match(statement)
    opener = db.info.get(_OPENER, "/tests/")
    if not written or "/tests/" in opener or opener.endswith(OF_ITS_OWN):
        return
    if opener.endswith("store/engine.py"):  # a schema is made or changed, under a lock of its own
        return
    verb, table = written[1].upper(), written[2].lower()
    if table not in OF_PARTNERSHIPS or (table in BY_ROWS and not (verb == "INSERT INTO" and table in NEW_HOLDS)):
        return
    held = holding.held(db)
    whose = {found for given in _given(context, parameters) for found in _named(table, given)}
    if not held or not whose <= held:
        said = f"{verb} {table} of {sorted(whose) or 'a partnership'}, and {sorted(held) or 'nothing'} is held"
        _found.append(f"{said}; the transaction was opened in {db.info[_OPENER]}")
        raise NotHeld(_found[-1])


def _given(context: Any, parameters: Any) -> list[dict[str, Any]]:
    """The values of a statement by the names of its columns, of each row."""
    compiled = getattr(context, "compiled_parameters", None)
    found = compiled or (parameters if isinstance(parameters, list) else [parameters])
    return [each for each in found if isinstance(each, dict)]


def _named(table: str, given: dict[str, Any]) -> Iterator[str]:
    """The partnerships that the values of one row name."""
    for name, value in given.items():
        column = re.sub(r"_\d+(_\d+)?$", "", name)
        is_own = table == "partnership" and column in ("id", "touched")
        if not is_own and column != "partnership" and not (column in _IDS and table != "letter"):
            continue
        for each in value if isinstance(value, list | tuple | set) else [value]:
            if isinstance(each, str) and each and (is_own or column == "partnership" or "/" in each):
                yield Id(each).partnership
