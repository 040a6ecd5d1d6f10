"""`cadence reviews`: what is on record, planned and past."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table
from scheduler.domain.definition.vocabulary import Status

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded

_BACK, _AHEAD = timedelta(days=14), timedelta(days=60)
_A_DAY = timedelta(days=1)


@click.command(epilog="For example: cadence reviews --partnership acme-globex --from 2027-01-01 --until 2027-03-31")
@click.option("--from", "first", type=params.Day(), help="The first date, in each review's own zone.")
@click.option("--until", "last", type=params.Day(), help="The last date, likewise.")
@params.partnership
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only reviews that stand so.")
@as_json
@click.pass_obj
def reviews(
    context: Context, first: date | None, last: date | None, partnership: str | None, status: str | None, as_json: bool
) -> None:
    """List the reviews of the cadence by their start.

    As text, those from two weeks ago until sixty days ahead, unless dates are given; with --json, all on record.
    """
    if first and last and last < first:
        raise click.UsageError(f"--until {last} lies before --from {first}")
    by_default = not as_json and first is None and last is None
    if by_default:
        today = context.now.date()
        first, last = today - _BACK, today + _AHEAD
    with context.app() as app, app.store.read() as db:
        every = (each.as_of(context.now) for each in _found(db, partnership, first, last))
        found = (each for each in every if status is None or each.status == status)
        if as_json:
            print_json_list(formats.review(record) for record in found)
            return
        rows = [_row(record) for record in found]
    print_table(_HEADS, rows, empty="There is no such review. Where nothing is planned yet: cadence once")
    if by_default:
        click.echo(f"\nFrom {first} until {last}; --from and --until show others.")


def _found(db: "Connection", partnership: str | None, first: date | None, last: date | None) -> "Iterator[Recorded]":
    """The reviews whose date, where they are held, lies from `first` to `last`."""
    from scheduler.services import lookup
    from scheduler.store import reviews as store

    if partnership is not None:
        lookup.partnership(db, partnership)
    # Zones reach a day to either side of UTC: the database finds a little too much, and the civil date decides.
    since = _midnight(first, -_A_DAY) if first else None
    until = _midnight(last, 2 * _A_DAY) if last else None
    for record in store.listing(db, partnership=partnership, since=since, until=until):
        if (first or date.min) <= record.review.start.date() <= (last or date.max):
            yield record


def _midnight(day: date, shift: timedelta) -> datetime | None:
    """None beyond the first and the last year there are: then nothing is cut off."""
    try:
        return datetime.combine(day + shift, time(), UTC)
    except OverflowError:
        return None


_HEADS = ("when", "zone", "review", "title", "status", "agenda owner", "chair", "remarks")


def _row(record: "Recorded") -> tuple[object, ...]:
    plan = record.review
    return (
        formats.when(plan.start),
        plan.timezone,
        plan.id,
        plan.title,
        record.status,
        plan.agenda_owner,
        plan.chair,
        record.remark,
    )
