"""`cadence kpi`: KPIs period by period, readings, excuses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import click

from scheduler.cli import params, views
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.domain.trouble import Fault, Trouble

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from scheduler.cli.naming import FoundKpi
    from scheduler.cycle.house import House
    from scheduler.domain.measure import Measurement


@click.group(epilog="For example: cadence kpi report acme-globex/cells-delivered 0.31 --by tom")
def kpi() -> None:
    """List KPIs, report readings, excuse a period."""


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
    with context.house() as house, house.store.read() as db:
        found = _found(house, db, partnership, organisation, context.now, every=every or as_json or status is not None)
        chosen = (each for each in found if status in (None, each.status))
        if as_json:
            print_json_list(views.measurement(each) for each in chosen)
            return
        rows = [_row(each) for each in chosen]
    print_table(_HEADS, rows, empty="There is no such KPI.")


def _found(
    house: "House", db: "Connection", id: str | None, organisation: str | None, now: "datetime", *, every: bool
) -> "Iterator[Measurement]":
    """The periods of each KPI that have begun or, without `every`, those of them that matter."""
    from scheduler.cli import naming, owing
    from scheduler.publish.audience import Audience, may_see
    from scheduler.watch.measures import local_date

    for row in naming.partnerships_of(house, db, id, organisation):
        for scope, owed in owing.measured(house, db, row, now):
            begun = (each for each in owed if each.period.first <= local_date(scope, each.kpi, now))
            for _, periods in groupby(begun, key=lambda each: each.id):
                of_one = list(periods)
                if organisation is None or may_see(of_one[0].kpi, Audience(organisation)):
                    yield from of_one if every else _that_matter(of_one)


def _that_matter(periods: "Sequence[Measurement]") -> "Iterable[Measurement]":
    last_reported = next((each for each in reversed(periods) if each.status == "reported"), None)
    return (each for each in periods if each.status != "reported" or each is last_reported)


def _row(owed: "Measurement") -> tuple[object, ...]:
    reading, measured = owed.reading, owed.kpi
    return (
        owed.id,
        owed.period.label,
        owed.due,
        owed.status,
        _in_words(owed, reading.value) if reading else "",
        measured.target,
        ("yes" if reading.met else "no") if reading else "",
        measured.owner,
        measured.deputy,
        measured.level,
        measured.of,
    )


def _in_words(owed: "Measurement", value: "Decimal") -> str:
    from scheduler.publish.wording import figure

    if owed.kpi.target.kind == "yes":
        return "met" if value else "missed"
    return figure(value, owed.kpi.unit)


# Reporting ---------------------------------------------------------------------------------------------------------


class _TakesNegativeNumbers(click.Command):
    """A command with a number for an argument: -2.5 is one, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {arg}" if arg[:1] == "-" and arg[1:2].isdigit() else arg for arg in args])


_period = click.option("--period", metavar="PERIOD", help="Such as 2026-11, 2026-W49, 2026-Q4, FY2027-Q1.")


@kpi.command(cls=_TakesNegativeNumbers, epilog="For example: cadence kpi report acme-globex/cells-delivered 0.31")
@click.argument("id")
@click.argument("value")
@_period
@click.option("--note", type=params.Words(), help="What should be known about the value.")
@params.by
@click.pass_obj
def report(context: Context, id: str, value: str, period: str | None, note: str | None, by: str | None) -> None:
    """Report the VALUE of the KPI named ID: a number or, for a milestone, met or missed.

    Without --period it belongs to the oldest period that has ended and has no reading. A second reading of a period
    corrects the first, which is kept.
    """
    from scheduler.cli import naming
    from scheduler.domain.measure import Reading
    from scheduler.store import readings

    with context.house() as house, house.store.write() as db:
        call = _call(house, db, id, context.now)
        owed = call.ended(period) if period is not None else call.oldest_owed()
        reading = Reading(
            kpi=owed.id,
            period=owed.period.label,
            value=(number := _value(owed, value)),
            met=owed.kpi.target.met(number),
            reported_at=context.now,
            by=naming.person(call.found.partnership, by),
            note=note,
        )
        readings.add(db, reading)
        closed = _settle(house, db, owed, context.now)
    verdict = "met" if reading.met else "missed"
    click.echo(f"{owed.id} {owed.period.label}: {plain(_in_words(owed, number))}, target {owed.kpi.target}: {verdict}.")
    if owed.reading:
        click.echo(f"This corrects {plain(_in_words(owed, owed.reading.value))}, which is kept in the history.")
    if closed:
        click.echo("It is no longer overdue.")


@kpi.command(epilog='For example: cadence kpi excuse acme-globex/cells-delivered --because "line down for the refit"')
@click.argument("id")
@click.option("--because", type=params.Words(), required=True, help="Why it need not be reported, or not yet.")
@_period
@click.option("--until", type=params.Day(), help="Only held until the end of this day; without it, for good.")
@params.by
@click.pass_obj
def excuse(context: Context, id: str, because: str, period: str | None, until: date | None, by: str | None) -> None:
    """Excuse a period of the KPI named ID: its ladder is held, visibly, and no clock is stopped.

    Without --period it is the oldest one that has ended and has no reading.
    """
    from scheduler.cli import naming
    from scheduler.domain.measure import Excuse
    from scheduler.store import readings

    with context.house() as house, house.store.write() as db:
        call = _call(house, db, id, context.now)
        owed = call.named(period) if period is not None else call.oldest_owed()
        if owed.reading:
            raise Trouble(f"{owed.id} is reported for {owed.period.label}", "there is nothing to excuse")
        if until and until < call.today:
            raise Trouble(f"{until} is past, so nothing would be held", "name a day to come, or leave --until out")
        person = naming.person(call.found.partnership, by)
        readings.excuse(db, Excuse(owed.id, owed.period.label, because, until), context.now, person)
        _settle(house, db, owed, context.now)
    held = f"held until the end of {until}" if until else "excused"
    click.echo(f"{owed.id} {owed.period.label} is {held}: {plain(because)}")


@dataclass(frozen=True)
class _Call:
    """The KPI that a command names, the periods it owes, and its owner's date."""

    found: "FoundKpi"
    periods: "tuple[Measurement, ...]"
    today: date

    def oldest_owed(self) -> "Measurement":
        """The oldest period that has ended and waits for a reading. Raises `Trouble` where none does."""
        waiting = (each for each in self.periods if self._has_ended(each) and each.status in ("open", "overdue"))
        owed = next(waiting, None)
        if owed is None:
            ended = [each.period.label for each in self.periods if self._has_ended(each)]
            hint = f"to correct one, name it: --period {ended[-1]}" if ended else self._first_ends()
            raise Trouble(f"{self.found.id} owes no reading: no period that has ended waits for one", hint)
        return owed

    def ended(self, label: str) -> "Measurement":
        """The period of that name, which has ended. Raises `Trouble`."""
        owed = self.named(label)
        if not self._has_ended(owed):
            what = f"{label} ends on {owed.period.last}, and nothing can be reported before it has ended"
            raise Trouble(what, "wait for its end, or name a period that has ended")
        return owed

    def named(self, label: str) -> "Measurement":
        """The period of that name. Raises `Trouble` for one that this KPI does not have."""
        from scheduler.cli import naming

        by_label = {each.period.label: each for each in self.periods}
        if label not in by_label:
            ended = [each.period.label for each in self.periods if self._has_ended(each)]
            lately = f"the last ones are {', '.join(ended[-3:])}" if ended else self._first_ends()
            raise naming.unknown(f"period of {self.found.id} called", label, by_label, lately)
        return by_label[label]

    def _has_ended(self, owed: "Measurement") -> bool:
        return owed.period.last < self.today

    def _first_ends(self) -> str:
        return f"its first period, {self.periods[0].period.label}, ends on {self.periods[0].period.last}"


def _call(house: "House", db: "Connection", id: str, now: "datetime") -> _Call:
    from scheduler.cli import naming, owing
    from scheduler.watch.measures import local_date

    found = naming.kpi(house, db, id)
    if found.row.ended_at:
        raise Trouble(f"{found.row.id} was ended on {found.row.ended_at.date()}", "its history stays as it is")
    owed = (each for _, each in owing.measured(house, db, found.row, now))
    periods = tuple(each for of_scope in owed for each in of_scope if each.id == id)
    if not periods:
        raise Trouble(f"{id} has no period within the horizon", "see its `from` and `every`, and when it all starts")
    return _Call(found, periods, local_date(found.scope, found.kpi, now))


def _value(owed: "Measurement", written: str) -> "Decimal":
    try:
        return owed.kpi.target.value(written)
    except Fault as fault:
        raise Trouble(plain(fault.what), fault.hint) from None


def _settle(house: "House", db: "Connection", owed: "Measurement", now: "datetime") -> bool:
    """Bring flags up to date at once, in the same transaction; say whether this period's was closed."""
    from scheduler.cycle.govern import govern_in
    from scheduler.store import flags

    def is_open() -> bool:
        of_partnership = flags.open_flags(db, owed.partnership)
        return any((each.kpi, each.period) == (owed.id, owed.period.label) for each in of_partnership)

    was_open = is_open()
    govern_in(house, db, owed.partnership, now)
    return was_open and not is_open()
