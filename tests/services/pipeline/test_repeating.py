"""Repeating changes nothing: a cycle run twice, or killed anywhere and run again, leaves the same."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.services.pipeline.cycle import run
from scheduler.store import Store, open_store, readings
from tests.builders import ACME, GLOBEX, INES, JUNE, MARTA, TOM, Written, a_reading, written
from tests.services.town import DAY_ONE, Town, of_the_next_version

LATER = DAY_ONE + timedelta(days=46)
"""Monday 16 November: October's cells are overdue, and the agenda of November's operating review lies there."""
Build = Callable[..., Town]


def a_small(id: str, **people: Written) -> Written:
    """A partnership that only has its monthly operating review, and few people: quickly planned, quickly written."""
    few = {"ines": INES, "tom": TOM, **people}
    said = written(
        partnership=id,
        people=few,
        organisations={"acme": ACME, "globex": GLOBEX},
        reviews={key: {"off": True} for key in ("pipeline", "health-audit", "sponsors", "strategy")},
    )
    said["kpis"] = {"cells-delivered": {**said["kpis"]["cells-delivered"], "deputy": "ines"}}
    said["success_at_90_days"]["criteria"] = said["success_at_90_days"]["criteria"][:1]
    return said


def two_small(town: Town) -> Town:
    """Inès and Tom are in both, Marta and June in one each."""
    town.define(a_small("acme-globex", marta=MARTA))
    town.define(a_small("halden-line", june=JUNE))
    return town


class Killed(BaseException):
    """The end of the process, as far as Python can play it: nothing of ours catches it."""


class DiesAfter:
    """Kills the program after so many lasting steps: a commit, or a file that took its name."""

    def __init__(self, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = steps
        rename = os.rename

        def then_die(*args: object, **kwargs: object) -> None:
            rename(*args, **kwargs)  # type: ignore[arg-type]
            self.step()

        monkeypatch.setattr(os, "rename", then_die)

    def step(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Killed

    def within(self, town: Town) -> Town:
        return replace(town, app=replace(town.app, store=_Mortal(town.app.store, self)))


class _Mortal(Store):
    def __init__(self, store: Store, fate: DiesAfter) -> None:
        super().__init__(store.url, store._reader, store._writer)
        self._fate = fate

    @contextmanager
    def write(self, *held: str) -> Iterator[Connection]:
        with super().write(*held) as db:
            yield db
        self._fate.step()


def what_is_left(town: Town) -> tuple[object, object]:
    """But for the seals of two records that are alike: each has a random part."""
    return {**town.remembered(), "seal": []}, town.files()


def times(town: Town) -> dict[str, int]:
    return {path: (town.data / path).stat().st_mtime_ns for path in town.files()}


def test_a_second_cycle_at_the_same_moment_finds_nothing_to_do(town: Town) -> None:
    town.define()
    first = town.cycle()
    before, written_at = what_is_left(town), times(town)
    second = town.cycle()
    assert (first.governed, first.published) == (1, 1)
    assert (second.governed, second.actions, second.published, second.problems) == (0, 0, 0, 0)
    assert (what_is_left(town), times(town)) == (before, written_at)


def test_planning_everything_anew_changes_no_review_no_notice_and_no_file(town: Town) -> None:
    town.define()
    town.cycle(LATER)
    before, written_at = what_is_left(town), times(town)
    upgraded = replace(town, app=of_the_next_version(town.app))
    report = upgraded.cycle(LATER)
    assert (report.governed, report.actions, report.published) == (1, 0, 1)
    assert town.rows("notice")
    assert (what_is_left(town), times(town)) == (before, written_at)


def test_a_changing_town_whose_program_dies_after_each_single_step_gets_there_all_the_same(build: Build) -> None:
    """Inès marries, Marta leaves, Tom reports: of all that, nothing gets lost."""
    undisturbed, plagued = two_small(build("undisturbed")), two_small(build("plagued"))
    for town in (undisturbed, plagued):
        town.cycle(LATER)
        town.define(a_small("acme-globex", ines={**INES, "name": "Inès Falk-Roth"}))
        with town.app.store.write() as db:
            readings.add(db, a_reading(period="2026-10", kpi="halden-line/cells-delivered"))
    undisturbed.cycle(LATER + timedelta(days=2))
    lives = _lives(plagued, LATER + timedelta(days=2))
    assert lives > 12
    assert what_is_left(plagued) == what_is_left(undisturbed)


def test_a_first_plan_that_dies_after_each_single_step_gets_there_all_the_same(build: Build) -> None:
    undisturbed, plagued = two_small(build("undisturbed")), two_small(build("plagued"))
    undisturbed.cycle(LATER)
    assert _lives(plagued, LATER) > 12
    assert what_is_left(plagued) == what_is_left(undisturbed)


def _lives(town: Town, now: datetime) -> int:
    """Run cycles that die after one lasting step each, until one has nothing left to do; say how many it took."""
    for life in range(1, 200):
        with pytest.MonkeyPatch.context() as monkeypatch:
            try:
                DiesAfter(1, monkeypatch).within(town).cycle(now)
            except Killed:
                continue
            return life
    raise AssertionError("after 200 lives the cycle is still not done")


def test_an_agenda_cut_off_before_it_was_remembered_is_still_ours_on_the_next_day(build: Build) -> None:
    """Else it would pass for edited by a person, and be theirs for ever."""
    undisturbed, plagued = two_small(build("undisturbed")), two_small(build("plagued"))
    tomorrow = LATER + timedelta(days=1)
    for town in (undisturbed, plagued):
        town.cycle(LATER - timedelta(days=1))
        with town.app.store.write() as db:
            readings.add(db, a_reading(period="2026-10", kpi="acme-globex/cells-delivered"))
    with pytest.MonkeyPatch.context() as monkeypatch, pytest.raises(Killed):
        town = DiesAfter(10_000, monkeypatch).within(plagued)
        _dies_once_written(monkeypatch, "2026-11.md")
        town.cycle(LATER)
    for town in (undisturbed, plagued):
        town.define({**a_small("acme-globex", marta=MARTA), "goal": "5 GWh of cells a year."})
        town.cycle(tomorrow)
    assert plagued.files() == undisturbed.files()
    assert "5 GWh of cells" in plagued.read("agendas/acme-globex/operating/2026-11.md")


def _dies_once_written(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    rename = os.rename

    def then_die(source: str, target: str, **kwargs: int) -> None:
        rename(source, target, **kwargs)
        if target == name:
            raise Killed

    monkeypatch.setattr(os, "rename", then_die)


def test_a_cycle_killed_by_the_system_at_any_moment_is_finished_by_the_next(build: Build) -> None:
    undisturbed, plagued = two_small(build("undisturbed")), two_small(build("plagued"))
    began = time.monotonic()
    undisturbed.cycle(LATER)
    whole = time.monotonic() - began
    plagued.app.close()
    chance = random.Random(7)
    for _ in range(10):
        child = get_context("fork").Process(target=_cycle_in_a_process_of_its_own, args=(plagued,))
        child.start()
        child.join(timeout=chance.uniform(0, whole))
        child.kill()
        child.join()
    plagued.cycle(LATER)
    assert what_is_left(plagued) == what_is_left(undisturbed)


def _cycle_in_a_process_of_its_own(town: Town) -> None:
    run(replace(town.app, store=open_store(town.app.settings.database)), LATER)


def test_a_full_disk_ends_the_cycle_in_words_and_the_next_one_with_room_finishes_it(build: Build) -> None:
    undisturbed, cramped = two_small(build("undisturbed")), two_small(build("cramped"))
    undisturbed.cycle(LATER)
    with cramped.app.store.write() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
    with pytest.raises(UserError) as told:
        cramped.cycle(LATER)
    assert "the disk is full" in told.value.what
    assert len(cramped.rows("review")) < len(undisturbed.rows("review"))
    with cramped.app.store.write() as db:
        db.exec_driver_sql("PRAGMA max_page_count=1000000")
    cramped.cycle(LATER)
    assert what_is_left(cramped) == what_is_left(undisturbed)
