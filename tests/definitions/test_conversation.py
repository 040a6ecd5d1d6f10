"""The conversation in which a partnership is added: what is asked, what is understood, what is told as it is made."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.definitions.authoring.checking import CheckedDraft, checked
from scheduler.definitions.authoring.draft import DefinitionDraft, carried
from scheduler.definitions.authoring.keys import person_key
from scheduler.definitions.authoring.question import Question, understood
from scheduler.definitions.authoring.sections import needs, sections, unanswered
from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import InvalidValue
from scheduler.settings import shipped

TODAY = date(2026, 11, 21)
STANDARDS = playbooks(shipped("playbooks"))
SAID = {
    "name": "Nord × Süd",
    "id": "nord-sud",
    "function": "",
    "goal": "",
    "effective": "2026-11-30",
    "knows_model": "yes",
    "model": "contractual_alliance",
    "organisations.1.name": "Nord AS",
    "organisations.1.country": "NO",
    "organisations.2.name": "Sud Inc",
    "organisations.2.country": "US",
    "organisations.2.timezone": "America/Detroit",
    "people.1.name": "Dr. Inès Falk",
    "people.1.email": "ines@nord.example",
    "people.2.name": "Marta Bauer",
    "people.2.email": "marta@nord.example",
    "people.3.name": "Dev Patel",
    "people.3.email": "dev@sud.example",
    "people.4.name": "June Okafor",
    "people.4.email": "june@sud.example",
    "kpis.1.name": "Sales",
    "kpis.1.unit": "EUR",
    "kpis.1.target": ">= 100",
    "kpis.1.every": "month",
    "kpis.1.owner": "ines",
    "kpis.1.decides": "dev",
    "criteria.1.says": "Hundred are sold",
    "criteria.1.by": "kpi sales",
    "criteria.1.target": ">= 50",
    "criteria.2.says": "One dashboard",
    "criteria.2.by": "june",
    "triggers.usual": "yes",
    "triggers.1.says": "missed sales 2 of 4",
}


def look(folder: Any = None, **changes: Any) -> CheckedDraft:
    """The draft with other answers, checked; `__` in a name stands for the point."""
    said = {**SAID, **{name.replace("__", "."): text for name, text in changes.items()}}
    return checked(DefinitionDraft(said), STANDARDS, TODAY, folder)


def at(found: CheckedDraft) -> set[str]:
    return {problem.field for problem in found.problems if problem.severity == "error"}


def question(field: str, **changes: str) -> Question:
    asked = (each for section in look(**changes).sections for each in section.questions)
    return next(each for each in asked if each.field == field)


def test_a_whole_draft_is_the_partnership_that_it_says() -> None:
    found = look()
    assert found.partnership is not None
    assert found.partnership.kpis["sales"].unit == "EUR"
    assert [each.kpi or each.owner for each in found.partnership.success_at_90_days.criteria] == ["sales", "june"]
    assert len(found.partnership.triggers) == 5


@pytest.mark.parametrize(
    ("name", "email", "key"),
    [
        ("Inès Falk", "", "ines"),
        ("Dr. Inès Falk", "", "ines"),
        ("Prof. Dr.-Ing. Inès Falk", "", "ines"),
        ("Frau Dr. med. Falk", "", "med"),
        ("Falk, Inès", "", "ines"),
        ("Inès Falk, PhD", "", "ines"),
        ("田中 太郎", "taro.tanaka@sud.example", "taro"),
        ("Søren Åkerlund", "", "soren"),
        ("日本", "", "x"),
        ("Dr", "", "x"),
    ],
)
def test_the_key_of_a_person_is_a_name_and_never_a_title(name: str, email: str, key: str) -> None:
    assert person_key(name, email) == key


def test_of_two_with_one_given_name_the_second_has_the_family_name_too() -> None:
    assert person_key("Dr. Inès Rode", taken={"ines"}) == "ines-rode"
    assert person_key("Inès Rode", taken={"ines", "ines-rode"}) == "ines-rode-2"


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("id", "Nord Sud", "is not an id"),
        ("effective", "soon", "is not a date"),
        ("organisations.1.country", "Norwy", "is none of the answers"),
        ("organisations.1.region", "XX", "is none of the answers"),
        ("organisations.1.hours", "9 to 5", "9 to 5"),
        ("people.3.email", "dev at sud", "is not one e-mail address"),
        ("people.3.role", "queen", "is none of the answers"),
        ("kpis.1.target", "lots", "is not a target"),
        ("kpis.1.owner", "nobody", "is none of the answers"),
        ("criteria.1.target", "many", "is not a target"),
        ("triggers.1.says", "missed slaes 3", "slaes"),
        ("triggers.1.says", "sometimes", "is no trigger"),
    ],
)
def test_a_problem_stands_at_the_field_that_it_is_about(field: str, text: str, problem: str) -> None:
    found = look(**{field.replace(".", "__"): text})
    assert problem in " ".join(each.what for each in found.of(field))
    assert found.partnership is None


def test_nobody_is_told_of_a_question_that_is_still_to_come() -> None:
    begun = {name: text for name, text in SAID.items() if name.startswith(("name", "organisations"))}
    told = {each.field for each in checked(DefinitionDraft(begun), STANDARDS, TODAY).problems if begun.get(each.field)}
    assert not told


def test_what_is_wrong_with_an_answer_is_told_before_the_rest_is_said() -> None:
    begun = {name: text for name, text in SAID.items() if name.startswith(("name", "organisations", "people"))}
    found = checked(
        DefinitionDraft({**begun, "people.1.email": "two@nord.example, three@nord.example"}), STANDARDS, TODAY
    )
    assert any("not one e-mail address" in each.what for each in found.of("people.1.email"))


def test_an_id_that_a_file_bears_is_told_at_the_id(tmp_path: Path) -> None:
    (tmp_path / "nord-sud.yaml").write_text("name: another")
    assert at(look(tmp_path)) == {"id"}
    assert at(look(tmp_path, id="nord-sud-2")) == set()


def test_a_country_is_understood_by_its_code_and_its_name() -> None:
    asked = question("organisations.1.country")
    assert [understood(asked, text) for text in ("NO", "no", "Norway", "norw")] == ["NO"] * 4
    with pytest.raises(InvalidValue, match="none of the answers"):
        understood(asked, "Atlantis")


def test_a_zone_is_asked_only_where_a_country_has_several() -> None:
    fields = {each.field for section in look().sections for each in section.questions}
    assert "organisations.2.timezone" in fields
    assert "organisations.1.timezone" not in fields


def test_a_criterion_has_the_target_of_its_kpi_unless_another_is_said() -> None:
    assert question("criteria.1.target").default == ">= 100"


def test_a_consortium_is_asked_for_three_and_each_model_for_what_it_must_have_on_record() -> None:
    assert "organisations.3.name" in at(look(model="consortium"))
    assert {"terms.holder", "terms.percent"} <= at(look(model="equity_alliance"))
    assert {"terms.name", "terms.share.1", "terms.share.2"} <= at(look(model="joint_venture"))
    shares = look(model="revenue_sharing", terms__basis="sales", terms__share__1="60", terms__share__2="60")
    assert any("terms.share" in each.field or "120" in each.what for each in shares.problems)


def test_whoever_does_not_know_the_model_is_asked_four_questions_and_told_what_fits() -> None:
    said = {"knows_model": "no", "fit.integration": "deep", "fit.speed": "year", "fit.capital": "much"}
    assert needs(DefinitionDraft(said)) is None
    wanted = needs(DefinitionDraft({**said, "fit.control": "joint", "function": "technology"}))
    assert wanted is not None
    assert wanted.members == 2
    found = checked(DefinitionDraft({**said, "fit.control": "joint"}), STANDARDS, TODAY)
    assert found.found is not None
    assert found.found.best.model is Model.JOINT_VENTURE
    assert next(each for each in found.sections[1].questions if each.field == "model").default == "joint_venture"


def test_a_new_name_is_carried_to_whatever_names_it() -> None:
    said = {**SAID, "people.1.name": "Inga Falk", "kpis.1.name": "Pumps sold", "organisations.1.name": "Sør AS"}
    after = carried(DefinitionDraft({**SAID, "people.1.of": "nord"}), {**said, "people.1.of": "nord"})
    assert after["kpis.1.owner"] == "inga"
    assert after["criteria.1.by"] == "kpi pumps-sold"
    assert after["triggers.1.says"] == "missed pumps-sold 2 of 4"
    assert after["people.1.of"] == "sor"
    assert after["criteria.2.by"] == "june"
    assert checked(DefinitionDraft(after), STANDARDS, TODAY).partnership is not None


def test_a_row_that_is_emptied_is_left_out_and_the_others_stay() -> None:
    found = look(kpis__2__name="", kpis__3__name="Stores", kpis__3__target=">= 1", kpis__3__every="week",
                 kpis__3__owner="dev")  # fmt: skip
    assert list(found.draft.kpis) == ["sales", "stores"]


def test_a_layer_is_written_beneath_the_partnership() -> None:
    found = look(layers__1__name="A licence", layers__1__form="licensing", layers__1__effective="2027-01-15",
                 layers__1__model="contractual_alliance")  # fmt: skip
    assert found.partnership is not None
    assert found.partnership.layers["a-licence"].effective == date(2027, 1, 15)


def test_a_terminal_is_asked_what_is_open_in_the_order_of_the_sections() -> None:
    keys = [each.key for each in sections(DefinitionDraft({}))]
    assert keys == ["partnership", "model", "organisations", "triggers", "layers"]
    first = unanswered(DefinitionDraft({}))
    assert first is not None
    assert first[2].field == "name"


def test_what_was_given_in_another_way_is_not_asked() -> None:
    given = {"organisations": {"nord": {"name": "Nord"}, "sud": {"name": "Sud"}}, "model": "contractual_alliance"}
    asked = sections(DefinitionDraft({}, given))
    assert "organisations" not in {each.key for each in asked}


def test_of_a_wrong_answer_the_words_that_can_be_said_are_told_and_not_that_nothing_can() -> None:
    with pytest.raises(InvalidValue) as told:
        understood(question("function"), "zzz")
    assert told.value.hint.startswith("write one of marketing, supply, ")
