"""What goes on after somebody has left, or after a partnership has ended.

Actions that a leaver left open are the successor's from the day of leaving. Of an ended partnership nothing is governed
any more; but a document that was still running at its end (a confidentiality agreement, say) goes on being spoken of
until it has expired, or until its file, if that is still there, says otherwise.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.reminders.agreement import document_notices
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App
from scheduler.services.pipeline.notifications import Board, notify
from scheduler.store import actions
from scheduler.store.tables import PartnershipRow


def pass_on_actions(db: Connection, partnership: Partnership, now: datetime) -> bool:
    """Give the open actions of those who have left by now to their successors; say whether there were any."""
    today = now.astimezone(ZoneInfo(partnership.zone)).date()
    people = partnership.people.items()
    successors = {
        key: each.successor for key, each in people if each.leaves and each.leaves <= today and each.successor
    }
    if not successors:
        return False
    theirs = (each for each in actions.open_actions(db, partnership.partnership) if each.owner in successors)
    passed = [replace(action, owner=successors[action.owner or ""]) for action in theirs]
    actions.save(db, passed)
    return bool(passed)


def after_the_end(app: App, db: Connection, row: PartnershipRow, now: datetime) -> datetime | None:
    """Tell of the documents that outlive an ended partnership; return when next, None for never."""
    partnership = app.in_force(row).as_of(now)
    umbrella = scopes(partnership, app.playbooks)[0]
    ended = (row.ended_at or now).astimezone(ZoneInfo(partnership.zone)).date()
    today = now.astimezone(ZoneInfo(partnership.zone)).date()
    steps = [
        each for each in document_notices(partnership, umbrella, today, date.max) if each.occasion >= ended.isoformat()
    ]
    notify(Board(app, db, partnership, now), [each for each in steps if each.on <= today], {})
    coming = min((each.on for each in steps if each.on > today), default=None)
    return moment(coming, time(), partnership.zone).astimezone(UTC) if coming else None
