"""The entries of calendars, rendered once: files and feeds show the same ones, to all who may see them.

What was rendered is kept in memory under all that it says, so nothing that is kept outlives what it shows.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.model import Due, Meeting
from scheduler.render.ics.obligation import obligation_event
from scheduler.render.ics.selection import CalendarItem, CalendarPart, DueEntry, ReviewEntry, rendered
from scheduler.render.ics.serializer import Entry
from scheduler.render.languages import spoken
from scheduler.render.signed_links import Holder
from scheduler.services.lru_cache import LruCache
from scheduler.services.state import PartnershipState
from scheduler.store import measurements

KEPT = 10_000
"""How many reviews, and as many due KPIs, are kept rendered; a review with its clocks takes some 5 KB."""


class CalendarEntries:
    """The entries of an app's calendars, in each language that is spoken: its playbooks do not change. For one thread
    at a time."""

    def __init__(self) -> None:
        self._reviews: LruCache[object, ReviewEntry] = LruCache(KEPT)
        self._dues: LruCache[object, DueEntry] = LruCache(KEPT)

    def review(self, known: PartnershipState, record: Recorded) -> ReviewEntry:
        """A review. What is told of it follows from its record, the definition and what was said of the steps on the
        way to it: readings, flags and the hour change none of it."""
        steps = tuple(each for each in known.ticks.values() if each.review == record.id)
        key = record, known.words, steps, spoken()
        return self._reviews.get(key) or self._reviews.keep(key, ReviewEntry(known.meeting(record), _digest(key)))

    def reviews(self, known: PartnershipState) -> Iterator[ReviewEntry]:
        """The reviews of the window."""
        first, last = known.window
        for record in known.recorded.values():
            if first <= record.review.start.date() <= last:
                yield self.review(known, record)

    def dues(self, known: PartnershipState) -> Iterator[DueEntry]:
        """The KPIs due."""
        for due in _as_recorded(known):
            key = due.measurement, due.sequence, due.created_at, due.modified_at, known.words, spoken()
            yield self._dues.get(key) or self._dues.keep(key, DueEntry(due, _digest(key)))


def obligations(known: PartnershipState, email: str | None = None) -> Iterator[CalendarItem]:
    """What outlasts a partnership and has a last day, for the calendar that all share or, with a mail address, for that
    of an alliance manager: all partners may see it."""
    if email is not None:
        person = known.known_as(email)
        if person is None or person.role is not Role.ALLIANCE_MANAGER:
            return
    counted: Counter[str] = Counter()
    for owed in known.partnership.agreement.obligations():
        counted[owed.clause] += 1
        if owed.until is not None:
            said = owed, counted[owed.clause], known.words, spoken()
            event = partial(
                obligation_event, known.partnership, owed, counted[owed.clause], known.definition_changed_at
            )
            yield CalendarItem(_digest(said), partial(_rendered, event))


def _rendered(event: Callable[[], Entry]) -> CalendarPart:
    return rendered(event())


def links_of(known: PartnershipState, holder: Holder | None) -> Callable[[Meeting], str | None]:
    """The links to a partnership's agendas that are the holder's."""
    return lambda meeting: known.agenda_link(meeting.review.id, holder)


def _digest(said: object) -> bytes:
    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _as_recorded(known: PartnershipState) -> Iterator[Due]:
    """The KPIs due with the status that is on record: what time alone has changed since (something became overdue) is
    told together with the SEQUENCE that says so, once a cycle has recorded it."""
    for due in known.dues:
        measurement = due.measurement
        match known.entries[measurement.id, measurement.period.label].status:
            case "open" | "reported" | "overdue" | "excused" as status:
                yield (
                    due
                    if status == measurement.status
                    else replace(due, measurement=replace(measurement, status=status))
                )
            case measurements.WITHDRAWN:
                pass
