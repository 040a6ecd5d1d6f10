"""From a turn of a series, placed on its date, to the review: its moments, chair, attendees and clocks."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.review import Review, Series
from scheduler.rules.calendar.wall_clock import start_and_end
from scheduler.rules.calendar.working_days import WorkingCalendar

from .clocks import clock_dates, timetable
from .placement import Placed, moved_because
from .recurrence import Occurrence, occurrences
from .scope import Scope
from .series import with_duty
from .turns import side_of

_FAR = timedelta(days=3 * 366)
"""So far ahead the next review of a kind is looked for."""


def reviews_of(
    series: Series, turns: Iterable[Placed], meeting_days: WorkingCalendar, working_days: WorkingCalendar
) -> Iterator[Review]:
    """The reviews of those turns that are held: placed on `meeting_days`, their clocks on `working_days`. The agenda's
    owner and the chair are always among the attendees."""
    series_id, clocks = series.id, timetable(series.clocks)
    seated = {chair: with_duty(series.attendees, series.agenda_owner, chair) for chair in series.chairs}
    for turn, day in turns:
        if day is None:
            continue
        start, end = start_and_end(day, series.at.time, series.length, series.timezone)
        chair = chair_of(series, turn)
        yield Review(
            id=f"{series_id}/{turn.period_label}",
            partnership=series.partnership,
            layer=series.layer,
            series=series.key,
            model=series.model,
            kind=series.kind,
            title=series.title,
            period=turn.period_label,
            nominal_date=turn.nominal,
            start=start,
            end=end,
            timezone=series.timezone,
            moved_because=moved_because(turn.nominal, day, meeting_days),
            agenda_owner=series.agenda_owner,
            deputy=series.deputy,
            chair=chair,
            attendees=seated[chair],
            quorum=series.quorum,
            place=series.place,
            clocks=clock_dates(clocks, start.date(), working_days),
            host=side_of(series, "host", turn.number),
            minutes_by=side_of(series, "minutes_by", turn.number),
        )


def next_chair(scope: Scope, kind: Kind, on: date) -> str | None:
    """Who chairs the first review of a kind whose nominal date is that day or later, in the scope; None where none is
    to come."""
    coming = []
    for series in (each for each in scope.series if each.kind is kind and each.chairs):
        turn = next(occurrences(series, scope.calendar, on, on + _FAR), None)
        coming += [(turn.nominal, chair_of(series, turn))] if turn else []
    return min(coming, default=(on, None))[1]


def chair_of(series: Series, turn: Occurrence) -> str:
    """Whose turn it is, from the turn's number or nominal date alone: what was held before has no say in it."""
    return series.chairs[_rounds(series, turn) % len(series.chairs)]


def _rounds(series: Series, turn: Occurrence) -> int:
    match series.rotates:
        case "each":
            return turn.number
        case "monthly":
            return _months(turn.nominal) - _months(series.anchor)
        case "yearly":
            return turn.nominal.year - series.anchor.year


def _months(day: date) -> int:
    return day.year * 12 + day.month
