"""The ledger: what reviews ask of each side and each person, a quarter, past and planned apart."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.burden import Burden
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.reviews.load import PersonKey, PersonLoad, SideKey, SideLoad, expected, of_people, of_sides
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, a_review, at, playbooks

PARTNERSHIP = a_partnership()
SCOPE = scopes(PARTNERSHIP, playbooks())[0]
NOW = at("2026-12-10 09:00")
BEYOND = Burden("globex", "America/Detroit", "09:00-17:00", 60)
INES, DEV = "ines.falk@acme.example", "dev.patel@globex.example"


def tuesday(day: int, month: int = 12, **changes: Any) -> Recorded:
    return Recorded(a_review(date(2026, month, day), chair="ines"), burdens=(), **changes)


def sides(*records: Recorded) -> dict[SideKey, SideLoad]:
    return of_sides(records, {SCOPE.id: SCOPE}, NOW)


def people(*records: Recorded) -> dict[PersonKey, PersonLoad]:
    return of_people(list(expected(records, PARTNERSHIP.people)), NOW)


def test_past_and_planned_are_counted_apart_and_so_is_each_quarter() -> None:
    found = sides(tuesday(29, 9), tuesday(8), tuesday(15), tuesday(22))
    of_acme = {(key.quarter, key.is_past): load.reviews for key, load in found.items() if key.organisation == "acme"}
    assert of_acme == {("2026-Q3", True): 1, ("2026-Q4", True): 1, ("2026-Q4", False): 2}


def test_what_is_outside_somebodys_hours_counts_for_that_side_by_reviews_and_minutes() -> None:
    early = replace(tuesday(15), burdens=(BEYOND,))
    found = sides(early, tuesday(22))
    assert found[SideKey("acme-globex", "globex", "2026-Q4", False)] == SideLoad(2, 1, 60)
    assert found[SideKey("acme-globex", "acme", "2026-Q4", False)] == SideLoad(2, chairs=2)


def test_what_was_never_noted_is_worked_out() -> None:
    review = tuesday(15).review
    early = replace(review, start=at("2026-12-15 14:00"), end=at("2026-12-15 14:30"))
    assert sides(Recorded(early))[SideKey("acme-globex", "globex", "2026-Q4", False)].minutes_outside == 60


def test_turns_count_for_the_side_that_has_them() -> None:
    turn = replace(tuesday(15), review=replace(tuesday(15).review, host="globex", minutes_by="acme"))
    found = sides(turn)
    globex, acme = (found[SideKey("acme-globex", key, "2026-Q4", False)] for key in ("globex", "acme"))
    assert (globex.hosts, globex.writes_minutes, globex.chairs) == (1, 0, 0)
    assert (acme.hosts, acme.writes_minutes, acme.chairs) == (0, 1, 1)


def test_what_does_not_take_place_counts_for_nobody() -> None:
    off = [tuesday(15, status=Status.CANCELLED), tuesday(22, status=Status.SKIPPED)]
    assert sides(*off) == {} and people(*off) == {}


def test_a_persons_hours_are_those_of_their_reviews() -> None:
    found = people(tuesday(15), tuesday(22))
    assert found[PersonKey(DEV, "2026-Q4", False)] == PersonLoad(2, timedelta(hours=1), 0)


def operating(minutes: int, *attendees: str) -> Recorded:
    """A review that starts so many minutes after the pipeline review of 15 December."""
    start = at("2026-12-15 15:00") + timedelta(minutes=minutes)
    review: Review = a_review(date(2026, 12, 15), series="operating", period="2026-12", start=start)
    return Recorded(replace(review, end=start + timedelta(hours=1), attendees=attendees), burdens=())


def test_two_reviews_at_once_count_both_for_whoever_is_expected_at_both() -> None:
    found = people(tuesday(15), operating(29, "dev", "june"))
    assert (found[PersonKey(DEV, "2026-Q4", False)].at_once, found[PersonKey(INES, "2026-Q4", False)].at_once) == (2, 0)


def test_one_that_starts_as_the_other_ends_is_not_at_once() -> None:
    assert people(tuesday(15), operating(30, "dev"))[PersonKey(DEV, "2026-Q4", False)].at_once == 0
