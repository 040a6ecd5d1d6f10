"""One seed: its life undisturbed, the same life with whatever goes wrong, and the two held against each other."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
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
from .life import BEGIN, Course, course_of, life_of, live
from .world import Models, World, world

_MANY = 4
"""One life in so many is of two partnerships."""


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


@dataclass(frozen=True)
class Life:
    """What people do in so many days by a seed, in a folder; `undisturbed` it is lived once."""

    models: Models
    folder: Path
    seed: int
    days: int

    @property
    def until(self) -> datetime:
        return BEGIN + timedelta(days=self.days)

    @property
    def partnerships(self) -> int:
        return 2 if self.seed % _MANY == 0 else 1

    @cached_property
    def undisturbed(self) -> Account:
        """Its files are not looked at, so none is written."""
        with world(self.models, self.folder / "calm", self.seed, BEGIN, writes_files=False) as calm:
            live(calm, self.seed, self.until, partnerships=self.partnerships)
            return account_of(calm)

    def disturbed(self, seed: int, goes: Course) -> Lived:
        """Live it with whatever goes wrong by a seed. Raises AssertionError with the sentence that does not hold."""
        began = process_time()
        undisturbed, folder = self.undisturbed, self.folder / "disturbed"
        opened = world(
            self.models, folder, seed, BEGIN, pace=goes.pace, daemons=goes.daemons, on_a_server=goes.on_a_server
        )
        with opened as found:
            is_set, past = goes.clock_is_set, Past()
            live(found, self.seed, self.until, partnerships=self.partnerships, clock_is_set=is_set, past=past)
            _look_at_the_end(found)
            _beside(account_of(found), undisturbed, goes)
            arrived = Counter(each.dedup_key for each in found.receivers.arrived)
            return Lived(
                seed,
                letters=len(arrived),
                doubled=sum(count - 1 for count in arrived.values()),
                turns=found.turns,
                lives=sum(each.lives for each in found.daemons),
                seconds=process_time() - began,
                faults=found.faults.happened,
            )


def lived(models: Models, folder: Path, seed: int, days: int, course: Course | None = None) -> Lived:
    """Live a seed for so many days, calm and disturbed. Raises as `Life.disturbed`."""
    return Life(models, folder, life_of(seed), days).disturbed(seed, course or course_of(seed))


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
