"""The plan: every review of a partnership in a window, each placed on a working day with its clocks, and what to note.

A review belongs to the window by the date on which it is held, not by its nominal one. So two windows side by side
hold between them the reviews of the whole, each once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation, Person
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.review import Review, Series, Window
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import WorkingCalendar

from .assembly import reviews_of
from .checkpoint import checkpoint, starts
from .conflicts import Note, absences, collisions, dropped, no_checkpoint, overlaps, short_days, sooner
from .giving_way import give_way
from .placement import Placed, placed
from .recurrence import occurrences
from .scopes import Scope, scopes
from .sides import attending_review, days_of
from .turns import ALL, by_slot, whole
from .wind_down import exit_reviews

_LOOK_BACK = timedelta(days=90)
_LOOK_AHEAD = timedelta(days=800)
_LONGEST_PERIOD = timedelta(days=366)
_ONE_DAY = timedelta(days=1)
_BEYOND = timedelta(days=2)
"""Dates in two zones are at most so far apart where the meetings are at one time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The reviews of a window by their start, notes about them, and the date on which the next one comes into sight.

    `next_on` is the first UTC date on which the window, rolled on day by day, holds a review that it does not hold now;
    where there is none within two years beyond it, the date on which to look again. `beyond` are the reviews of the
    next days, to which those of the window may have to give way.
    """

    reviews: tuple[Review, ...]
    notes: tuple[Note, ...]
    next_on: date
    beyond: tuple[Review, ...] = ()


def plan_reviews(
    partnership: Partnership,
    playbooks: Mapping[Model, Playbook],
    window: Window,
    decisions: Mapping[str, CourseDecision] | None = None,
) -> Plan:
    """Every review of every scope from 90 days before the window's moment to its end, none before the effective date,
    where they give way to each other and nobody knows of any yet.

    `decisions` are those taken at checkpoints, by checkpoint: a relaunch plans another. The plan depends on nothing but
    these arguments. Raises `InvalidValue` for terms that cannot be planned.
    """
    parts = scopes(partnership, playbooks)
    plan = plan_scopes(parts, partnership.people, window, decisions)
    beyond = {review.id for review in plan.beyond}
    placed = give_way((*plan.reviews, *plan.beyond), parts, {}, window.now)
    reviews = sorted((review for review in placed if review.id not in beyond), key=_by_start)
    return replace(plan, reviews=tuple(reviews), notes=(*plan.notes, *overlaps(reviews)))


def plan_scopes(
    parts: Iterable[Scope],
    people: Mapping[str, Person],
    window: Window,
    decisions: Mapping[str, CourseDecision] | None = None,
) -> Plan:
    """The same for scopes that are known, and the people of their partnership, before any review gives way to another
    one."""
    reviews: list[Review] = []
    beyond: list[Review] = []
    notes: list[Note] = []
    organisations: dict[str, Organisation] = {}
    following = window.until + _LOOK_AHEAD
    for scope in parts:
        _check_year(scope)
        for series in (part for each in scope.series for part in by_slot(each)):
            meeting_days, working_days = days_of(scope, series), scope.working_days(series.sides)
            turns, later, following = _turns(scope, series, meeting_days, window, following)
            meetings = tuple(reviews_of(series, turns, meeting_days, working_days))
            reviews += meetings
            beyond += reviews_of(series, later, meeting_days, working_days)
            notes += (*dropped(series, turns, meeting_days), *collisions(meetings))
            notes += short_days(meetings, scope, series.sides)
            notes += sooner(series.clocks, meetings, working_days)
        for number, start in enumerate(starts(scope, decisions or {}), 1):
            success = checkpoint(scope, start, number)
            if success is None:
                notes += no_checkpoint(scope, number)
            elif success.start.date() > window.until:
                following = min(following, success.start.date())
                beyond += [success] if success.start.date() <= window.until + _BEYOND else []
            elif success.start.date() >= _first_day(window, scope.timezone):
                reviews.append(success)
                sides = attending_review(scope, success)
                notes += short_days([success], scope, sides)
                notes += sooner(scope.playbook.checkpoint.clocks, [success], scope.working_days(sides))
        for review in exit_reviews(scope):
            if review.start.date() > window.until:
                following = min(following, review.start.date())
                beyond += [review] if review.start.date() <= window.until + _BEYOND else []
            elif review.start.date() >= _first_day(window, scope.timezone):
                reviews.append(review)
        organisations |= scope.organisations
    notes += absences(reviews, people, organisations)
    today = window.now.astimezone(UTC).date()
    in_order = tuple(sorted(reviews, key=_by_start))
    return Plan(in_order, tuple(notes), today + (following - window.until), tuple(beyond))


def _check_year(scope: Scope) -> None:
    """Keep slips of the pen away from the ends of the calendar, beyond which no date can be counted."""
    if not 1900 <= scope.effective.year < 2200:
        raise InvalidValue(f"{scope.name} takes effect on {scope.effective}", "write a year from 1900 to 2199")


def _turns(
    scope: Scope, series: Series, meeting_days: WorkingCalendar, window: Window, horizon: date
) -> tuple[list[Placed], list[Placed], date]:
    """The turns of a series in the window and in the days beyond it, and the date of the first one after the window, or
    `horizon` if that is sooner."""
    within: list[Placed] = []
    beyond: list[Placed] = []
    taken, last = _taken(scope, series), window.until + _BEYOND
    first = _first_day(window, series.timezone)
    counting = meeting_days if series.turns == ALL else days_of(scope, whole(scope, series))
    for placing in placed(series, meeting_days, first, max(horizon, last), counting):
        if placing.turn.period_label in taken:
            continue
        if placing.day is None or placing.day <= window.until:
            within += [placing] if placing.day or placing.turn.nominal <= window.until else []
            continue
        horizon = min(horizon, placing.day)
        if placing.day > last:
            break
        beyond.append(placing)
    return within, beyond, horizon


def _taken(scope: Scope, series: Series) -> set[str]:
    """Periods that the series already served under an earlier structural model: an amendment gives no second review."""
    earlier = (other for other in scope.series if other.key == series.key and other.starts < series.starts)
    since, until = series.starts - _LONGEST_PERIOD, series.starts - _ONE_DAY
    turns = (turn for other in earlier for turn in occurrences(other, days_of(scope, other), since, until))
    return {turn.period_label for turn in turns}


def _first_day(window: Window, zone_name: str) -> date:
    return window.now.astimezone(zone(zone_name)).date() - _LOOK_BACK


def _by_start(review: Review) -> tuple[float, str]:
    return review.start.timestamp(), review.id
