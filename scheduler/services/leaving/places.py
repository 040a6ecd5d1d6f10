"""Rows that name a definition file: by its path on record, by its name alone in an export, which goes anywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

_TOLD_IN = {"partnership": "problem", "file_state": "problems"}
"""The tables, and the column of what was wrong with the file when it was read."""


def to_anywhere(folder: Path, table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row without the folder in which definitions lie here."""

    def named(file: str) -> str:
        path = Path(file)
        return path.name if path.parent == folder else file

    return _placed(table, row, named)


def to_here(folder: Path, table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of an export with the folder in which definitions lie here."""
    return _placed(table, row, lambda file: file if "/" in file or not file else str(folder / file))


def _placed(table: str, row: dict[str, Any], place: Callable[[str], str]) -> dict[str, Any]:
    column = _TOLD_IN.get(table)
    if column is None:
        return row
    placed: dict[str, Any] = _of_file(row, place)
    return {**placed, column: _of_files(row[column], place)} if column in row else placed


def _of_files(told: Any, place: Callable[[str], str]) -> Any:
    return [_of_file(each, place) for each in told] if isinstance(told, list) else _of_file(told, place)


def _of_file(said: Any, place: Callable[[str], str]) -> Any:
    is_of_file = isinstance(said, dict) and isinstance(said.get("file"), str)
    return {**said, "file": place(said["file"])} if is_of_file else said
