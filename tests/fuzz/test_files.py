"""Files and letters after some damage, and of a valid shape with strange values: some hundred of each, the same each
time. ``make soak`` tries thousands, and looks at how long each takes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .running import fuzz
from .subject import Subject
from .subjects.definitions import Definitions
from .subjects.minutes import MinutesText
from .subjects.playbooks import Playbooks
from .subjects.replies import Replies
from .subjects.settings import SettingsFile
from .subjects.spreadsheets import Spreadsheets

SEED = 1
COUNTS: dict[Callable[[Path], Subject], int] = {
    Definitions: 250,
    SettingsFile: 300,
    Playbooks: 150,
    MinutesText: 300,
    Spreadsheets: 120,
    Replies: 100,
}


@pytest.mark.parametrize("kind", COUNTS, ids=lambda kind: kind.name)
def test_whatever_a_file_or_a_letter_holds_is_answered_in_words(
    kind: Callable[[Path], Subject], tmp_path: Path
) -> None:
    subject = kind(tmp_path)
    try:
        outcome = fuzz(subject, COUNTS[kind], SEED)
    finally:
        subject.close()
    assert not outcome.failures, outcome.told
    assert len(outcome.words) >= 2, "all of it went one way, so nothing was tried"
