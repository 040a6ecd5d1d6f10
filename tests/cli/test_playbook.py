"""`cadence playbook` shows what governs where a definition is silent, and where its numbers come from."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Model
from scheduler.settings import shipped

Cadence = Callable[..., Any]


@pytest.mark.parametrize("model", Model)
def test_show_prints_the_file_as_it_is_headed_by_its_name(cadence: Cadence, model: Model) -> None:
    file = shipped("playbooks") / f"{model}.yaml"
    assert cadence("playbook", "show", model.value).out == f"# In force: {file}\n" + file.read_text(encoding="utf-8")


def test_show_prints_the_values_as_json(cadence: Cadence) -> None:
    values = json.loads(cadence("playbook", "show", "consortium", "--json").out)
    assert values["model"] == "consortium"
    assert values["series"]["health-audit"]["clocks"]["notice"] == "14 days"
    assert values["checkpoint_after"] == "90 days"


def test_the_older_name_of_the_contractual_alliance_is_understood(cadence: Cadence) -> None:
    assert "model: contractual_alliance" in cadence("playbook", "show", "non_equity_alliance").out


def test_list_names_every_model_its_reviews_and_its_file(cadence: Cadence) -> None:
    table = cadence("playbook", "list").out
    assert all(model in table for model in Model)
    listed = json.loads(cadence("playbook", "list", "--json").out)
    assert {entry["model"] for entry in listed} == set(Model)
    assert {"model": "consortium", "series": ["operating", "health-audit", "strategy"]}.items() <= listed[3].items()


def test_an_operators_playbook_is_the_one_that_is_shown(cadence: Cadence, here: Path) -> None:
    cadence("init")
    own = here / "config" / "playbooks"
    own.mkdir()
    shutil.copy(shipped("playbooks") / "consortium.yaml", own)
    assert cadence("playbook", "show", "consortium").out.startswith(f"# In force: {own / 'consortium.yaml'}\n")
    assert cadence("playbook", "show", "joint_venture").out.startswith(f"# In force: {shipped('playbooks')}")


def test_a_broken_playbook_is_told_with_its_place(cadence: Cadence, here: Path) -> None:
    cadence("init")
    own = here / "config" / "playbooks"
    own.mkdir()
    (own / "consortium.yaml").write_text("model: consortium\nserie: {}\n", encoding="utf-8")
    result = cadence("playbook", "list")
    assert result.status == 1
    assert f"{own / 'consortium.yaml'}:2:1: error" in result.err
    assert "did you mean `series`?" in result.err


def test_an_unknown_model_is_wrong_usage_and_the_choices_are_named(cadence: Cadence) -> None:
    result = cadence("playbook", "show", "merger")
    assert result.status == 2
    assert "joint_venture" in result.err


def test_a_settings_file_that_was_named_and_is_not_there_is_no_reason_to_show_another(cadence: Cadence) -> None:
    result = cadence("--config", "absent.yaml", "playbook", "list")
    assert result.status == 1
    assert "absent.yaml" in result.err
