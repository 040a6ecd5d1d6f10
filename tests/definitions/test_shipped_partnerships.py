"""The worked examples: one for each structural model, one of them layered, without a fault, and lively from 21 November
2026 on."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.definitions.loading import load_file
from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Kind, Level, Model
from scheduler.domain.record.review import Window
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.burdens import burdens
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.reviews.sides import attending_review
from scheduler.settings import load, shipped

REPOSITORY = Path(__file__).parents[2]
FILES = sorted(load(REPOSITORY / "config" / "cadence.yaml").definitions.glob("*.yaml"))
GOOD = sorted((REPOSITORY / "tests" / "examples" / "good").glob("*.yaml"))
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def standards() -> dict[Model, Playbook]:
    return playbooks(shipped("playbooks"))


def partnership(file: Path, standards: dict[Model, Playbook]) -> Partnership:
    found = load_file(file, standards).partnership
    assert found
    return found


def test_there_is_one_for_each_structural_model_and_one_is_layered(standards: dict[Model, Playbook]) -> None:
    found = [partnership(file, standards) for file in FILES]
    assert sorted(each.model for each in found) == sorted(Model)
    assert len([each for each in found if each.layers]) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_careful_colleague_finds_nothing_in_them(file: Path, standards: dict[Model, Playbook]) -> None:
    assert load_file(file, standards).problems == ()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_address_in_them_is_an_example(file: Path) -> None:
    addresses = re.findall(r"[\w.-]+@([\w.-]+)", file.read_text(encoding="utf-8"))
    assert addresses
    assert all(domain.endswith(".example") for domain in addresses)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_they_have_what_makes_an_agenda_worth_reading(file: Path, standards: dict[Model, Playbook]) -> None:
    found = partnership(file, standards)
    assert found.goal
    assert found.agreement.decides
    assert found.agreement.exit
    assert found.agreement.contributions.keys() == found.organisations.keys()
    assert len(found.agreement.documents) >= 2
    assert len(found.success_at_90_days.criteria) == 3
    assert any(kpi.level is Level.ACTOR for kpi in found.kpis.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_on_21_november_there_are_reviews_behind_and_ahead_a_checkpoint_to_come_and_an_overdue_owner(
    file: Path, standards: dict[Model, Playbook]
) -> None:
    found = partnership(file, standards)
    reviews = plan_reviews(found, standards, Window.rolling(NOW)).reviews
    assert any(review.end < NOW for review in reviews)
    assert {review.kind for review in reviews if review.start > NOW} >= {Kind.HEALTH_AUDIT, Kind.STRATEGY}
    [checkpoint] = [review for review in reviews if review.id == f"{found.partnership}/checkpoint"]
    assert checkpoint.start > NOW
    asked = [
        measured
        for scope in scopes(found, standards)
        for measured in measurements(scope, {}, {}, NOW, date(2026, 12, 31))
    ]
    assert any(measured.status == "overdue" for measured in asked)
    assert any(measured.status == "open" for measured in asked)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_review_starts_on_a_local_day_off_of_one_that_attends(file: Path, standards: dict[Model, Playbook]) -> None:
    found = partnership(file, standards)
    for review in plan_reviews(found, standards, Window.rolling(NOW, 730)).reviews:
        for key in {found.people[person].of for person in review.attendees} - {None}:
            side = found.organisations[str(key)]
            assert not side.is_off(review.start.astimezone(ZoneInfo(side.timezone)).date()), (review.id, key)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_clocks_come_in_order_and_on_working_days(file: Path, standards: dict[Model, Playbook]) -> None:
    """Over two years: notice, agenda, items, start; minutes, objections; none on a day off of one that attends."""
    found = partnership(file, standards)
    parts = {scope.layer: scope for scope in scopes(found, standards)}
    reviews = plan_reviews(found, standards, Window.rolling(NOW, 730)).reviews
    assert reviews
    for review in reviews:
        clocks, day = dict(review.clocks), review.start.date()
        before = [clocks[name] for name in ("notice_by", "agenda_by", "items_until") if name in clocks]
        after = [clocks[name] for name in ("minutes_by", "objections_until") if name in clocks]
        assert [*before, day, *after] == sorted([*before, day, *after]), review.id
        assert clocks.get("agenda_by", date.min) < day, review.id
        working_days = parts[review.layer].working_days(attending_review(parts[review.layer], review))
        assert not [each for each in (*before, *after) if working_days.is_off(each)], review.id


@pytest.mark.parametrize("file", [*FILES, *GOOD], ids=lambda file: file.stem)
def test_the_worked_examples_keep_everybodys_hours_and_days(file: Path, standards: dict[Model, Playbook]) -> None:
    """For a year from the effective date no review lies outside the hours, or on a day off, of a side that attends."""
    found = partnership(file, standards)
    first = datetime.combine(found.agreement.effective, time(9), UTC)
    parts = {str(scope.id): scope for scope in scopes(found, standards)}
    reviews = plan_reviews(found, standards, Window.rolling(first, 365)).reviews
    assert reviews
    assert [each.id for each in reviews if burdens(parts[each.scope_id], each)] == []
