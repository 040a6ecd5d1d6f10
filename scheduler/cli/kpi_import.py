"""`cadence kpi import`: many readings out of one file, as spreadsheets write it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import plain
from scheduler.domain.errors import BatchRefused, UserError
from scheduler.domain.user_input import CONVENTIONS

if TYPE_CHECKING:
    from scheduler.cli.spreadsheet import SheetRow
    from scheduler.services.cases.kpi_import import Imported
    from scheduler.services.cases.kpis import ReportedValue

_MOST_TOLD = 50


@click.command("import", epilog="For example: cadence kpi import november.csv --dry-run")
@click.argument("file", type=params.PathParam(dir_okay=False, exists=True, allow_dash=True))
@click.option("--period", type=params.NameParam(), metavar="PERIOD", help="That of the lines that name none.")
@click.option("--numbers", type=click.Choice([*CONVENTIONS]), help="How the file writes numbers, whoever reports.")
@click.option(
    "--encoding",
    type=params.NameParam(),
    metavar="NAME",
    help="How the file was saved, such as windows-1252, if not as Unicode.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@params.by
@click.pass_obj
def import_(
    context: Context,
    file: Path,
    period: str | None,
    numbers: str | None,
    encoding: str | None,
    dry_run: bool,
    by: str | None,
) -> None:
    """Report many readings out of the CSV FILE, or out of none of it where a line is wrong.

    Its first line names the columns, in any order: kpi and value, and where wanted period, note and by. Columns are
    parted by commas, semicolons or tabs. --by says who reports the lines that do not say it.

    A line that names no period fills the oldest that waits. The same file once more fills nothing: it is known by what
    it says.
    """
    from scheduler.cli import spreadsheet
    from scheduler.services.cases.kpi_import import import_all

    rows = spreadsheet.rows(file, encoding)
    entries = [_completed(each.entry, period, numbers, by) for each in rows]
    with context.app(writing=True) as app:
        try:
            done = import_all(app, entries, context.now, dry_run=dry_run)
        except BatchRefused as refused:
            raise _told(rows, refused) from None
    for line in _page(rows, entries, done, dry_run):
        click.echo(plain(line))


def _completed(entry: "ReportedValue", period: str | None, numbers: str | None, by: str | None) -> "ReportedValue":
    return replace(entry, period=entry.period or period, by=entry.by or by, numbers=numbers)


def _page(
    rows: "Sequence[SheetRow]", entries: "Sequence[ReportedValue]", imported: "Imported", dry_run: bool
) -> Iterator[str]:
    """How many are recorded; which periods were filled that no line names, and what is far off."""
    from scheduler.render.far_off import far_off_words

    fresh = {place: each for place, each in imported.done.items() if each.is_new}
    corrected = sum(each.corrects is not None for each in fresh.values())
    yield (
        f"{len(fresh)} {'would be' if dry_run else 'are'} recorded, {corrected} of them corrections; "
        f"{len(rows) - len(fresh)} were on record already."
    )
    yield from _some(
        f"line {rows[place].line} names no period: {each.reading.kpi} {each.owed.period.name}"
        for place, each in imported.done.items()
        if entries[place].period is None
    )
    if imported.before:
        yield (
            f"This file was imported before, on {imported.before:%Y-%m-%d %H:%M} UTC; its lines that name no period "
            "filled these then, and nothing is filled anew:"
        )
        before = imported.filled_before.items()
        yield from _some(f"line {rows[place].line}: {kpi} {period}" for place, (kpi, period) in before)
        yield "For another period say which: --period PERIOD, or a column period."
    far = [(rows[place].line, each, far_off_words(each.far_off)) for place, each in fresh.items() if each.far_off]
    yield from _some(
        f"line {line}: {each.reading.kpi} {each.owed.period.name}: {says}; if it is a slip, correct it"
        for line, each, says in far
    )


def _some(lines: Iterator[str]) -> Iterator[str]:
    told = list(lines)
    yield from (f"  {line}" for line in told[:_MOST_TOLD])
    if len(told) > _MOST_TOLD:
        yield f"  and {len(told) - _MOST_TOLD} more"


def _told(rows: "Sequence[SheetRow]", refused: BatchRefused) -> UserError:
    from scheduler.cli.spreadsheet import listed

    return listed([(rows[index].line, trouble.what, trouble.hint) for index, trouble in refused.faults])
