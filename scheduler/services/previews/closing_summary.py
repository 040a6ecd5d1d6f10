"""What a partnership leaves behind when it ends: what is still open, and what outlives it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.rules.reminders.agreement import running
from scheduler.services.views import overdue as owing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.agreement import Agreement
    from scheduler.domain.record.minutes import Action
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow


def left_behind(app: "App", db: "Connection", row: "PartnershipRow", now: datetime) -> Iterator[str]:
    """The closing summary: open actions, overdue KPIs, the exit plan, obligations and documents that survive."""
    partnership = app.in_force(row).as_of(now)
    yield from _still_open(app, db, row, now)
    if partnership.agreement.exit:
        yield "Exit plan"
        yield f"  {partnership.agreement.exit}"
    yield from _surviving(partnership.agreement, now.astimezone(ZoneInfo(partnership.zone)).date())


def _still_open(app: "App", db: "Connection", row: "PartnershipRow", now: datetime) -> Iterator[str]:
    from scheduler.rules.access import OPERATOR
    from scheduler.store import actions, reviews

    open_ones = [each for each in reviews.listing(db, partnership=row.id) if each.as_of(now).status == "unrecorded"]
    if open_ones:
        count = "1 review that is" if len(open_ones) == 1 else f"{len(open_ones)} reviews that are"
        yield f"{count} over and that nobody closed: they stay unrecorded, until cadence review hold ID, or skip"
    if undone := actions.open_actions(db, row.id):
        yield "Actions that are not done: they stay on record, and nobody is reminded of them"
        for each in undone:
            yield f"  {each.id}  {each.owner or 'nobody'}{_by_when(each)}: {each.says}"
    if overdue := owing.of_partnership(app, db, row, now, OPERATOR):
        yield "KPIs that were never reported"
        for late in overdue:
            owed = late.flag.measurement
            yield f"  {owed.id} {owed.period.name}  {owed.kpi.owner}, due {owed.due}"


def _by_when(action: "Action") -> str:
    if action.unread:
        return f', its date could not be read ("{action.unread}")'
    return f", by {action.due}" if action.due else ""


def _surviving(agreement: "Agreement", today: date) -> Iterator[str]:
    lasting = [each for each, _ in running(agreement.documents, today) if each.expires and each.expires >= today]
    surviving = [each for each in agreement.obligations(today) if each.until is None or each.until >= today]
    if surviving or lasting:
        yield "What survives"
        for each in surviving:
            yield f"  {each.says}" + (f" ({each.lasts})" if each.until or each.span else "")
        yield from (f"  the {doc.words} until {doc.expires}: cadence goes on telling of it" for doc in lasting)
