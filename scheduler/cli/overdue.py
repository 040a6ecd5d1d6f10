"""`cadence overdue`: who is late with what, for how long, and whom the ladder has reached."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.rules.access import asked_for
from scheduler.services.views import overdue as view

if TYPE_CHECKING:
    from scheduler.services.views.overdue import Overdue

_MAY_GO = ("organisation", "level", "deputy", "due", "days")
_HEADS = (
    "KPI", "period", "owner", "deputy", "due", "days", "rung", "told", "next", "level", "organisation"
)  # fmt: skip


@click.command(epilog="For example: cadence overdue --partnership acme-globex")
@params.partnership
@params.for_
@as_json
@click.pass_obj
def overdue(context: Context, partnership: str | None, organisation: str | None, as_json: bool) -> None:
    """List the KPIs that are overdue: owner, deputy, period, working days, rung of the ladder, who was told, who is
    next.

    This is the operator's list and shows KPIs of every level; --for shows what one organisation may see.
    """
    with context.app() as app:
        found = view.overdue(app, partnership, context.now, asked_for(organisation))
    if as_json:
        print_json([view.as_json(each) for each in found])
    else:
        print_table(_HEADS, map(_row, found), empty="Nothing is overdue.", may_go=_MAY_GO)


def _told(each: "Overdue") -> str:
    """``tom 2026-12-11, dev 2026-12-15``: with the day on which they were last; behind them those whose letter waits or
    could not be delivered, and who were not told otherwise."""
    from scheduler.render.notifications.notified import days_told
    from scheduler.services.lookup import few

    told = {person: max(days) for person, days in days_told(each.of_matter, each.zone).items()}
    last = {str(step.person): step.delivered for step in each.of_matter if step.delivered != "told"}
    untold = {person: state for person, state in last.items() if person not in told}
    found = [few([f"{person} {day}" for person, day in told.items()])] if told else []
    states = dict.fromkeys(untold.values())
    found += [f"{state}: {few([who for who in untold if untold[who] == state])}" for state in states]
    return "; ".join(found)


def _next(each: "Overdue") -> str:
    from scheduler.services.lookup import few

    owed, step = each.flag.measurement, each.flag.next
    coming = f"{step.rung} on {step.on}" if step else ""
    if step and step.tell:
        coming += f": {few([*step.tell])}"
    if owed.held_until:
        because = owed.excuse.because if owed.excuse else None
        held = f"held until {owed.held_until} ({because})"
        coming = f"{held}, then {coming}" if coming else held
    return coming


def _row(each: "Overdue") -> tuple[object, ...]:
    owed = each.flag.measurement
    return (
        owed.id,
        owed.period.name,
        owed.kpi.owner,
        owed.kpi.deputy,
        owed.due,
        each.flag.working_days_overdue,
        each.flag.rung,
        _told(each),
        _next(each),
        owed.kpi.level,
        owed.kpi.of,
    )
