"""What a playbook may say of its health check."""

from typing import Any

import pytest

from scheduler.definitions.playbooks import playbooks
from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.health_check import QUESTIONS, HealthCheck
from scheduler.domain.definition.vocabulary import Model
from tests.builders import SHIPPED

ALL = playbooks(SHIPPED)
TERMS = ALL[Model.CONTRACTUAL_ALLIANCE].health_check.model_dump(mode="json")


@pytest.mark.parametrize("model", list(Model))
def test_each_model_asks_four_areas_in_eight_to_twelve_statements_and_two_questions(model: Model) -> None:
    terms = ALL[model].health_check
    assert len(terms.areas) == 4
    assert sum(len(area.questions) for area in terms.areas) in QUESTIONS
    assert len(terms.in_words) == 2


def test_keys_of_what_all_models_ask_are_the_same_so_that_rounds_compare_when_a_model_changes() -> None:
    areas = {tuple(area.key for area in each.health_check.areas) for each in ALL.values()}
    assert len(areas) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"red": "4.0", "amber": "3.8"}, "red below"),
        ({"every": "week"}, "too often"),
        ({"areas": TERMS["areas"][:2]}, "questions are rated"),
        ({"in_words": [*TERMS["in_words"], {"key": "more", "asks": "More?"}]}, "more than two"),
        ({"in_words": [{"key": "goal", "asks": "Goal?"}]}, "stands there twice"),
    ],
)
def test_what_cannot_be_asked_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises((ValueError, InvalidValue), match=says):
        HealthCheck.model_validate({**TERMS, **change})
