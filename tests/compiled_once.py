"""Statements and templates are compiled once for all tests of a process, as they are in a program.

A program opens one database and reads one folder of templates; a process of tests opens some thousand, and SQLAlchemy
keeps what it compiled with each engine, Jinja2 with each folder. Compiling took a sixth of the tests' time.
"""

from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Dialect, Engine, event

_STATEMENTS: dict[tuple[object, ...], tuple[Dialect, dict[Any, Any]]] = {}
"""For each kind of database the first dialect that was met, and what was compiled by it."""


def compile_once() -> None:
    """From now on, in this process."""
    event.listen(Engine, "engine_connect", _share_statements)
    make = Environment.__init__

    def made(environment: Environment, *arguments: Any, **options: Any) -> None:
        make(environment, *arguments, **{"bytecode_cache": _TEMPLATES, **options})

    Environment.__init__ = made  # type: ignore[method-assign, assignment]


def _share_statements(connection: Connection) -> None:
    """What is compiled is kept under its dialect, so that must be the same one, too."""
    own: Any = connection.dialect
    kind = (type(own), own.server_version_info, own._json_serializer, own._json_deserializer)
    connection.dialect, compiled = _STATEMENTS.setdefault(kind, (own, {}))
    connection.execution_options(compiled_cache=compiled)


class _Templates(BytecodeCache):
    """By a template's name, and the text that it had."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (bucket.key, bucket.checksum) in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_TEMPLATES = _Templates()
