"""Duties pass from who leaves to who follows: on the day, everywhere they are named, and nowhere else."""

from datetime import date
from typing import Any

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.succession import as_left, changed, duties_of, hand_over
from scheduler.domain.definition.vocabulary import Role
from tests.builders import CELLS_DELIVERED, DEV, INES, JUNE, MARTA, TOM, UWE, Written, a_partnership, at

ROSA: Written = {"name": "Rosa Lind", "email": "rosa.lind@globex.example", "of": "globex"}
LAYER: Written = {
    "name": "Cell licence",
    "model": "contractual_alliance",
    "effective": "2027-01-15",
    "kpis": {"royalties": {**CELLS_DELIVERED, "deputy": "tom", "owner": "dev", "decides": "tom"}},
}


def an_alliance(agreement: Written | None = None, reviews: Written | None = None, **people: Written) -> Partnership:
    everybody = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM, "rosa": ROSA}
    return a_partnership(
        agreement=agreement, people={**everybody, **people}, reviews=reviews or {}, layers={"licence": LAYER}
    )


def leaving(person: Written, on: str, to: str | None = None) -> Written:
    return {**person, "leaves": on, **({"successor": to} if to else {})}


def named(partnership: Partnership, person: str) -> list[str]:
    return [".".join(map(str, duty.path)) for duty in duties_of(partnership, person)]


def test_every_place_that_names_a_person_is_a_duty_in_the_umbrella_and_in_the_layers() -> None:
    reviews = {"pipeline": {"agenda_owner": "tom", "chair": ["dev", "tom"], "attendees": "tom"}}
    partnership = an_alliance({"decides": "tom"}, reviews, uwe=leaving(UWE, "2027-01-01", "tom"))
    assert named(partnership, "tom") == [
        "kpis.cells-delivered.owner",
        "reviews.pipeline.agenda_owner",
        "reviews.pipeline.chair.1",
        "reviews.pipeline.attendees.0",
        "layers.licence.kpis.royalties.deputy",
        "layers.licence.kpis.royalties.decides",
        "agreement.decides",
        "people.uwe.successor",
    ]


def test_a_committee_that_decides_is_nobodys_duty() -> None:
    assert named(an_alliance({"decides": "joint steering committee"}), "joint steering committee") == []


def test_on_the_day_all_of_it_is_the_successors_and_on_the_eve_none() -> None:
    before = an_alliance(tom=leaving(TOM, "2026-12-01", "rosa"))
    assert as_left(before, date(2026, 11, 30)) is before
    after = as_left(before, date(2026, 12, 1))
    assert named(after, "rosa") == [*named(before, "tom"), "people.tom.successor"]
    assert named(after, "tom") == []
    assert after.people["tom"].name == "Tom Reyes", "the past names him"


def test_as_of_counts_both_the_leavers_and_the_renewals() -> None:
    agreement = {"ends": "2026-12-31", "renewal": {"kind": "tacit", "for": "12 months", "notice": "30 days"}}
    partnership = an_alliance(agreement, tom=leaving(TOM, "2026-12-02", "rosa"))
    then = partnership.as_of(at("2026-12-02 00:00"))
    assert (then.kpis["cells-delivered"].owner, then.agreement.ends) == ("rosa", date(2027, 12, 31))
    just_before = partnership.as_of(at("2026-12-01 23:59"))
    assert (just_before.kpis["cells-delivered"].owner, just_before.agreement.ends) == ("tom", date(2026, 12, 31))


def test_one_leaves_after_another_and_the_last_successor_has_it_all() -> None:
    partnership = an_alliance(tom=leaving(TOM, "2026-12-01", "rosa"), rosa=leaving(ROSA, "2027-01-01", "dev"))
    assert as_left(partnership, date(2026, 12, 31)).kpis["cells-delivered"].owner == "rosa"
    assert as_left(partnership, date(2027, 1, 1)).kpis["cells-delivered"].owner == "dev"


def test_the_role_passes_within_the_side_to_who_has_none() -> None:
    def sponsors(successor: str) -> list[str]:
        after = as_left(an_alliance(june=leaving(JUNE, "2026-12-01", successor)), date(2026, 12, 1))
        return [key for key, person in after.people.items() if person.role is Role.SPONSOR]

    assert sponsors("rosa") == ["marta", "rosa"]
    assert sponsors("dev") == ["marta"], "Dev is alliance manager"
    assert sponsors("uwe") == ["marta"], "Uwe is of the other side"


def test_who_leaves_without_a_successor_keeps_what_they_are_named_for_and_no_role() -> None:
    after = as_left(an_alliance(dev=leaving(DEV, "2026-12-01")), date(2026, 12, 1))
    assert after.people["dev"].role is None
    assert "kpis.cells-delivered.deputy" in named(after, "dev")


def test_two_who_hand_over_to_one_seat_her_once() -> None:
    reviews = {"pipeline": {"chair": ["tom", "dev", "rosa"], "attendees": ["dev", "tom"]}}
    partnership = an_alliance(reviews=reviews)
    after = changed(partnership.model_dump(mode="json"), hand_over(partnership, "tom", lambda _: "rosa"))
    assert after["reviews"]["pipeline"]["chair"] == ["dev", "rosa"]
    assert after["reviews"]["pipeline"]["attendees"] == ["dev", "rosa"]


def test_what_a_hand_over_does_not_touch_is_left_as_odd_as_it_was() -> None:
    """Ines is her own deputy on an agenda; that is hers to mend."""
    partnership = an_alliance(reviews={"pipeline": {"agenda_owner": "ines", "deputy": "ines"}})
    paths = [path for path, _ in hand_over(partnership, "tom", lambda _: "rosa")]
    assert not any(path[:2] == ("reviews", "pipeline") for path in paths)


def test_changes_leave_the_tree_that_they_are_made_to_alone() -> None:
    tree: dict[str, Any] = {"reviews": {"pipeline": {"chair": ["tom", "dev"]}}}
    assert changed(tree, [(("reviews", "pipeline", "chair", 0), None)]) == {"reviews": {"pipeline": {"chair": ["dev"]}}}
    assert tree == {"reviews": {"pipeline": {"chair": ["tom", "dev"]}}}
