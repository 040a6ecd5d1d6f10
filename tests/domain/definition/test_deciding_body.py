"""Bodies that decide, as people write them; and the words of before."""

from datetime import date
from typing import Any

import pytest

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.deciding_body import Body, Portion
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.succession import as_left, changed, duties_of, hand_over
from tests.builders import DEV, INES, JUNE, MARTA, TOM, a_partnership

COMMITTEE = {"body": "Joint steering committee", "members": ["marta", "june"], "rule": "consent"}


def deciding(decides: Any, **people: Any) -> Partnership:
    known = {"ines": INES, "marta": MARTA, "dev": DEV, "june": JUNE, "tom": TOM, **people}
    return a_partnership(agreement={"decides": decides}, people=known)


@pytest.mark.parametrize(
    ("written", "of_seven"), [("2/3", 5), ("51%", 4), ("51 %", 4), ("all", 7), ("half", 4), ("two thirds", 5)]
)
def test_a_part_of_all_parties_is_at_least_that_part(written: str, of_seven: int) -> None:
    assert Portion.read(written).of(7) == of_seven
    assert Portion.read(str(Portion.read(written))) == Portion.read(written)


@pytest.mark.parametrize("written", ["", "0", "0%", "3/2", "101%", "2/0", "most", "-1/2"])
def test_what_is_no_part_of_a_whole_is_refused(written: str) -> None:
    with pytest.raises(InvalidValue, match="no part of a whole"):
        Portion.read(written)


def test_51_percent_of_one_hundred_parties_are_51() -> None:
    assert (Portion.read("51%").of(100), Portion.read("51%").of(1)) == (51, 1)


def test_one_body_may_stand_without_a_list_and_words_stay_words() -> None:
    assert deciding(COMMITTEE).agreement.bodies == deciding([COMMITTEE]).agreement.bodies != ()
    assert deciding("joint steering committee").agreement.bodies == ()


def test_who_decides_is_said_with_members_and_rule() -> None:
    said = "Joint steering committee (Marta Bauer, June Okafor; by consent)"
    assert deciding(COMMITTEE).decided_by == said
    both = [COMMITTEE, {"body": "Board", "rule": "share", "share": "2/3"}]
    assert deciding(both).decided_by == f"{said}, or Board (by 2/3 of all parties)"
    assert deciding("june").decided_by == "June Okafor"
    assert deciding("the two sponsors").decided_by == "the two sponsors"
    assert a_partnership(agreement={"decides": None}).decided_by is None


def test_a_level_is_told_by_its_name_where_nothing_else_says_whom() -> None:
    body = Body.model_validate(
        {
            **COMMITTEE,
            "deadlock": [
                {"level": "alliance managers", "for": "15 working days"},
                {"level": "mediation", "tell": ["sponsors", "june"]},
            ],
        }
    )
    assert [(each.words, each.told) for each in body.deadlock] == [
        ("alliance managers", ("alliance_manager",)),
        ("mediation", ("sponsor", "june")),
    ]


@pytest.mark.parametrize("decides", [COMMITTEE, [COMMITTEE]])
def test_a_seat_in_a_body_passes_to_the_successor_and_in_the_file_too(decides: Any) -> None:
    leaving = {**JUNE, "leaves": "2026-12-01", "successor": "dev"}
    partnership = deciding(decides, june=leaving, dev={key: value for key, value in DEV.items() if key != "role"})
    assert "member" in [duty.part for duty in duties_of(partnership, "june")]
    after = as_left(partnership, date(2026, 12, 1))
    assert after.agreement.bodies[0].members == ("marta", "dev")
    tree = {"agreement": {"decides": decides}, "kpis": {}, "people": {}}
    changes = [each for each in hand_over(partnership, "june", lambda _: "dev") if each[0][0] == "agreement"]
    written = changed(tree, changes)["agreement"]["decides"]
    assert (written if isinstance(written, dict) else written[0])["members"] == ["marta", "dev"]


def test_all_of_a_body_is_said_in_one_line() -> None:
    board = {
        **COMMITTEE,
        "matters": ["scope", "budget"],
        "thresholds": "spending up to 50,000 EUR",
        "deadlock": [{"tell": "alliance managers", "for": "15 working days"}, {"tell": "sponsors"}],
    }
    assert deciding([board, {"body": "Board"}]).deciding == (
        "Joint steering committee (Marta Bauer, June Okafor; by consent) on scope, budget; spending up to 50,000 EUR;"
        " in a deadlock alliance managers for 15 working days, then sponsors",
        "Board",
    )
    assert deciding("june").deciding == ("June Okafor",)
