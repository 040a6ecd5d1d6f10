"""`cadence overdue`: who is late with what, for how long, and whom the ladder has reached."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import naming, params, views
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.cycle.house import House
    from scheduler.store.tables import NoticeRow

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
    with context.house() as house, house.store.read() as db:
        found = sorted(
            _overdue(house, db, partnership, organisation, context.now),
            key=lambda each: (each["overdue_since"], each["id"], each["period"]),
        )
    if as_json:
        print_json(found)
    else:
        print_table(_HEADS, (_row(each) for each in found), empty="Nothing is overdue.")


def _overdue(
    house: "House", db: "Connection", partnership: str | None, organisation: str | None, now: "datetime"
) -> Iterator[views.Object]:
    from scheduler.cli import owing
    from scheduler.publish.audience import Audience, may_see
    from scheduler.store import notices as store

    if partnership is None and organisation is None:
        rows = owing.partnerships_owing(db, now)
    else:
        rows = naming.partnerships_of(house, db, partnership, organisation)
    for row in rows:
        told = _by_period(store.listing(db, row.id))
        for flag in owing.flags(house, db, row, now):
            owed = flag.measurement
            if organisation is None or may_see(owed.kpi, Audience(organisation)):
                yield views.overdue(flag, told[owed.id, owed.period.label])


def _by_period(notices: "list[NoticeRow]") -> "dict[tuple[str, str], list[NoticeRow]]":
    found: dict[tuple[str, str], list[NoticeRow]] = defaultdict(list)
    for notice in notices:
        found[notice.subject, notice.period].append(notice)
    return found


def _row(each: views.Object) -> tuple[object, ...]:
    told = naming.few(list(dict.fromkeys(step["person"] for step in each["told"])))
    coming = f"{each['next_rung']} on {each['next_on']}" if each["next_rung"] else ""
    if each["held_until"]:
        held = f"held until {each['held_until']} ({each['held_because']})"
        coming = f"{held}, then {coming}" if coming else held
    return (
        each["id"],
        each["period"],
        each["owner"],
        each["deputy"],
        each["due"],
        each["working_days_overdue"],
        each["rung"],
        told,
        coming,
        each["level"],
        each["organisation"],
    )
