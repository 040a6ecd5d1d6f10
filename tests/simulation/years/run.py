"""One seed: its life undisturbed, the same life with whatever goes wrong, and the two held against each other."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import process_time

from .invariants import (
    Account,
    Past,
    account_of,
    each_calendar_shows_what_is_on_record,
    no_event_is_lost,
    no_notification_is_lost,
    none_arrived_twice_unless_it_is_marked,
    nothing_of_one_organisation_is_in_anothers_hands,
    the_record_is_the_same,
    what_is_said_to_have_been_told_arrived,
)
from .life import BEGIN, Course, course_of, live
from .world import Models, World, world

_MANY = 4
"""One seed in so many lives with two partnerships."""


@dataclass(frozen=True)
class Lived:
    """What one seed went through."""

    seed: int
    letters: int = 0
    doubled: int = 0
    turns: int = 0
    lives: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)


def lived(models: Models, folder: Path, seed: int, days: int, course: Course | None = None) -> Lived:
    """Live a seed for so many days, calm and disturbed. Raises AssertionError with the sentence that does not hold."""
    began, goes = process_time(), course or course_of(seed)
    until, count = BEGIN + timedelta(days=days), 2 if seed % _MANY == 0 else 1
    with world(models, folder / "calm", seed, BEGIN) as calm:
        live(calm, seed, until, partnerships=count)
        undisturbed = account_of(calm)
    with world(models, folder / "disturbed", seed, BEGIN, pace=goes.pace, daemons=goes.daemons) as disturbed:
        live(disturbed, seed, until, partnerships=count, clock_is_set=goes.clock_is_set, past=Past())
        _look_at_the_end(disturbed)
        _beside(account_of(disturbed), undisturbed, goes)
        arrived = Counter(each.dedup_key for each in disturbed.receivers.arrived)
        return Lived(
            seed,
            letters=len(arrived),
            doubled=sum(count - 1 for count in arrived.values()),
            turns=disturbed.turns,
            lives=sum(each.lives for each in disturbed.daemons),
            seconds=process_time() - began,
            faults=disturbed.faults.happened,
        )


def _look_at_the_end(world: World) -> None:
    none_arrived_twice_unless_it_is_marked(world)
    what_is_said_to_have_been_told_arrived(world)
    each_calendar_shows_what_is_on_record(world)
    nothing_of_one_organisation_is_in_anothers_hands(world)


def _beside(disturbed: Account, calm: Account, goes: Course) -> None:
    no_notification_is_lost(disturbed, calm)
    no_event_is_lost(disturbed, calm)
    if not goes.clock_is_set:  # by a clock that is ahead somebody may be late who was not
        the_record_is_the_same(disturbed, calm)
