"""What a health check found red stands on the agenda of the audit that it feeds, as an item with an owner: once, to be
seen, and to be dropped as any other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from scheduler.domain.record.agenda_item import AddedItem
from scheduler.services.app import App
from scheduler.services.cases import agenda_items as cases
from scheduler.store import agenda_items
from tests import health
from tests.builders import at
from tests.health import ACME, CELLS, CLOSED, GLOBEX, HealthCheck
from tests.web.conftest import AppOf, made  # noqa: F401

AUDIT = f"{CELLS}/health-audit/2027-Q2"
DAY = timedelta(days=1)
MAY = at("2027-05-02 10:00")


@pytest.fixture
def check(made: AppOf) -> Iterator[HealthCheck]:  # noqa: F811
    app = made()
    yield health.opened(app)
    app.close()


def closed(check: HealthCheck, acme: int, globex: int) -> App:
    for person in ACME:
        check.answers(person, acme)
    for person in GLOBEX:
        check.answers(person, globex)
    check.cycle(CLOSED)
    check.cycle(CLOSED + DAY)
    return check.app


def items(app: App) -> list[AddedItem]:
    with app.store.read() as db:
        return agenda_items.recorded(db, CELLS)


def test_each_red_area_is_an_item_of_the_audit_with_an_owner_once(check: HealthCheck) -> None:
    app = closed(check, 2, 4)
    found = items(app)
    assert [each.review for each in found] == [AUDIT] * 4
    assert {each.out_of for each in found} == {
        f"{CELLS}/health/2027-H1/{area.key}" for area in check.rounds()[-1].terms.areas
    }
    assert {each.by for each in found} == {"dev"}, "who owns the agenda owns what is both sides'"
    check.cycle(MAY)
    assert items(app) == found


def test_of_a_low_mean_that_both_sides_share_nothing_is_asked_of_one(check: HealthCheck) -> None:
    found = items(closed(check, 3, 3))
    assert {each.says.partition(": ")[2] for each in found} == {"both sides see it; what is changed by the next check?"}


def test_what_is_on_course_is_no_item(check: HealthCheck) -> None:
    assert items(closed(check, 5, 5)) == []


def test_one_that_was_dropped_stays_away(check: HealthCheck) -> None:
    app = closed(check, 2, 4)
    first = items(app)[0]
    cases.drop(app, first.id, "we spoke of it on the phone", "dev", CLOSED + DAY)
    check.cycle(MAY)
    open_ones = [each.id for each in items(app) if each.is_open]
    assert first.id not in open_ones and len(items(app)) == 4


def test_who_owns_it_hears_of_it_by_letter(check: HealthCheck) -> None:
    closed(check, 2, 4)
    told = [row for row in check.table("notice") if row["rung"] == "item_added"]
    assert {row["person"] for row in told} == {"dev"}
    assert {each["owner"] for row in told for each in row["facts"]["added"]} == {"Dev Patel"}
