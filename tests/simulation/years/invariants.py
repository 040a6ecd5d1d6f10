"""What holds in every life, whatever goes wrong in it: each is a function whose name is the sentence.

Some look at a world by itself; `Past` remembers what it was to hold it against what it is; and some compare a world
with one that nothing disturbed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.render.invitations.decide_letters import guests_of
from scheduler.services.evidence.checking import standing
from scheduler.store import agendas, core_tables, partnerships, repeats, reviews
from scheduler.store.tables import PartnershipRow
from tests.confidential.outputs import Output, in_folder, leaks, of_mail, output, side_of

from .calendars import CalendarProgram
from .visitors import seen_by_http
from .world import World

_RENAMED = re.compile(r"\bparts-\d+\b")
_MOVED = re.compile(r"\b([a-z]+)\.\d+@")
_HOUR = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d\S*")
_OF_THE_CLOCK = {"clock", "daemon", "environment"}
"""Signs of life: what changes with every look."""


def _known(value: object) -> str:
    """What a row says, by the keys and addresses of before: they may be renamed."""
    return _MOVED.sub(r"\1@", _RENAMED.sub("parts", str(value)))


def nothing_in_the_program_is_broken(world: World) -> None:
    assert [each.defects for each in world.daemons if each.defects] == []


def the_record_is_as_it_was_sealed(world: World) -> None:
    with world.app.store.read() as db:
        found = [fault.says for id in partnerships.ids(db) for fault in standing(db, id).faults]
    assert found == [], f"at {world.now}: {found[:5]}"


# The record --------------------------------------------------------------------------------------------------------


@dataclass
class Past:
    """What was so once and has to stay: reviews that are over or were skipped, readings, changes, letters that left,
    what was told, which SEQUENCE a time has."""

    reviews: dict[str, str] = field(default_factory=dict)
    minutes: dict[str, str] = field(default_factory=dict)
    rows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    letters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    told: set[tuple[str, ...]] = field(default_factory=set)
    numbers: dict[str, tuple[int, bool, datetime, datetime]] = field(default_factory=dict)
    """The SEQUENCE of each review, and under it whether it is called off, and its time."""

    def stays_as_it_was(self, world: World) -> None:
        """Hold what was known against what is on record now, and remember that instead."""
        for name, check in (
            ("reviews", self._reviews),
            ("rows", self._rows),
            ("letters", self._letters),
            ("told", self._told),
            ("numbers", self._numbers),
        ):
            gone = list(check(world))
            assert not gone, f"{name} of the past are others at {world.now}: {gone[:5]}"

    def _reviews(self, world: World) -> Iterator[str]:
        now = {
            row.id: _known((row.series, row.start_utc, row.end_utc, row.status, row.sequence, row.held_on))
            for row in _rows(world, core_tables.review)
            if row.status in (Status.HELD, Status.SKIPPED)
            or (row.status is Status.CANCELLED and row.end_utc < world.now)
        }
        minutes = {row.id: _known(row.minutes) for row in _rows(world, core_tables.review) if row.minutes}
        yield from (f"{id}: {was}, {now.get(id)}" for id, was in self.reviews.items() if now.get(id) != was)
        yield from (id for id, was in self.minutes.items() if not minutes.get(id, "").startswith(was))
        self.reviews, self.minutes = now, minutes

    def _rows(self, world: World) -> Iterator[str]:
        for table in (core_tables.reading, core_tables.revision, core_tables.judgement, core_tables.vote):
            now = {_known(tuple(row)) for row in _rows(world, table)}
            yield from self.rows[table.name] - now
            self.rows[table.name] = now

    def _letters(self, world: World) -> Iterator[str]:
        now: dict[str, tuple[str, ...]] = {
            row.dedup_key: (row.email, row.title, row.message_id, "" if row.forgotten_at else _digest(row.content))
            for row in _rows(world, core_tables.letter)
            if row.state == "sent"
        }
        for key, was in self.letters.items():
            if key not in now or now[key][:3] != was[:3] or now[key][3] not in (was[3], ""):
                yield key
        self.letters = now

    def _numbers(self, world: World) -> Iterator[str]:
        """No SEQUENCE falls, and under one a review has one time, and is called off or is not."""
        now = {
            row.id: (row.sequence, row.status in (Status.CANCELLED, Status.SKIPPED), row.start_utc, row.end_utc)
            for row in _rows(world, core_tables.review)
        }
        for id, (number, *said) in self.numbers.items():
            if id in now and (now[id][0] < number or (now[id][0] == number and [*now[id][1:]] != said)):
                yield f"{id}: {number} {said}, {now[id]}"
        self.numbers = now

    def _told(self, world: World) -> Iterator[tuple[str, ...]]:
        now = set(told_notifications(world))
        yield from self.told - now
        self.told = now


def agenda_edits_are_kept(world: World) -> None:
    """What somebody wrote into an agenda is in the newest version, and in the file while that is kept."""
    lost = []
    with world.app.store.read() as db:
        for mark, review in world.marks.items():
            newest = agendas.latest(db, review, None)
            versions = [each.text or "" for each in agendas.versions(db, review, None)]
            record = reviews.find(db, review)
            is_over = record is None or record.status is not Status.PLANNED or record.is_past(world.now)
            texts = versions if is_over else [(newest.text if newest else None) or ""]
            if not any(mark in text for text in texts):
                lost.append((mark, review))
    assert lost == [], lost


def what_people_moved_is_where_they_put_it(world: World) -> None:
    """While it is to come, and nobody has given it back to the plan."""
    elsewhere = [
        f"{row.id}: put on {world.moved[row.id]}, is on {row.start_utc}"
        for row in _rows(world, core_tables.review)
        if (row.status is Status.PLANNED and row.moved_by_person)
        and row.start_utc != world.moved.get(row.id, row.start_utc)
    ]
    assert elsewhere == [], elsewhere


def the_next_cycle_changes_nothing(world: World) -> None:
    """Neither a row nor a file, but for signs of life."""
    before = everything(world)
    with world.undisturbed():
        world.turn()
    after = everything(world)
    differing = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    assert differing == [], [(key, before.get(key), after.get(key)) for key in differing[:3]]


def everything(world: World) -> dict[str, str]:
    """A digest of each row and of each file."""
    found: dict[str, str] = {}
    for table in PartnershipRow.metadata.sorted_tables:
        if table.name not in _OF_THE_CLOCK:
            for row in _rows(world, table):
                found[f"{table.name} {tuple(row)[:3]!r:.80}"] = repr(tuple(row))[:2000] + _digest(repr(tuple(row)))
    for path in world.data.rglob("*"):
        if path.is_file() and not path.name.startswith("cadence.db"):
            found[str(path)] = f"{path.stat().st_mtime_ns} {_digest(path.read_bytes())}"
    return found


def _rows(world: World, table: Table) -> list[Any]:
    with world.app.store.read() as db:
        return list(db.execute(select(table)).all())


def _digest(content: bytes | str) -> str:
    return blake2b(content.encode() if isinstance(content, str) else content, digest_size=8).hexdigest()


# What arrived ------------------------------------------------------------------------------------------------------


def none_arrived_twice_unless_it_is_marked(world: World) -> None:
    """And a second time with the same bytes."""
    counts = Counter(each.dedup_key for each in world.receivers.arrived)
    contents = {(each.dedup_key, each.content) for each in world.receivers.arrived}
    assert len(contents) == len(counts), "a letter arrived in two versions"
    twice = {key for key, count in counts.items() if count > 1}
    unmarked = twice - {row.dedup_key for row in _rows(world, core_tables.letter) if row.doubled}
    assert unmarked == set(), unmarked


def what_is_said_to_have_been_told_arrived(world: World) -> None:
    arrived = {each.dedup_key for each in world.receivers.arrived}
    claimed = {row.dedup_key for row in _rows(world, core_tables.letter) if row.state == "sent"}
    assert claimed <= arrived, claimed - arrived


def nothing_of_one_organisation_is_in_anothers_hands(world: World, *, by_http: bool = True) -> None:
    """Neither in a letter, nor in what programs are told or read, nor in a feed or a file that people are given."""
    found = leaks([*_letters(world), *in_folder("file", world.data / "calendars"), *_agendas(world)])
    found += leaks(seen_by_http(world)) if by_http else []
    assert found == [], found[:5]


def _letters(world: World) -> Iterator[Output]:
    for each in world.receivers.arrived:
        what = f"{each.method} {each.at:%Y-%m-%d} to {each.email}"
        if each.channel == "mail":
            yield output("mail", what, side_of(each.email), of_mail(each.content))
        else:
            yield output("event", what, "acme", each.content)


def _agendas(world: World) -> Iterator[Output]:
    return in_folder("agenda", world.data / "agendas")


# Calendars ---------------------------------------------------------------------------------------------------------


def each_calendar_shows_what_is_on_record(world: World) -> None:
    """For somebody whose program saw every letter in the order in which it came."""
    programs: dict[str, CalendarProgram] = defaultdict(CalendarProgram)
    for each in world.receivers.arrived:
        if each.channel == "mail" and each.method in ("REQUEST", "CANCEL"):
            programs[each.email].reads(each.content)
    wrong = [said for email, program in programs.items() for said in _wrong(world, email, program)]
    assert wrong == [], wrong[:5]


def _wrong(world: World, email: str, program: CalendarProgram) -> Iterator[str]:
    yield from (f"{email}: {each}" for each in program.contradictions)
    begin = world.now
    near, far = begin + timedelta(days=55), begin + timedelta(days=80)
    shown = program.shows(begin, far)
    invited_to = list(_invited_to(world, email))
    expected = [(each.review.start.astimezone(UTC), each.review.end.astimezone(UTC)) for each in invited_to]
    for span in expected:
        if begin <= span[0] < near and shown.count(span) != expected.count(span):
            yield f"{email} sees {shown.count(span)} meetings on {span[0]}, and not {expected.count(span)}"
    for span in shown:
        if span not in expected and not (
            near <= span[0] and any(_is_shifted_from(span[0], r, near) for r in invited_to)
        ):
            yield f"{email} sees a meeting on {span[0]} that is not on record"


def _is_shifted_from(moment: datetime, record: Recorded, near: datetime) -> bool:
    """Whether the plan shifts a review of a series from that moment of its rule; people are told once it is near."""
    review = record.review
    is_of_the_plan = not record.moved_by_person and review.start >= near
    return is_of_the_plan and moment.astimezone(ZoneInfo(review.timezone)).date() == review.nominal_date


def _invited_to(world: World, email: str) -> Iterator[Recorded]:
    """The reviews in which this address is to be, as the record has it."""
    with world.app.store.read() as db:
        for row in partnerships.listing(db):
            definition = world.app.in_force(row)
            for record in reviews.recorded(db, row.id).values():
                if record.status is Status.PLANNED and any(
                    guest.key == email.casefold() for guest in guests_of(record.review, definition)
                ):
                    yield record


# Beside an undisturbed world ---------------------------------------------------------------------------------------


class Account(NamedTuple):
    """What is left of a life to compare another with: what people and programs were told, and what is on record."""

    told: frozenset[tuple[str, ...]]
    events: Counter[tuple[str, ...]]
    record: frozenset[str]


def account_of(world: World) -> Account:
    return Account(frozenset(told_notifications(world)), _events(world), frozenset(_record(world)))


def no_notification_is_lost(disturbed: Account, calm: Account) -> None:
    """What people were told where nothing went wrong, they are told."""
    lost = sorted(calm.told - disturbed.told)
    assert lost == [], f"{len(lost)} lost: {lost[:5]}"


def no_event_is_lost(disturbed: Account, calm: Account) -> None:
    lost = sorted((calm.events - disturbed.events).elements())
    assert lost == [], f"{len(lost)} lost: {lost[:5]}"


def the_record_is_the_same(disturbed: Account, calm: Account) -> None:
    """Reviews, their SEQUENCE, what was reported, decided, left to do, and called."""
    differing = sorted(disturbed.record ^ calm.record)
    assert differing == [], f"{len(differing)} rows differ: {differing[:6]}"


def told_notifications(world: World) -> Iterator[tuple[str, ...]]:
    """Every notification that was told, each time of those that repeat, and by a letter that arrived."""
    arrived = {each.dedup_key for each in world.receivers.arrived}
    instances = {row.instance for row in _rows(world, core_tables.letter) if row.dedup_key in arrived}
    for row in _rows(world, core_tables.notice):
        times = [(row.occasion, row.state, row.letter)]
        times += [(each.occasion, "told", each.letter) for each in repeats.earlier_times(row.repeats)]
        for occasion, state, letter in times:
            if state == "told" and row.email and letter in instances:
                day = _HOUR.sub(r"\1", occasion)  # what was done again half a minute later is the same
                yield tuple(map(_known, (_subject(row), row.period, row.rung, day, row.email)))


def _subject(row: Any) -> str:
    """What a notification is of: a change of a definition by what it changes, since a server skips numbers of
    transactions that failed."""
    if row.about == "definition":
        return f"{row.partnership} {row.facts['changes']}"
    return str(row.subject)


def _events(world: World) -> Counter[tuple[str, ...]]:
    events = {
        row.dedup_key: (row.title, _known(row.subject), row.channel)
        for row in _rows(world, core_tables.letter)
        if row.method == "EVENT"
    }
    arrived = {each.dedup_key for each in world.receivers.arrived}
    return Counter(each for key, each in events.items() if key in arrived)


_COMPARED: dict[str, tuple[str, ...]] = {
    "review": ("id", "start_utc", "end_utc", "status", "sequence", "chair", "agenda_owner", "minutes", "held_on"),
    "reading": ("kpi", "period", "value", "person"),
    "decision": ("id", "says"),
    "action": ("id", "owner", "says", "due"),
    "cause": ("scope", "key", "review"),
    "flag": ("kpi", "period"),
}


def _record(world: World) -> set[str]:
    found = set()
    for name, columns in _COMPARED.items():
        for row in _rows(world, PartnershipRow.metadata.tables[name]):
            found.add(f"{name} {_known(tuple(str(row._mapping[each]) for each in columns))}")
    return found
