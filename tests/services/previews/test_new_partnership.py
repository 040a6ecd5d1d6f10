"""What a new partnership would plan is seen, with what collides, before anything of it is written."""

from datetime import date
from typing import Any

from scheduler.services.previews.new_partnership import FirstYear, first_year
from tests.builders import a_partnership, at
from tests.rules.reviews.test_planner import only
from tests.services.town import Town
from tests.services.views.test_overlaps import NOW, define


def year(town: Town, **changes: Any) -> FirstYear:
    """The first year of a third partnership with the same people, seen by the record."""
    definition = a_partnership(partnership="acme-third", effective="2026-11-01", **changes)
    with town.database() as db:
        return first_year(definition, town.app.playbooks, NOW, db)


def test_the_year_begins_on_the_effective_date_and_has_every_series_of_the_cadence(town: Town) -> None:
    found = year(town)
    assert (found.first, found.until) == (max(date(2026, 11, 1), NOW.date()), found.until)
    assert found.count == sum(len(each.reviews) for each in found.series)
    assert "acme-third/pipeline" in {each.id for each in found.series}
    starts = [each.reviews[0].starts for each in found.series]
    assert starts == sorted(starts)
    assert all(review.starts.date() >= found.first for each in found.series for review in each.reviews)


def test_what_its_people_are_expected_at_elsewhere_is_told_of_each_review(town: Town) -> None:
    define(town, only(pipeline={"on": "tuesday", "at": "16:00"}))
    town.cycle(NOW)
    clashing = year(town, reviews=only(pipeline={"on": "tuesday", "at": "15:00"}))
    assert any("overlaps with" in note.says and "acme-globex" in note.says for note in clashing.notes)
    apart = year(town, reviews=only(pipeline={"on": "thursday", "at": "10:00"}))
    assert not any("acme-globex" in note.says for note in apart.notes)


def test_an_effective_date_that_is_past_is_looked_at_from_today(town: Town) -> None:
    definition = a_partnership(partnership="acme-third", effective="2020-01-01")
    found = first_year(definition, town.app.playbooks, at("2026-11-21 09:00"))
    assert found.first == date(2026, 11, 21)
