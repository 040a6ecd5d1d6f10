"""The formal governance review that was called: as soon as its notice allows, on a day on which all work."""

from datetime import date
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Kind, Model
from scheduler.domain.record.review import Review
from scheduler.rules.reviews.formal_review import called, called_on
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_clocks, a_partnership, a_playbook, playbooks


def held(on: str, notice: str = "10 working days", day_off: str = "next", **written: Any) -> Review | None:
    special = {
        **a_playbook().formal_review.model_dump(),
        "clocks": a_clocks(notice, "10 days", "5 days", "5 working days"),
        "day_off": day_off,
    }
    books = {**playbooks(), Model.CONTRACTUAL_ALLIANCE: a_playbook(formal_review=special)}
    return called(scopes(a_partnership(**written), books)[0], date.fromisoformat(on))


def day_of(review: Review | None) -> tuple[str, str]:
    assert review is not None
    return review.start.date().isoformat(), dict(review.clocks)["notice_by"].isoformat()


def test_its_id_bears_the_day_on_which_it_was_called() -> None:
    review = held("2027-01-19")
    assert review is not None
    assert (review.id, review.period) == ("acme-globex/formal-review/2027-01-19", "2027-01-19")
    assert (review.kind, review.series) == (Kind.FORMAL_REVIEW, "formal-review")
    assert called_on(review.id) == date(2027, 1, 19)


def test_it_has_the_people_the_clocks_and_the_time_of_its_playbook_and_no_deputy() -> None:
    review = held("2027-01-19")
    assert review is not None
    assert (review.agenda_owner, review.deputy, review.chair) == ("ines", None, "marta")
    assert review.attendees == ("ines", "marta", "dev", "june")
    assert review.start.isoformat() == "2027-02-02T15:00:00+01:00"
    assert dict(review.clocks) == {
        "notice_by": date(2027, 1, 19),
        "agenda_by": date(2027, 1, 22),
        "items_until": date(2027, 1, 28),
        "minutes_by": date(2027, 2, 9),
    }


@pytest.mark.parametrize(
    ("on", "day", "notice_by"),
    [
        ("2027-01-19", "2027-02-02", "2027-01-19"),
        ("2026-12-18", "2027-01-08", "2026-12-18"),
        ("2027-01-16", "2027-02-02", "2027-01-19"),
        ("2027-01-18", "2027-02-02", "2027-01-19"),
    ],
)
def test_its_notice_counts_days_on_which_all_work_from_the_first_of_them(on: str, day: str, notice_by: str) -> None:
    """Over Christmas, New Year (in Michigan with their eves) and Epiphany (in Bavaria); called on a Saturday, and on a
    Monday that Michigan has off."""
    assert day_of(held(on)) == (day, notice_by)


@pytest.mark.parametrize("day_off", ["next", "previous", "skip"])
def test_a_day_off_moves_it_and_never_cuts_its_notice_short(day_off: str) -> None:
    """Fifteen days after Friday 8 January is a Saturday: the Monday is the first day on which it can be held."""
    review = held("2027-01-08", "15 days", day_off)
    assert day_of(review) == ("2027-01-25", "2027-01-08")
    assert review is not None
    assert review.moved_because == "moved from Sat 23 Jan 2027: weekend (DE, US)"


def test_a_playbook_without_notice_calls_it_for_the_next_working_day() -> None:
    review = held("2027-01-15", "")
    assert review is not None
    assert review.start.date() == date(2027, 1, 19)


@pytest.mark.parametrize(("ends", "is_held"), [("2027-02-02", True), ("2027-02-01", False)])
def test_there_is_none_where_the_agreement_ends_before_it(ends: str, is_held: bool) -> None:
    assert (held("2027-01-19", agreement={"ends": ends}) is not None) is is_held


def test_asked_again_it_is_the_same_review() -> None:
    assert held("2027-01-19") == held("2027-01-19")
