"""Lives in which things go wrong, short ones; long ones are lived by `make years`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.confidential.outputs import reaches

from .editors import BAD, EDITS, another_day, another_zone, mends_the_file, says_that_it_is_meant
from .faults import KILL
from .invariants import (
    Past,
    each_calendar_shows_what_is_on_record,
    none_arrived_twice_unless_it_is_marked,
    nothing_of_one_organisation_is_in_anothers_hands,
    what_is_said_to_have_been_told_arrived,
)
from .life import AT_REST, BEGIN, BRIEFLY, CLOSE, FAR, Course, begin, its_clock_is_wrong, look_at, pass_time
from .people import (
    DEEDS,
    ROUND,
    Deed,
    answers_by_mail,
    closes_what_is_over,
    does,
    edits_an_agenda_by_page,
    edits_an_agenda_file,
    moves_a_review,
    reports_what_is_owed,
    skips_what_is_to_come,
)
from .run import lived
from .servers import started
from .visitors import seen_by_http
from .world import Models, World, world

_SEEDS = (3, 7)
"""Each with two daemons, the first on a server."""
_DAYS = 25
ID = "river"
_OLD = timedelta(days=40)
_TO_BEGIN_WITH: tuple[Deed, ...] = (
    closes_what_is_over,
    reports_what_is_owed,
    skips_what_is_to_come,
    moves_a_review,
    answers_by_mail,
    edits_an_agenda_by_page,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    with started() as server:
        yield Models(tmp_path_factory.mktemp("models"), server)


@pytest.mark.parametrize("seed", _SEEDS)
def test_whatever_goes_wrong_people_are_told_what_they_would_be_told_anyway(
    models: Models, tmp_path: Path, seed: int
) -> None:
    found = lived(models, tmp_path, seed, _DAYS)
    assert found.faults and found.letters


def test_a_world_that_nothing_disturbs_comes_to_the_same_twice(models: Models, tmp_path: Path) -> None:
    """Else the comparison with an undisturbed one would show chance, and no fault."""
    found = lived(models, tmp_path, 1, _DAYS, Course(pace=10**9))
    assert not found.faults and found.doubled == 0


def test_those_who_look_by_http_find_what_is_internal_to_their_own_side(models: Models, tmp_path: Path) -> None:
    """Else nothing would be found of another's either."""
    with world(models, tmp_path / "life", 1, BEGIN) as found:
        begin(found, 1)
        pass_time(found, BEGIN + timedelta(days=45))
        seen = list(seen_by_http(found))
    assert reaches(seen, "twin") == {"acme", "globex"}
    assert reaches(seen, "feed") == {"acme"}, "what Globex counts by half-years is not due yet"


class AnyLife(RuleBasedStateMachine):
    """A world of two daemons whose next step hypothesis chooses, so that what breaks it becomes as short as it can
    be. Its partnership is some weeks old: there are reviews of every kind that the next plan may touch, or may not."""

    models: Models
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self._open = world(self.models, self.folder / "life", 2, BEGIN, pace=10**9, daemons=2)
        self.world: World = self._open.__enter__()
        self.world.machines_sleep = True
        self.past = Past()
        begin(self.world, 2)
        with self.world.undisturbed():
            pass_time(self.world, BEGIN + _OLD)
            for deed in _TO_BEGIN_WITH:
                does(self.world, deed, Random(1), ID)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        pass_time(self.world, self.world.now + timedelta(days=days))

    @rule(deed=st.sampled_from((*DEEDS, *ROUND, *EDITS, says_that_it_is_meant)), chance=st.integers(0, 5))
    def somebody_does_something(self, deed: Deed, chance: int) -> None:
        does(self.world, deed, Random(chance), ID)

    @rule(edit=st.sampled_from((another_day, another_zone)), chance=st.integers(0, 5))
    def the_plan_is_another(self, edit: Deed, chance: int) -> None:
        does(self.world, edit, Random(chance), ID)

    @rule(
        deed=st.sampled_from((skips_what_is_to_come, moves_a_review, edits_an_agenda_file, closes_what_is_over)),
        chance=st.integers(0, 5),
    )
    def somebody_says_what_the_plan_does_not(self, deed: Deed, chance: int) -> None:
        does(self.world, deed, Random(chance), ID)

    @rule(deed=st.sampled_from((*BAD, mends_the_file)), chance=st.integers(0, 5))
    def somebody_spoils_or_mends_the_file(self, deed: Deed, chance: int) -> None:
        does(self.world, deed, Random(chance), ID)

    @rule(places=st.integers(0, 60), kills=st.booleans())
    def something_will_go_wrong(self, places: int, kills: bool) -> None:
        self.world.faults.fail_after(places, KILL if kills else None)

    @rule(which=st.integers(0, 1))
    def one_daemon_is_started_again(self, which: int) -> None:
        self.world.daemons[which].restart()

    @rule(wrong_by=st.sampled_from((*CLOSE, *FAR)), hours=st.integers(1, 10))
    def the_clock_is_wrong_for_a_while(self, wrong_by: timedelta, hours: int) -> None:
        its_clock_is_wrong(self.world, wrong_by, BRIEFLY if wrong_by in FAR else timedelta(hours=hours))

    @invariant()
    def all_is_as_it_has_to_be(self) -> None:
        with self.world.undisturbed():
            self.world.turn()
            self.world.rest()
        look_at(self.world, self.past)
        none_arrived_twice_unless_it_is_marked(self.world)
        what_is_said_to_have_been_told_arrived(self.world)

    def teardown(self) -> None:
        try:
            with self.world.undisturbed():
                pass_time(self.world, self.world.now + AT_REST)
                self.world.rest()
            each_calendar_shows_what_is_on_record(self.world)
            nothing_of_one_organisation_is_in_anothers_hands(self.world, by_http=False)
        finally:
            self._open.__exit__(None, None, None)


def test_no_sequence_of_steps_breaks_it(models: Models) -> None:
    with TemporaryDirectory() as folder:
        machine = type("Life", (AnyLife,), {"models": models, "folder": Path(folder)})
        few = settings(max_examples=6, stateful_step_count=8, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(machine, settings=few)
