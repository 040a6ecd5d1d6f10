"""What is to be known of the hours of a scope's reviews: which sides sit outside theirs, when and by how much, what
hour would suit them, and where a better one waits for a person's word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.ids import SeriesId
from scheduler.domain.phrases import At
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.series_hour import SeriesHour
from scheduler.rules.calendar.meeting_hours import Fit, Side, Spell, is_between_changes, outside, spells_outside
from scheduler.rules.calendar.wall_clock import start_and_end, zone
from scheduler.rules.calendar.working_days import plainly

from .conflicts import Note
from .formal_review import outside_the_cadence
from .hours import StartTime, best
from .known_hours import hour_of, is_noticed
from .scope import Scope
from .sides import sides
from .turns import ALL, by_slot, is_shared

_FEW = 3


class HeldAt(NamedTuple):
    """At which hour the reviews of a series start, how long they take, and which organisations (keys) attend."""

    series: SeriesId
    title: str
    start: StartTime
    length: timedelta
    zone: str
    sides: tuple[str, ...]
    is_shared: bool = False
    """Whether it is the hour of one side's turns, which bears it for the others."""

    @property
    def hour(self) -> SeriesHour:
        return SeriesHour(self.start.at.time, self.zone)


def held_at(scope: Scope) -> Iterator[HeldAt]:
    """The hours of a scope's series, of its checkpoints and its formal reviews; of each phase of the model."""
    for part in (part for series in scope.series for part in by_slot(series)):
        in_turn = part.turns != ALL
        chosen = part.at if in_turn else part.chosen_at or part.at
        start = StartTime(part.at, part.at_is_written, chosen)
        yield HeldAt(SeriesId(part.id), part.title, start, part.length, part.timezone, part.sides, in_turn)
    for kind, start, present in outside_the_cadence(scope):
        special = scope.playbook.checkpoint if kind is Kind.CHECKPOINT else scope.playbook.formal_review
        id, length = scope.id.series(kind), special.length.duration
        yield HeldAt(id, special.title, start, length, scope.timezone, present)


class OutsideFinding(NamedTuple):
    """That a side sits outside its hours in each review of a series, or in some, and the way out."""

    series: SeriesId
    says: str
    way_out: str
    hour: SeriesHour
    side: Side


def findings(scope: Scope) -> tuple[OutsideFinding, ...]:
    """Whoever would sit outside their hours in the reviews of a scope: one finding a series and a side."""
    found = (
        OutsideFinding(each.series, says, _way_out(scope, each), each.hour, side)
        for each in held_at(scope)
        for side, says in _says(scope, each)
    )
    return tuple(dict.fromkeys(found))


def _says(scope: Scope, each: HeldAt) -> Iterator[tuple[Side, str]]:
    for key, side in zip(each.sides, sides(scope, each.sides), strict=True):
        spells = spells_outside(each.start.at.time, each.length, each.zone, side, scope.effective)
        if spells:
            times, most = _local_times(each, side, spells), max(spell.minutes for spell in spells)
            says = (
                f"{each.title} at {each.start.at} {each.zone} is {times} for {scope.organisations[key].name}, "
                f"{'up to ' if len({spell.minutes for spell in spells}) > 1 else ''}{most} min beyond its hours, "
                f"{side.hours}{_when(each, side, spells)}"
            )
            yield side, says


def _local_times(each: HeldAt, side: Side, spells: Sequence[Spell]) -> str:
    """``04:00-05:00 or 05:00-06:00``, on the clocks of the side; the single night of a change only where it is that
    night alone."""
    there = zone(side.zone)
    usual = [spell for spell in spells if spell.last > spell.first] or spells
    middles = (spell.first + (spell.last - spell.first) // 2 for spell in usual)  # clocks are changed at their ends
    moments = (start_and_end(day, each.start.at.time, each.length, each.zone) for day in middles)
    spans = (f"{start.astimezone(there):%H:%M}-{end.astimezone(there):%H:%M}" for start, end in moments)
    return " or ".join(dict.fromkeys(spans))


def _when(each: HeldAt, side: Side, spells: tuple[Spell, ...]) -> str:
    """On which dates, where it is not on all of a year."""
    days = sum((spell.last - spell.first).days + 1 for spell in spells)
    if days >= 365:
        return ""
    shown = ", ".join(f"{plainly(spell.first)} - {plainly(spell.last)}" for spell in spells[:_FEW])
    more = f" and {len(spells) - _FEW} more times" if len(spells) > _FEW else ""
    if all(is_between_changes(spell.first, each.zone, side.zone) for spell in spells):
        return f", only while one side alone has changed its clocks ({shown}{more})"
    gaps = [*_gaps(spells)]
    if gaps and all(is_between_changes(day, each.zone, side.zone) for day in gaps):
        return ", except while one side alone has changed its clocks"
    return f", on {shown}{more}"


def _gaps(spells: tuple[Spell, ...]) -> Iterator[date]:
    """The first day of each span between them."""
    return (
        before.last + timedelta(days=1) for before, after in pairwise(spells) if (after.first - before.last).days > 1
    )


def _way_out(scope: Scope, each: HeldAt) -> str:
    at, fit = best(scope, each.start.at.time, each.length, each.zone, each.sides)
    if not fit.outside:
        return f"{at:%H:%M} suits all sides on all dates of a year"
    if each.is_shared:
        return "no half hour lies within the hours of all sides on all dates of a year: they take turns with it"
    least = (
        f"{at:%H:%M} reaches least beyond them" if at != each.start.at.time else "this one reaches least beyond them"
    )
    return f"no half hour lies within the hours of all sides on all dates of a year: {least}"


class Better(NamedTuple):
    """A series that stays at the hour that people know, though the definition would choose another one."""

    series: SeriesId
    says: str
    hour: SeriesHour


def _turns_to_come(scope: Scope) -> Iterator[Better]:
    """Where the sides would take turns with the hour, but for the one that people know."""
    for series in scope.series:
        waits = "slot" in series.rotate and not series.slots and not series.at_is_written
        if waits and is_shared(scope, series, series.at.time):
            says = f"stays at {series.at} {series.timezone} in all turns, since people know it; rotate: slot waits"
            yield Better(SeriesId(series.id), says, SeriesHour(series.at.time, series.timezone))


def better(scope: Scope) -> tuple[Better, ...]:
    """Where another hour than the one that people know would be chosen, or the sides would take turns with it."""
    found = (
        Better(
            each.series, f"stays at {start.at} {each.zone}, since people know it; {_instead(scope, each)}", each.hour
        )
        for each in held_at(scope)
        if (start := each.start).at != start.chosen
    )
    return tuple(dict.fromkeys((*found, *_turns_to_come(scope))))


def waiting(scope: Scope, standing: Mapping[str, Recorded], now: datetime) -> tuple[Better, ...]:
    """Those for which a person's word would change anything at `now`: a checkpoint that is past, or on notice, has none
    after it that would start at another hour."""
    checkpoint = scope.id.series(Kind.CHECKPOINT)
    may_move = any(
        record.review.series_id == checkpoint
        and record.status is Status.PLANNED
        and not (record.moved_by_person or record.is_past(now) or is_noticed(record.review, now))
        for record in standing.values()
    )
    return tuple(each for each in better(scope) if may_move or each.series != checkpoint)


def _instead(scope: Scope, each: HeldAt) -> str:
    here, there = (_fit(scope, each, at) for at in (each.start.at, each.start.chosen))
    if there.outside == here.outside:
        return f"the definition would choose {each.start.chosen}"
    what = "reaches less far beyond the hours of all sides" if there.outside else "suits all sides"
    return f"{each.start.chosen} {what}"


def _fit(scope: Scope, each: HeldAt, at: At) -> Fit:
    spells = [
        spell
        for side in sides(scope, each.sides)
        for spell in spells_outside(at.time, each.length, each.zone, side, scope.effective)
    ]
    outside = sum(((spell.last - spell.first).days + 1) * spell.minutes for spell in spells)
    return Fit(outside, max((spell.minutes for spell in spells), default=0))


def notes(scopes: Iterable[Scope], standing: Mapping[str, Recorded], now: datetime) -> Iterator[Note]:
    """The same of the series that have reviews to come at `now`, each as a note about the next one of which it is true:
    which is held at that hour, and on a day on which the side sits outside its hours, or which a word would move."""
    coming: dict[SeriesId, list[Review]] = defaultdict(list)
    for record in sorted(standing.values(), key=lambda record: record.review.start.timestamp()):
        if record.status is Status.PLANNED and not record.moved_by_person and not record.is_past(now):
            coming[record.review.series_id].append(record.review)
    for scope in scopes:
        for found in findings(scope):
            theirs = (each for each in coming[found.series] if outside(each.start, each.end, found.side))
            if review := _first_at(found.hour, theirs):
                yield Note(review.id, f"{found.says}; {found.way_out}")
        for kept in better(scope):
            theirs = (each for each in coming[kept.series] if not is_noticed(each, now))
            if review := _first_at(kept.hour, theirs):
                way = f"cadence plan {scope.partnership} --new-hours"
                yield Note(review.id, f"{kept.says}: {way}")


def _first_at(hour: SeriesHour, reviews: Iterable[Review]) -> Review | None:
    """The first of them that is held at an hour."""
    return next((each for each in reviews if hour_of(each.start, each.timezone) == hour), None)
