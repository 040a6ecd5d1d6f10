"""`cadence overdue`: who is late with what, for how long, and whom the ladder has reached."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.services import lookup

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.services.app import App

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
    with context.app() as app, app.store.read() as db:
        found = sorted(
            _overdue(app, db, partnership, organisation, context.now),
            key=lambda each: (each["overdue_since"], each["id"], each["period"]),
        )
    if as_json:
        print_json(found)
    else:
        print_table(_HEADS, (_row(each) for each in found), empty="Nothing is overdue.")


def _overdue(
    app: "App", db: "Connection", partnership: str | None, organisation: str | None, now: "datetime"
) -> Iterator[formats.Object]:
    from scheduler.rules.access import Audience, may_see
    from scheduler.services.views import overdue as owing
    from scheduler.store import notified

    if partnership is None and organisation is None:
        rows = owing.partnerships_owing(db, now)
    else:
        rows = lookup.partnerships_of(app, db, partnership, organisation)
    for row in rows:
        flags = [*owing.flags(app, db, row, now)]
        people = notified.of_subjects(db, (flag.measurement.id for flag in flags))
        for flag in flags:
            owed = flag.measurement
            if organisation is None or may_see(owed.kpi, Audience(organisation)):
                yield formats.overdue(flag, people.get((owed.id, owed.period.label), ()))


def _told(each: formats.Object) -> str:
    """``tom, dev``; behind them those whose letter waits or could not be delivered, and who were not told otherwise."""
    told = list(dict.fromkeys(step["person"] for step in each["told"]))
    last = {step["person"]: step["state"] for step in each["untold"] if step["person"] not in told}
    found = [lookup.few(told)] if told else []
    states = dict.fromkeys(last.values())
    found += [f"{state}: {lookup.few([who for who in last if last[who] == state])}" for state in states]
    return "; ".join(found)


def _row(each: formats.Object) -> tuple[object, ...]:
    from scheduler.domain.record.measurement import Period

    coming = f"{each['next_rung']} on {each['next_on']}" if each["next_rung"] else ""
    if each["next_tells"]:
        coming += f": {lookup.few([*each['next_tells']])}"
    if each["held_until"]:
        held = f"held until {each['held_until']} ({each['held_because']})"
        coming = f"{held}, then {coming}" if coming else held
    return (
        each["id"],
        Period(each["period"], each["period_start"], each["period_end"]).name,
        each["owner"],
        each["deputy"],
        each["due"],
        each["working_days_overdue"],
        each["rung"],
        _told(each),
        coming,
        each["level"],
        each["organisation"],
    )
