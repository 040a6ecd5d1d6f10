"""How answers look: a table for people, one JSON document for programs."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from textwrap import wrap
from typing import Any

import click

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


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows in columns as wide as their widest cell; `empty` says in words that there are none."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        click.echo(empty)
        return
    widths = [max(len(line[n]) for line in [list(heads), *cells]) for n in range(len(heads))]
    click.echo(click.style(_line(heads, widths), bold=True))
    for row in cells:
        click.echo(_line(row, widths))


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
