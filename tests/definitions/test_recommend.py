"""The four criteria, in their order, name the structural model; what speaks against it is said as well."""

from itertools import product
from typing import get_args

import pytest

from scheduler.definitions.authoring import recommend as weighing
from scheduler.definitions.authoring.recommend import (
    CRITERIA,
    Capital,
    Control,
    Integration,
    Needs,
    Option,
    Recommendation,
    Speed,
)
from scheduler.domain.definition.vocabulary import Function, Model
from tests.builders import playbooks

LIGHT = Needs("light", "weeks", "little", "full")
JOINT_SALES = Needs("coordinated", "weeks", "little", "full")
ALIGNED = Needs("coordinated", "months", "some", "influence")
POOLED = Needs("coordinated", "year", "some", "joint", members=5)
DEDICATED = Needs("deep", "year", "much", "joint")

EVERY_NEED = [
    Needs(*answers, members=members)
    for members in (2, 3)
    for answers in product(get_args(Integration), get_args(Speed), get_args(Capital), get_args(Control))
]


def recommend(needs: Needs) -> Recommendation:
    return weighing.recommend(needs, playbooks())


def option(needs: Needs, model: Model) -> Option:
    return next(option for option in recommend(needs).ranking if option.model is model)


@pytest.mark.parametrize(
    ("needs", "model"),
    [
        (LIGHT, Model.CONTRACTUAL_ALLIANCE),
        (JOINT_SALES, Model.REVENUE_SHARING),
        (ALIGNED, Model.EQUITY_ALLIANCE),
        (POOLED, Model.CONSORTIUM),
        (DEDICATED, Model.JOINT_VENTURE),
    ],
)
def test_each_model_is_recommended_where_its_signals_are_given(needs: Needs, model: Model) -> None:
    """Speed over depth → contractual; reward linked to sales → revenue sharing; aligned finances without a new company
    → equity; too costly for one → consortium; dedicated resources → joint venture."""
    best = recommend(needs).best
    assert best.model is model
    assert len(best.reasons) >= 4
    assert best.against == ()


def test_the_criteria_are_asked_in_their_order() -> None:
    assert [criterion.key for criterion in CRITERIA] == ["integration", "speed", "capital", "control"]
    answers = [get_args(choices) for choices in (Integration, Speed, Capital, Control)]
    assert [tuple(criterion.choices) for criterion in CRITERIA] == answers


def test_depth_outweighs_speed_capital_and_control_together() -> None:
    """Marta wants shared IP at once, without money, and without giving up control: it is a joint venture all the same,
    and she is told what speaks against it."""
    found = recommend(Needs("deep", "weeks", "little", "full")).best
    assert found.model is Model.JOINT_VENTURE
    assert len(found.against) == 3


def test_speed_outweighs_capital_and_control() -> None:
    assert recommend(Needs("coordinated", "weeks", "some", "influence")).best.model is Model.REVENUE_SHARING


@pytest.mark.parametrize("needs", EVERY_NEED)
def test_every_answer_gets_a_ranking_of_all_five_models(needs: Needs) -> None:
    found = recommend(needs)
    assert {option.model for option in found.ranking} == set(Model)
    assert found.best.possible
    assert found.best.on_record
    assert found.best.reasons


@pytest.mark.parametrize("needs", EVERY_NEED)
def test_a_consortium_of_two_is_never_possible_and_always_last(needs: Needs) -> None:
    consortium = option(needs, Model.CONSORTIUM)
    assert consortium.possible is (needs.members >= 3)
    if not consortium.possible:
        assert recommend(needs).ranking[-1] is not recommend(needs).best
        assert recommend(needs).ranking[-1].model is Model.CONSORTIUM
        assert "three members" in consortium.against[0]


def test_a_stake_among_three_gives_way_to_a_consortium_where_only_control_differs() -> None:
    two, three = Needs("coordinated", "months", "some", "joint"), Needs("coordinated", "months", "some", "influence", 3)
    assert recommend(two).best.model is Model.EQUITY_ALLIANCE
    assert recommend(three).best.model is Model.CONSORTIUM
    assert "between two" in option(three, Model.EQUITY_ALLIANCE).against[0]


@pytest.mark.parametrize(
    ("model", "on_record"),
    [
        (Model.JOINT_VENTURE, "legal entity"),
        (Model.EQUITY_ALLIANCE, "stake"),
        (Model.REVENUE_SHARING, "formula"),
        (Model.CONSORTIUM, "three members"),
    ],
)
def test_what_a_model_requires_on_record_is_said_with_it(model: Model, on_record: str) -> None:
    assert on_record in " ".join(option(POOLED, model).on_record)


def test_the_functions_match_is_named_beside_the_recommendation_and_held_against_it() -> None:
    """June seeks technology by a light agreement: it stays one, and she hears what usually serves."""
    found = recommend(Needs("light", "weeks", "little", "full", function=Function.TECHNOLOGY))
    assert found.best.model is Model.CONTRACTUAL_ALLIANCE
    assert found.function_match == (Model.EQUITY_ALLIANCE, Model.JOINT_VENTURE)
    assert found.function_benefit
    assert "equity alliance or joint venture" in found.best.against[-1]


def test_the_functions_match_comes_first_among_equals_and_the_looser_model_without_one() -> None:
    """For a stake's needs a contract and a joint venture are equally far off; technology tips the scales."""

    def order(function: Function | None) -> list[Model]:
        ranking = recommend(Needs("coordinated", "months", "some", "influence", function=function)).ranking
        assert ranking[2].score == ranking[3].score
        return [option.model for option in ranking[2:4]]

    assert order(None) == [Model.CONTRACTUAL_ALLIANCE, Model.JOINT_VENTURE]
    assert order(Function.TECHNOLOGY) == [Model.JOINT_VENTURE, Model.CONTRACTUAL_ALLIANCE]


def test_without_a_function_nothing_is_said_about_one() -> None:
    found = recommend(LIGHT)
    assert found.function_benefit is None
    assert not any("match" in sentence for option in found.ranking for sentence in (*option.reasons, *option.against))
