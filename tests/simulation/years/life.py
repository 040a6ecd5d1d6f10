"""Two years of a world, by a seed: what people do and when, and how often something goes wrong meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from .definitions import definitions
from .editors import BAD, EDITS, mends_the_file, says_that_it_is_meant, takes_back_what_was_refused
from .invariants import (
    Past,
    agenda_edits_are_kept,
    nothing_in_the_program_is_broken,
    the_next_cycle_changes_nothing,
    the_record_is_as_it_was_sealed,
    what_people_moved_is_where_they_put_it,
)
from .people import DEEDS, ROUND, Deed, does
from .world import World

BEGIN = datetime(2026, 9, 28, 8, tzinfo=UTC)
YEARS = 2
_ROUND = timedelta(days=10)
_PAUSE = 8.0
"""So many days pass, on the average, between two other deeds."""
_LOOK = 10
"""After so many deeds it is looked whether all is as it has to be."""
AT_REST = timedelta(days=8)
"""So long nothing goes wrong at the end, so that all that was put off arrives."""


class Done(NamedTuple):
    """Something that somebody does at a moment to a partnership, with chances of its own."""

    at: datetime
    deed: Deed
    partnership: str
    chance: str


def deeds(seed: int, partnerships: list[str], until: datetime) -> list[Done]:
    """What people do in a life, in its order."""
    return sorted(_deeds(seed, partnerships, until), key=lambda each: (each.at, each.chance))


def _deeds(seed: int, partnerships: list[str], until: datetime) -> Iterator[Done]:
    for id in partnerships:
        random, at = Random(f"rounds {seed} {id}"), BEGIN + timedelta(days=12)
        while at < until:
            at += _ROUND * random.uniform(0.6, 1.4)
            for deed in ROUND:
                yield Done(_at_work(at, random), deed, id, f"{seed} {id} {at} {deed.__name__}")
        random, at = Random(f"deeds {seed} {id}"), BEGIN
        while at < until:
            at += timedelta(days=random.expovariate(1 / _PAUSE))
            yield from _some_deed(random, seed, id, _at_work(at, random))


def _some_deed(random: Random, seed: int, id: str, at: datetime) -> Iterator[Done]:
    def done(deed: Deed, later: timedelta = timedelta()) -> Done:
        return Done(at + later, deed, id, f"{seed} {id} {at + later} {deed.__name__}")

    kind = random.random()
    if kind < 0.2:
        yield done(random.choice(EDITS))
        yield done(says_that_it_is_meant, timedelta(hours=random.randint(1, 60)))
        yield done(takes_back_what_was_refused, timedelta(hours=61))
    elif kind < 0.27:
        yield done(random.choice(BAD))
        yield done(mends_the_file, timedelta(hours=random.randint(1, 120)))
    else:
        yield done(random.choice(DEEDS))


def _at_work(at: datetime, random: Random) -> datetime:
    return at.replace(hour=random.randint(6, 18), minute=random.choice((0, 17, 30, 44)), second=0, microsecond=0)


CLOSE = tuple(timedelta(hours=hours) for hours in (-20, -5, -1, 1, 5, 20))
"""A clock that is wrong by as much is believed: zones and summer time make as much of a difference."""
FAR = tuple(timedelta(days=days) for days in (-400, -30, -2, 2, 30, 400))
"""A clock that leaps so far is not believed for ten minutes."""
BRIEFLY = timedelta(minutes=4)


@dataclass(frozen=True)
class Course:
    """How a life goes: something fails once in `pace` places; so many `daemons` live it, on a
    PostgreSQL server or in a file; and the machine's clock is set wrong now and then, where it is."""

    pace: int
    daemons: int = 1
    clock_is_set: bool = False
    on_a_server: bool = False


COURSES = 3
"""So many seeds in a row live one life, each disturbed otherwise: undisturbed it is lived once for all of them."""


def life_of(seed: int) -> int:
    """The seed of what people write down and do."""
    return seed // COURSES


def course_of(seed: int) -> Course:
    """By turns, so that a row of seeds has some of each."""
    return Course((50, 150, 400)[seed % 3], 2 if seed % 4 == 3 else 1, seed % 5 == 4, seed % 8 == 3)


def live(
    world: World,
    seed: int,
    until: datetime,
    *,
    partnerships: int = 1,
    clock_is_set: bool = False,
    past: Past | None = None,
) -> None:
    """Begin undisturbed, live until a moment with whatever goes wrong, and come to rest."""
    begin(world, seed, partnerships)
    chance = Random(f"clock {seed}")
    for number, each in enumerate(deeds(seed, world.partnerships(), until)):
        if each.at > until:
            break
        if clock_is_set and chance.random() < 0.1:
            _sets_the_clock(world, chance, each.at)
        pass_time(world, each.at)
        does(world, each.deed, Random(each.chance), each.partnership)
        world.turn()
        world.rest()
        if past is not None and number % _LOOK == 0:
            look_at(world, past)
    pass_time(world, until)
    with world.undisturbed():
        pass_time(world, until + AT_REST)
        world.turn()
        world.rest()
    if past is not None:
        look_at(world, past)


def begin(world: World, seed: int, partnerships: int = 1) -> None:
    """The operator writes the definitions down, and the program takes them up."""
    for definition in definitions(seed, partnerships):
        world.define(definition)
    with world.undisturbed():
        world.turn()


def look_at(world: World, past: Past) -> None:
    """What is to hold at any moment at which nothing waits to be done again."""
    nothing_in_the_program_is_broken(world)
    past.stays_as_it_was(world)
    agenda_edits_are_kept(world)
    what_people_moved_is_where_they_put_it(world)
    the_record_is_as_it_was_sealed(world)
    the_next_cycle_changes_nothing(world)


def _sets_the_clock(world: World, chance: Random, before: datetime) -> None:
    """Set it wrong for some hours that are believed, or by far more for minutes; then right again."""
    is_far = chance.random() < 0.5
    wrong_by = chance.choice(FAR if is_far else CLOSE)
    lasts = BRIEFLY if is_far else timedelta(hours=chance.randint(1, 10))
    if world.now + lasts + timedelta(hours=1) <= before:
        its_clock_is_wrong(world, wrong_by, lasts)


def its_clock_is_wrong(world: World, wrong_by: timedelta, lasts: timedelta) -> None:
    """The machine's clock is set wrong, and after a while right again."""
    how = f"{'far' if wrong_by in FAR else 'near'} {'ahead' if wrong_by > timedelta() else 'back'}"
    world.faults.happened[f"clock: {how}"] += 1
    world.clocks.wrong_by, until = wrong_by, world.now + lasts
    world.turn()
    pass_time(world, until)
    world.clocks.wrong_by = timedelta()
    world.turn()
    world.rest()


def pass_time(world: World, until: datetime) -> None:
    if until > world.now:
        world.until(until)
