"""What a person does to one review: move it, hold it, skip it. A record and the person's word in, the new record out.

| recorded                        | move              | hold                     | skip              |
|---------------------------------|-------------------|--------------------------|-------------------|
| planned, still to come          | yes, SEQUENCE + 1 | no: it has not begun     | yes, SEQUENCE + 1 |
| planned, going on               | yes, SEQUENCE + 1 | yes                      | yes, SEQUENCE + 1 |
| planned and over, or unrecorded | no: it is past    | yes                      | yes, SEQUENCE + 1 |
| held                            | no                | to file its minutes, or to correct who was there | no |
| skipped, cancelled              | no                | no                       | no                |

Holding changes nothing in anybody's calendar, so SEQUENCE stays (RFC 5546 2.1.4). What is refused raises `UserError`.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.working_days import in_words

FARTHEST = timedelta(days=3660)
"""A review is moved by ten years at most; who writes a later date has slipped."""
_CLOSED = (Status.HELD, Status.SKIPPED, Status.CANCELLED)
_UNEXPLAINED = "no reason was given"
_REOPEN = "one that was held or skipped by mistake is opened again: cadence review reopen"


def moved(
    record: Recorded, start: datetime, clocks: tuple[tuple[str, date], ...], because: str | None, now: datetime
) -> Recorded:
    """The review at another `start`, an aware moment, as long as before, with the `clocks` of its new date.

    It stays there through every later plan. Raises `UserError` where it is closed or past, or the moment does not do.
    """
    _refuse_closed(record, "moved")
    if record.is_past(now):
        raise UserError(
            f"{record.id} is past, and the past is never rewritten", "close it: cadence review hold, or skip"
        )
    if start < now:
        raise UserError(f"{_when(start)} lies in the past", "name a moment to come")
    if start - now > FARTHEST:
        raise UserError(f"{_when(start)} lies more than ten years ahead", "is the year right?")
    before = record.review
    if start == before.start:
        raise UserError(f"{record.id} is already on {_when(start)}", "nothing was changed")
    reason = because or _UNEXPLAINED
    length = before.end.astimezone(UTC) - before.start.astimezone(UTC)
    zone = before.start.tzinfo
    review = replace(
        before,
        start=start.astimezone(zone),
        end=(start.astimezone(UTC) + length).astimezone(zone),
        moved_because=f"moved from {_when(before.start)}: {reason}",
        clocks=clocks,
        gave_way_from=None,
    )
    return replace(
        record,
        review=review,
        sequence=record.sequence + 1,
        moved_by_person=True,
        moved_from=before.start.astimezone(UTC),
        because=reason,
        modified_at=now,
    )


def held(
    record: Recorded, minutes: str | None, now: datetime, on: date | None = None, *, corrects: bool = False
) -> Recorded:
    """The review as held, with its minutes as far as they are written; minutes may be filed, or corrected, later.

    `on` is the day on which it was held, where that is not the one planned. What else is said of it `corrects` a review
    that was held already: that is no change in anybody's calendar.
    """
    _refuse_day(record, on, now)
    day = record.held_on if on is None else None if on == record.review.start.date() else on
    if record.status is Status.HELD and minutes is not None:
        return replace(record, minutes=minutes, held_on=day, modified_at=now)
    if record.status is Status.HELD and (corrects or on is not None):
        return replace(record, held_on=day)
    _refuse_closed(record, "held")
    if now < record.review.start:
        what = f"{record.id} begins on {_when(record.review.start)}, so it cannot have been held"
        raise UserError(what, "a review that was held sooner is first moved: cadence review move")
    return replace(record, status=Status.HELD, minutes=minutes, held_on=day, modified_at=now)


def _refuse_day(record: Recorded, on: date | None, now: datetime) -> None:
    if on is None:
        return
    begins = record.review.start
    if on > now.astimezone(begins.tzinfo).date():
        raise UserError(f"{in_words(on)} is still to come", "name the day on which it was held")
    if on < begins.date():
        what = f"{record.id} begins on {_when(begins)}, so it was not held on {in_words(on)}"
        raise UserError(what, "a review that was held sooner is first moved: cadence review move")


def skipped(record: Recorded, because: str, now: datetime) -> Recorded:
    """The review as not held, and why."""
    _refuse_closed(record, "skipped")
    return replace(record, status=Status.SKIPPED, because=because, sequence=record.sequence + 1, modified_at=now)


def reopened(record: Recorded, was: Status, now: datetime) -> Recorded:
    """The review that was held or skipped by mistake, open as it `was`. One that was skipped takes place after all, so
    SEQUENCE rises; that one was held stood in nobody's calendar."""
    if not record.settled:
        what = f"{record.id} was {record.status}" if record.status in _CLOSED else f"{record.id} is not closed"
        raise UserError(what, "what was held or skipped can be opened again")
    is_skipped = record.status is Status.SKIPPED
    return replace(
        record,
        status=was,
        sequence=record.sequence + is_skipped,
        because=None if is_skipped else record.because,
        minutes=None,
        quorate=None,
        held_on=None,
        modified_at=now,
    )


def _refuse_closed(record: Recorded, done: str) -> None:
    if record.status in _CLOSED:
        already = "already " if record.status == done else ""
        because = f" ({record.because})" if record.because and record.status is not Status.HELD else ""
        raise UserError(f"{record.id} was {already}{record.status}{because}", _REOPEN)


def _when(moment: datetime) -> str:
    """``Tue 8 Dec 2026, 15:00``, on the moment's own clock."""
    return f"{in_words(moment.date())}, {moment:%H:%M}"
