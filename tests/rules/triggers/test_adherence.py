"""A trigger of what is held: too small a share of the past reviews was held in time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.rules.standing.adherence import PastOccurrence
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.forecast import forecast, wakes
from scheduler.rules.triggers.situation import Situation
from tests.builders import at
from tests.rules.standing.known import past, weekly
from tests.rules.triggers.situated import a_situation, keys

ANY = {"when": "adherence", "below": "60%"}
PIPELINE = {**ANY, "review": "pipeline"}
NOW = at("2027-02-01 09:00")
HELD, SKIPPED, PLANNED = Status.HELD, Status.SKIPPED, Status.PLANNED


def situated(trigger: dict[str, str], *statuses: Status, now: str = "2027-02-01 09:00") -> Situation:
    reviews = weekly(*statuses, because="nobody was there")
    happened: tuple[PastOccurrence, ...] = past(*reviews, now=at(now))
    return replace(a_situation(trigger, recorded=reviews, now=at(now)), past=happened)


@pytest.mark.parametrize(
    ("statuses", "fires"),
    [
        ([SKIPPED] * 3, False),
        ([HELD, HELD, SKIPPED, SKIPPED], True),
        ([HELD, HELD, HELD, SKIPPED, SKIPPED], False),
        ([HELD, HELD, HELD, SKIPPED, SKIPPED, SKIPPED], True),
    ],
)
def test_it_fires_below_the_share_and_not_with_fewer_than_four(statuses: list[Status], fires: bool) -> None:
    """Three of five are exactly 60 %: that is enough."""
    first = date(2026, 12, 8) + timedelta(weeks=statuses.index(SKIPPED))
    assert keys(situated(ANY, *statuses)) == ([f"adherence/any/{first}"] if fires else [])


def test_of_a_series_its_own_reviews_alone_count_and_the_first_that_was_not_held_names_it() -> None:
    assert keys(situated(PIPELINE, HELD, SKIPPED, SKIPPED, HELD)) == ["adherence/acme-globex/pipeline/2026-W51"]
    assert keys(situated({**ANY, "review": "operating"}, HELD, SKIPPED, SKIPPED, HELD)) == []


def test_the_evidence_is_every_review_that_was_not_held_in_time_with_its_reason() -> None:
    [cause] = causes(situated(ANY, HELD, HELD, SKIPPED, PLANNED))
    assert cause.says == "2 of 4 (50%) past reviews were held in time, of which 60% were to be"
    assert [line.says for line in cause.evidence] == [
        "Pipeline review 2026-W52 skipped: nobody was there",
        "Pipeline review 2026-W53 not closed",
    ]


def test_after_a_formal_review_about_it_counting_begins_anew() -> None:
    situation = situated(ANY, HELD, HELD, SKIPPED, SKIPPED)
    assert keys(replace(situation, dealt_with={"adherence/any": date(2026, 12, 29)})) == []


def test_how_near_it_is() -> None:
    [near] = forecast(situated(PIPELINE, HELD, HELD, HELD, SKIPPED))
    assert (near.holds, near.says) == (False, "3 of 4 (75%) held in time")
    [few] = forecast(situated(ANY, HELD))
    assert few.says == "1 past review so far; counted from 4 on"


def test_a_review_that_nobody_closes_wakes_the_partnership_when_it_counts_as_not_held() -> None:
    situation = situated(ANY, HELD, HELD, SKIPPED, PLANNED, now="2026-12-30 09:00")
    assert keys(situation) == []
    turn = min(wakes(situation))
    assert keys(situated(ANY, HELD, HELD, SKIPPED, PLANNED, now=turn.isoformat()[:16].replace("T", " "))) != []
