"""Who comes, who owns the agenda, and what time it is for each of them.

A review always has somebody who owns its agenda: the deputy where the owner is away that day, somebody of the
partnership where the owner has left it. An absence moves no review; it is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.record.review import Review
from scheduler.render.languages import known, say
from scheduler.render.wording import clock_words, day_words, hour_words, listed, offset_words
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.reviews.turns import manager_of

_FIVE_WEEKS = timedelta(days=35)
"""Longer than any span of weeks in which only one of two places has changed its clocks (America and Europe: three
weeks)."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody at the review. `away` says that they will not be there, and until when; `comes_not` that they have
    declined, and who comes instead."""

    name: str
    organisation: str | None
    role: str | None
    away: str | None = None
    comes_not: str | None = None


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The review on the clocks of one place, and who lives by them."""

    place: str
    date: str
    start: str
    end: str
    offset: str
    people: str


class People:
    """The people of a partnership as a review of a given moment finds them."""

    def __init__(self, scope: Scope, partnership: Partnership, review: Review) -> None:
        self._scope = scope
        self._partnership = partnership
        self._review = review

    def name(self, key: str) -> str:
        """The person's name, also of one who has left; whatever else stands there (a committee) as it is written."""
        return self._partnership.name_of(key)

    def with_side(self, key: str) -> str:
        """``Dev Patel, Globex``; of somebody of no organisation the name alone."""
        person = self._partnership.people.get(key)
        return ", ".join(each for each in (self.name(key), self.organisation(person.of if person else None)) if each)

    def attendee(self, key: str) -> Attendee:
        person = self._partnership.people.get(key)
        if person is None:
            return Attendee(key, None, None, say("no longer in the partnership"))
        organisation = self._partnership.organisations.get(person.of or "")
        role = known(person.role.words) if person.role else None
        return Attendee(person.name, organisation.name if organisation else None, role, self._away(key))

    def attendees(self) -> tuple[Attendee, ...]:
        return tuple(self.attendee(key) for key in self._review.attendees)

    def chair(self) -> Attendee | None:
        return self.attendee(self._review.chair) if self._review.chair else None

    def owner(self) -> tuple[Attendee, str | None]:
        """Who owns the agenda on the day, and the reason where that is not the one the plan names."""
        named = self.attendee(self._review.agenda_owner)
        if named.away is None:
            return named, None
        deputy = self._review.deputy
        if deputy and self.attendee(deputy).away is None:
            return self.attendee(deputy), say("stands in for %(person)s, %(away)s", person=named.name, away=named.away)
        if self._review.agenda_owner in self._partnership.people:
            return named, say("%(away)s, and nobody stands in: name somebody today", away=named.away)
        heir = self.attendee(self._scope.default_agenda_owner)
        return heir, say("in place of %(person)s, %(away)s: name an owner", person=named.name, away=named.away)

    def organisation(self, key: str | None) -> str | None:
        """The organisation's name, or its key where the definition has it no longer."""
        known = self._partnership.organisations.get(key or "")
        return known.name if known else key

    def acting_for(self, organisation: str | None) -> str | None:
        """``Globex Cells Inc (Dev Patel)``: a side whose turn it is, and who acts for it."""
        if organisation is None:
            return None
        person = manager_of(self._scope, organisation)
        return f"{self.organisation(organisation)} ({self.name(person)})" if person else self.organisation(organisation)

    def zones(self) -> dict[str, tuple[str, ...]]:
        """Zone → the names of those who live in it, the review's own zone first."""
        found: dict[str, list[str]] = {self._review.timezone: []}
        for key in dict.fromkeys((self._review.agenda_owner, *self._review.attendees)):
            if key in self._partnership.people:
                found.setdefault(self._zone(key).key, []).append(self.name(key))
        return {zone: tuple(names) for zone, names in found.items()}

    def _zone(self, key: str) -> ZoneInfo:
        people, organisations = self._partnership.people, self._partnership.organisations
        return zone_of(people[key], organisations, self._partnership.zone)

    def _away(self, key: str) -> str | None:
        """Away on the day of the review as it is where the person lives."""
        day = self._review.start.astimezone(self._zone(key)).date()
        ends = [days.last for days in self._partnership.people[key].away if day in days]
        return say("away until %(day)s", day=day_words(max(ends))) if ends else None


def local_times(start: datetime, end: datetime, zones: dict[str, tuple[str, ...]]) -> tuple[LocalTime, ...]:
    """Start and end on the clocks of every zone, each with its own date; `end` bears its date where that is another
    one."""
    return tuple(_local_time(start, end, zone, people) for zone, people in zones.items())


def clock_note(start: datetime, zones: Iterable[str]) -> str | None:
    """What to say in the weeks when only one side has changed its clocks: how far apart the places are, and usually
    are.

    A distance is unusual where it is neither that of five weeks before nor that of five weeks after.
    """
    home, *others = zones
    start = start.astimezone(UTC)
    notes = []
    for other in others:
        now, before, after = (_apart(start + shift, home, other) for shift in (timedelta(), -_FIVE_WEEKS, _FIVE_WEEKS))
        if now not in (before, after):
            notes.append(
                say(
                    "%(here)s and %(there)s are %(now)s apart, not %(before)s",
                    here=_place(home),
                    there=_place(other),
                    now=hour_words(now),
                    before=hour_words(before),
                )
            )
    if not notes:
        return None
    return say("On this date %(apart)s: only one side has changed its clocks.", apart=listed(notes))


def local_date(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _local_time(start: datetime, end: datetime, zone: str, people: tuple[str, ...]) -> LocalTime:
    here, until = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    ends = clock_words(until) if until.date() == here.date() else f"{clock_words(until)} ({day_words(until.date())})"
    return LocalTime(
        place=_place(zone),
        date=day_words(here.date()),
        start=clock_words(here),
        end=ends,
        offset=offset_words(here),
        people=listed(people),
    )


def _apart(moment: datetime, one: str, other: str) -> timedelta:
    offsets = (moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for zone in (one, other))
    return next(offsets) - next(offsets)


def _place(zone: str) -> str:
    """``America/Argentina/Buenos_Aires`` → ``Buenos Aires``."""
    return zone.rpartition("/")[2].replace("_", " ")
