"""Forty days each by hundreds of seeds in which anything fails, from another first one each time, which is printed.
``make years FIRST=SEED SEEDS=1`` lives one again."""

import random
import re
import subprocess
import sys

import pytest

from tests.soak.reporting import Often, Report
from tests.soak.sizes import DAYS_OF_LIVES, LIVES

FIRST = random.SystemRandom().randrange(1_000_000)


@pytest.mark.whole
def test_in_no_life_anything_is_lost_or_rewritten_whatever_fails(often: Often, report: Report) -> None:
    seeds = often(LIVES)
    lives = [sys.executable, "-m", "tests.simulation.years", "--first", str(FIRST), "--seeds", str(seeds)]
    lives += ["--days", str(DAYS_OF_LIVES)]
    done = subprocess.run(lives, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    summary = re.search(r"^(\d+) seeds × .* hold, (\d+) do not", done.stdout, re.M)
    faults = re.search(r"^(\d+) faults", done.stdout, re.M)
    assert summary and faults, done.stderr
    what = f"{DAYS_OF_LIVES} days lived from seed {FIRST}, {faults[1]} failures at any place"
    report("nothing is lost, doubled or rewritten", what, times=seeds, held=summary[1], failed=summary[2])
    assert done.returncode == 0, done.stdout
