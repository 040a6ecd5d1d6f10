"""What was said of steps of launch tracks stays; the latest word counts."""

from dataclasses import replace
from datetime import date, timedelta

from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.store import Store, launch_ticks
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

CHECKPOINT = f"{ACME_GLOBEX}/checkpoint"
DONE = LaunchTick(CHECKPOINT, "midpoint", date(2026, 11, 13), "by telephone", "ines", at("2026-11-16 10:00"))


def test_the_last_word_on_a_step_counts_and_those_before_are_kept(store: Store) -> None:
    """Also where a clock was wrong: what was said last is what is meant."""
    back = replace(DONE, done_on=None, because="it was put off", at=DONE.at - timedelta(days=400))
    other = replace(DONE, step="pre-read", because=None)
    with store.write() as db:
        for each in (DONE, back, other):
            launch_ticks.add(db, each)
    with store.read() as db:
        found = launch_ticks.ticks(db, ACME_GLOBEX)
        assert launch_ticks.ticks(db, "nobody") == {}
    assert found == {(CHECKPOINT, "midpoint"): replace(back, replaces=DONE), (CHECKPOINT, "pre-read"): other}
    assert [each.number for each in found.values()] == [2, 1]
