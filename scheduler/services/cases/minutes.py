"""Minutes filed: read, and what they leave to do remembered, in the transaction that files them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.filing import Filing
from scheduler.domain.record.minutes import Action, Minutes, ParkedItem
from scheduler.domain.record.review import Recorded
from scheduler.rules.decisions.register import entered
from scheduler.rules.minutes.filing import filed
from scheduler.rules.minutes.filings import OnRecord, answered_by, has_new_substance, items_of
from scheduler.rules.minutes.objections import filings_of
from scheduler.rules.minutes.parked import comes_back, parked, series_over
from scheduler.rules.minutes.parser import read
from scheduler.rules.reminders.actions import Commitment, commitments, may_speak_of
from scheduler.rules.reviews.clocks import OBJECTIONS
from scheduler.rules.reviews.scopes import scopes
from scheduler.services import parked as parking
from scheduler.services.app import App
from scheduler.services.pipeline.minutes_letters import counted_from, send
from scheduler.services.register import decisions_of
from scheduler.store import actions, decisions, filings, reviews
from scheduler.store import parked as parked_items

_Kept = TypeVar("_Kept", Action, ParkedItem, Decision)
CORRECTED = "the minutes were corrected"
"""Why an objection is settled to what corrected minutes no longer hold."""


@dataclass(frozen=True)
class Filed:
    """What minutes say, and what follows from them: the `actions`, unfinished `items` and `decisions` that are new or
    change; then what this review has `decided`, its `open` actions and those of earlier ones that changed, and what is
    `parked` in its series."""

    minutes: Minutes
    actions: tuple[Action, ...]
    items: tuple[ParkedItem, ...]
    decisions: tuple[Decision, ...]
    decided: tuple[Decision, ...]
    open: tuple[Commitment, ...]
    parked: tuple[ParkedItem, ...]

    @property
    def closed(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if not action.is_open)

    @property
    def carried_out(self) -> tuple[Decision, ...]:
        return tuple(each for each in self.decisions if each.id in self.minutes.carried_out)

    @property
    def closed_items(self) -> tuple[ParkedItem, ...]:
        return tuple(item for item in self.items if not item.is_open)


def with_objections(app: App, partnership: Partnership, before: Recorded, after: Recorded, now: datetime) -> Recorded:
    """The review, its objections counted from today where minutes of another substance are filed now: late ones have
    the whole of their time. Once their letters have left, they count from that day."""
    is_new = after.minutes is not None and _says_something_new(partnership, before, after)
    return counted_from(app, partnership, after, now) if is_new else after


def circulate(
    app: App, db: Connection, partnership: Partnership, change: tuple[Recorded, Recorded], by: str | None, now: datetime
) -> Filing | None:
    """Send minutes that were filed to whoever was to attend, in the transaction that files them; None where they say
    what they said before. `change` is the review before and after it. Objections to items that they no longer hold as
    they were are settled by them."""
    before, after = change
    if not _says_something_new(partnership, before, after):
        return None
    known, on_record = filings.of_review(db, after.id), _on_record(db, after)
    earlier = filings_of(before, known)
    if earlier and earlier[-1].number == 0:  # from now on its items are on record
        said = items_of(after.id, _read(partnership, before), on_record, ())
        earlier = (replace(earlier[-1], items=tuple(each._replace(since=0) for each in said)),)
    number, until = (earlier[-1].number + 1 if earlier else 1), dict(after.review.clocks).get(OBJECTIONS)
    standing = earlier if before.minutes is not None else ()  # those of a review that was opened again stand no more
    items = items_of(after.id, _read(partnership, after), on_record, standing, number)
    filing = Filing(after.id, number, now, by, items, until=until)
    filings.save(db, [*(each for each in earlier if each.number == 0), filing])
    answered = answered_by(filing, known.objections)
    filings.save_objections(
        db, [replace(each, settled_at=now, settled_by=by, settled_because=CORRECTED) for each in answered]
    )
    send(app, db, partnership, after, filing, now)
    return filing


def _on_record(db: Connection, record: Recorded) -> OnRecord:
    id = record.review.partnership
    return OnRecord(decisions.of_review(db, record.id), actions.recorded(db, id), parked_items.recorded(db, id))


def _says_something_new(partnership: Partnership, before: Recorded, after: Recorded) -> bool:
    if before.minutes is None or after.minutes is None:
        return after.minutes is not None
    if before.minutes == after.minutes:
        return False
    minutes = _read(partnership, before), _read(partnership, after)
    return has_new_substance(*minutes, (before.minutes, after.minutes))


def _read(partnership: Partnership, record: Recorded) -> Minutes:
    return read(record.minutes or "", partnership.people, record.review.start.date(), partnership.sides)


def file_minutes(app: App, db: Connection, partnership: Partnership, record: Recorded, now: datetime) -> Filed:
    """Read the minutes of a review that was held, and remember their decisions, actions and unfinished items. `record`
    is saved by the caller."""
    parking.put_on_record(db, partnership, _with(db, record), now)
    filed = understood(app, db, partnership, record, now)
    decisions.save(db, filed.decisions)
    actions.save(db, filed.actions)
    parked_items.save(db, filed.items)
    return filed


def understood(app: App, db: Connection, partnership: Partnership, record: Recorded, now: datetime) -> Filed:
    """What filing the minutes of a review means; nothing is written."""
    review, recorded = record.review, _with(db, record)
    minutes = _read(partnership, record)
    known = actions.recorded(db, review.partnership)
    changed = filed(review, minutes.tasks, [each for each in known if may_speak_of(review, each)], recorded, now)
    known_scopes = [scope.id for scope in scopes(partnership.as_of(now), app.playbooks)]
    left = parking.items_of(db, partnership, recorded, now)
    over = series_over(left, review, recorded.values(), known_scopes, now)
    items = [each for each in left if comes_back(each, review, over)]
    moved = parked(review, minutes, items, recorded, now)
    on_record = decisions_of(db, partnership, now)
    taken = entered(review, minutes, partnership.people, on_record, now)
    concerned = [each for each in _after(known, changed) if each.review == review.id or each in changed]
    standing = commitments(concerned, scopes(partnership.as_of(now), app.playbooks), recorded)
    return Filed(
        minutes=minutes,
        actions=changed,
        items=moved,
        decisions=taken,
        decided=tuple(each for each in _after(on_record, taken) if _is_decided_in(each, review.id)),
        open=tuple(each for of_scope in standing.values() for each in of_scope),
        parked=tuple(each for each in _after(items, moved) if each.is_open and comes_back(each, review, over)),
    )


def _is_decided_in(decision: Decision, review: str) -> bool:
    return decision.review == review and decision.is_of_minutes and decision.withdrawn_at is None


def _with(db: Connection, record: Recorded) -> dict[str, Recorded]:
    """The reviews of its partnership, this one as it will be."""
    return {**reviews.recorded(db, record.review.partnership), record.id: record}


def _after(known: Iterable[_Kept], changed: Iterable[_Kept]) -> Iterable[_Kept]:
    return ({each.id: each for each in known} | {each.id: each for each in changed}).values()
