"""`cadence kpi`: KPIs period by period, readings, excuses."""

from datetime import date
from typing import TYPE_CHECKING, cast

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.kpi_import import import_
from scheduler.cli.output import as_json, plain, print_json, print_json_list, print_table
from scheduler.rules.access import asked_for
from scheduler.services.views import kpis as view

if TYPE_CHECKING:
    from decimal import Decimal

    from scheduler.domain.record.measurement import Measurement


@click.group(epilog="For example: cadence kpi report acme-globex/cells-delivered 0.31 --by tom")
def kpi() -> None:
    """List KPIs, show one with its history, report readings, contest one, excuse a period."""


# Listing -----------------------------------------------------------------------------------------------------------

_STATUSES = ("open", "reported", "overdue", "excused")
_HEADS = (
    "KPI", "period", "due", "status", "value", "target", "met", "owner", "deputy", "level", "organisation"
)  # fmt: skip


@kpi.command("list", epilog="For example: cadence kpi list --partnership acme-globex --status overdue")
@params.partnership
@click.option("--status", type=click.Choice(_STATUSES), help="Only periods that stand so.")
@params.for_
@click.option("--all", "every", is_flag=True, help="As text: every period so far.")
@as_json
@click.pass_obj
def list_(
    context: Context, partnership: str | None, status: str | None, organisation: str | None, every: bool, as_json: bool
) -> None:
    """List KPIs period by period.

    As text, the periods that matter: the running one, those that wait for a reading, the last reported; with --json,
    every period until the running one. This is the operator's list and shows KPIs of every level; --for shows what
    one organisation may see.
    """
    wanted = view.KpiFilter(partnership, cast("view.Stands | None", status), every or as_json or status is not None)
    with context.app() as app:
        found = view.kpis(app, wanted, context.now, asked_for(organisation))
        if as_json:
            print_json_list(map(view.as_json, found))
            return
        rows = [_row(each) for each in found]
        empty = "" if rows else _nothing(view.unlisted(app, wanted, context.now, asked_for(organisation)), status)
    print_table(_HEADS, rows, empty, ("organisation", "level", "deputy", "target", "met"))


def _nothing(there: view.Unlisted, status: str | None) -> str:
    """Why there is nothing to list: no KPI at all, none that stands so, or none whose first period has begun."""
    if status is not None and there.are_any:
        return f"No period stands so: {status}."
    if first := there.first_to_come:
        return f"No period has begun: the first is {first.id} {first.period.name}, from {first.period.first} on."
    return "No period lies within the horizon yet." if there.are_any else "There is no KPI to list."


def _row(owed: "Measurement") -> tuple[object, ...]:
    reading, measured = owed.reading, owed.kpi
    return (
        owed.id,
        owed.period.name,
        owed.due,
        owed.status,
        _in_words(owed, reading.value) if reading else "",
        owed.judged_by or "not on record",
        ("yes" if reading.met else "no") if reading else "",
        measured.owner,
        measured.deputy,
        measured.level,
        measured.of,
    )


def _in_words(owed: "Measurement", value: "Decimal") -> str:
    from scheduler.render.wording import figure

    if owed.kpi.target.kind == "yes":
        return "met" if value else "missed"
    return figure(value, owed.kpi.unit)


@kpi.command(epilog="For example: cadence kpi show acme-globex/cells-delivered")
@click.argument("id")
@params.for_
@click.option("--all", "every", is_flag=True, help="As text: also the periods of which nothing was said.")
@as_json
@click.pass_obj
def show(context: Context, id: str, organisation: str | None, every: bool, as_json: bool) -> None:
    """Show the KPI named ID with its history: every value of every period, corrected ones too, and every excuse, with
    who gave it, when, why and which way.

    Of one that the definition has no more it shows what was reported, and since when it is gone."""
    from scheduler.cli.kpi_show import page
    from scheduler.services.views import kpi_history

    with context.app() as app:
        found = kpi_history.kpi_history(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json(kpi_history.as_json(found))
        return
    for line in page(found, every):
        click.echo(plain(line))


# Reporting ---------------------------------------------------------------------------------------------------------


class _TakesNegativeNumbers(click.Command):
    """A command with a number for an argument: -2.5 is one, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {arg}" if arg[:1] == "-" and arg[1:2].isdigit() else arg for arg in args])


_period = click.option(
    "--period", type=params.NameParam(), metavar="PERIOD", help="Such as 2026-11, 2026-W49, 2026-Q4, FY2027-Q1."
)


@kpi.command(cls=_TakesNegativeNumbers, epilog="For example: cadence kpi report acme-globex/cells-delivered 0.31")
@click.argument("id")
@click.argument("value")
@_period
@click.option("--note", type=params.TextParam(), help="What should be known about the value.")
@click.option("--confirm", is_flag=True, help="The value is meant, though it is far from all others.")
@params.by
@click.pass_obj
def report(
    context: Context, id: str, value: str, period: str | None, note: str | None, confirm: bool, by: str | None
) -> None:
    """Report the VALUE of the KPI named ID: a number or, for a milestone, met or missed.

    Without --period it belongs to the oldest period that has ended and has no reading. A second reading of a period
    corrects the first, which is kept: cadence kpi show ID. What can be read as two numbers, like 1.240, is read as
    whoever reports writes numbers (`numbers:` in the definition); where that is not said it is refused.
    """
    from scheduler.services.cases import kpis

    with context.app(writing=True) as app:
        done = kpis.report(app, id, period, value, note, by, context.now, confirmed=confirm)
    owed, reading = done.owed, done.reading
    verdict, said = "met" if reading.met else "missed", plain(_in_words(owed, reading.value))
    click.echo(f"{owed.id} {owed.period.name}: {said}, target {owed.kpi.target}: {verdict}.")
    if done.corrects:
        click.echo(f"This corrects {plain(_in_words(owed, done.corrects.value))}, which is kept in the history.")
    if not done.is_new:
        click.echo("It was on record already, and nothing has changed.")
    if done.is_settled:
        click.echo("It is no longer overdue.")


@kpi.command(epilog='For example: cadence kpi excuse acme-globex/cells-delivered --because "line down for the refit"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why it need not be reported, or not yet.")
@_period
@click.option(
    "--until", type=params.Day(calendars=True), help="Only held until the end of this day; without it, for good."
)
@params.by
@click.pass_obj
def excuse(context: Context, id: str, because: str, period: str | None, until: date | None, by: str | None) -> None:
    """Excuse a period of the KPI named ID: its ladder is held, visibly, and no clock is stopped.

    Without --period it is the oldest one that has ended and has no reading.
    """
    from scheduler.services.cases.kpi_pauses import pause

    with context.app(writing=True) as app:
        owed = pause(app, id, period, "excused", because, until, by, context.now)
    held = f"held until the end of {until}" if until else "excused"
    click.echo(f"{owed.id} {owed.period.name} is {held}: {plain(because)}")


@kpi.command(
    epilog='For example: cadence kpi acknowledge acme-globex/scrap --until 2026-12-18 --because "being counted"'
)
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why it is late.")
@click.option("--until", type=params.Day(), required=True, help="The day on which it will be reported at the latest.")
@_period
@params.by
@click.pass_obj
def acknowledge(context: Context, id: str, because: str, until: date, period: str | None, by: str | None) -> None:
    """Acknowledge that a period of the KPI named ID is late, and promise it for one of the next 30 days: nobody further
    is told before the day after, and it stays overdue.

    Without --period it is the oldest one that has ended and has no reading.
    """
    from scheduler.services.cases.kpi_pauses import pause

    with context.app(writing=True) as app:
        owed = pause(app, id, period, "acknowledged", because, until, by, context.now)
    click.echo(f"{owed.id} {owed.period.name} is acknowledged; its ladder is held until the end of {until}.")


kpi.add_command(import_)


@kpi.command(
    epilog='For example: cadence kpi contest acme-globex/cells-delivered --because "two pallets came back" --by ines'
)
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="What is not right, as the agenda will say.")
@click.option("--period", type=params.NameParam(), help="The period; without it the last that was reported.")
@click.option(
    "--by", type=params.NameParam(), metavar="PERSON", required=True, help="Who contests it, of another side."
)
@click.pass_obj
def contest(context: Context, id: str, because: str, period: str | None, by: str) -> None:
    """Say that a reading of the KPI ID is not right. It stands on the next agenda until it is settled, withdrawn or
    corrected. What is internal to an organisation is nobody else's to contest."""
    from scheduler.services.cases import disputes

    with context.app(writing=True) as app:
        said = disputes.contest(app, id, period, because, by, context.now)
    click.echo(
        plain(f"On record as dispute {said.number}, of {said.subject} for {said.period}; see cadence disputes list")
    )
