"""The tables of plain statements are those that the classes describe: `core_tables` is written from them."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column
from sqlmodel.sql.sqltypes import AutoString

from scheduler.store import core_tables
from scheduler.store.tables import PartnershipRow
from tests.golden import Golden

_HEAD = '''"""The tables of `tables` for plain statements, without what only their making needs. Loading the classes
takes longer than a listing; each of these is made when it is first asked for. Written from the classes by a test:
``pytest tests/store/test_core_tables.py --renew-golden``.
"""

from collections.abc import Callable

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, MetaData, String, Table, Text

from .column_types import Json, Moment, Name

_METADATA = MetaData()


def __getattr__(name: str) -> Table:
    if name not in _COLUMNS:
        raise AttributeError(f"there is no table {name!r}")
    made = globals()[name] = Table(name, _METADATA, *_COLUMNS[name]())
    return made


_COLUMNS: dict[str, Callable[[], tuple["Column[object]", ...]]] = {'''


def test_they_are_written_from_the_classes(golden: Golden) -> None:
    golden(Path(str(core_tables.__file__)), "\n".join([_HEAD, *_written()]))


def _written() -> Iterator[str]:
    for name, table in sorted(PartnershipRow.metadata.tables.items()):
        yield f'    "{name}": lambda: ('
        yield from (f"        {_column(each)}," for each in table.columns)
        yield "    ),"
    yield "}\n"


def _column(column: Column[object]) -> str:
    kind = "String" if isinstance(column.type, AutoString) else type(column.type).__name__
    key = ", primary_key=True" if column.primary_key else ""
    given = f", default={_spelled(getattr(column.default, 'arg', None))}" if column.default is not None else ""
    return f'Column("{column.name}", {kind}{key}{given})'


def _spelled(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
