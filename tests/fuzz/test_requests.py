"""Requests to the forms behind links, to the pages of who is signed in, to the API, and to what assistants read: a
hundred of each, the same each time, in the first months of the year of the simulation. ``make soak`` tries thousands in
all of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .kept_year import KeptYear
from .running import fuzz
from .subjects.api import Api
from .subjects.forms import LinkedForms
from .subjects.mcp import Mcp
from .subjects.pages import Pages
from .subjects.requests import CHAPTERS, Requests

SEED = 1
COUNTS: dict[Callable[[Path, KeptYear], Requests], int] = {LinkedForms: 100, Pages: 100, Api: 150, Mcp: 150}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptYear]:
    lived = KeptYear(tmp_path_factory.mktemp("year"), (CHAPTERS[1], CHAPTERS[2], CHAPTERS[5]))
    yield lived
    lived.close()


@pytest.mark.parametrize("kind", COUNTS, ids=lambda kind: kind.name)
def test_whatever_is_sent_is_answered_in_words_and_counts_once_or_not_at_all(
    kind: Callable[[Path, KeptYear], Requests], year: KeptYear, tmp_path: Path
) -> None:
    outcome = fuzz(kind(tmp_path, year), COUNTS[kind], SEED)
    assert not outcome.failures, outcome.told
    assert len(outcome.words) >= 4, "all of it went one way, so nothing was tried"
    assert kind is Mcp or any("taken" in word for word in outcome.words), "nothing was taken"
