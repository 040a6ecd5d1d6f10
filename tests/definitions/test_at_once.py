"""What `check` says of reviews of one partnership whose hours the definition puts at one time."""

import json
from typing import Any

from scheduler.definitions.loading import load
from scheduler.definitions.problems import Diagnostic
from tests.builders import playbooks, written
from tests.rules.reviews.test_planner import only

PLAYBOOKS = playbooks()
AT_ONCE = only(
    pipeline={"on": "tuesday", "at": "15:00"},
    operating={"on": "second tuesday", "at": "15:00", "length": "60 minutes"},
)


def found(**changes: Any) -> list[Diagnostic]:
    problems = load(json.dumps(written(**changes), default=str), "<test>", PLAYBOOKS).problems
    return [problem for problem in problems if "overlaps" in problem.what]


def test_written_hours_at_one_time_are_one_warning_a_pair_of_series_with_an_hour_that_is_free_for_all() -> None:
    [problem] = found(reviews=AT_ONCE)
    assert problem.severity == "warning"
    assert problem.where == "reviews.pipeline.at"
    assert "overlaps with acme-globex/operating/" in problem.what
    assert "more times" in problem.what
    assert problem.hint == "16:00 is free for all on all these dates; without `at` it gives way by itself"


def test_what_gives_way_by_itself_is_no_warning() -> None:
    operating = {"on": "second tuesday", "at": "15:00"}
    assert not found(reviews=only(pipeline={"on": "tuesday"}, operating=operating))


def test_who_only_touches_meets_nobody() -> None:
    earlier = {"on": "second tuesday", "at": "14:00", "length": "60 minutes"}
    assert not found(reviews=only(pipeline={"on": "tuesday", "at": "15:00"}, operating=earlier))


def test_reviews_with_nobody_in_both_meet_nobody() -> None:
    pipeline = {"on": "tuesday", "at": "15:00", "attendees": ["dev", "ines"]}
    theirs = {"agenda_owner": "marta", "chair": "june", "attendees": ["marta", "june"]}
    operating = {"on": "second tuesday", "at": "15:00", **theirs}
    assert not found(reviews=only(pipeline=pipeline, operating=operating))


def test_where_no_half_hour_is_free_another_day_is_advised() -> None:
    whole_day = {"on": "second tuesday", "at": "15:00", "length": "7 hours"}
    [problem] = found(reviews=only(pipeline={"on": "tuesday", "at": "15:00"}, operating=whole_day))
    assert problem.hint.startswith("no half hour within everybody's hours is free for all on all these dates: ")
    assert problem.hint.endswith("or hold it on another day")


def test_a_review_of_a_layer_is_named_where_the_layer_says_it() -> None:
    layer = {
        "name": "Licence",
        "model": "contractual_alliance",
        "effective": "2027-01-15",
        "reviews": only(pipeline={"on": "tuesday", "at": "15:00"}),
    }
    umbrella = only(operating={"on": "second tuesday", "at": "15:00"})
    [problem] = found(reviews=umbrella, layers={"apac": layer})
    assert problem.where == "layers.apac.reviews.pipeline.at"
