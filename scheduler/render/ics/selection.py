"""The parts of a calendar: entries rendered once each, and chosen in their order for who reads.

A review or a due KPI is one entry, which keeps its bytes: a calendar that shows it again, to somebody else or after
something beside it has changed, costs no rendering. Only the link to a review's agenda is each reader's own.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import NamedTuple

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Recorded
from scheduler.rules.access import JOINT, Audience, audience_of, visible

from .event import LinkedEvent, clock_events, review_event
from .model import Due, Meeting
from .options import PLAIN, Choice, Reports
from .serializer import Entry, to_ical
from .todo import due_entries

Dates = tuple[date, date]
"""A first and a last civil date, both included."""
Links = Callable[[Meeting], str | None]
"""The link to a review's agenda that is the reader's own; None where there is none."""


class CalendarPart(NamedTuple):
    """Components rendered: their bytes, the zones they refer to, and when they last changed."""

    ics: bytes
    zones: frozenset[str]
    modified: datetime


class CalendarItem(NamedTuple):
    """What a calendar is to show: a digest of all that it says, and how it is rendered."""

    said: bytes
    render: Callable[[], CalendarPart]


@dataclass(eq=False)
class ReviewEntry:
    """A review, as nobody's in particular, and its parts of a calendar, each rendered when it is first asked for.
    `said` is a digest of all that the meeting is."""

    meeting: Meeting
    said: bytes

    @cached_property
    def _silent(self) -> LinkedEvent:
        return LinkedEvent(review_event(self.meeting, alarm=False))

    @cached_property
    def _calling(self) -> LinkedEvent:
        return LinkedEvent(review_event(self.meeting, alarm=True))

    @cached_property
    def clocks(self) -> Mapping[str, CalendarPart]:
        """A day's mark for each clock, by its name."""
        return {name: rendered(event) for name, event in clock_events(self.meeting)}

    def event(self, alarm: bool, link: str | None = None) -> CalendarItem:
        return CalendarItem(
            b"%s event %d %s" % (self.said, alarm, (link or "").encode()), partial(self._event, alarm, link)
        )

    def _event(self, alarm: bool, link: str | None) -> CalendarPart:
        event = self._calling if alarm else self._silent
        return CalendarPart(event.ics(link), event.zones, event.modified)

    def marks(self, choice: Choice) -> Iterator[CalendarItem]:
        """The marks that somebody wants to see; what nobody asks for is not rendered."""
        for name, _ in self.meeting.review.clocks:
            if choice.marks(self.meeting.review.kind, name):
                yield CalendarItem(b"%s mark %s" % (self.said, name.encode()), partial(self._mark, name))

    def _mark(self, name: str) -> CalendarPart:
        return self.clocks[name]


@dataclass(eq=False)
class DueEntry:
    """A KPI's period that is due, and its parts of a calendar. `said` is a digest of all that the due is."""

    due: Due
    said: bytes

    @property
    def kpi(self) -> Kpi:
        return self.due.kpi

    @property
    def item(self) -> CalendarItem:
        return CalendarItem(self.said, lambda: self.part)

    @cached_property
    def part(self) -> CalendarPart:
        """The to-do and the event of a day, one after the other."""
        [both] = bundled(tuple(map(rendered, due_entries(self.due))))
        return both


def rendered(entry: Entry) -> CalendarPart:
    """An entry as bytes, with what the calendar around it must know."""
    return CalendarPart(to_ical(entry), entry.zones, entry.modified)


def digest(items: Iterable[CalendarItem]) -> bytes:
    """A digest of all that these say."""
    found = hashlib.blake2b(digest_size=16)
    for item in items:
        found.update(b"%d:%s" % (len(item.said), item.said))
    return found.digest()


def parts_of(items: Iterable[CalendarItem]) -> list[CalendarPart]:
    return [item.render() for item in items]


def bundled(parts: Sequence[CalendarPart]) -> tuple[CalendarPart, ...]:
    """The parts as a single one; nothing where there are none."""
    if not parts:
        return ()
    zones = frozenset[str]().union(*(part.zones for part in parts))
    return (CalendarPart(b"".join(part.ics for part in parts), zones, max(part.modified for part in parts)),)


def unlinked(meeting: Meeting) -> None:
    """The links of a calendar that many read: whoever has one could never be kept out again."""


def of_partnership(
    reviews: Iterable[ReviewEntry],
    dues: Iterable[DueEntry],
    window: Dates,
    audience: Audience = JOINT,
    choice: Choice = PLAIN,
    links: Links = unlinked,
) -> list[CalendarItem]:
    """The reviews within the `window`, their marks, and of the KPIs due that the audience may see those that were
    chosen."""
    items: list[CalendarItem] = []
    for entry in _shown(reviews, window, choice):
        items += [entry.event(choice.alarms, links(entry.meeting)), *entry.marks(choice)]
    return items + _owed(_reported(dues, audience, choice.reports), window)


def of_portfolio(
    reviews: Iterable[ReviewEntry], window: Dates, choice: Choice = PLAIN, links: Links = unlinked
) -> list[CalendarItem]:
    """The reviews within the `window` alone, with the marks of clocks where some were chosen."""
    items: list[CalendarItem] = []
    for entry in _shown(reviews, window, choice):
        event = entry.event(choice.alarms, links(entry.meeting))
        items += [event, *(entry.marks(choice) if choice.clocks else ())]
    return items


def of_person(
    address: str,
    reviews: Iterable[ReviewEntry],
    dues: Iterable[DueEntry],
    window: Dates,
    choice: Choice = PLAIN,
    links: Links = unlinked,
    left_out: Callable[[Recorded], bool] = lambda record: False,
) -> list[CalendarItem]:
    """The reviews of the person of that mail address (`left_out` are those that they have elsewhere), the marks of
    those whose agenda they own, and the KPIs that they may see: those that they are asked for, unless they chose."""
    items: list[CalendarItem] = []
    for entry in _shown(reviews, window, choice):
        keys = keys_of(address, entry.meeting.partnership)
        if is_concerned(entry.meeting, keys) and not left_out(entry.meeting.recorded):
            items.append(entry.event(choice.alarms, links(entry.meeting)))
        if entry.meeting.owner in keys:
            items += entry.marks(choice)
    return items + _owed((entry for entry in dues if _is_told(address, entry, choice.reports)), window)


def _shown(entries: Iterable[ReviewEntry], window: Dates, choice: Choice) -> list[ReviewEntry]:
    """Left out is what was called off before this calendar showed anything."""
    first, last = window
    shown = (
        entry
        for entry in entries
        if first <= entry.meeting.start.date() <= last
        and not (entry.meeting.off and entry.meeting.recorded.modified_at < choice.shown_since)
    )
    return sorted(shown, key=lambda entry: (entry.meeting.review.start, entry.meeting.review.id))


def _owed(entries: Iterable[DueEntry], window: Dates) -> list[CalendarItem]:
    """Left out are the KPIs due after the window, and those due before it that are settled: an overdue one stays,
    however old."""
    first, last = window
    shown = (each for each in entries if each.due.date <= last and (first <= each.due.date or not each.due.settled))
    return [entry.item for entry in sorted(shown, key=_in_order)]


def _in_order(entry: DueEntry) -> tuple[date, str, str]:
    measurement = entry.due.measurement
    return entry.due.date, measurement.id, measurement.period.label


def is_concerned(meeting: Meeting, keys: Collection[str]) -> bool:
    """Whether a review is one's own: of whoever attends, has the chair or owns the agenda; `keys` are a person's."""
    review = meeting.review
    return any(key in keys for key in (meeting.owner, review.agenda_owner, review.chair, *review.attendees))


def _reported(dues: Iterable[DueEntry], audience: Audience, reports: Reports) -> Iterator[DueEntry]:
    """The KPIs due that an audience may see and that were chosen."""
    for entry in visible(dues, audience):
        side = entry.due.partnership.organisation_of(entry.due.measurement.asked)
        if reports is Reports.ALL or (reports is Reports.OWN and side is not None and side == audience.organisation):
            yield entry


def _is_told(address: str, entry: DueEntry, reports: Reports) -> bool:
    """Whether this person may see the KPI, and either is the one asked for it or chose what others are asked for."""
    partnership = entry.due.partnership
    keys = keys_of(address, partnership)
    if reports is Reports.OWN:
        keys &= {entry.due.measurement.asked}
    return reports is not Reports.NONE and any(visible([entry], audience_of(key, partnership)) for key in keys)


def keys_of(address: str, partnership: Partnership) -> set[str]:
    """The keys under which a partnership knows the person of a mail address."""
    wanted = address.casefold()
    return {key for key, each in partnership.people.items() if each.email.casefold() == wanted}
