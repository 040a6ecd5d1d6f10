"""`cadence kpi import`: many readings out of one file, as spreadsheets write it."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import plain
from scheduler.domain.trouble import Fault, Trouble
from scheduler.domain.typed import pointed

if TYPE_CHECKING:
    from scheduler.cycle.reporting import Entry, Refused

COLUMNS = ("kpi", "period", "value", "note", "by")
_NEEDED = ("kpi", "value")
MOST_BYTES, MOST_ROWS = 4 * 1024 * 1024, 10_000
_MOST_TOLD = 50


class Row(NamedTuple):
    """What a line says; `line` is where it starts."""

    line: int
    entry: "Entry"


@click.command("import", epilog="For example: cadence kpi import november.csv --dry-run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@params.by
@click.pass_obj
def import_(context: Context, file: Path, dry_run: bool, by: str | None) -> None:
    """Report many readings out of the CSV FILE, or out of none of it where a line is wrong.

    Its first line names the columns, in any order: kpi and value, and where wanted period, note and by. Columns are
    parted by commas, semicolons or tabs; where by semicolons, numbers may have a decimal comma. --by says who reports
    the lines that do not say it.
    """
    from scheduler.cycle.reporting import Refused, report_all

    rows = _rows(_text(file))
    entries = [each.entry if each.entry.by else replace(each.entry, by=by) for each in rows]
    with context.house() as house:
        try:
            with house.store.write() as db:
                done = report_all(house, db, entries, context.now)
                if dry_run:
                    db.rollback()
        except Refused as refused:
            raise _told(rows, refused) from None
    fresh = [each for each in done if each.is_new]
    corrected = sum(each.corrects is not None for each in fresh)
    click.echo(
        f"{len(fresh)} {'would be' if dry_run else 'are'} recorded, {corrected} of them corrections; "
        f"{len(done) - len(fresh)} were on record already."
    )


def _text(file: Path) -> str:
    """The file's text, whatever wrote it: UTF-8, or UTF-16 where it says so. Raises Trouble."""
    with click.open_file(str(file), "rb") as stream:
        raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Trouble(f"{file} is larger than 4 MiB", "split it into several files")
    try:
        return str(raw, "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise Trouble(f"{file} is no UTF-8 text", 'save it as "CSV UTF-8"') from None


def _rows(text: str) -> list[Row]:
    """What the lines say. Raises Trouble with every line that cannot be read."""
    head = text.partition("\n")[0]
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []))
        lines = list(_lines(reader))
    except csv.Error as error:
        raise Trouble(f"line {reader.line_num}: {error}", "write it as a spreadsheet program does") from None
    if len(lines) > MOST_ROWS:
        raise Trouble(f"it has {len(lines):,} lines, and {MOST_ROWS:,} are the most", "split it into several files")
    rows, faults = [], []
    for line, cells in lines:
        try:
            rows.append(Row(line, _entry(columns, cells, "," if delimiter == ";" else ".")))
        except Fault as fault:
            faults.append((line, fault.what, fault.hint))
    if faults:
        raise _listed(faults)
    if not rows:
        raise Trouble("there is no reading in it", f"its first line is {','.join(COLUMNS)}, then one line a reading")
    return rows


def _lines(reader: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]]]:
    """Each record that is not empty, and the line on which it starts: one in quotes may have several."""
    start = 2
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1  # type: ignore[attr-defined]  # what csv.reader gives


def _columns(head: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in head]
    strange = [column for column in columns if column not in COLUMNS]
    missing = [column for column in _NEEDED if column not in columns]
    if strange or missing or len(set(columns)) < len(columns):
        what = (
            f"it has no column {missing[0]}"
            if missing
            else f"it has a column {plain(strange[0])[:40]!r}"
            if strange
            else "it has a column twice"
        )
        raise Trouble(f"line 1: {what}", f"its columns are {', '.join(COLUMNS)}; only kpi and value are needed")
    return columns


def _entry(columns: list[str], cells: list[str], mark: str) -> "Entry":
    from scheduler.cycle.reporting import Entry

    if len(cells) != len(columns):
        raise Fault(
            f"it has {len(cells)} cells, and there are {len(columns)} columns",
            "put a cell with the delimiter in it in quotes",
        )
    said = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    if not said["kpi"]:
        raise Fault("it names no KPI", "write its id, like acme-globex/cells-delivered")
    return Entry(
        kpi=said["kpi"],
        value=pointed(said["value"], mark),
        period=said.get("period") or None,
        note=said.get("note") or None,
        by=said.get("by") or None,
    )


def _told(rows: list[Row], refused: "Refused") -> Trouble:
    return _listed([(rows[index].line, trouble.what, trouble.hint) for index, trouble in refused.faults])


def _listed(faults: list[tuple[int, str, str]]) -> Trouble:
    """Every line that is wrong, what is wrong with it, and the way out."""
    told = [f"line {line}: {plain(what)}" + (f" ({plain(hint)})" if hint else "") for line, what, hint in faults]
    more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
    return Trouble(
        "nothing was recorded\n  " + "\n  ".join(told[:_MOST_TOLD] + more),
        "mend these lines, and import all of it again",
    )
