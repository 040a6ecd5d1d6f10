"""How far a partnership keeps its own rhythm: each past review told apart, and counted.

| what became of it                                        | told as      | counted |
|----------------------------------------------------------|--------------|---------|
| held on its day, or where the calendar shifted it to     | held         | in time |
| held, moved later by a person after its notice was due   | late         | yes     |
| held, by a person's word `late` after its nominal day    | late         | yes     |
| held without quorum                                      | no_quorum    | yes     |
| skipped, with the reason                                 | skipped      | yes     |
| over, and its closing ladder has run out                 | not_closed   | yes     |
| over, and its closing ladder still runs                  | open         | no      |
| cancelled by a change; or over before cadence was there  | –            | no      |

Minutes are counted likewise, of the reviews that were held: in time, late, or not there though they are due. Notice and
agenda leave by the program itself, and say nothing of anybody.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from scheduler.domain.definition.agreement import after, before
from scheduler.domain.definition.standing_terms import StandingTerms
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.phrases import Span
from scheduler.domain.record.filing import MinutesRecords
from scheduler.domain.record.review import Move, Moves, Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scopes import Scope

Outcome = Literal["held", "late", "no_quorum", "skipped", "not_closed", "open"]
OUTCOMES: tuple[Outcome, ...] = ("held", "late", "no_quorum", "skipped", "not_closed")
"""What counts, in the order in which it is told."""
Minutes = Literal["in_time", "late", "missing"]


@dataclass(frozen=True, slots=True)
class PastOccurrence:
    """A past review: its day in its own zone, and what became of it. `because` is why it was skipped or moved. `side`
    is the organisation, by key, whose person prepared it; None for a person of none. `minutes` is None where none are
    due. Until the end of `closes_on` one that is open may still be closed."""

    review: str
    series: str
    title: str
    period: str
    day: date
    outcome: Outcome
    because: str | None
    side: str | None
    minutes: Minutes | None
    closes_on: date


@dataclass(frozen=True, slots=True)
class AdherenceCount:
    """How many of so many reviews were held in time, and what became of the others; of the minutes likewise."""

    held: int = 0
    late: int = 0
    no_quorum: int = 0
    skipped: int = 0
    not_closed: int = 0
    minutes_in_time: int = 0
    minutes_late: int = 0
    minutes_missing: int = 0

    @property
    def counted(self) -> int:
        return self.held + self.late + self.no_quorum + self.skipped + self.not_closed

    def percent(self, fewest: int) -> int | None:
        """The share that was held in time, in whole percent; None where there are too few to say."""
        return round(100 * self.held / self.counted) if self.counted >= fewest else None


def occurrences(
    scopes: Iterable[Scope], recorded: Mapping[str, Recorded], minutes: MinutesRecords, moves: Moves, now: datetime
) -> tuple[PastOccurrence, ...]:
    """The past reviews of these scopes that count, or will, at an aware moment, in the order of their days."""
    by_id: dict[str, Scope] = {scope.id: scope for scope in scopes}
    found = (
        _occurrence(record, by_id[record.review.scope_id], minutes, moves.get(record.id, ()), now)
        for record in recorded.values()
        if record.review.scope_id in by_id and _is_past(record, now)
    )
    return tuple(sorted(found, key=lambda each: (each.day, each.review)))


def _is_past(record: Recorded, now: datetime) -> bool:
    """One that was planned and not cancelled; what lay in the past when cadence was started counts once a person has
    closed it."""
    return record.settled or (record.status is Status.PLANNED and record.is_past(now))


def since(terms: StandingTerms, today: date) -> date:
    """The first day that counts today."""
    return before(today, terms.window)


def leaves_on(terms: StandingTerms, occurrence: PastOccurrence) -> date:
    """The first day on which it counts no more. As for `since` a month's last day is that of a shorter month."""
    day = after(occurrence.day, terms.window)
    while since(terms, day) <= occurrence.day:
        day = date.fromordinal(day.toordinal() + 1)
    return day


def count(occurrences: Iterable[PastOccurrence]) -> AdherenceCount:
    """Those that count, told apart."""
    found = [*occurrences]
    outcomes, minutes = Counter(each.outcome for each in found), Counter(each.minutes for each in found)
    of_minutes = {f"minutes_{name}": minutes[name] for name in ("in_time", "late", "missing")}
    return AdherenceCount(**{name: outcomes[name] for name in OUTCOMES}, **of_minutes)


def counted_by(
    occurrences: Iterable[PastOccurrence], key: Callable[[PastOccurrence], str]
) -> dict[str, AdherenceCount]:
    """The same by series, side or quarter, in the order in which each comes first."""
    parts: dict[str, list[PastOccurrence]] = {}
    for each in occurrences:
        parts.setdefault(key(each), []).append(each)
    return {name: count(part) for name, part in parts.items()}


def quarter(day: date) -> str:
    """``2026-Q4``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _occurrence(
    record: Recorded, scope: Scope, minutes: MinutesRecords, moves: tuple[Move, ...], now: datetime
) -> PastOccurrence:
    review = record.review
    day = record.held_on or review.start.date()
    owner = scope.people.get(review.agenda_owner)
    closes_on = _closes_on(scope, review.start.date())
    today = now.astimezone(zone(review.timezone)).date()
    because = record.because if record.status is Status.SKIPPED or record.moved_by_person else None
    return PastOccurrence(
        review=review.id,
        series=review.series_id,
        title=review.title,
        period=review.period,
        day=day,
        outcome=_outcome(record, scope, moves, day, closes_on, today),
        because=because,
        side=owner.of if owner else None,
        minutes=_minutes(record, minutes, today),
        closes_on=closes_on,
    )


def _outcome(
    record: Recorded, scope: Scope, moves: tuple[Move, ...], day: date, closes_on: date, today: date
) -> Outcome:
    if record.status is Status.SKIPPED:
        return "skipped"
    if record.status is not Status.HELD:
        return "open" if today <= closes_on else "not_closed"
    if record.quorate is False:
        return "no_quorum"
    return "late" if _is_late(record, scope, moves, day) else "held"


def _is_late(record: Recorded, scope: Scope, moves: tuple[Move, ...], day: date) -> bool:
    """Whether people held it later than it was meant: a shift by the calendar is nobody's doing."""
    if not (record.moved_by_person or record.held_on):
        return False
    there = zone(record.review.timezone)
    after_notice = (each for each in moves if each.notice_by and each.at.astimezone(there).date() > each.notice_by)
    if day > record.review.nominal_date and any(after_notice):
        return True
    return day > _later(record.review.nominal_date, scope.playbook.standing.late, scope)


def _later(day: date, span: Span, scope: Scope) -> date:
    return scope.calendar.add(day, span.count) if span.unit == "working day" else after(day, span)


def _closes_on(scope: Scope, day: date) -> date:
    """The day of the last rung that asks whether a review was held; after it, it was not."""
    return scope.calendar.add(day, max((rung.at for rung in scope.playbook.closing), default=0))


def _minutes(record: Recorded, minutes: MinutesRecords, today: date) -> Minutes | None:
    due = dict(record.review.clocks).get("minutes_by")
    if record.status is not Status.HELD or due is None:
        return None
    there = zone(record.review.timezone)
    filed = minutes.get(record.id)
    first = next((each for each in filed.filings if each.number > 0), None) if filed else None
    if first is not None:
        return "in_time" if first.filed_at.astimezone(there).date() <= due else "late"
    if record.minutes is not None:  # of before filings were kept: nobody knows when
        return None
    return "missing" if today > due else None


def counting(occurrences: Iterable[PastOccurrence], first: date) -> Iterator[PastOccurrence]:
    """Those from a civil date on whose outcome is known."""
    return (each for each in occurrences if each.day >= first and each.outcome != "open")
