"""The cadence that a definition leads to: is each series ever held, and is there something on the table when it is?

These checks plan, a few dates ahead of the effective date, so they are asked of definitions without errors only.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice, pairwise

from scheduler.definitions.checks.at_once import series_at_once
from scheduler.definitions.checks.subject import CheckedDefinition, Finding, warning
from scheduler.definitions.problems import Trail
from scheduler.domain.definition.forward_agenda import EVERY
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Unit
from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Span
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.review import Series
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews import hour_notes
from scheduler.rules.reviews.checkpoint import checkpoint
from scheduler.rules.reviews.clocks import days_in, mended, timetable
from scheduler.rules.reviews.formal_review import called
from scheduler.rules.reviews.forward_agenda import spans_of
from scheduler.rules.reviews.placement import placed
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.reviews.sides import days_of
from scheduler.rules.reviews.turns import is_shared

_DAYS = {Unit.WEEK: 7, Unit.MONTH: 31, Unit.QUARTER: 92, Unit.HALF_YEAR: 184, Unit.YEAR: 366}
_FAR = 3653  # days; whatever comes less often than every ten years is not waited for
_A_YEAR = timedelta(days=366)
_ALWAYS = 6  # dates in a row of a series that are off are no accident
_LOOKED_AT = 3  # reviews of a series; a meeting that precedes its data mostly does so from the start


def cadence(subject: CheckedDefinition) -> Iterator[Finding]:
    """What is found by planning each scope's first reviews and KPI periods, and by all of them together."""
    can_meet = True
    parts = scopes(subject.partnership, subject.playbooks)
    for scope in parts:
        path: Trail = ("layers", scope.layer) if scope.layer else ()
        if apart := [*_no_day_to_meet(scope, path)]:
            yield from apart
            can_meet = False
            continue  # nothing can be planned
        yield from _series_never_held(scope, path)
        yield from _never_on_its_day(scope, path)
        yield from _clocks_out_of_order(scope, path)
        yield from _turns_of_one_side(scope, path)
        yield from _nothing_to_share(scope, path)
        yield from _topics_never_taken_up(scope, path, subject.partnership)
        yield from _clocks_of_mixed_days(scope, path, subject.partnership)
        yield from _kpis_after_their_review(scope, path)
        yield from _criteria_without_a_reading(scope, path)
        yield from _outside_hours(scope, path)
    if can_meet:
        yield from series_at_once(parts)


def _outside_hours(scope: Scope, path: Trail) -> Iterator[Finding]:
    """A side that attends sits within its hours; formal reviews are judged once one is called."""
    for found in hour_notes.findings(scope):
        if found.series.key == Kind.CHECKPOINT:
            yield warning((*path, "success_at_90_days", "at"), found.says, found.way_out, of="key")
        elif found.series.key != Kind.FORMAL_REVIEW:
            yield warning((*path, "reviews", found.series.key, "at"), found.says, found.way_out, of="key")


def _no_day_to_meet(scope: Scope, path: Trail) -> Iterator[Finding]:
    """Those that attend a review have a day in each week on which they can meet at its hour, and days on which its
    clocks can stand. Organisations that never attend together need none. The same fault is told once."""
    specials = scope.playbook.checkpoint, scope.playbook.formal_review
    asked: list[tuple[str, str, Callable[[], object]]] = [
        *((series.key, series.title, partial(days_of, scope, series)) for series in scope.series),
        (Kind.CHECKPOINT, specials[0].title, partial(checkpoint, scope)),
        (Kind.FORMAL_REVIEW, specials[1].title, partial(called, scope, scope.effective)),
    ]
    told = set[str]()
    for key, title, find_days in asked:
        try:
            find_days()
        except InvalidValue as fault:
            if fault.what not in told:
                yield Finding((*path, "reviews", key), f"{title}: {fault.what}", fault.hint, of="key")
            told.add(fault.what)


def _clocks_of_mixed_days(scope: Scope, path: Trail, partnership: Partnership) -> Iterator[Finding]:
    """Where a definition counts clocks in calendar days and in working days, days off may turn their order round."""
    part = partnership.layers[scope.layer] if scope.layer else partnership
    for series in scope.series:
        terms = part.reviews.get(series.key)
        spans = (series.clocks.notice, series.clocks.agenda, series.clocks.items)
        if terms is None or not any(span for _, span in terms.clocks) or not _is_mixed(spans):
            continue
        working_days, clocks = scope.working_days(series.sides), timetable(series.clocks)
        held = placed(series, days_of(scope, series), series.starts, series.starts + _A_YEAR)
        found = ((day, *each) for _, day in held if day for each in mended(clocks, day, working_days))
        for day, name, on, why in islice(found, 1):
            what = name.removesuffix("_by")
            says = f"{what} of the review on {in_words(day)} is due on {in_words(on)} already: {why}"
            yield _sooner(path, series, what, says, "count notice, agenda and items alike, or further apart")


def _is_mixed(spans: Iterable[Span | None]) -> bool:
    return len({span.unit == "working day" for span in spans if span is not None and span.count}) > 1


def _clocks_out_of_order(scope: Scope, path: Trail) -> Iterator[Finding]:
    """Notice, agenda, items, start: where the terms themselves have another order, what comes too late comes sooner."""
    for series in scope.series:
        spans = [(name, getattr(series.clocks, name)) for name in ("notice", "agenda", "items")]
        said = [(name, span) for name, span in spans if span is not None]
        for (name, span), (following, other) in pairwise(said):
            alike = (span.unit == "working day") is (other.unit == "working day")
            if alike and days_in(span) < days_in(other):
                what = f"{name} {span} before the review would come after {following}, {other} before it"
                yield _sooner(path, series, name, what, f"it comes as early as {following}; write a longer span")
        if series.clocks.agenda is not None and days_in(series.clocks.agenda) == 0:
            what = "the agenda would go out on the day of the review itself"
            yield _sooner(path, series, "agenda", what, "it goes out the working day before; write 1 working day")


def _turns_of_one_side(scope: Scope, path: Trail) -> Iterator[Finding]:
    """What sides take in turn needs two of them."""
    for series in scope.series:
        if series.rotate and len(series.sides) == 1:
            what = f"only {series.sides[0]} attends {series.title}, so nobody takes turns with it"
            hint = "leave rotate out, or name attendees of another organisation"
            yield warning((*path, "reviews", series.key, "rotate"), what, hint)


def _topics_never_taken_up(scope: Scope, path: Trail, partnership: Partnership) -> Iterator[Finding]:
    """A topic of a time of the year at which its series is never held comes onto no agenda."""
    said = partnership.layers[scope.layer].reviews if scope.layer else partnership.reviews
    for series in scope.series:
        wanted = {name for name, topics in said[series.key].topics.said if topics} if series.key in said else set()
        if wanted := wanted - {EVERY}:
            until = series.starts + max(_A_YEAR, 2 * _turn(series))
            held = placed(series, days_of(scope, series), series.starts, until)
            reached = {name for turn, _ in held for name in spans_of(turn.nominal, series.fiscal_start or 1)}
            for name in sorted(wanted - reached):
                what = f"{series.title} is never held in {name}, so its topics come onto no agenda"
                yield warning((*path, "reviews", series.key, "topics", name), what, "name a time at which it is held")


def _nothing_to_share(scope: Scope, path: Trail) -> Iterator[Finding]:
    """Sides take turns with an hour outside their own only where none suits all, and none is written."""
    for series in scope.series:
        if "slot" not in series.rotate or len(series.sides) < 2 or series.slots:
            continue
        if series.at_is_written or not is_shared(scope, series, series.at.time):
            why = "its hour is written" if series.at_is_written else f"{series.at} lies within everybody's hours"
            what = f"there is no burden for rotate: slot to share in {series.title}: {why}"
            hint = "leave slot out" if not series.at_is_written else "leave slot out, or at"
            yield warning((*path, "reviews", series.key, "rotate"), what, hint)


def _sooner(path: Trail, series: Series, name: str, what: str, hint: str) -> Finding:
    return warning((*path, "reviews", series.key, "clocks", name), what, hint, of="key")


def _series_never_held(scope: Scope, path: Trail) -> Iterator[Finding]:
    """A series whose first date lies after the end is no series."""
    for series in scope.series:
        ends = scope.ends
        if ends is None or ends != series.ends or ends >= series.starts + 2 * _turn(series):
            continue  # another model follows, or there is time enough
        if next(placed(series, days_of(scope, series), series.starts, ends), None) is None:
            what = f"{series.title} is never held before the end on {in_words(ends)}"
            yield warning(
                (*path, "reviews", series.key), what, "hold it more often, or drop it with off: true", of="key"
            )


def _never_on_its_day(scope: Scope, path: Trail) -> Iterator[Finding]:
    """A day that is always off for a side, such as a monday that is still sunday there, is nobody's day."""
    for series in scope.series:
        days = days_of(scope, series)
        turns = [*islice((turn for turn, _ in placed(series, days, series.starts, series.starts + _A_YEAR)), _ALWAYS)]
        if len(turns) == _ALWAYS and all(days.is_off(turn.nominal) for turn in turns):
            day = turns[0].nominal
            what = f"{series.title} is never held on its own day: {in_words(day)}, the first, is off: {days.why(day)}"
            yield warning((*path, "reviews", series.key), what, "choose another day, or another hour", of="key")


def _kpis_after_their_review(scope: Scope, path: Trail) -> Iterator[Finding]:
    """A meeting follows its data: the last period that has ended is due by the day of the review."""
    looked_at: dict[tuple[str, date], list[date]] = {}
    for key, kpi in scope.kpis.items():
        series = _discussing(scope, kpi)
        if series is None:
            continue
        first = max(scope.effective, kpi.from_ or scope.effective) + timedelta(days=_DAYS[kpi.every])
        if (series.key, first) not in looked_at:
            looked_at[series.key, first] = _first_reviews(scope, series, first)
        late = _late(scope, key, kpi, looked_at[series.key, first])
        if late is not None:
            review, measurement = late
            yield warning(
                (*path, "kpis", key, "due"),
                f"{kpi.name} is due after the review that discusses it: {series.title} on {in_words(review)} looks at "
                f"{measurement.period.name}, which is due on {in_words(measurement.due)}",
                f"let it fall due earlier, or hold the review later (under reviews: {series.key})",
            )


def _criteria_without_a_reading(scope: Scope, path: Trail) -> Iterator[Finding]:
    """A criterion that a KPI judges needs a reading of it by the checkpoint."""
    planned = checkpoint(scope)
    if planned is None:
        return
    day = planned.start.date()
    for index, criterion in enumerate(scope.success.criteria if scope.success else ()):
        if criterion.kpi in scope.kpis and not _owed(scope, criterion.kpi, day):
            yield warning(
                (*path, "success_at_90_days", "criteria", index, "kpi"),
                f"no reading of {criterion.kpi} is due by the checkpoint on {in_words(day)}",
                "measure it more often, let it fall due earlier, or name an owner who judges this criterion",
            )


def _discussing(scope: Scope, kpi: Kpi) -> Series | None:
    """The series in which a KPI's periods are looked at: the most frequent that is held no oftener than it is measured.
    Weekly figures belong to the pipeline review, all others do not."""
    candidates = [
        series
        for series in scope.series
        if series.rule is None
        and series.starts == scope.effective
        and _DAYS[series.every.unit] >= _DAYS[kpi.every]
        and (series.kind is Kind.PIPELINE) is (kpi.every is Unit.WEEK)
    ]
    return min(candidates, key=lambda series: _DAYS[series.every.unit] * series.every.count, default=None)


def _first_reviews(scope: Scope, series: Series, first: date) -> list[date]:
    turns = placed(series, days_of(scope, series), first, first + (_LOOKED_AT + 1) * _turn(series))
    return list(islice((day for _, day in turns if day is not None), _LOOKED_AT))


def _late(scope: Scope, key: str, kpi: Kpi, reviews: list[date]) -> tuple[date, Measurement] | None:
    """The first review that is held before the period which it looks at is due."""
    if not reviews:
        return None
    slack = timedelta(days=2 * (kpi.due.count if kpi.due else 0) + _DAYS[kpi.every])
    owed = _owed(scope, key, reviews[-1] + slack)
    for review in reviews:
        ended = [measurement for measurement in owed if measurement.period.last < review]
        if ended and ended[-1].due > review:
            return review, ended[-1]
    return None


def _turn(series: Series) -> timedelta:
    """How long it is, at most, from one review of the series to the next."""
    return timedelta(days=min(_DAYS[series.every.unit] * series.every.count, _FAR))


def _owed(scope: Scope, key: str, until: date) -> tuple[Measurement, ...]:
    """A KPI's measurements that fall due by that day, none of them reported."""
    alone = replace(scope, kpis={key: scope.kpis[key]})
    return measurements(alone, {}, {}, datetime.combine(scope.effective, time(), UTC), until)
