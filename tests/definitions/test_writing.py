"""What `cadence add` and `cadence init` write reads back as what was said, whatever was said, and never over a file."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.definitions.authoring.example import EXAMPLE, example
from scheduler.definitions.authoring.setup import set_up
from scheduler.definitions.authoring.writer import Answers, create, new_definition
from scheduler.definitions.loading import load, load_file
from scheduler.definitions.playbooks import playbooks
from scheduler.definitions.yaml_text.reading import read
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import UserError
from scheduler.settings import load as load_settings
from scheduler.settings import shipped

SATURDAY = date(2026, 11, 21)
ANSWERS = example(SATURDAY)


@pytest.fixture(scope="module")
def standards() -> dict[Model, Playbook]:
    return playbooks(shipped("playbooks"))


def tree(answers: Answers) -> dict[str, Any]:
    return read(new_definition(answers), "acme-globex.yaml").tree


HOSTILE = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=60),
    st.text("'\"\\#:{}[],&*!|>%@`-?~\n\t =", min_size=1, max_size=30),
    st.sampled_from(
        [
            "yes", "no", "null", "~", "true", "1", "0x1F", "1e5", "2026-10-01", "15:00", "- a", "a: b", "a #b", "<<",
            "*x", "&x", "!x", "%TAG", "---", "...", "? a", "|", ">", "''", '""', "{a: b}", "[a]",
            "a\nmodel: consortium", "é × 日本 🦭", "Ines\\", "\ttab", " space ", "=2+5", "model: joint_venture #",
        ]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_any_text_reads_back_as_the_same_text_and_adds_nothing(name: str, goal: str, key: str, says: str) -> None:
    answers = replace(
        ANSWERS,
        name=name,
        goal=goal,
        people={key: {"name": says, "email": name}},
        criteria=[{"id": key, "says": says, "owner": goal}],
    )
    read_back = tree(answers)
    assert read_back["name"] == name
    assert read_back["goal"] == goal
    assert read_back["people"] == {key: {"name": says, "email": name}}
    assert read_back["success_at_90_days"]["criteria"] == [{"id": key, "says": says, "owner": goal}]
    assert read_back.keys() == tree(ANSWERS).keys()


@pytest.mark.parametrize("hidden", ["\x00", "\x1b[31m", "\u202e", "\ufeff", "\u2028", "\x85", "\ud800"])
def test_a_text_that_nobody_can_see_is_told_of_or_read_back_and_never_raises(
    hidden: str, standards: dict[Model, Playbook]
) -> None:
    text = new_definition(replace(ANSWERS, name=f"Acme{hidden}Globex"))
    loaded = load(text, "acme-globex.yaml", standards)
    assert loaded.problems or (loaded.partnership and loaded.partnership.name == f"Acme{hidden}Globex")
    assert (loaded.partnership is None) == any(problem.severity == "error" for problem in loaded.problems)


def test_a_new_definition_says_what_was_answered(standards: dict[Model, Playbook]) -> None:
    """Ines sets up a joint venture of Acme and Globex with a KPI of her own."""
    shares = {"acme": Decimal("50.5"), "globex": Decimal("49.5")}
    entity = {"name": "Halden: Cells GmbH", "country": "DE", "shares": shares}
    answers = replace(ANSWERS, model=Model.JOINT_VENTURE, function="technology", requires={"entity": entity})
    loaded = load(new_definition(answers), "acme-globex.yaml", standards)
    assert [problem for problem in loaded.problems if problem.severity == "error"] == []
    partnership = loaded.partnership
    assert isinstance(partnership, Partnership)
    assert partnership.model is Model.JOINT_VENTURE
    assert partnership.agreement.effective == answers.effective
    assert partnership.agreement.entity is not None
    assert partnership.agreement.entity.name == "Halden: Cells GmbH"
    assert partnership.agreement.entity.shares["acme"].value == Decimal("50.5")
    assert list(partnership.kpis) == ["stores", "returns", "enquiries"]
    assert str(partnership.kpis["returns"].target) == "<= 2"
    assert len(partnership.triggers) == 4


def test_a_new_definition_names_who_stands_in_for_whoever_owns_its_agendas_where_their_side_has_somebody() -> None:
    day = date(2026, 12, 1)
    assert tree(example(day))["success_at_90_days"]["deputy"] == "marta"
    alone = replace(example(day), people={key: each for key, each in example(day).people.items() if key != "marta"})
    assert "deputy" not in tree(alone)["success_at_90_days"]


def test_a_new_definition_is_commented_for_whoever_edits_it_next() -> None:
    text = new_definition(ANSWERS)
    for help_ in (
        "cadence check",
        "cadence playbook show contractual_alliance",
        "# 1.",
        "# 2.",
        "# 3.",
        "# reviews:",
        "# layers:",
    ):
        assert help_ in text


@pytest.mark.parametrize("day", [SATURDAY, date(2026, 1, 1), date(2028, 2, 29), date(2026, 3, 31), date(2027, 12, 31)])
def test_the_example_is_valid_on_any_day_with_its_checkpoint_ahead_and_a_week_already_overdue(
    day: date, standards: dict[Model, Playbook]
) -> None:
    loaded = load(new_definition(example(day)), f"{EXAMPLE}.yaml", standards, day)
    assert all(problem.severity == "warning" for problem in loaded.problems)
    assert loaded.partnership
    effective = loaded.partnership.agreement.effective
    assert effective.day == 1
    assert effective < day < effective + timedelta(days=90)
    first_week = loaded.partnership.kpis["enquiries"].from_
    assert first_week
    assert first_week.weekday() == 0
    assert timedelta(days=14) <= day - first_week < timedelta(days=21)


def test_a_set_up_has_settings_that_load_and_an_example_that_they_find(
    tmp_path: Path, standards: dict[Model, Playbook]
) -> None:
    written = set_up(tmp_path / "alliances", shipped("cadence.yaml").read_text(encoding="utf-8"), SATURDAY, {})
    config = tmp_path / "alliances" / "config"
    partnerships = config / "partnerships"
    assert written == [
        config / "cadence.yaml",
        partnerships / "acme-globex.yaml",
        config / "cadence.schema.json",
        partnerships / "partnership.schema.json",
    ]
    found = load_settings(config / "cadence.yaml")
    assert found.data == tmp_path / "alliances" / "data"
    assert load_file(found.definitions / "acme-globex.yaml", standards).partnership


def test_a_set_up_leaves_every_file_that_is_there(tmp_path: Path) -> None:
    """June has set up cadence before and changed its settings; a second init only brings back what she deleted."""
    set_up(tmp_path, "# first\n", SATURDAY, {})
    (tmp_path / "config" / "partnerships" / "acme-globex.yaml").unlink()
    written = set_up(tmp_path, "# second\n", SATURDAY, {})
    assert [file.name for file in written] == ["acme-globex.yaml"]
    assert (tmp_path / "config" / "cadence.yaml").read_text().splitlines()[1:] == ["# first"]
    assert set_up(tmp_path, "# third\n", SATURDAY, {}) == []


def test_a_file_is_never_written_over_nor_through_a_link(tmp_path: Path) -> None:
    taken, link, elsewhere = tmp_path / "taken.yaml", tmp_path / "link.yaml", tmp_path / "elsewhere"
    taken.write_text("hers")
    link.symlink_to(elsewhere)
    for file in (taken, link):
        with pytest.raises(UserError, match="exists already"):
            create(file, "his")
    assert taken.read_text() == "hers"
    assert not elsewhere.exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["link.yaml", "taken.yaml"]


def test_a_folder_that_cannot_be_made_is_a_clean_error(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder belongs")
    with pytest.raises(UserError):
        set_up(tmp_path, "", SATURDAY, {})
