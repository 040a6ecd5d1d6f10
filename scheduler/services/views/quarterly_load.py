"""What reviews ask of sides and of people in a quarter and those around it, over the partnerships of whoever looks: who
sits outside their hours how often, whose turn what is, how many hours it takes, and who is expected at two at once.

It is the ledger that `load` has, of a few partnerships and quarters: a page reads no more than it shows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import UserError
from scheduler.rules.reviews import load as rules
from scheduler.rules.reviews.load import Expected, PersonKey, PersonLoad, SideKey, SideLoad
from scheduler.rules.reviews.scope import Scope
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App
from scheduler.store import partnerships, reviews
from scheduler.store.partnerships import InForce

MOST = 12
"""Of so many partnerships the load is worked out at a time; of more one has to choose."""
QUARTERS = 4
"""So many quarters are shown of people's hours, from the chosen one on."""
_LONGEST = timedelta(days=1)
_MOST_COLLISIONS = 30


@dataclass(frozen=True, slots=True)
class SideLine:
    """What a quarter asks of a side of a partnership: its reviews, of which `past` ones; at how many of them it sits
    outside its hours, by how many minutes in all; how often its people have the chair, it hosts, it writes the
    minutes."""

    partnership: str
    partnership_name: str
    organisation: str
    organisation_name: str
    reviews: int
    past: int
    outside_hours: int
    minutes_outside: int
    chairs: int
    hosts: int
    writes_minutes: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """How many hours reviews take of a person in each of the quarters, and at how many of these reviews they are
    expected at another one at the same time."""

    name: str
    organisation_name: str | None
    hours: tuple[float, ...]
    reviews: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Collision:
    """Two reviews to come that overlap, and who is expected at both, by name; moments on each review's own clock."""

    start: datetime
    timezone: str
    review: str
    title: str
    meets: str
    meets_title: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuarterlyLoad:
    """The load of a `quarter` like ``2026-Q4``. `quarters` are those of people's hours, `before` and `after` the
    neighbours of the first. `partnerships` are those that can be chosen, by id and name; `is_too_much` says that one
    has to be chosen, and nothing was counted."""

    quarter: str
    quarters: tuple[str, ...]
    before: str
    after: str
    sides: tuple[SideLine, ...]
    people: tuple[PersonLine, ...]
    collisions: tuple[Collision, ...]
    partnerships: tuple[tuple[str, str], ...]
    is_too_much: bool


def quarterly_load(
    app: App, db: Connection, ids: Collection[str], chosen: str | None, first: date, now: datetime
) -> QuarterlyLoad:
    """The load of the `chosen` partnership, or of all of these, by the definitions in force at `now`; `first` is the
    first day of the quarter. That somebody is expected at two reviews at once is found among these partnerships."""
    starts = [first, *_following(first, QUARTERS)]
    wanted = [chosen] if chosen else sorted(ids)
    is_too_much = len(wanted) > MOST
    parts = [] if is_too_much else [_Part(app, db, row, now) for row in partnerships.in_force(db, wanted)]
    span = (_midnight(starts[0]) - _LONGEST, _midnight(starts[-1]) + _LONGEST)
    records = reviews.in_several(db, [each.id for each in parts], *span) if parts else []
    quarters = tuple(_name(each) for each in starts[:-1])
    within = [each for each in records if rules.quarter(each.review) in quarters]
    sides: dict[SideKey, SideLoad] = {}
    expected: list[Expected] = []
    for part in parts:
        mine = [each for each in within if each.review.partnership == part.id]
        sides |= rules.of_sides(mine, part.scopes, now)
        expected += rules.expected(mine, part.definition.people)
    return QuarterlyLoad(
        quarter=quarters[0],
        quarters=quarters,
        before=_name(first - timedelta(days=1)),
        after=quarters[1],
        sides=tuple(_sides(sides, {each.id: each.definition for each in parts}, quarters[0])),
        people=tuple(_people(rules.of_people(expected, now), parts, quarters)),
        collisions=tuple(_collisions(expected, _names(parts), now)),
        partnerships=tuple(sorted(partnerships.names(db, ids).items(), key=lambda each: each[1].casefold())),
        is_too_much=is_too_much,
    )


def first_of(written: str | None, today: date) -> date:
    """The first day of a quarter written like ``2026-Q4``; without one of that of `today`. Raises UserError."""
    if not written:
        return date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    year, _, number = written.partition("-Q")
    if not (len(year) == 4 and year.isascii() and year.isdigit() and number in ("1", "2", "3", "4")):
        raise UserError(f"{written[:20]!r} is no quarter", "write it like ?quarter=2026-Q4")
    if not 1990 <= int(year) < 2099:
        raise UserError(f"No partnership is governed in {year}", "try a year from 1990 to 2098")
    return date(int(year), int(number) * 3 - 2, 1)


class _Part:
    """A partnership whose load is counted."""

    def __init__(self, app: App, db: Connection, row: InForce, now: datetime) -> None:
        self.id = row.id
        self.definition = app.in_force(row).as_of(now)
        self.scopes: dict[str, Scope] = {each.id: each for each in scopes(self.definition, app.playbooks)}


def _sides(
    found: Mapping[SideKey, SideLoad], definitions: Mapping[str, Partnership], quarter: str
) -> Iterator[SideLine]:
    """Past and planned as one; those that sit outside their hours most come first."""
    whole: dict[tuple[str, str], SideLoad] = {}
    past: dict[tuple[str, str], int] = {}
    for key, load in found.items():
        if key.quarter != quarter:
            continue
        of = key.partnership, key.organisation
        so_far = whole.setdefault(of, SideLoad())
        for name in SideLoad.__slots__:
            setattr(so_far, name, getattr(so_far, name) + getattr(load, name))
        past[of] = past.get(of, 0) + (load.reviews if key.is_past else 0)
    for (id, side), load in sorted(whole.items(), key=lambda each: (-each[1].minutes_outside, each[0])):
        definition = definitions[id]
        organisation = definition.organisations.get(side)
        yield SideLine(
            id, definition.name, side, organisation.name if organisation else side, load.reviews, past[id, side],
            load.outside_hours, load.minutes_outside, load.chairs, load.hosts, load.writes_minutes,
        )  # fmt: skip


def _people(
    found: Mapping[PersonKey, PersonLoad], parts: Sequence[_Part], quarters: Sequence[str]
) -> Iterator[PersonLine]:
    """Whoever has most to do in the first of the quarters comes first."""
    names, of = _names(parts), _organisations(parts)
    hours: dict[str, dict[str, float]] = {}
    counts: dict[str, tuple[int, int]] = {}
    for key, load in found.items():
        theirs = hours.setdefault(key.email, dict.fromkeys(quarters, 0.0))
        theirs[key.quarter] += load.length.total_seconds() / 3600
        many, both = counts.get(key.email, (0, 0))
        counts[key.email] = many + load.reviews, both + load.at_once
    for email, theirs in sorted(hours.items(), key=lambda each: (-each[1][quarters[0]], names[each[0]].casefold())):
        told = tuple(round(theirs[quarter], 2) for quarter in quarters)
        yield PersonLine(names[email], of.get(email), told, *counts[email])


def _collisions(expected: Iterable[Expected], names: Mapping[str, str], now: datetime) -> Iterator[Collision]:
    """The pairs of reviews to come at which somebody is expected at once, by start; the first few."""
    coming = sorted(
        (each for each in expected if each.sitting.end > now), key=lambda each: (each.sitting.start, each.record.id)
    )
    told = 0
    for n, one in enumerate(coming):
        for other in coming[n + 1 :]:
            if other.sitting.start >= one.sitting.end or told == _MOST_COLLISIONS:
                break
            if both := one.sitting.people & other.sitting.people:
                told += 1
                plan, met = one.record.review, other.record.review
                people = tuple(sorted(names[email] for email in both))
                yield Collision(plan.start, plan.timezone, plan.id, plan.title, met.id, met.title, people)


def _names(parts: Iterable[_Part]) -> dict[str, str]:
    return {who.email.casefold(): who.name for part in parts for who in part.definition.people.values()}


def _organisations(parts: Iterable[_Part]) -> dict[str, str]:
    """What the organisations are called that people are of, by mail address."""
    return {
        who.email.casefold(): part.definition.organisations[who.of].name
        for part in parts
        for who in part.definition.people.values()
        if who.of in part.definition.organisations
    }


def _following(first: date, many: int) -> Iterator[date]:
    """The first days of the quarters after that one."""
    for _ in range(many):
        first = (first + timedelta(days=95)).replace(day=1)
        yield first


def _name(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
