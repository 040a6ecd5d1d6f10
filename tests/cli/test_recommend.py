"""`cadence recommend` asks for the four criteria in their order, or takes them as flags."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Cadence = Callable[..., Any]
DEEP = ("--integration", "deep", "--speed", "year", "--capital", "much", "--control", "joint")
POOLED = ("--integration", "coordinated", "--speed", "year", "--capital", "some", "--control", "joint")


def test_it_names_the_model_its_reasons_what_must_be_on_record_and_how_to_read_on(cadence: Cadence) -> None:
    result = cadence("recommend", *DEEP, "--function", "technology")
    assert result.status == 0
    assert result.out.startswith("Recommended: joint venture (joint_venture)\n")
    assert "  - the new legal entity\n" in result.out
    assert "Against it:\n  - nothing in these answers\n" in result.out
    assert "The function's best match: equity alliance or joint venture" in result.out
    assert "consortium: not possible, a consortium has three members or more" in result.out
    assert result.out.endswith("cadence playbook show joint_venture\n")


def test_what_speaks_against_the_recommended_model_is_said(cadence: Cadence) -> None:
    result = cadence(
        "recommend", "--integration", "deep", "--speed", "weeks", "--capital", "little", "--control", "full"
    )
    assert "Recommended: joint venture" in result.out
    assert "Against it:\n  - it is the slowest to start\n  - it takes the most capital" in result.out


def test_three_members_open_the_consortium(cadence: Cadence) -> None:
    assert "Recommended: consortium" in cadence("recommend", *POOLED, "--members", "3").out
    assert "Recommended: consortium" not in cadence("recommend", *POOLED, "--members", "2").out


def test_json_holds_the_whole_ranking(cadence: Cadence) -> None:
    found = json.loads(cadence("recommend", *DEEP, "--function", "financial", "--json").out)
    assert found["model"] == found["ranking"][0]["model"] == "joint_venture"
    assert len(found["ranking"]) == 5
    assert set(found["ranking"][0]) == {"model", "possible", "reasons", "against", "on_record"}
    assert found["function_match"] == ["equity_alliance"]


def test_without_a_terminal_what_is_missing_is_named_in_order_and_the_call_is_wrong_usage(cadence: Cadence) -> None:
    result = cadence("recommend", "--capital", "some")
    assert result.status == 2
    assert "--integration, --speed, --control" in result.err
    assert result.out == ""


@pytest.mark.parametrize("wrong", [("--members", "1"), ("--integration", "bottomless"), ("--function", "fun")])
def test_an_answer_that_is_no_choice_is_wrong_usage(cadence: Cadence, wrong: tuple[str, str]) -> None:
    result = cadence("recommend", *DEEP, *wrong)
    assert result.status == 2
    assert wrong[0] in result.err


def test_on_a_terminal_the_criteria_are_asked_in_their_order_and_a_slip_is_asked_again(at_a_terminal: Cadence) -> None:
    """Marta types "lihgt" first."""
    result = at_a_terminal("recommend", answers="lihgt\nlight\nweeks\nlittle\nfull\n\n")
    assert result.status == 0
    questions = ("integration go?", "start?", "can you commit?", "must you retain?", "organisations take part?")
    places = [result.out.index(question) for question in questions]
    assert places == sorted(places)
    assert "Recommended: contractual alliance" in result.out


def test_on_a_terminal_only_what_no_flag_gives_is_asked(at_a_terminal: Cadence) -> None:
    result = at_a_terminal("recommend", *DEEP[2:], answers="deep\n2\n")
    assert "How deep" in result.out
    assert "How soon" not in result.out
    assert "Recommended: joint venture" in result.out
