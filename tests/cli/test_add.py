"""`cadence add` writes a valid definition from flags or from answers, and nothing where it would be invalid."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import add_flags
from scheduler.definitions.authoring import short_forms
from scheduler.definitions.authoring.keys import short
from scheduler.definitions.loading import load_file
from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import TRIGGERS
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import InvalidValue
from scheduler.settings import shipped

Cadence = Callable[..., Any]

WHOLE = {
    "--id": ["nord-sud"],
    "--name": ["Nord × Süd"],
    "--model": ["contractual_alliance"],
    "--effective": ["2026-11-30"],
    "--organisation": ["nord=Nord, Sønn & Co,NO", "sud=Sud Inc,US,America/Detroit"],
    "--person": [
        "ines=Inès Falk,ines@nord.example,nord,alliance_manager",
        "marta=Marta Bauer,marta@nord.example,nord,sponsor",
        "dev=Dev Patel,dev@sud.example,sud,alliance_manager",
        "june=June Okafor,june@sud.example,sud,sponsor",
        "olga=Olga Lind,olga@neutral.example,",
    ],
    "--success": ["sold: Hundred pumps are sold (kpi sales >= 100)", "dash: One dashboard: agreed (owner dev)"],
    "--kpi": [
        "sales=Sales, net,ines/dev,>= 100,month",
        "stores=Stores,dev/june,3..5,month,steering committee",
        "launch=Launched,june/dev,yes,month,marta",
    ],
    "--trigger": ["missed any 3 of 9", "unreported sales 10 working days", "on 2028-10-01"],
}


def flags(**changes: str | list[str] | None) -> list[str]:
    """All the flags; `changes` replaces one or, with None, leaves it out."""
    given: dict[str, Any] = WHOLE | {f"--{name}": value for name, value in changes.items()}
    pairs = [(flag, [value] if isinstance(value, str) else value or []) for flag, value in given.items()]
    return [word for flag, values in pairs for value in values for word in (flag, value)]


@pytest.fixture
def folder(cadence: Cadence, here: Path) -> Path:
    """Where definitions are kept, in a fresh set-up."""
    cadence("init")
    return here / "config" / "partnerships"


def partnership(folder: Path, id: str = "nord-sud") -> Partnership:
    found = load_file(folder / f"{id}.yaml", playbooks(shipped("playbooks"))).partnership
    assert found
    return found


def test_everything_can_be_said_without_a_terminal(cadence: Cadence, folder: Path) -> None:
    result = cadence("add", *flags(), "--function", "marketing", "--goal", "Pumps in every store: at last")
    assert result.status == 0
    assert result.err.count("warning:") == 1  # Oslo and Detroit have two hours in common, and this review takes three
    assert "reviews.strategy.at: " in result.err
    assert "no half hour lies within the hours of all sides" in result.err
    found = partnership(folder)
    assert found.name == "Nord × Süd"
    assert found.goal == "Pumps in every store: at last"
    assert found.agreement.effective == date(2026, 11, 30)
    assert found.organisations["nord"].name == "Nord, Sønn & Co"
    assert found.organisations["nord"].timezone == "Europe/Oslo"
    assert found.organisations["sud"].timezone == "America/Detroit"
    assert found.people["olga"].of is None
    assert [criterion.kpi or criterion.owner for criterion in found.success_at_90_days.criteria] == ["sales", "dev"]
    sales = found.kpis["sales"]
    assert (sales.name, sales.owner, sales.deputy, str(sales.target), sales.decides) == (
        "Sales, net", "ines", "dev", ">= 100", "ines",
    )  # fmt: skip
    assert found.kpis["stores"].decides == "steering committee"
    assert len(found.triggers) == 3


def test_it_says_where_it_wrote_and_what_to_type_next(cadence: Cadence, folder: Path) -> None:
    lines = cadence("add", *flags()).out.splitlines()
    assert lines[0] == f"Wrote {folder / 'nord-sud.yaml'}"
    assert lines[-1].endswith("cadence once && cadence reviews --partnership nord-sud")
    assert cadence("check", str(folder / "nord-sud.yaml")).status == 0


@pytest.mark.parametrize(
    ("model", "flag", "value"),
    [
        ("joint_venture", "entity", "Halden Cells GmbH,DE,nord=50,sud=50"),
        ("equity_alliance", "equity", "nord,sud,8.5,observer"),
        ("revenue_sharing", "formula", "top_line_revenue,nord=60,sud=40"),
    ],
)
def test_what_the_model_requires_is_asked_for_and_put_on_record(
    cadence: Cadence, folder: Path, model: str, flag: str, value: str
) -> None:
    without = cadence("add", *flags(model=model))
    assert without.status == 2
    assert f"--{flag}" in without.err
    assert cadence("add", *flags(model=model), f"--{flag}", value).status == 0
    found = partnership(folder)
    assert found.model is Model(model)
    assert getattr(found.agreement, flag) is not None


@pytest.mark.parametrize("flag", WHOLE)
def test_without_a_terminal_a_missing_flag_is_named(cadence: Cadence, folder: Path, flag: str) -> None:
    result = cadence("add", *flags(**{flag.removeprefix("--"): None}))
    assert result.status == 2
    assert result.err.splitlines()[-1].endswith(f"needed: {flag}")
    assert [file.name for file in folder.glob("*.yaml")] == ["acme-globex.yaml"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"id": "../../etc/passwd"}, "is not an id"),
        ({"id": "Nord Sud"}, "is not an id"),
        ({"model": "consortium"}, "three members"),
        ({"kpi": "sales=Sales,nobody/dev,>= 100,month"}, 'there is no person "nobody"'),
        ({"kpi": "sales=Sales,ines/dev,lots,month"}, "is not a target"),
        ({"person": "ines=Inès Falk,ines@nord.example,nord,queen"}, "role"),
        ({"organisation": ["nord=Nord,NO", "sud=Sud,US"]}, "time zones"),
        ({"trigger": "missed slaes 3"}, "slaes"),
        ({"name": "Nord\x00Süd"}, "invisible character"),
    ],
)
def test_what_would_be_invalid_is_told_and_not_written(
    cadence: Cadence, folder: Path, changes: dict[str, Any], complaint: str
) -> None:
    result = cadence("add", *flags(**changes))
    assert result.status == 1
    assert complaint in result.err
    assert "Nothing was written" in result.err
    assert [file.name for file in folder.glob("*.yaml")] == ["acme-globex.yaml"]


def test_a_definition_that_exists_is_never_written_over(cadence: Cadence, folder: Path) -> None:
    cadence("add", *flags())
    before = (folder / "nord-sud.yaml").read_bytes()
    result = cadence("add", *flags(name="Another one"))
    assert result.status == 1
    assert "exists already" in result.err
    assert (folder / "nord-sud.yaml").read_bytes() == before


def test_a_key_that_is_given_twice_is_wrong_usage(cadence: Cadence, folder: Path) -> None:
    result = cadence("add", *flags(), "--person", "ines=Inga,inga@nord.example,nord")
    assert result.status == 2
    assert "--person names 'ines' twice" in result.err


def test_without_a_set_up_it_says_how_to_get_one(cadence: Cadence, here: Path) -> None:
    result = cadence("add", *flags())
    assert result.status == 1
    assert "cadence init" in result.err


def test_hostile_names_stay_text(cadence: Cadence, folder: Path) -> None:
    name = "x\nmodel: joint_venture\n# '\"}{: &a *b !c"
    assert cadence("add", *flags(name=name)).status == 0
    assert partnership(folder).name == name
    assert partnership(folder).model is Model.CONTRACTUAL_ALLIANCE


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (add_flags.organisation, "nord"),
        (add_flags.organisation, "nord=Nord"),
        (add_flags.organisation, "=Nord,NO"),
        (add_flags.person, "ines=Inès,nord"),
        (add_flags.person, "ines=ines@nord.example,nord"),
        (add_flags.person, "ines=Inès,ines@nord.example,nord,sponsor,more"),
        (add_flags.success, "no colon"),
        (add_flags.success, "id:"),
        (add_flags.kpi, "sales=Sales,ines,>= 100"),
        (add_flags.kpi, "sales=Sales,ines,>= 100,fortnight"),
        (short_forms.trigger, "sometimes"),
        (short_forms.trigger, "off_target sales much"),
        (short_forms.trigger, "unreported any 10 moons"),
        (short_forms.trigger, "on 2028-13-01"),
        (add_flags.entity, ",DE"),
        (add_flags.equity, "nord,sud"),
        (add_flags.equity, "nord,sud,many"),
        (add_flags.formula, "nord=60,sud=40"),
        (add_flags.layer, "licence=Licence,2027-01-15"),
        (add_flags.layer, "licence=Licence,contractual_alliance,soon"),
        (short_forms.day, "tomorrow"),
        (short_forms.country, "Norway"),
    ],
)
def test_a_flag_that_cannot_be_read_is_told_with_the_form_that_it_takes(read: Callable[[str], Any], text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read(text)
    assert caught.value.hint.startswith("write ")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("missed any", {"when": "missed", "kpi": "any"}),
        ("missed any 3", {"when": "missed", "kpi": "any", "times": 3}),
        ("missed sales 3 of 9", {"when": "missed", "kpi": "sales", "times": 3, "of": 9}),
        ("off_target sales 20%", {"when": "off_target", "kpi": "sales", "by": "20%"}),
        ("unreported any 10 working days", {"when": "unreported", "kpi": "any", "for": "10 working days"}),
        ("skipped health-audit 2", {"when": "skipped", "review": "health-audit", "times": 2}),
        ("quorum_missed health-audit 3", {"when": "quorum_missed", "review": "health-audit", "times": 3}),
        ("unreported any 5 days x2", {"when": "unreported", "kpi": "any", "for": "5 days", "times": 2}),
        ("not_closed any 10 working days", {"when": "not_closed", "review": "any", "for": "10 working days"}),
        ("adherence any 60%", {"when": "adherence", "review": "any", "below": "60%"}),
        ("late_actions 5 days x3", {"when": "late_actions", "for": "5 days", "times": 3}),
        ("requested 1/3", {"when": "requested", "share": "1/3"}),
        ("requested 2", {"when": "requested", "members": 2}),
        ("vacant sponsor", {"when": "vacant", "role": "sponsor"}),
        ("checkpoint not measured", {"when": "checkpoint", "verdict": "not measured"}),
        ("expired nda", {"when": "expired", "document": "nda"}),
        ("on 2028-10-01", {"when": "on", "date": date(2028, 10, 1)}),
    ],
)
def test_every_trigger_has_its_words(text: str, entry: dict[str, Any]) -> None:
    assert short_forms.trigger(text) == entry


def test_no_kind_of_trigger_is_without_words() -> None:
    assert {form.split()[0] for form in short_forms.TRIGGERS} == set(TRIGGERS)


def test_an_id_is_made_from_a_name_and_never_twice() -> None:
    assert short("Inès Falk") == "ines-falk"
    assert short("日本") == "x"
    assert short("Dev", {"dev", "dev-2"}) == "dev-3"


PEOPLE = [
    "Dr. Inès Falk", "ines@nord.example", "Marta Bauer", "marta@nord.example",
    "Dev Patel", "dev@sud.example", "June Okafor", "june@sud.example",
]  # fmt: skip
TALK = [
    "Nord × Süd", "", "technology", "Cells for all", "soon", "2026-11-30",
    "", "joint_venture",
    "Nord AS", "no", "03", "Sud Inc", "US", "MI", "America/Detroit", "",
    "Halden Cells", "NO", "50", "50",
    *PEOPLE, "",
    "Cells delivered", "GWh", "lots", ">= 100", "month", "ines", "dev", "", "",
    "One dashboard for both sides", "dev", "First cells", "kpi cells-delivered", ">= 1", "",
    "y", "", "",
]  # fmt: skip
"""A whole conversation, but for the last word: whether it shall be written."""


def typed(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def test_on_a_terminal_it_asks_so_that_each_question_knows_the_answers_before_and_writes(
    at_a_terminal: Cadence, folder: Path
) -> None:
    result = at_a_terminal("add", answers=typed(*TALK, "yes"))
    assert result.status == 0, result.out
    assert "is not a date" in result.out
    assert "is not a target" in result.out
    found = partnership(folder, "nord-sud")
    assert found.agreement.entity is not None
    assert found.agreement.entity.shares.keys() == {"nord", "sud"}
    assert found.organisations["nord"].region == "03"
    assert {key: person.name for key, person in found.people.items()} == {
        "ines": "Dr. Inès Falk", "marta": "Marta Bauer", "dev": "Dev Patel", "june": "June Okafor",
    }  # fmt: skip
    assert found.kpis["cells-delivered"].decides == "ines"
    assert found.kpis["cells-delivered"].unit == "GWh"
    assert [criterion.kpi or criterion.owner for criterion in found.success_at_90_days.criteria] == [
        "dev", "cells-delivered",
    ]  # fmt: skip
    assert len(found.triggers) == 4


def test_the_year_and_what_collides_in_it_are_shown_before_anything_is_written(
    at_a_terminal: Cadence, folder: Path
) -> None:
    result = at_a_terminal("add", answers=typed(*TALK, "no"))
    assert result.status == 1
    assert "What it would plan until 30 November 2027: " in result.out
    assert "moved by days off" in result.out
    assert "Nothing was written" in result.out
    assert not (folder / "nord-sud.yaml").exists()


def test_whoever_goes_back_is_asked_again_and_shown_what_they_said(at_a_terminal: Cadence, folder: Path) -> None:
    result = at_a_terminal("add", answers=typed("Nord", "<", "Nord × Süd", *TALK[1:], "yes"))
    assert result.status == 0, result.out
    assert "Name of the partnership [Nord]" in result.out
    assert partnership(folder).name == "Nord × Süd"


def test_a_question_that_is_not_understood_is_explained(at_a_terminal: Cadence, folder: Path) -> None:
    result = at_a_terminal("add", answers=typed("?", *TALK, "yes"))
    assert result.status == 0, result.out
    assert "For people: it stands in letters" in result.out
    assert partnership(folder).name == "Nord × Süd"


def test_an_interrupted_run_goes_on_where_it_was(at_a_terminal: Cadence, folder: Path) -> None:
    first = at_a_terminal("add", answers=typed(*TALK[:20]) + "\x04")
    assert first.status != 0
    assert "It goes on from here with: cadence add" in first.out
    kept = folder / ".add.draft.json"
    assert kept.stat().st_mode & 0o077 == 0
    second = at_a_terminal("add", answers=typed("yes", *TALK[20:], "yes"))
    assert second.status == 0, second.out
    assert "Go on with Nord × Süd" in second.out
    assert partnership(folder).people["ines"].name == "Dr. Inès Falk"
    assert not kept.exists()


def test_whoever_does_not_want_to_go_on_begins_anew(at_a_terminal: Cadence, folder: Path) -> None:
    at_a_terminal("add", answers=typed(*TALK[:20]) + "\x04")
    result = at_a_terminal("add", answers=typed("no", "Another", *TALK[1:], "yes"))
    assert result.status == 0, result.out
    assert partnership(folder, "another").name == "Another"


def test_four_answers_name_the_model_that_fits(at_a_terminal: Cadence, folder: Path) -> None:
    talk = [*TALK[:6], "no", "deep", "year", "much", "joint", "2", "", *TALK[8:]]
    result = at_a_terminal("add", answers=typed(*talk, "yes"))
    assert result.status == 0, result.out
    assert "joint venture fits best: " in result.out
    assert partnership(folder).model is Model.JOINT_VENTURE


def test_on_a_terminal_only_what_no_flag_gives_is_asked(at_a_terminal: Cadence, folder: Path) -> None:
    result = at_a_terminal(
        "add", *flags(name=None), "--function", "marketing", "--goal", "Pumps", answers=typed("Pumps", "", "yes")
    )
    assert result.status == 0, result.out
    assert "Effective date" not in result.out
    assert partnership(folder).name == "Pumps"


def test_region_unit_and_layer_have_their_flags(cadence: Cadence, folder: Path) -> None:
    organisations = ["nord=Nord AS,NO-03", "sud=Sud Inc,US-MI,America/Detroit"]
    kpis = ["sales=Sales,ines/dev,>= 100 kEUR,month", *WHOLE["--kpi"][1:]]
    layer = "licence=Licence, north,contractual_alliance,2027-01-15,licensing"
    result = cadence("add", *flags(organisation=organisations, kpi=kpis), "--layer", layer)
    assert result.status == 0, result.err
    found = partnership(folder)
    assert [each.region for each in found.organisations.values()] == ["03", "MI"]
    assert found.kpis["sales"].unit == "kEUR"
    assert found.layers["licence"].name == "Licence, north"
    assert found.layers["licence"].form == "licensing"
