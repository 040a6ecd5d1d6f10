"""How answers look: a table for people, one JSON document for programs."""

import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Any

import click

from scheduler.cli.table import laid_out
from scheduler.domain.errors import UserError

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def print_json_list(values: Iterable[object]) -> None:
    """Print a JSON list one value at a time, so that a long one needs no more memory than a short one."""
    before = "["
    for value in values:
        lines = json.dumps(value, indent=2, ensure_ascii=False, default=_plain).replace("\n", "\n  ")
        click.echo(f"{before}\n  {lines}", nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def _plain(value: object) -> Any:
    """Moments as ISO 8601 with their offset, dates as ISO 8601, decimals exactly, as text never is."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return str(value)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str, may_go: Sequence[str] = ()) -> None:
    """Print rows in columns that fit the terminal (`scheduler.cli.table` has the rules), anywhere else in columns as
    wide as their widest cell. `may_go` are heads of columns that may be left out where it is narrow; `empty` says in
    words that there are no rows."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        click.echo(empty)
        return
    layout = laid_out(heads, cells, terminal_width(), may_go)
    if layout.heads is not None:
        click.echo(click.style(layout.heads, bold=True))
    for row, lines in zip(cells, layout.rows, strict=True):
        colour = _colour(heads, row)
        for line in lines:
            click.echo(_coloured(line, colour))
    if layout.left_out:
        click.echo()
        say(f"For want of room without: {', '.join(layout.left_out)}. A wider window, or --json, has them.")


def say(line: str) -> None:
    """Print a line of words; on a terminal that is narrower in several, none of which ends within a word. What goes on
    stands where it began: behind the label that stands before it."""
    begins = _BEFORE.match(line)
    width, hang = terminal_width(), " " * len(begins[0]) if begins else ""
    shown = plain(line)
    if width is None or len(shown) <= width or len(hang) > width // 2:
        click.echo(shown)
        return
    for each in wrap(shown, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False):
        click.echo(each)


_BEFORE = re.compile(r"\s+|\S(?:\S| (?! ))*\s{2,}")
"""The blanks before a line, or a label with those behind it: ``definitions   ``."""


def terminal_width() -> int | None:
    """The columns of the terminal that answers are printed on; None where they go elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


_STATES = ("status", "state", "stands", "standing", "verdict")
_COLOURS = {
    "red": ("overdue", "dead", "missed", "failed", "off course"),
    "yellow": ("unrecorded", "expired", "partly", "at risk", "waiting"),
    "dim": ("cancelled", "skipped", "replaced", "superseded", "withdrawn", "revoked", "ended"),
}
"""What calls for somebody, what somebody should look at, and what counts no longer."""


def _coloured(line: str, colour: str | None) -> str:
    if colour is None:
        return line
    return click.style(line, dim=True) if colour == "dim" else click.style(line, fg=colour)


def _colour(heads: Sequence[str], row: Sequence[str]) -> str | None:
    """How a row looks by its state; the word stands there in any case."""
    states = {cell for head, cell in zip(heads, row, strict=True) if head in _STATES}
    return next((colour for colour, words in _COLOURS.items() if states & {*words}), None)


def print_grid(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns of a given width; what is longer goes on below, in its own column. An empty line
    keeps rows apart."""
    heads, widths = [head for head, _ in columns], [width for _, width in columns]
    click.echo(click.style(_line(heads, widths), bold=True))
    for row in rows:
        cells = [wrap(plain(cell), width) for cell, width in zip(row, widths, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            click.echo(_line(line, widths))
        click.echo()


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def plain(value: object) -> str:
    """A cell's text on one line; nothing in a name can steer the terminal."""
    text = "" if value is None else str(value)
    return "".join(character if character.isprintable() else " " for character in text)


def write_file(out: Path, content: bytes) -> None:
    """Write a file that a command was given by name. Raises UserError for what is there and is no file, such as a pipe,
    which would wait for a reader, and for what cannot be written."""
    try:
        if out.exists() and not out.is_file():
            raise UserError(f"{out} is no file", "name a file that this user may write")
        out.write_bytes(content)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(f"{out} cannot be written: {why}", "name a file that this user may write") from None
