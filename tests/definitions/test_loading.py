"""One report tells of every problem of a file, each at its place; a partnership comes out where there is no error."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.definitions.loading import Loaded, check, load, load_file
from scheduler.definitions.problems import Diagnostic, as_text
from tests.builders import INES, playbooks, written
from tests.golden import Golden

PLAYBOOKS = playbooks()
GOLDEN = Path(__file__).parent / "golden"


def loaded(tree: dict[str, Any], file: str = "acme-globex.yaml") -> Loaded:
    """YAML holds JSON, so that a mapping can be read as a file would be."""
    return load(json.dumps(tree, default=str), file, PLAYBOOKS)


def errors(tree: dict[str, Any]) -> dict[str, str]:
    return {problem.where: problem.what for problem in loaded(tree).problems if problem.severity == "error"}


def said(tree: dict[str, Any], where: str) -> Diagnostic:
    (problem,) = [problem for problem in loaded(tree).problems if problem.where == where]
    return problem


def test_the_complete_report_of_a_file_with_many_faults_stands_in_an_open_file(golden: Golden) -> None:
    text = (GOLDEN / "many-faults.yaml").read_text(encoding="utf-8")
    report = "\n".join(as_text(problem) for problem in load(text, "many-faults.yaml", PLAYBOOKS).problems)
    golden(GOLDEN / "many-faults.txt", report + "\n")


def test_a_sound_definition_gives_its_partnership() -> None:
    partnership = loaded(written()).partnership
    assert partnership is not None
    assert partnership.kpis["cells-delivered"].owner == "tom"


def test_warnings_do_not_hold_a_partnership_back() -> None:
    result = loaded(written(function="financial"))
    assert result.partnership is not None
    assert [problem.severity for problem in result.problems if problem.where == "function"] == ["warning"]


@pytest.mark.parametrize("text", [b"", b"partnership: [", b"\xff\xfe\x00", b"- a list\n- of things", b"\x00" * 100])
def test_what_is_no_definition_at_all_is_one_clear_problem(text: bytes) -> None:
    result = load(text, "noise.yaml", PLAYBOOKS)
    assert result.partnership is None
    assert len(result.problems) == 1
    assert result.problems[0].hint


@pytest.mark.parametrize(
    ("said_of", "changes"),
    [
        ("goal", {"goal": "x" * 2001}),
        ("people.ines.away[0]", {"people": {"ines": {**INES, "away": ["2027-01-01/2038-01-01"]}}}),
    ],
)
def test_what_is_too_long_is_told_with_the_way_out(said_of: str, changes: dict[str, Any]) -> None:
    assert said(written(**changes), said_of).hint


class TestBeforeSigning:
    """Three things must be written before signing; without one of them there is no partnership to govern."""

    @pytest.mark.parametrize("key", ["success_at_90_days", "kpis", "triggers"])
    @pytest.mark.parametrize("change", [lambda tree, key: tree.pop(key), lambda tree, key: tree.update({key: None})])
    def test_each_is_refused_where_it_is_missing_or_left_blank(
        self, key: str, change: Callable[[dict[str, Any], str], object]
    ) -> None:
        tree = written()
        change(tree, key)
        problem = said(tree, key)
        assert "before signing" in problem.what or "before signing" in problem.hint
        assert f"{key}:" in problem.hint
        assert loaded(tree).partnership is None

    @pytest.mark.parametrize(("key", "empty"), [("kpis", {}), ("triggers", [])])
    def test_an_empty_one_is_refused_like_a_missing_one(self, key: str, empty: object) -> None:
        missing = {name: value for name, value in written().items() if name != key}
        assert said({**missing, key: empty}, key).what == said(missing, key).what

    def test_a_kpi_that_nobody_owns_is_refused(self) -> None:
        tree = written()
        tree["kpis"] = {"cells-delivered": {"name": "Cells", "target": "yes", "every": "month", "decides": "ines"}}
        assert "nobody owns this KPI" in said(tree, "kpis.cells-delivered.owner").what


class TestFaultsOfShape:
    """What does not fit is named in plain words, with the near miss or the choices."""

    def test_a_misspelt_key_is_answered_with_the_key_that_was_meant(self) -> None:
        tree = written(reviews={"operating": {"agenda_onwer": "ines"}})
        problem = said(tree, "reviews.operating.agenda_onwer")
        assert problem.hint == "did you mean `agenda_owner`?"

    def test_a_key_of_the_file_is_meant_where_python_would_need_another(self) -> None:
        tree = written(agreement={"renewal": {"kind": "tacit", "fro": "12 months"}})
        assert said(tree, "agreement.renewal.fro").hint == "did you mean `for`?"

    def test_a_key_like_none_is_answered_with_all_that_may_stand_there(self) -> None:
        tree = written(agreement={"renewal": {"colour": "blue"}})
        assert said(tree, "agreement.renewal.colour").hint == "keys here: kind, for, notice, buffer"

    def test_a_word_that_is_no_choice_is_answered_with_the_near_miss_else_with_the_choices(self) -> None:
        assert said(written(model="join_venture"), "model").hint == "did you mean joint_venture?"
        assert said(written(leverage=["gold"]), "leverage[0]").hint == "write market, resource, knowledge or brand"

    def test_a_trigger_is_named_by_its_place_and_not_by_its_sort(self) -> None:
        tree = written(triggers=[{"when": "missed", "times": 0}, {"when": "vacant", "role": "boss"}, {"kpi": "any"}, 3])
        assert set(errors(tree)) == {
            "triggers[0].kpi",
            "triggers[0].times",
            "triggers[1].role",
            "triggers[2]",
            "triggers[3]",
        }

    def test_a_missing_key_says_what_it_is_for_and_gives_a_line_to_paste(self) -> None:
        tree = written()
        del tree["agreement"]["effective"]
        problem = said(tree, "agreement.effective")
        assert problem.what == "the effective date is missing; the 90 days and the cadence count from it"
        assert problem.hint == "add: effective: 2026-10-01"

    def test_a_block_whose_lines_are_all_commented_out_is_said_to_be_empty(self) -> None:
        problem = said({**written(), "reviews": None}, "reviews")
        assert (problem.what, problem.hint) == ("nothing is written here", "write a value, or leave the key out")

    def test_a_single_optional_value_left_blank_is_as_good_as_left_out(self) -> None:
        assert errors({**written(), "form": None, "goal": None}) == {}

    def test_what_somebody_wrote_is_repeated_on_one_line_and_not_at_length(self) -> None:
        problem = said(written(model="x\n" * 500), "model")
        assert "\n" not in problem.what
        assert len(problem.what) < 200


class TestAllAtOnce:
    """A fault of shape hides no fault of another kind."""

    def test_an_unknown_owner_is_told_beside_a_misspelt_key(self) -> None:
        tree = written(golal="Cells", reviews={"operating": {"agenda_owner": "inse"}})
        assert set(errors(tree)) == {"golal", "reviews.operating.agenda_owner"}

    def test_a_kpi_with_a_bad_target_is_still_asked_for_its_owner(self) -> None:
        tree = written()
        tree["kpis"] = {"cells-delivered": {**tree["kpis"]["cells-delivered"], "target": "many", "owner": "tim"}}
        assert set(errors(tree)) == {"kpis.cells-delivered.target", "kpis.cells-delivered.owner"}

    def test_nobody_is_called_unknown_whose_own_entry_has_a_fault(self) -> None:
        tree = written()
        tree["people"] = {**tree["people"], "tom": {"name": "Tom Reyes", "email": "tom at globex", "of": "globex"}}
        assert set(errors(tree)) == {"people.tom.email"}

    def test_nothing_is_called_missing_that_is_there_with_a_fault(self) -> None:
        tree = written(model="joint_venture", function=None, agreement={"entity": {"name": ["Halden"]}})
        assert set(errors(tree)) == {"agreement.entity.name"}

    def test_what_cannot_be_read_at_all_is_not_called_wrong_as_well(self) -> None:
        assert errors(written(model="\x1b[31m")).keys() == {"model"}
        assert "invisible" in said(written(model="\x1b[31m"), "model").what

    def test_an_item_behind_a_broken_one_keeps_its_place(self) -> None:
        bad, good = {"kind": "Not a word"}, {"kind": "nda", "signed": "2026-05-04", "expires": "2026-05-03"}
        tree = written(agreement={"documents": [{"kind": "mou"}, {"signed": 3}, bad, good]})
        assert "agreement.documents[3].expires" in errors(tree)

    def test_a_file_of_thousands_of_faults_is_answered_with_the_first_fifty(self) -> None:
        tree = written(triggers=[{"when": "never"}] * 3000)
        assert len(loaded(tree).problems) == 50


class TestFolders:
    """`check` looks at files and folders together."""

    def test_each_file_is_checked_once_however_it_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "acme-globex.yaml"
        file.write_text("name: x")
        assert list(check([file, tmp_path, file], PLAYBOOKS)) == list(check([file], PLAYBOOKS))

    def test_the_same_partnership_in_two_files_is_an_error_of_the_second(self, tmp_path: Path) -> None:
        for folder in ("one", "two"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "acme-globex.yaml").write_text(json.dumps(written()))
        (problem,) = [p for p in check([tmp_path / "one", tmp_path / "two"], PLAYBOOKS) if p.severity == "error"]
        assert problem.file == str(tmp_path / "two" / "acme-globex.yaml")
        assert str(tmp_path / "one" / "acme-globex.yaml") in problem.what

    def test_one_bad_file_leaves_the_others_alone(self, tmp_path: Path) -> None:
        (tmp_path / "acme-globex.yaml").write_text(json.dumps(written()))
        (tmp_path / "noise.yaml").write_bytes(b"\x00\xff")
        assert {p.file for p in check([tmp_path], PLAYBOOKS) if p.severity == "error"} == {str(tmp_path / "noise.yaml")}

    def test_a_file_that_is_not_there_is_a_problem_like_any_other(self, tmp_path: Path) -> None:
        (problem,) = load_file(tmp_path / "gone.yaml", PLAYBOOKS).problems
        assert "cannot be read" in problem.what

    def test_the_file_bears_the_name_of_the_partnership(self) -> None:
        assert said(written(partnership="acme-initech"), "partnership").hint == "rename the file to acme-initech.yaml"
        assert loaded(written(partnership="acme-initech"), file="<typed in>").partnership is not None


class TestTheStart:
    """The 90 days begin on the effective date; whoever sets a partnership up later has reviews behind them."""

    def start(self, today: date | None) -> list[str]:
        result = load(json.dumps(written("2026-10-01")), "acme-globex.yaml", PLAYBOOKS, today)
        return [problem.what for problem in result.problems if problem.where == "agreement.effective"]

    def test_on_the_effective_date_itself_it_is_not_too_late(self) -> None:
        assert self.start(date(2026, 10, 1)) == []

    def test_from_the_day_after_on_it_is(self) -> None:
        assert self.start(date(2026, 10, 2)) == ["the agreement took effect 1 day ago, without a cadence until now"]

    def test_nobody_asks_where_no_day_is_handed_in(self) -> None:
        assert self.start(None) == []
