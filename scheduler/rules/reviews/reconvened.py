"""A meeting that had no quorum is convened again, where its playbook says so: ``<review>-2``, once.

It is held as soon as its notice allows, counted from the day on which it became known that there was no quorum; where
that is later than the days `within` which it is to take place, nobody convenes it. One that had no quorum either leads
to no third: that is for people to decide. What was first planned stays: a later planning counts from the same day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from scheduler.domain.definition.playbook import Reconvene
from scheduler.domain.definition.vocabulary import DayOff, Kind, Status
from scheduler.domain.record.review import RECONVENED, Recorded, Review
from scheduler.rules.calendar.wall_clock import start_and_end, zone
from scheduler.rules.calendar.working_days import in_words

from .clocks import clock_dates, days_in, timetable
from .placement import moved_because, place
from .reconcile import ReviewChange
from .scope import Scope
from .series import with_duty
from .sides import days_of


def reconvened(recorded: Mapping[str, Recorded], scopes: Mapping[str, Scope], now: datetime) -> Iterator[Review]:
    """The meetings in the place of those that had no quorum, as they are planned at `now`, an aware moment."""
    for record in recorded.values():
        scope = scopes.get(record.review.scope_id)
        if record.status is Status.HELD and record.quorate is False and scope is not None:
            known = recorded.get(f"{record.id}{RECONVENED}")
            if again := _again(record, known, scope, now):
                yield again


def _again(record: Recorded, known: Recorded | None, scope: Scope, now: datetime) -> Review | None:
    missed, series = record.review, scope.series_of(record.review)
    if series is None or series.reconvene is None or missed.is_reconvened or missed.kind is Kind.CHECKPOINT:
        return None
    calendar, sides_work = days_of(scope, series), scope.working_days(series.sides)
    nominal = known.review.nominal_date if known and known.status is Status.PLANNED else None
    if nominal is None and (nominal := _first_day(record, series.reconvene, now)) is None:
        return None
    day = place(nominal, DayOff.NEXT, calendar, nominal, scope.ends)
    if day is None or (scope.ends is not None and day > scope.ends):
        return None
    start, end = start_and_end(day, series.at.time, series.length, series.timezone)
    terms = series.reconvene
    return replace(
        missed,
        id=f"{missed.id}{RECONVENED}",
        title=f"{series.title} (reconvened)",
        period=f"{missed.period}{RECONVENED}",
        nominal_date=nominal,
        start=start,
        end=end,
        timezone=series.timezone,
        moved_because=moved_because(nominal, day, calendar),
        agenda_owner=series.agenda_owner,
        deputy=series.deputy,
        attendees=with_duty(series.attendees, series.agenda_owner, *((missed.chair,) if missed.chair else ())),
        quorum=terms.quorum.said(series.model) if terms.quorum else series.quorum,
        place=series.place,
        clocks=clock_dates(timetable(terms.clocks(series.clocks)), start.date(), sides_work),
        gave_way_from=None,
    )


def _first_day(record: Recorded, terms: Reconvene, now: datetime) -> date | None:
    """The first day that the notice allows; None where the time in which it is to be held is over."""
    today = now.astimezone(zone(record.review.timezone)).date()
    if today > last_day(record, terms):
        return None
    return date.fromordinal(today.toordinal() + max(days_in(terms.notice), 1))


def last_day(record: Recorded, terms: Reconvene) -> date:
    """The last day on which a meeting in the place of this one is to be held."""
    missed = record.held_on or record.review.start.date()
    return date.fromordinal(missed.toordinal() + days_in(terms.within))


def lacked_quorum(review: Review, recorded: Mapping[str, Recorded]) -> Recorded | None:
    """The meeting in whose place a review is held; None where it is in no other's."""
    return recorded.get(review.id.removesuffix(RECONVENED)) if review.is_reconvened else None


def explained(change: ReviewChange, recorded: Mapping[str, Recorded]) -> ReviewChange:
    """A change of the schedule; one that convenes a meeting again, or calls that off, says why."""
    missed = lacked_quorum(change.result.review, recorded)
    if missed is None or change.verb not in ("schedule", "cancel"):
        return change
    on = in_words(missed.held_on or missed.review.start.date())
    if change.verb == "schedule":
        return replace(change, because=f"reconvened: there was no quorum on {on}")
    because = f"what was said of the quorum on {on} was corrected"
    return replace(change, because=because, result=replace(change.result, because=because))
