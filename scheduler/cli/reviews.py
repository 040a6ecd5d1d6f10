"""`cadence reviews`: what is on record, planned and past."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table
from scheduler.domain.definition.vocabulary import Status
from scheduler.rules.access import asked_for
from scheduler.services.views import reviews as view

if TYPE_CHECKING:
    from scheduler.domain.record.review import Recorded

_BACK, _AHEAD = timedelta(days=14), timedelta(days=60)
_HEADS = ("when", "zone", "review", "title", "status", "agenda owner", "chair", "remarks")


@click.command(epilog="For example: cadence reviews --partnership acme-globex --from 2027-01-01 --until 2027-03-31")
@click.option("--from", "first", type=params.Day(), help="The first date, in each review's own zone.")
@click.option("--until", "last", type=params.Day(), help="The last date, likewise.")
@params.partnership
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only reviews that stand so.")
@params.for_
@as_json
@click.pass_obj
def reviews(
    context: Context,
    first: date | None,
    last: date | None,
    partnership: str | None,
    status: str | None,
    organisation: str | None,
    as_json: bool,
) -> None:
    """List the reviews of the cadence by their start.

    As text, those from two weeks ago until sixty days ahead, unless dates are given; with --json, all on record. With
    --for, those of the partnerships in which that organisation is a partner.
    """
    if first and last and last < first:
        raise click.UsageError(f"--until {last} lies before --from {first}")
    by_default = not as_json and first is None and last is None
    if by_default:
        today = context.now.date()
        first, last = today - _BACK, today + _AHEAD
    wanted = view.ReviewFilter(first, last, partnership, Status(status) if status else None)
    with context.app() as app:
        audience = asked_for(organisation)
        if as_json:
            found = view.with_overlaps(app, wanted, context.now, audience)
            print_json_list({**view.as_json(record), "overlaps": met} for record, met in found)
            return
        rows = [_row(record) for record in view.reviews(app, wanted, context.now, audience)]
    print_table(_HEADS, rows, empty="There is no such review. Where nothing is planned yet: cadence once")
    if by_default:
        click.echo(f"\nFrom {first} until {last}; --from and --until show others.")


def _row(record: "Recorded") -> tuple[object, ...]:
    from scheduler.render.hardship import burden_words

    plan = record.review
    remarks = (record.remark, *burden_words(plan, record.burdens or (), {}))
    return (
        formats.when(plan.start),
        plan.timezone,
        plan.id,
        plan.title,
        record.status,
        plan.agenda_owner,
        plan.chair,
        "; ".join(filter(None, remarks)),
    )
