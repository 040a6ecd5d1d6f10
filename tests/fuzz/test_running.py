"""The fuzzing itself: it finds what fails, tells it with the command that runs it again, and keeps it shrunk."""

import random
from pathlib import Path

import pytest

from . import running
from .damage import damaged
from .odd_words import ALL
from .running import chance, fuzz, shrunk
from .subject import Subject
from .subjects import SUBJECTS


class Fails(Subject):
    """A program that cannot bear a certain letter."""

    name = "fails"

    def make(self, rng: random.Random) -> bytes:
        return bytes(rng.choice(b"abcdefghij") for _ in range(40))

    def try_one(self, content: bytes) -> str:
        if b"j" in content:
            raise KeyError("j")
        return "good"


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fails:
    monkeypatch.setattr(running, "KEPT", tmp_path / "found")
    return Fails(tmp_path)


def test_a_failure_is_kept_as_small_as_it_gets_and_told_with_the_command_that_runs_it(subject: Fails) -> None:
    outcome = fuzz(subject, 50, seed=7)
    [failure] = outcome.failures
    assert failure.file.read_bytes() == b"j"
    assert f"-m tests.fuzz fails {failure.file}" in outcome.told and "seed 7" in outcome.told
    assert outcome.count == 50 and 0 < outcome.words["good"] < 50


def test_an_input_that_takes_too_long_has_failed(subject: Fails) -> None:
    outcome = fuzz(subject, 3, seed=7, most_seconds=-1.0)
    assert "TooSlow" in outcome.told


def test_inputs_are_the_same_each_time(subject: Fails) -> None:
    assert subject.make(chance(subject, 1, 5)) == subject.make(chance(subject, 1, 5))
    assert subject.make(chance(subject, 1, 5)) != subject.make(chance(subject, 2, 5))


def test_shrinking_ends_where_nothing_can_be_left_out() -> None:
    assert shrunk(b"xxaxxbxx", lambda content: content.count(b"a") == content.count(b"b") == 1) == b"ab"


def test_damage_is_none_that_ends_the_fuzzing_itself() -> None:
    for number in range(2000):
        rng = random.Random(number)
        assert isinstance(damaged(b"a: b\n- c, d\n" * 3, rng, [b"other"]), bytes)


def test_every_subject_has_a_name_and_the_odd_words_hold_what_no_text_may() -> None:
    assert len(SUBJECTS) == 11
    assert any("\ud800" in word for word in ALL) and any("\0" in word for word in ALL)
