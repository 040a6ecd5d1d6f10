"""A formal review is called by hand, and what is said twice is said once."""

import pytest

from scheduler.services.cases.formal_review import call
from scheduler.store import trigger_events
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-10-12 09:00")


@pytest.fixture
def called(town: Town) -> Town:
    town.define()
    town.cycle(at("2026-10-01 09:00"))
    call(town.app, "acme-globex", "the line stands still", "ines", NOW)
    return town


def causes(town: Town) -> list[str]:
    with town.database() as db:
        return [each.cause.key for each in trigger_events.of_partnership(db, "acme-globex")]


def test_the_same_words_of_the_same_person_on_the_same_day_are_one_reason(called: Town) -> None:
    """A page that failed after its commit is sent again, and two daemons are asked at the same moment."""
    before, told = called.remembered(), called.rows("notice")
    again = call(called.app, "acme-globex", "the line  stands still", "ines", NOW)
    assert again.joins
    assert called.remembered() == before
    assert called.rows("notice") == told


@pytest.mark.parametrize(
    ("because", "by", "when"),
    [
        ("the press stands still", "ines", "2026-10-12 09:05"),
        ("the line stands still", "dev", "2026-10-12 09:05"),
        ("the line stands still", "ines", "2026-10-13 09:00"),
    ],
)
def test_other_words_another_person_and_another_day_are_a_reason_more(
    called: Town, because: str, by: str, when: str
) -> None:
    call(called.app, "acme-globex", because, by, at(when))
    assert len(causes(called)) == 2
