"""Readings as spreadsheets write them: CSV, by whichever mark its columns are parted and whichever program saved it."""

import csv
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from scheduler import named_files
from scheduler.cli.output import plain
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.services.cases.kpis import ReportedValue

COLUMNS = ("kpi", "period", "value", "note", "by")
_NEEDED = ("kpi", "value")
_MAY_BE_CUT = frozenset({"note", "by"})
"""Spreadsheet programs leave out empty cells at a line's end; a period left out so would be another one."""
MOST_BYTES, MOST_ROWS = 4 * 1024 * 1024, 10_000
_MOST_TOLD = 50


class SheetRow(NamedTuple):
    """What a line says; `line` is where it starts."""

    line: int
    entry: ReportedValue


def rows(file: Path, encoding: str | None) -> list[SheetRow]:
    """What the lines of a file say, in the text encoding that is named, or that the file shows. Raises `UserError` with
    every line that cannot be read."""
    text = _text(file, encoding)
    delimiter, text, first = _parted(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []), first)
        lines = list(_lines(reader, first))
    except csv.Error as error:
        at = reader.line_num + first - 1
        raise UserError(f"line {at}: {error}", "write it as a spreadsheet program does") from None
    if len(lines) > MOST_ROWS:
        raise UserError(f"it has {len(lines):,} lines, and {MOST_ROWS:,} are the most", "split it into several files")
    found, faults = [], []
    for line, cells in lines:
        try:
            found.append(SheetRow(line, _entry(columns, cells)))
        except InvalidValue as fault:
            faults.append((line, fault.what, fault.hint))
    if faults:
        raise listed(faults)
    if not found:
        raise UserError("there is no reading in it", f"its first line is {','.join(COLUMNS)}, then one line a reading")
    return found


def listed(faults: list[tuple[int, str, str]]) -> UserError:
    """Every line that is wrong, what is wrong with it, and the way out."""
    told = [f"line {line}: {plain(what)}" + (f" ({plain(hint)})" if hint else "") for line, what, hint in faults]
    more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
    return UserError(
        "nothing was recorded\n  " + "\n  ".join(told[:_MOST_TOLD] + more),
        "mend these lines, and import all of it again",
    )


def _text(file: Path, encoding: str | None) -> str:
    """The file's text: UTF-8, UTF-16 where it says so, or what it is said to be. Raises `UserError`."""
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if str(file) == "-" else named_files.read(file, MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", "check that this user may read it") from None
    if len(raw) > MOST_BYTES:
        raise UserError(f"{file} is larger than 4 MiB", "split it into several files")
    shown = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = str(raw, encoding or shown)
    except LookupError:
        raise UserError(
            f"there is no text encoding {encoding!r}", "such as windows-1252, windows-1250, cp437"
        ) from None
    except (UnicodeError, ValueError):
        named = encoding or "UTF-8"
        hint = 'save it as "CSV UTF-8", or say how it was saved: --encoding windows-1252'
        raise UserError(f"{file} is no {named} text", hint) from None
    if "\0" in text:
        raise UserError(f"{file} holds bytes of nought", "if it was saved in UTF-16, say so: --encoding utf-16-le")
    return text.removeprefix("\ufeff")


def _parted(text: str) -> tuple[str, str, int]:
    """The mark between columns, the text from its heading on, and the line which that is. ``sep=;`` is Excel's word
    for the mark."""
    head, _, rest = text.partition("\n")
    said = head.strip().strip('"').lower()
    if said.startswith("sep=") and len(said) == 5:
        return said[4], rest, 2
    if said == "sep=":  # a tab, which is gone with the blanks
        return "\t", rest, 2
    return max(";\t,", key=head.count), text, 1


def _lines(reader: "Iterator[list[str]]", first: int) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not empty, and the line on which it starts: one in quotes may have several."""
    start = first + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = first + reader.line_num  # type: ignore[attr-defined]  # what csv.reader gives


def _columns(head: list[str], line: int) -> list[str]:
    """The names of the columns; empty ones at the end, as spreadsheets write them, have none."""
    columns = [cell.strip().lower() for cell in head]
    named = [column for column in columns if column]
    strange = [column for column in named if column not in COLUMNS]
    missing = [column for column in _NEEDED if column not in columns]
    if strange or missing or len(set(named)) < len(named):
        what = (
            f"it has no column {missing[0]}"
            if missing
            else f"it has a column {plain(strange[0])[:40]!r}"
            if strange
            else "it has a column twice"
        )
        raise UserError(f"line {line}: {what}", f"its columns are {', '.join(COLUMNS)}; only kpi and value are needed")
    return columns


def _entry(columns: list[str], cells: list[str]) -> ReportedValue:
    said = _said(columns, cells)
    if not said["kpi"]:
        raise InvalidValue("it names no KPI", "write its id, like acme-globex/cells-delivered")
    return ReportedValue(
        kpi=said["kpi"],
        value=said["value"],
        period=said.get("period") or None,
        note=said.get("note") or None,
        by=said.get("by") or None,
        way="import",
    )


def _said(columns: list[str], cells: list[str]) -> dict[str, str]:
    """The cells by their columns. Raises `InvalidValue` where they do not fit."""
    spare, cut = cells[len(columns) :], columns[len(cells) :]
    if any(cell.strip() for cell in spare) or not _MAY_BE_CUT.issuperset(filter(None, cut)):
        raise InvalidValue(
            f"it has {len(cells)} cells, and there are {len(columns)} columns",
            "put a cell with the delimiter in it in quotes",
        )
    padded = [cell.strip() for cell in cells[: len(columns)]] + [""] * len(cut)
    unnamed = [cell for column, cell in zip(columns, padded, strict=True) if cell and not column]
    if unnamed:
        raise InvalidValue(f"{unnamed[0][:40]!r} stands in a column without a name", "name the column, or empty it")
    return dict(zip(columns, padded, strict=True))
