"""Thousands of inputs to every way in, of another seed each time, which is printed: no failure, nothing half recorded,
and none that takes a second of the processor. ``make test`` tries some hundred of each (tests/fuzz)."""

import random
from pathlib import Path

import pytest

from tests.fuzz.running import fuzz
from tests.fuzz.subjects import SUBJECTS
from tests.soak.reporting import Often, Report
from tests.soak.sizes import FUZZED, FUZZED_DEFINITIONS

MOST_SECONDS = 1.0
"""Of CPU, for one input: an ordinary one takes some hundredths."""
SEED = random.SystemRandom().randrange(1_000_000)


@pytest.mark.whole
@pytest.mark.parametrize("name", SUBJECTS)
def test_no_input_fails_or_takes_a_second(name: str, tmp_path: Path, often: Often, report: Report) -> None:
    subject, count = SUBJECTS[name](tmp_path), often(FUZZED_DEFINITIONS if name == "definitions" else FUZZED)
    try:
        outcome = fuzz(subject, count, SEED, MOST_SECONDS)
    finally:
        subject.close()
    print(outcome.told)
    slowest = f"{outcome.slowest[0]:.2f} s CPU"
    failures = len(outcome.failures)
    report("no traceback", f"fuzzed {name}, seed {SEED}", times=outcome.count, failures=failures, slowest=slowest)
    assert not outcome.failures, outcome.told
