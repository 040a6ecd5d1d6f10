"""Which periods of a KPI are owed: each span of days once, by the version in force at its end.

- The first is the first whole one that begins on or after the effective date; of a first version none that ended more
  than `past_days` before it was taken up. A KPI that a later version adds owes from the first that begins on or after
  the day on which it was taken up. `from` says otherwise, backwards too.
- A changed frequency or fiscal year begins with its first period after the change; the old one goes on until then, and
  a period of it that would reach beyond is cut short: no gap, and no day owed twice.
- The last is the last whole one before the end, or before the version that has the KPI no more.

A period is its days; its label is a name. Where a moved fiscal year gives one label to two spans, the later one bears
its first day: ``FY2027-Q1-2027-01-01``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.record.measurement import Period
from scheduler.rules.calendar.periods import period_of, periods

from .definition_in_force import Schedule, Term, Timeline

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OwedPeriod:
    """A period that is owed, the term in force at its end, and the KPI as it is measured then: where the old frequency
    still goes on, with the target that went with it.

    `asked_from` is the first day on which anybody could be asked, where the period had ended before; `counts` is
    whether it is held against triggers: not where nobody was asked in time, and not where it is cut short.
    """

    period: Period
    term: Term
    kpi: Kpi
    asked_from: date | None = None
    counts: bool = True


@dataclass(frozen=True)
class _Stretch:
    """Days, the first included and the last not (None is without end), measured by one schedule."""

    first: date
    end: date | None
    schedule: Schedule


def spans(timeline: Timeline, until: date) -> Iterator[OwedPeriod]:
    """The periods of a KPI that end by `until`, oldest first, each label once."""
    labels: set[str] = set()
    owed_to = date.min
    for run in _runs(timeline):
        for span in _of_run(timeline, run, owed_to, until):
            period, owed_to = span.period, span.period.last
            if period.label in labels:
                period = replace(period, label=f"{period.label}-{period.first}")
            labels.add(period.label)
            yield replace(span, period=period)


@dataclass(frozen=True)
class _Run:
    """The turns in which a KPI is defined without a break, and the day from which it is gone, None where it is not."""

    turns: tuple[tuple[date, Term], ...]
    gone: date | None

    @property
    def first(self) -> Term:
        return self.turns[0][1]

    @property
    def is_from_the_beginning(self) -> bool:
        return self.turns[0][0] == date.min


def _runs(timeline: Timeline) -> Iterator[_Run]:
    """An absence in which no period of the KPI ended is none."""
    turns: list[tuple[date, Term]] = []
    gone: date | None = None
    for start, term in timeline.segments:
        if term.kpi is None:
            gone = gone or (start if turns else None)
            continue
        if gone and _ended_between(turns[-1][1], gone, start):
            yield _Run(tuple(turns), gone)
            turns = []
        gone = None
        turns.append((start, term))
    if turns:
        yield _Run(tuple(turns), gone)


def _ended_between(term: Term, first: date, end: date) -> bool:
    """Whether a period ends on one of these days, the last not included."""
    schedule = term.schedule
    return schedule is not None and any(
        first <= each.last < end for each in periods(schedule[0], first, end, schedule[1])
    )


def _of_run(timeline: Timeline, run: _Run, owed_to: date, until: date) -> Iterator[OwedPeriod]:
    begins = max(min(_begins(run, term) for _, term in run.turns), owed_to + _DAY if owed_to > date.min else date.min)
    until = min(until, run.gone - _DAY) if run.gone else until
    for stretch in _stretches(run, begins):
        last = min(until, stretch.end - _DAY) if stretch.end else until
        if last < stretch.first:
            continue
        for whole in periods(stretch.schedule[0], stretch.first, last, stretch.schedule[1]):
            period = replace(whole, last=min(whole.last, stretch.end - _DAY)) if stretch.end else whole
            if stretch.first <= period.first and period.last <= until:
                yield from _owed(timeline, run, stretch, period, is_whole=period == whole)


def _owed(timeline: Timeline, run: _Run, stretch: _Stretch, period: Period, *, is_whole: bool) -> Iterator[OwedPeriod]:
    """The period, if it is owed."""
    term = timeline.at_the_end_of(period.last)
    if term.kpi is None:  # an absence that was none
        term = run.first
    asked_from = run.first.taken_up
    if period.first < _begins(run, term):
        claims = (each for _, each in run.turns if each.kpi and each.kpi.from_ and each.kpi.from_ <= period.first)
        claim = next(claims, None)
        if claim is None:
            return
        asked_from = claim.taken_up
    is_too_old = period.last < run.first.asks_from and not (run.first.kpi and run.first.kpi.from_)
    if is_too_old or (term.scope.ends and period.last > term.scope.ends):
        return
    late = asked_from if asked_from and period.last < asked_from else None
    yield OwedPeriod(period, term, _measured(run, stretch, term, period), late, counts=late is None and is_whole)


def _begins(run: _Run, term: Term) -> date:
    """From which day on a KPI is owed, by what one of its terms says."""
    if term.kpi and term.kpi.from_:
        return term.kpi.from_
    return term.scope.effective if run.is_from_the_beginning else max(term.scope.effective, run.first.day)


def _stretches(run: _Run, begins: date) -> Iterator[_Stretch]:
    """The schedules by turns. One that is taken back before its first period never was."""
    first, current = begins, run.first.schedule
    coming: tuple[date, Schedule] | None = None
    for start, term in run.turns:
        wanted = term.schedule
        if current is None or wanted is None:
            continue
        if coming and coming[0] <= start:
            yield _Stretch(first, coming[0], current)
            (first, current), coming = coming, None
        if wanted == current:
            coming = None
        elif coming is None or coming[1] != wanted:
            coming = _next_beginning(wanted, max(term.day, begins)), wanted
    if current is not None:
        yield _Stretch(first, coming[0] if coming else None, current)
    if coming:
        yield _Stretch(coming[0], None, coming[1])


def _next_beginning(schedule: Schedule, day: date) -> date:
    """The first day of the schedule's first period that begins on or after a day."""
    every, fiscal = schedule
    period = period_of(day, every, fiscal)
    return period.first if period.first == day else period.last + _DAY


def _measured(run: _Run, stretch: _Stretch, term: Term, period: Period) -> Kpi:
    """The KPI as a term has it; while another frequency goes on, as it went with that, but for who owns it."""
    kpi = term.kpi or run.first.kpi
    if term.schedule != stretch.schedule:
        with_it = (
            each.kpi
            for start, each in reversed(run.turns)
            if start <= period.last and each.schedule == stretch.schedule
        )
        before = next(with_it, None)
        if before and kpi:
            return before.model_copy(update={"owner": kpi.owner, "deputy": kpi.deputy})
    if kpi is None:
        raise ValueError("a run has a KPI in each of its turns")
    return kpi
