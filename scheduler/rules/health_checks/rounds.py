"""When a round opens and closes: planned like a series without a meeting.

The first opens at its day after the effective date (day 180). Each later one is due every half-year from that day on,
and feeds the first health audit for which a round that opens from then on is over in time; where a half-year has no
such audit, it opens by itself. Of rounds that were missed while nothing ran only the last is made up for. One out of
turn is put on record when what calls for it is first seen, and opens after a while; where a regular one opens soon,
that is enough.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.health_check import HealthCheck, Occasion
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.phrases import Span
from scheduler.domain.record.health import MARK, HealthRound
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.scopes import Scope

LEAST_OPEN = timedelta(days=7)
"""A round that opens so late that less of it is left is open for as long as any other: people answer within a week."""
_SOON = timedelta(days=30)
"""A regular round that opens within so long of one out of turn stands for it."""
_FAR = timedelta(days=800)
"""So far ahead the next round is looked for: twice the longest that may lie between two."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A regular round: its period, the civil dates between which it is open, both included, and the audit it feeds."""

    period: str
    opens_on: date
    closes_on: date
    review: str | None = None


def round_id(partnership: str, period: str) -> str:
    return f"{partnership}/{MARK}/{period}"


class Planning(NamedTuple):
    """What rounds are planned by: the `umbrella` scope, the reviews that are `recorded`, which are planned until the
    civil date `horizon`, and the first day on which a round opens by itself. Nobody was there to open what was to
    before."""

    umbrella: Scope
    recorded: Collection[Recorded]
    horizon: date
    since: date

    @property
    def terms(self) -> HealthCheck:
        return self.umbrella.playbook.health_check


def planned(by: Planning, until: date) -> Iterator[Planned]:
    """The regular rounds of a partnership that open until a civil date, the first one first, as its audits stand; as
    far as those are planned."""
    umbrella, terms = by.umbrella, by.terms
    feedable = sorted(audits(umbrella, by.recorded), key=lambda each: (each.review.start, each.id))
    first = after(umbrella.effective, terms.first)
    count = 0
    while True:
        due, following = (after(first, _times(terms, each)) for each in (count, count + 1))
        if due > until or (umbrella.ends is not None and due > umbrella.ends):
            return
        found = _planned(terms, feedable, due, following, is_first=count == 0)
        if (
            found.review is None
            and count
            and by.horizon < following + terms.open.duration + terms.before_audit.duration
        ):
            return  # an audit may yet be planned that it is to feed
        yield found
        count += 1


def _planned(terms: HealthCheck, audits: Sequence[Recorded], due: date, following: date, *, is_first: bool) -> Planned:
    period, open_for, lead = _period(terms, due), terms.open.duration, terms.before_audit.duration
    closings = ((each, each.review.start.date() - lead) for each in audits)
    if is_first:
        closes = due + open_for
        return Planned(period, due, closes, next((each.id for each, last in closings if last >= closes), None))
    fed = next(((each, last) for each, last in closings if due <= last - open_for < following), None)
    if fed is None:
        return Planned(period, due, due + open_for)
    return Planned(period, fed[1] - open_for, fed[1], fed[0].id)


def to_open(by: Planning, known: Collection[HealthRound], today: date) -> Planned | None:
    """The regular round that is to be open on a civil date and is not on record, as it is asked now; None where none
    is."""
    if by.umbrella.wind_down is not None or any(each.is_open for each in known):
        return None
    on_record = {each.period for each in known}
    begun = [each for each in planned(by, today) if by.since <= each.opens_on <= today]
    last = begun[-1] if begun else None
    if last is None or last.period in on_record:
        return None
    if last.closes_on - today >= LEAST_OPEN:
        return last
    return Planned(last.period, today, today + by.terms.open.duration)


def following(by: Planning, known: Collection[HealthRound], today: date) -> Planned | None:
    """The next regular round that opens after a civil date and is not on record."""
    if by.umbrella.wind_down is not None:
        return None
    on_record = {each.period for each in known}
    coming = (each for each in planned(by, today + _FAR) if each.opens_on > today and each.opens_on >= by.since)
    return next((each for each in coming if each.period not in on_record), None)


def out_of_turn(
    by: Planning, known: Collection[HealthRound], occasions: Iterable[Occasion], today: date
) -> tuple[Occasion, date] | None:
    """The round out of turn that is to be put on record on a civil date, and when it opens, where there are `occasions`
    since the last one opened. None where a round is open or on record, or a regular one opens soon enough."""
    if by.umbrella.wind_down is not None or any(each.is_open or each.is_planned for each in known):
        return None
    waits = [(each, after(today, wait)) for each in occasions if (wait := by.terms.wait_after(each))]
    first = min(waits, key=lambda each: each[1], default=None)
    if first is None:
        return None
    regular = following(by, known, today)
    return None if regular and regular.opens_on <= first[1] + _SOON else first


def last_opened(known: Iterable[HealthRound]) -> HealthRound | None:
    """The round that was opened last, and not called off."""
    opened = (each for each in known if each.opened_at and each.skipped_at is None)
    return max(opened, key=lambda each: each.opens_on, default=None)


def last_closed(known: Iterable[HealthRound], by: date | None = None) -> HealthRound | None:
    """The round that was closed last, at the latest on a civil date: what an audit of that day speaks of."""
    closed = (each for each in known if each.closed_at and (by is None or each.closes_on <= by))
    return max(closed, key=lambda each: (each.closes_on, each.id), default=None)


def audits(umbrella: Scope, recorded: Iterable[Recorded]) -> Iterator[Recorded]:
    """The health audits of a partnership itself that were not called off."""
    standing = (Status.PLANNED, Status.HELD, Status.UNRECORDED)
    for each in recorded:
        review = each.review
        if review.kind is Kind.HEALTH_AUDIT and review.scope_id == umbrella.id and each.status in standing:
            yield each


def _times(terms: HealthCheck, count: int) -> Span:
    return Span(terms.every.unit.months * terms.every.count * count, "month")


def _period(terms: HealthCheck, day: date) -> str:
    """``2027-H1``; ``2027-Q2`` of rounds that are asked oftener, ``2027`` of those that are asked seldom."""
    months = terms.every.unit.months * terms.every.count
    if months < 6:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return f"{day.year}-H{(day.month + 5) // 6}" if months < 12 else str(day.year)
