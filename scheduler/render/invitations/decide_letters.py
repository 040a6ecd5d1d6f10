"""Who is to be told what: what stands on record against what each person was last told gives letters, or none.

After RFC 5546. A review, or a series whose cadence is a pure rule, is one invitation with a UID of its own:

| what is new                               | letter                                                                  |
|-------------------------------------------|-------------------------------------------------------------------------|
| it comes near (`invite_days`)             | REQUEST to all                                                          |
| its time or place                         | REQUEST to all, SEQUENCE + 1                                            |
| its title, agenda owner, chair, or guests | REQUEST to all who stay, the same SEQUENCE; CANCEL to those who do not  |
| the address of a guest                    | REQUEST to the new address, CANCEL to the old one                       |
| its agenda, minutes, clocks or quorum     | none: calendars that people subscribe to show them                      |
| it does not take place                    | CANCEL to all who were invited, SEQUENCE + 1                            |
| it takes place after all                  | REQUEST to all, SEQUENCE + 1                                            |
| it is over                                | none                                                                    |

The SEQUENCE of a single review is that of its record, and so of the calendars. It is above it only for somebody who was
taken off the list, since each CANCEL needs a higher one, and so does their return: each person has a number of their
own, and what raises one person's raises nobody else's.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.manner import AS_EVER, Manner
from scheduler.domain.record.invitation import OFF, Invited, Method, Recurring, Told
from scheduler.domain.record.review import Recorded, Review

OFF_STATUS = (Status.CANCELLED, Status.SKIPPED)
"""What does not take place."""


class Guest(NamedTuple):
    """A person on the list. `zone` is the IANA zone they live in, `of` the key of their organisation, `manner` how they
    are written to, where that is said of them or of their organisation. It is no part of what is told: another
    language is no news."""

    email: str
    name: str
    zone: str
    chairs: bool = False
    of: str | None = None
    manner: Manner = AS_EVER

    @property
    def key(self) -> str:
        """By what they are known, however the address is spelled."""
        return self.email.casefold()


@dataclass(frozen=True)
class Letter:
    """One thing to tell several people: `guests` is everybody on the list, `to` those who are told.

    `record` is the review told of; without it, a whole series or, where `day` is given, its instance of that nominal
    date. `instances` are the meetings on record of a series that is told whole, by nominal date, as `Instance`s; it
    `ends_now` where it has got an end, or an earlier one, and `cause` is why, as of one that is closed.
    """

    invited: Invited
    method: Method
    sequence: int
    digest: str
    guests: tuple[Guest, ...]
    to: tuple[Guest, ...]
    record: Recorded | None = None
    day: date | None = None
    uninvites: bool = False
    instances: "Mapping[date, Instance]" = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    cause: str = ""
    before: Recurring | None = None
    successor: Recurring | None = None
    ends: date | None = None
    ends_now: bool = False

    def number_of(self, guest: Guest) -> int:
        """The SEQUENCE that a guest has, whoever the letter is to."""
        return self.sequence if guest in self.to else self.numbers.get(guest.key, self.sequence)


def numbered(letter: Letter, numbers: Mapping[str, int]) -> list[Letter]:
    """The letter once for each SEQUENCE that those who get it have; `numbers` are by address in lower case."""
    groups: dict[int, list[Guest]] = {}
    for guest in letter.to:
        groups.setdefault(numbers[guest.key], []).append(guest)
    return [replace(letter, sequence=number, to=tuple(to), numbers=numbers) for number, to in groups.items()]


class Instance(NamedTuple):
    """A meeting of a series: its record, if there is one, and what is to be told of it: nothing (as the rule has it),
    `OFF`, or a digest of where it differs."""

    record: Recorded | None
    digest: str


def guests_of(review: Review, partnership: Partnership) -> tuple[Guest, ...]:
    """Everybody who is expected, each address once; who has left the partnership is no longer."""
    guests: dict[str, Guest] = {}
    for key in review.attendees:
        if key in partnership.people:
            guest = _guest(partnership, key)
            guests.setdefault(guest.key, guest._replace(chairs=key == review.chair))
    return tuple(guests.values())


def everybody_of(partnership: Partnership) -> dict[str, Guest]:
    """The people of a partnership by address in lower case, as whoever is told that they are not expected any more."""
    return {guest.key: guest for guest in (_guest(partnership, key) for key in partnership.people)}


def _guest(partnership: Partnership, key: str) -> Guest:
    person = partnership.people[key]
    zone = zone_of(person, partnership.organisations, partnership.zone).key
    manner = manner_of(person, partnership.organisations, AS_EVER)
    return Guest(person.email, person.name, zone, of=person.of, manner=manner)


def opens(review: Review, days: int) -> datetime:
    """The moment from which people are invited: so many calendar days before the review, or before its notice is due;
    the midnight in UTC."""
    near = min(dict(review.clocks).get("notice_by", review.start.date()), review.start.date())
    return datetime.combine(near - timedelta(days=days), time(), UTC)


def digest_of(review: Review, guests: Sequence[Guest], organizer: str, *more: object) -> str:
    """What is worth a mail, in two halves: of time and place, which make it another meeting, and of the rest."""
    start, end = review.start.astimezone(UTC), review.end.astimezone(UTC)
    meeting = (start.isoformat(), end.isoformat(), review.timezone, review.place, *more)
    people = sorted((guest.key, guest.chairs) for guest in guests)
    return f"{_hash(meeting)}.{_hash((review.title, review.agenda_owner, people, organizer))}"


def is_other_meeting(before: str, after: str) -> bool:
    """Whether two digests tell of different times or places."""
    return before.partition(".")[0] != after.partition(".")[0]


def _hash(told: object) -> str:
    return hashlib.blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def letters_of_review(
    record: Recorded,
    invited: Invited,
    told: Mapping[str, Told],
    guests: tuple[Guest, ...],
    everybody: Mapping[str, Guest],
    organizer: str,
    now: datetime,
    days: int,
) -> list[Letter]:
    """The letters about a single review. `told` and `everybody` of the partnership are by address in lower case."""
    if record.is_past(now):
        return []
    expected = [each for each in told.values() if each.expected]
    if record.status in OFF_STATUS:
        return _cancelled(record, invited, expected, {**everybody, **_by_key(guests)}) if expected else []
    if record.status is not Status.PLANNED or (not told and now < opens(record.review, days)):
        return []
    digest = digest_of(record.review, guests, organizer)
    gone = leavers(expected, guests, everybody)
    letters = [
        Letter(invited, "CANCEL", max(record.sequence, each.sequence + 1), OFF, guests, (guest,), record,
               uninvites=True)
        for each, guest in gone
    ]  # fmt: skip
    if to := not_told(digest, guests, told):
        numbers = {guest.key: _number(record.sequence, told.get(guest.key), digest) for guest in guests}
        letters += numbered(Letter(invited, "REQUEST", record.sequence, digest, guests, to, record), numbers)
    return letters


def not_told(digest: str, guests: Iterable[Guest], told: Mapping[str, Told]) -> tuple[Guest, ...]:
    """The guests who were not told what the digest is of, or who were told another thing since."""
    return tuple(guest for guest in guests if guest.key not in told or told[guest.key].digest != digest)


def _number(on_record: int, told: Told | None, digest: str) -> int:
    """The SEQUENCE of what one person is told now: that of the record, or the first above what they were told."""
    if told is None:
        return on_record
    is_news = not told.expected or is_other_meeting(told.digest, digest)
    return max(on_record, told.sequence + is_news)


def _cancelled(
    record: Recorded, invited: Invited, expected: Sequence[Told], everybody: Mapping[str, Guest]
) -> list[Letter]:
    numbers = {each.email: max(record.sequence, each.sequence + 1) for each in expected}
    to = recipients(expected, everybody)
    return numbered(Letter(invited, "CANCEL", record.sequence, OFF, to, to, record), numbers)


def leavers(
    expected: Iterable[Told], guests: Sequence[Guest], everybody: Mapping[str, Guest]
) -> list[tuple[Told, Guest]]:
    """Those who were told to come and are no longer on the list."""
    staying = _by_key(guests)
    gone = sorted((each for each in expected if each.email not in staying), key=lambda each: each.email)
    return [(each, _known(each.email, everybody)) for each in gone]


def recipients(expected: Iterable[Told], everybody: Mapping[str, Guest]) -> tuple[Guest, ...]:
    """Those who were told to come, in the order of the definition; those who have left it come last."""
    told = {each.email for each in expected}
    listed = [key for key in everybody if key in told]
    return tuple(_known(email, everybody) for email in (*listed, *sorted(told - set(listed))))


def _by_key(guests: Iterable[Guest]) -> dict[str, Guest]:
    return {guest.key: guest for guest in guests}


def _known(email: str, everybody: Mapping[str, Guest]) -> Guest:
    """The person of an address; of somebody who has left the partnership nothing else is known."""
    return everybody.get(email) or Guest(email, email, "UTC")
