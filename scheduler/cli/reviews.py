"""`cadence reviews`: what is on record, planned and past."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table, say
from scheduler.domain.definition.vocabulary import Status
from scheduler.rules.access import asked_for
from scheduler.services.views import reviews as view

if TYPE_CHECKING:
    from scheduler.domain.record.review import Recorded

_BACK, _AHEAD = timedelta(days=60), timedelta(days=60)
_MAY_GO = ("zone", "chair", "agenda owner", "title")
_HEADS = ("when", "zone", "review", "title", "status", "agenda owner", "chair", "remarks")


@click.command(epilog="For example: cadence reviews --partnership acme-globex --from 2027-01-01 --until 2027-03-31")
@click.option("--from", "first", type=params.Day(), help="The first date, in each review's own zone.")
@click.option("--until", "last", type=params.Day(), help="The last date, likewise.")
@click.option("--past", is_flag=True, help="Those of the last sixty days, instead of those to come.")
@click.option("--all", "everything", is_flag=True, help="All on record.")
@params.partnership
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only reviews that stand so.")
@params.for_
@as_json
@click.pass_obj
def reviews(
    context: Context,
    first: date | None,
    last: date | None,
    past: bool,
    everything: bool,
    partnership: str | None,
    status: str | None,
    organisation: str | None,
    as_json: bool,
) -> None:
    """List the reviews of the cadence by their start.

    As text, those from today until sixty days ahead, unless dates are given; with --json, all on record. With --for,
    those of the partnerships in which that organisation is a partner.
    """
    if first and last and last < first:
        raise click.UsageError(f"--until {last} lies before --from {first}")
    if past + everything + bool(first or last) > 1:
        raise click.UsageError("--past, --all and dates exclude each other")
    today = context.now.date()
    by_default = not as_json and not (past or everything or first or last)
    if past:
        first, last = today - _BACK, today
    elif by_default:
        first, last = today, today + _AHEAD
    wanted = view.ReviewFilter(first, last, partnership, Status(status) if status else None)
    with context.app() as app:
        audience = asked_for(organisation)
        if as_json:
            found = view.with_overlaps(app, wanted, context.now, audience)
            print_json_list({**view.as_json(record), "overlaps": met} for record, met in found)
            return
        rows = [_row(record) for record in view.reviews(app, wanted, context.now, audience)]
        before = replace(wanted, first=today - _BACK, last=today, status=Status.UNRECORDED)
        to_close = sum(1 for _ in view.reviews(app, before, context.now, audience)) if by_default else 0
    print_table(_HEADS, rows, "There is no such review. Where nothing is planned yet: cadence once", _MAY_GO)
    if by_default:
        click.echo()
        say(f"From {first} until {last}; --past shows those before, --all everything, --from and --until others.")
    if to_close:
        are, held = ("1 is", "it was") if to_close == 1 else (f"{to_close} are", "they were")
        say(f"Of the last sixty days {are} over, and nobody has said whether {held} held: --past --status unrecorded")


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
