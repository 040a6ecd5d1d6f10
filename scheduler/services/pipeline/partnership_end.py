"""What goes on after somebody has left, or after a partnership has ended.

Actions that a leaver left open are the successor's from the day of leaving. A partnership whose exit was decided ends
by itself on the day after its last one. Of an ended partnership nothing is governed
any more; but a document that was still running at its end (a confidentiality agreement, say) goes on being spoken of
until it has expired, or until its file, if that is still there, says otherwise.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.wind_down import from_rows
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reminders import exit_notices
from scheduler.rules.reminders.agreement import document_notices, obligation_notices
from scheduler.rules.reviews.reconcile import ReviewChange, cancel
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services.app import App
from scheduler.services.pipeline import health_rounds
from scheduler.services.pipeline.notifications import Board, notify
from scheduler.services.pipeline.revisions import revision
from scheduler.store import actions, exits, flags, measurements, notifications, partnerships, reviews, trigger_events
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


def end_by_exit(app: App, db: Connection, row: PartnershipRow, now: datetime) -> bool:
    """End a partnership whose exit was decided and whose last day is over; say whether it was."""
    leaving = from_rows(row.wind_downs or ()).get(row.id)
    if leaving is None or row.ended_at is not None:
        return False
    partnership = app.in_force(row)
    ends_at = moment(leaving.ends + timedelta(days=1), time(), partnership.zone)
    if now < ends_at:
        return False
    end_partnership(app, db, row.id, f"exit was decided; it ended on {in_words(leaving.ends)}", None, now)
    app.log.info("partnership.ended", partnership=row.id, last_day=leaving.ends.isoformat())
    return True


def end_partnership(
    app: App, db: Connection, id: str, because: str, person: str | None, now: datetime
) -> tuple[ReviewChange, ...]:
    """End a partnership in the caller's transaction: its reviews to come are cancelled, what it owes is closed. Return
    the cancellations."""
    cancelled = tuple(cancel(each, because, now) for each in to_come(db, id, now))
    reviews.save_many(db, [action.result for action in cancelled])
    reviews.append_revisions(db, [revision(action, now, person) for action in cancelled])
    measurements.sync(db, id, (), now)
    flags.sync(db, id, (), {}, now)
    running = [each for each in trigger_events.of_partnership(db, id) if each.ended_at is None]
    trigger_events.end(db, [replace(each, ended_at=now) for each in running])
    health_rounds.close_all(app, db, id, now)
    notifications.drop_all(db, id)
    partnerships.end(db, id, now)
    return cancelled


def to_come(db: Connection, id: str, now: datetime) -> list[Recorded]:
    return [each for each in reviews.listing(db, partnership=id, status=Status.PLANNED) if not each.is_past(now)]


def after_the_end(app: App, db: Connection, row: PartnershipRow, now: datetime) -> datetime | None:
    """Tell of the documents and obligations that outlive an ended partnership; return when next, None for never."""
    partnership = app.in_force(row).as_of(now)
    umbrella = scopes(partnership, app.playbooks)[0]
    ended = (row.ended_at or now).astimezone(ZoneInfo(partnership.zone)).date()
    today = now.astimezone(ZoneInfo(partnership.zone)).date()
    last = min(umbrella.wind_down.ends, ended) if umbrella.wind_down else ended
    outliving = (
        *document_notices(partnership, umbrella, today, date.max),
        *obligation_notices(partnership, umbrella, date.max, last),
    )
    steps = [each for each in outliving if each.occasion >= ended.isoformat()]
    steps += _of_exit(db, partnership, umbrella, today)
    notify(Board(app, db, partnership, now), [each for each in steps if each.on <= today], {})
    coming = min((each.on for each in steps if each.on > today), default=None)
    return moment(coming, time(), partnership.zone).astimezone(UTC) if coming else None


def _of_exit(db: Connection, partnership: Partnership, umbrella: Scope, today: date) -> Iterator[Notification]:
    """That it ended by its exit, and what of that is not done."""
    word = exits.words(db, partnership.partnership).get(umbrella.id)
    if word is not None and word.is_in_force:
        undone = actions.open_actions(db, partnership.partnership)
        theirs = [each for each in undone if each.is_of_exit and each.review == word.wind_down.review]
        yield from exit_notices.ended(word, umbrella, partnership, theirs, today)
