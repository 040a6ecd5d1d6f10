"""A review is moved, held or skipped by hand: with a line of its history, and with all that follows from it at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import RECONVENED, Recorded
from scheduler.rules.reviews import rescheduling, transitions
from scheduler.rules.reviews.clocks import OBJECTIONS
from scheduler.rules.reviews.reconcile import ReviewChange
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.minutes import Filed, circulate, file_minutes, understood, with_objections
from scheduler.services.cases.presence import NOTHING_SAID, Attended, counted, news, said
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.revisions import revision
from scheduler.services.previews.double_booking import Elsewhere
from scheduler.services.register import put_on_record
from scheduler.store import presence, reviews

# Moving ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """A review before and after it was moved, or would be; what speaks against its new date and, where anything does,
    as `better` the first start against which nothing or, where there is none, against which least does; and what
    follows from the move, a line each."""

    before: Recorded
    after: Recorded
    objections: tuple[str, ...]
    better: rescheduling.Candidate | None
    announcement: tuple[str, ...]


def move(
    app: App, id: str, to: date | datetime, because: str | None, by: str | None, now: datetime, *, dry_run: bool = False
) -> Moved:
    """Move a review to a moment, in its own zone unless it has an offset, or to a date at its own time of day.

    `by` is a person's key or mail address. With `dry_run` nothing changes. Raises UserError for an unknown review or
    person, one that is settled, a partnership that was ended.
    """
    with app.store.read() if dry_run else app.store.write(id) as db:
        record = lookup.review(db, id)
        definition = _governed(app, db, record)
        person = lookup.person(definition, by)
        moved = _moved(app, db, record, definition, to, because, now)
        if not dry_run:
            reviews.save_many(db, [moved.after])
            action = ReviewChange("move", record, moved.after, moved.after.because or "")
            reviews.append_revisions(db, [revision(action, now, person)])
            govern_in(app, db, definition.partnership, now)
    return moved


def _moved(
    app: App,
    db: Connection,
    record: Recorded,
    definition: Partnership,
    to: date | datetime,
    because: str | None,
    now: datetime,
) -> Moved:
    scope = rescheduling.scope_of(record.review, definition, app.playbooks)
    start = rescheduling.moment_of(to, record.review)
    after = rescheduling.moved(record, scope, start, because, now)
    others = reviews.recorded(db, definition.partnership)
    elsewhere = Elsewhere(db, now).others(definition)
    against, better = rescheduling.weighed(record, scope, start, others, now, elsewhere)
    return Moved(
        before=record,
        after=after,
        objections=against,
        better=better,
        announcement=tuple(rescheduling.announcement(record, after, scope)),
    )


def _governed(app: App, db: Connection, record: Recorded) -> Partnership:
    return app.in_force(lookup.not_ended(lookup.partnership(db, record.review.partnership)))


# Closing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClosedReview:
    """A review before and after it was held or skipped, the definition in force, what was read out of its minutes,
    where it has any, who was there, as far as that is known, and whether the minutes go out now."""

    before: Recorded
    after: Recorded
    definition: Partnership
    filed: Filed | None = None
    presence: Mapping[str, Presence] = field(default_factory=dict)
    goes_out: bool = False
    again: Recorded | None = None
    """The meeting that is convened in its place, where it had no quorum."""

    @property
    def objections_until(self) -> date | None:
        """The last day for objections, where minutes go out now and there is one."""
        return dict(self.after.review.clocks).get(OBJECTIONS) if self.goes_out else None


def hold(
    app: App, id: str, minutes: str | None, by: str | None, now: datetime, attended: Attended = NOTHING_SAID
) -> ClosedReview:
    """A review was held, by those who `attended`; its `minutes`, in Markdown, are filed now. Later the same call files
    them, or corrects either: what it replaces is kept. Raises UserError for an unknown review or person, one that
    cannot have been held."""
    with app.store.write(id) as db:
        closed, given, person = _holding(app, db, id, minutes, by, attended, now)
        put_on_record(db, closed.definition, now)  # of the minutes as they were until now
        if given or closed.before != closed.after:
            reviews.save_many(db, [closed.after])
            presence.add(db, given.values())
            reviews.append_revisions(db, [_closing(closed.before, closed.after, "hold", person, now, given)])
        filed = file_minutes(app, db, closed.definition, closed.after, now) if minutes is not None else None
        change = closed.before, closed.after
        sent = circulate(app, db, closed.definition, change, person, now) if filed else None
        govern_in(app, db, closed.definition.partnership, now)
        again = reviews.find(db, f"{closed.after.id}{RECONVENED}") if closed.after.quorate is False else None
    return replace(closed, filed=filed, goes_out=sent is not None, again=again)


def holding(
    app: App, id: str, minutes: str | None, by: str | None, now: datetime, attended: Attended = NOTHING_SAID
) -> ClosedReview:
    """What `hold` would do with these; nothing is changed. Raises UserError as it does."""
    with app.store.read() as db:
        closed, _, _ = _holding(app, db, id, minutes, by, attended, now)
        filed = understood(app, db, closed.definition, closed.after, now) if minutes is not None else None
        return replace(closed, filed=filed)


def _holding(
    app: App, db: Connection, id: str, minutes: str | None, by: str | None, attended: Attended, now: datetime
) -> tuple[ClosedReview, dict[str, Presence], str | None]:
    """The review before and after, what is newly said of who was there, and the key of who says so."""
    before = lookup.review(db, id)
    definition = app.in_force(lookup.partnership(db, before.review.partnership))
    person = lookup.person(definition, by)
    given = said(definition, before.id, attended, person, now)
    after = transitions.held(before, minutes, now, attended.on, corrects=bool(given))
    known, is_quorate = counted(app, db, definition, before, given)
    after = with_objections(app, definition, before, replace(after, quorate=is_quorate), now)
    return ClosedReview(before, after, definition, presence=known), news(db, before, given), person


def skip(app: App, id: str, because: str, by: str | None, now: datetime) -> ClosedReview:
    """A review was not held, or will not be. Raises UserError as `hold` does."""
    with app.store.write(id) as db:
        before = lookup.review(db, id)
        definition = app.in_force(lookup.partnership(db, before.review.partnership))
        person = lookup.person(definition, by)
        after = transitions.skipped(before, because, now)
        reviews.save_many(db, [after])
        reviews.append_revisions(db, [_closing(before, after, "skip", person, now)])
        govern_in(app, db, definition.partnership, now)
    return ClosedReview(before, after, definition)


_CLOSES = ("status", "minutes", "quorate", "held_on")
"""What closing a review may change of its record."""


def _closing(
    before: Recorded,
    after: Recorded,
    verb: reviews.Action,
    person: str | None,
    now: datetime,
    given: Mapping[str, Presence] = MappingProxyType({}),
) -> reviews.Revision:
    """The line of the history: the minutes that were replaced are kept in it, the new ones are on record anyway; and
    who was there, as far as that is `given` now."""
    changed = [name for name in _CLOSES if getattr(before, name) != getattr(after, name)]
    there = {key: (each.stand_in or "present") if each.was_present else "absent" for key, each in given.items()}
    became = {name: getattr(after, name) for name in changed if name != "minutes"}
    return reviews.Revision(
        review=after.id,
        sequence=after.sequence,
        action=verb,
        at=now,
        because=after.because if verb == "skip" else None,
        person=person,
        before={name: getattr(before, name) for name in changed} or None,
        after={**became, **({"presence": there} if there else {})} or None,
    )
