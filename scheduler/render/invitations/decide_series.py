"""The letters about a series that is one invitation: the whole of it, or one instance.

The whole is told when it is new, when its rule, title or list changes, and when an instance that was called off takes
place after all (a program cannot take back an EXDATE otherwise). All else is told of the instance alone: what a person
moved or called off at once; what a day off shifts when it comes near, unless the first letter knew of it already.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import OFF, Invited, Method, Recurring, Told
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.series_rule import by_rule, dates, instance_id, within

from .decide_letters import (
    Guest,
    Instance,
    Letter,
    digest_of,
    is_other_meeting,
    leavers,
    not_told,
    numbered,
    opens,
    recipients,
)

Known = Mapping[tuple[str, str], Told]
"""What was told, by instance (empty: the whole) and address in lower case."""
_A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Occasion:
    """What a decision about one series rests on. `alone` are the reviews that people were invited to by themselves:
    the series leaves them out."""

    invited: Invited
    told: Known
    guests: tuple[Guest, ...]
    everybody: Mapping[str, Guest]
    records: Mapping[str, Recorded]
    alone: frozenset[str]
    organizer: str
    now: datetime
    days: int
    before: Recurring | None = None
    """How the series was told until now, where it is another by its rule, its time of day or its zone."""
    ends: date | None = None
    """The last day of the series that this one takes the place of."""
    went_on: Recurring | None = None
    """How the series was told until now, where it has got an end that is earlier."""

    @property
    def meetings(self) -> Recurring:
        if self.invited.recurring is None:
            raise ValueError(f"{self.invited.subject} is no series")
        return self.invited.recurring

    @property
    def whole(self) -> dict[str, Told]:
        """What each person was last told of the whole."""
        return {email: each for (instance, email), each in self.told.items() if not instance}

    def told_to(self, email: str) -> int:
        """The highest SEQUENCE that one person was told, of the whole or of any instance."""
        return max((each.sequence for (_, whose), each in self.told.items() if whose == email), default=0)

    @property
    def sequence(self) -> int:
        """The SEQUENCE of the series for somebody who is new to it: that of those who never left it."""
        return min((self.told_to(each.email) for each in self.whole.values() if each.expected), default=0)


def letters_of_series(occasion: Occasion) -> list[Letter]:
    """The letters about a series that the definition has."""
    instances = instances_of(occasion)
    coming = {day: each for day, each in instances.items() if not _is_over(occasion, day, each)}
    takes_place = [each.record for each in coming.values() if each.record and each.digest != OFF]
    if not takes_place:  # what is called off last is told as well, to whoever expects it
        expecting = tuple(guest for guest in occasion.guests if _expects(occasion, guest))
        return list(_all_told_alone(replace(occasion, guests=expecting), coming)) if expecting else []
    if not occasion.guests:
        return []
    if not occasion.told and all(occasion.now < opens(record.review, occasion.days) for record in takes_place):
        return []
    digest = whole_digest(occasion)
    if not_told(digest, occasion.guests, occasion.whole) or any(
        _was_off(occasion, day) and each.digest != OFF for day, each in coming.items()
    ):
        return list(_told_whole(occasion, instances, digest))
    return list(_all_told_alone(occasion, coming))


def instances_of(occasion: Occasion) -> dict[date, Instance]:
    """Every meeting of the series that is on record, past ones too, by nominal date."""
    found = within(occasion.meetings, occasion.records.values())
    return {day: Instance(record, _differs(occasion, day, record)) for day, record in found.items()}


def whole_digest(occasion: Occasion) -> str:
    """What is worth a mail about the series as such."""
    meetings = occasion.meetings
    return digest_of(meetings.first, occasion.guests, occasion.organizer, meetings.rule, meetings.until)


def ended(occasion: Occasion, successor: Recurring | None = None) -> tuple[Invited, list[Letter]]:
    """A series that the definition no longer has, closed: what was held stays in people's calendars, the rest goes.

    `successor` is the series that goes on in its place.
    """
    closed = replace(occasion.invited, closed=True)
    expected = [each for each in occasion.whole.values() if each.expected]
    if not expected or not any(_is_to_come(occasion, day) for day in _dates_ahead(occasion)):
        return closed, []
    last = last_by_rule(occasion.meetings, occasion.now)
    everybody = recipients(expected, {**occasion.everybody, **{guest.key: guest for guest in occasion.guests}})
    numbers = {guest.key: occasion.told_to(guest.key) + 1 for guest in everybody}
    cause = _cause(occasion)
    if last is None:
        cancel = Letter(closed, "CANCEL", 1, OFF, everybody, everybody, cause=cause, successor=successor)
        return closed, numbered(cancel, numbers)
    closed = replace(closed, recurring=replace(occasion.meetings, until=last))
    cut = replace(occasion, invited=closed, guests=everybody)
    until_then = {day: each for day, each in instances_of(cut).items() if day <= last}
    request = Letter(
        closed,
        "REQUEST",
        1,
        whole_digest(cut),
        everybody,
        everybody,
        instances=until_then,
        cause=cause,
        successor=successor,
    )
    return closed, numbered(request, numbers)


def last_by_rule(meetings: Recurring, now: datetime) -> date | None:
    """The nominal date of the last meeting whose end by the rule has passed; None where there is none yet."""
    return max((day for day in dates(meetings, now.date() + _A_YEAR) if by_rule(meetings, day)[1] < now), default=None)


def _cause_of_the_end(occasion: Occasion) -> str:
    """The same of the meetings after the end that a series has got."""
    until = occasion.meetings.until
    if occasion.went_on is None or until is None:
        return ""
    before = replace(occasion.invited, recurring=occasion.went_on)
    return _cause(replace(occasion, invited=before), until + timedelta(days=1))


def _cause(occasion: Occasion, since: date = date.min) -> str:
    """What was said of the end: the reason for which all meetings to come were called off, where it is one."""
    found = within(occasion.meetings, occasion.records.values())
    coming = [each for day, each in found.items() if each and day >= since and _is_to_come(occasion, day)]
    causes = {each.because for each in coming if each.status is Status.CANCELLED}
    return next(iter(causes)) or "" if len(causes) == 1 else ""


def _dates_ahead(occasion: Occasion) -> Iterator[date]:
    """The nominal dates from the first to a year ahead: whatever the rule, one of them is still to come."""
    return dates(occasion.meetings, occasion.now.date() + _A_YEAR)


def _is_to_come(occasion: Occasion, day: date) -> bool:
    return by_rule(occasion.meetings, day)[1] >= occasion.now


def _is_over(occasion: Occasion, day: date, instance: Instance) -> bool:
    """Whether both the meeting and its place by the rule are over: a date in anybody's calendar is still to come."""
    ends = [by_rule(occasion.meetings, day)[1]]
    if instance.record:
        ends.append(instance.record.review.end)
    return max(ends) < occasion.now


def _differs(occasion: Occasion, day: date, record: Recorded | None) -> str:
    if record is None or record.status in (Status.CANCELLED, Status.SKIPPED) or record.id in occasion.alone:
        return OFF
    first, review = occasion.meetings.first, record.review
    if (review.start, review.end) == by_rule(occasion.meetings, day) and review.place == first.place:
        return ""
    return digest_of(replace(review, title="", agenda_owner=""), (), "")


def _told_of(occasion: Occasion, day: date) -> list[Told]:
    """What those who are expected were last told of an instance."""
    instance = instance_id(occasion.meetings, day)
    found = (occasion.told.get((instance, guest.key)) for guest in occasion.guests)
    return [each for each in found if each]


def _was_off(occasion: Occasion, day: date) -> bool:
    return any(not each.expected for each in _told_of(occasion, day))


def _told_whole(occasion: Occasion, instances: Mapping[date, Instance], digest: str) -> Iterator[Letter]:
    """The series with all that differs in it, to everybody who does not know it so; and the last word to those who are
    not expected any more.

    SEQUENCE rises where it is another meeting than was told; for who goes or comes back, theirs alone.
    """
    whole = occasion.whole
    instances = {day: _as_far_as_told(occasion, day, each) for day, each in instances.items()}
    gone = leavers([each for each in whole.values() if each.expected], occasion.guests, occasion.everybody)
    other = any(is_other_meeting(each.digest, digest) for each in whole.values() if each.expected)
    rises = other or (bool(whole) and any(_news(occasion, day, each.digest) for day, each in instances.items()))
    for each, guest in gone:
        number = occasion.told_to(each.email) + 1
        yield Letter(occasion.invited, "CANCEL", number, OFF, occasion.guests, (guest,), uninvites=True)
    guests = occasion.guests
    to = guests if rises else not_told(digest, guests, whole)
    numbers = {guest.key: _number(occasion, guest, rises=rises) for guest in guests}
    request = Letter(
        occasion.invited,
        "REQUEST",
        0,
        digest,
        guests,
        to,
        instances=instances,
        before=occasion.before,
        ends=occasion.ends,
        ends_now=occasion.went_on is not None,
        cause=_cause_of_the_end(occasion),
    )
    yield from numbered(request, numbers)


def _number(occasion: Occasion, guest: Guest, *, rises: bool) -> int:
    told = occasion.whole.get(guest.key)
    if told is None:
        return occasion.sequence + rises if occasion.whole else 0
    return occasion.told_to(guest.key) + (rises or not told.expected)


def _as_far_as_told(occasion: Occasion, day: date, instance: Instance) -> Instance:
    """A shift that is still far away is no part of an update: it alone would raise SEQUENCE, and undo every answer."""
    due = not occasion.told or _told_of(occasion, day) or _is_due(occasion, day, instance)
    return instance if due else Instance(instance.record, "")


def _news(occasion: Occasion, day: date, digest: str) -> bool:
    """Whether an instance stands otherwise than was told of it."""
    told = _told_of(occasion, day)
    return any(each.digest != digest for each in told) if told else bool(digest)


def _expects(occasion: Occasion, guest: Guest) -> bool:
    """Whether somebody was told to come to the series."""
    told = occasion.whole.get(guest.key)
    return told is not None and told.expected


def _all_told_alone(occasion: Occasion, coming: Mapping[date, Instance]) -> Iterator[Letter]:
    for day, each in coming.items():
        yield from _told_alone(occasion, day, each)


def _told_alone(occasion: Occasion, day: date, instance: Instance) -> Iterator[Letter]:
    if not _news(occasion, day, instance.digest) or not _is_due(occasion, day, instance):
        return
    method: Method = "CANCEL" if instance.digest == OFF else "REQUEST"
    guests, id = occasion.guests, instance_id(occasion.meetings, day)
    before = {guest.key: [occasion.whole[guest.key], occasion.told.get((id, guest.key))] for guest in guests}
    numbers = {key: 1 + max(each.sequence for each in told if each) for key, told in before.items()}
    yield from numbered(
        Letter(occasion.invited, method, 0, instance.digest, guests, guests, instance.record, day), numbers
    )


def _is_due(occasion: Occasion, day: date, instance: Instance) -> bool:
    """At once: what a person did, and what corrects an earlier letter. What the plan shifts: when it comes near."""
    record = instance.record
    if _told_of(occasion, day) or (record and (record.moved_by_person or record.status is not Status.PLANNED)):
        return True
    places = [replace(occasion.meetings.first, start=by_rule(occasion.meetings, day)[0])]
    if record:
        places.append(record.review)
    return any(occasion.now >= opens(each, occasion.days) for each in places)
