"""What the answers of a round come to: means, spread, gap and change, and nothing at all of fewer than three."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.health_check import HealthCheck
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.health import HealthRound, Light
from scheduler.rules.health_checks.results import findings, results, worst
from tests.builders import SHIPPED

TERMS = playbooks(SHIPPED)[Model.CONTRACTUAL_ALLIANCE].health_check
TRUST = ("candour", "word-kept", "pace")


def ratings(acme: Sequence[int | None], globex: Sequence[int | None]) -> Any:
    """The same answers to every statement of a side."""
    keys = [question.key for area in TERMS.areas for question in area.questions]
    return {(side, key): said for side, said in (("acme", acme), ("globex", globex)) for key in keys}


def closed(acme: Sequence[int | None], globex: Sequence[int | None], before: HealthRound | None = None) -> HealthRound:
    answered = {"acme": len(acme), "globex": len(globex)}
    found = results(TERMS, answered, ratings(acme, globex), before)
    day = date(2027, 4, 20)
    made = HealthRound("acme-globex/health/2027-H1", "acme-globex", "2027-H1", day, day, "Europe/Berlin", TERMS)
    return replace(made, answered=answered, results=found)


def test_a_link_that_was_sent_again_counts_as_an_answer_less() -> None:
    said = ratings([4, 4, 4], [4, 4, 4, 4])
    found = results(TERMS, {"acme": 3, "globex": 4}, said, sent_again={"acme": 1, "globex": 1})
    assert {each.side for each in found if each.mean is not None} == {"globex"}


def test_a_mean_is_of_the_questions_and_its_spread_of_the_answers() -> None:
    said = {**ratings([3, 4, 5], [4, 4, 4]), ("acme", "candour"): [1, 2, 1, 2]}
    found = results(TERMS, {"acme": 4, "globex": 3}, said)
    [acme] = [each for each in found if (each.area, each.side) == ("trust", "acme")]
    assert acme.mean == Decimal("3.17"), "(1.5 + 4 + 4) / 3"
    assert acme.counts == (2, 2, 2, 2, 2)
    assert acme.spread == Decimal("1.41")
    assert acme.answers == 3


@pytest.mark.parametrize("few", [0, 1, 2])
def test_fewer_than_three_answers_of_a_side_leave_nothing_of_it(few: int) -> None:
    round = closed([4, 4, 4, 4], [5, 1, 3][:few])
    for area in TERMS.areas:
        theirs = round.result(area.key, "globex")
        assert theirs is not None
        assert (theirs.light, theirs.mean, theirs.spread, theirs.answers) == (Light.UNKNOWN, None, None, None)
        assert (theirs.counts, theirs.cannot_say, theirs.change, theirs.gap) == ((), None, None, None)
    assert {each.kind for each in findings(round)} == {"even"}
    assert {each.lacking for each in findings(round)} == {("globex",)}


def test_a_question_that_too_few_could_rate_is_left_out_of_its_area() -> None:
    said = {**ratings([4, 4, 4, 4], [4, 4, 4, 4]), ("acme", "candour"): [1, 1, None, None]}
    found = results(TERMS, {"acme": 4, "globex": 4}, said)
    [acme] = [each for each in found if (each.area, each.side) == ("trust", "acme")]
    assert (acme.mean, acme.answers, acme.cannot_say) == (Decimal("4.00"), 4, 0)
    nobody = {key: [1, None, None] for key in said}
    assert {each.light for each in results(TERMS, {"acme": 3, "globex": 3}, nobody)} == {Light.UNKNOWN}


@pytest.mark.parametrize(
    ("acme", "globex", "light", "kind"),
    [
        ([4, 4, 4], [4, 4, 4], Light.GREEN, "even"),
        ([4, 4, 4], [5, 5, 5], Light.RED, "gap"),
        ([4, 4, 4], [5, 5, 4], Light.GREEN, "even"),
        ([3, 3, 4], [4, 4, 4], Light.AMBER, "low"),
        ([3, 3, 4], [4, 4, 3], Light.AMBER, "both"),
        ([3, 3, 3], [3, 3, 3], Light.RED, "both"),
        ([1, 2], [2, 1], Light.UNKNOWN, "unknown"),
    ],
)
def test_red_amber_and_the_gap_are_those_of_the_playbook(
    acme: Sequence[int | None], globex: Sequence[int | None], light: Light, kind: str
) -> None:
    found = findings(closed(acme, globex))
    assert {(each.light, each.kind) for each in found} == {(light, kind)}


def test_what_changed_since_the_round_before_is_told_from_half_a_point_on() -> None:
    before = closed([4, 4, 4], [4, 4, 4])
    after = closed([3, 4, 4], [4, 4, 5], before)
    [trust] = [each for each in findings(after) if each.area == "trust"]
    assert trust.changed is None
    result = after.result("trust", "acme")
    assert result and result.change == Decimal("-0.33")
    fell = closed([3, 3, 4], [4, 4, 4], before)
    [trust] = [each for each in findings(fell) if each.area == "trust"]
    assert trust.changed and (trust.changed.side, trust.changed.change) == ("acme", Decimal("-0.67"))


def test_the_first_to_be_spoken_of_is_the_worst_light_then_the_widest_gap() -> None:
    said = {**ratings([4, 4, 4], [4, 4, 4]), **{("acme", key): [2, 2, 2] for key in TRUST}}
    answered = {"acme": 3, "globex": 3}
    round = replace(closed([4, 4, 4], [4, 4, 4]), results=results(TERMS, answered, said))
    first = worst(round)
    assert first and (first.area, first.gap) == ("trust", Decimal("2.00"))
    assert worst(closed([1], [1])) is None


def test_a_playbook_may_ask_for_more_answers_and_never_for_fewer() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 3"):
        HealthCheck.model_validate({**TERMS.model_dump(mode="json"), "fewest": 2})
    four = HealthCheck.model_validate({**TERMS.model_dump(mode="json"), "fewest": 4})
    assert all(each.mean is None for each in results(four, {"acme": 3}, ratings([4, 4, 4], [])))
