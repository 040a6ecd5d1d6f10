"""`cadence partnership pause` and `resume`."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import plain

if TYPE_CHECKING:
    from scheduler.services.cases.pauses import PausedPartnership

_SHOWN = 12


@click.command(
    epilog='For example: cadence partnership pause acme-globex --until 2027-03-31 --because "the plant is being moved"'
)
@click.argument("id")
@click.option("--from", "first", type=params.Day(calendars=True), help="The first day; today, unless it is said.")
@click.option("--until", "last", type=params.Day(calendars=True), help="The last day; without it until it is resumed.")
@click.option("--because", type=params.TextParam(), required=True, help="Why, as everybody of it is told once.")
@params.by
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def pause(
    context: Context, id: str, first: date | None, last: date | None, because: str, by: str | None, yes: bool
) -> None:
    """Pause the partnership ID: meanwhile nothing of it is planned, told or owed, and no trigger fires.

    Reviews of these days are cancelled; a checkpoint and a formal review are held after them. Periods of KPIs that lie
    wholly or partly in them are not owed; what was overdue before waits. The dates of the agreement stand. Everybody of
    the partnership is told once.
    """
    from scheduler.services.cases import pauses

    with context.app(writing=True) as app:
        for line in _page(pauses.pausing(app, id, first, last, because, by, context.now)):
            click.echo(plain(line))
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant")
        if not yes and not click.confirm("Pause it?", err=True):
            click.echo("Nothing was changed.")
            return
        paused = pauses.pause(app, id, first, last, because, by, context.now)
    click.echo(
        plain(
            f"{id} is paused {_days(paused)}. It goes on again by itself, or: cadence partnership resume {id}"
            if paused.pause.last
            else f"{id} is paused {_days(paused)}, until: cadence partnership resume {id}"
        )
    )


@click.command(epilog="For example: cadence partnership resume acme-globex --on 2027-02-01")
@click.argument("id")
@click.option("--on", type=params.Day(calendars=True), help="The first day on which it goes on; today, unless said.")
@params.by
@click.pass_obj
def resume(context: Context, id: str, on: date | None, by: str | None) -> None:
    """Resume the partnership ID: its reviews are planned again, and what falls due from then on is owed."""
    from scheduler.services.cases import pauses

    with context.app(writing=True) as app:
        ended = pauses.resume(app, id, on, by, context.now)
    if ended.last and ended.last < ended.first:
        click.echo(f"{id} is not paused after all.")
    else:
        click.echo(f"{id} is paused until {ended.last}, and goes on the day after.")


def _days(paused: "PausedPartnership") -> str:
    until = f" to {paused.pause.last}" if paused.pause.last else " on"
    return f"from {paused.pause.first}{until}"


def _page(paused: "PausedPartnership") -> Iterator[str]:
    yield f"{paused.id}, {paused.name}: paused {_days(paused)}."
    yield (
        f"{len(paused.reviews)} reviews to come lie in it:"
        if paused.reviews
        else "No review that is planned lies in it."
    )
    for each in paused.reviews[:_SHOWN]:
        later = "  (held after it)" if paused.pause.last and each.review.kind in ("checkpoint", "formal-review") else ""
        yield f"  {each.id}  {formats.when(each.review.start)} {each.review.timezone}{later}"
    if len(paused.reviews) > _SHOWN:
        yield f"  … and {len(paused.reviews) - _SHOWN} more"
    if paused.periods:
        yield "Not owed:"
        for kpi in dict.fromkeys(kpi for kpi, _ in paused.periods):
            names = [period for of, period in paused.periods if of == kpi]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield f"  {kpi}: {', '.join(names[:_SHOWN])}{more}"
    yield from (f"It stands all the same, and nobody is reminded of it: {each}." for each in paused.dates)
