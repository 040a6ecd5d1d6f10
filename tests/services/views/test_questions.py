"""What is looked at costs the database the same few questions, however many partnerships there are."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from scheduler.rules.access import OPERATOR
from scheduler.services.app import App
from scheduler.services.views.overdue import overdue
from scheduler.services.views.portfolio import portfolio
from scheduler.services.views.reviews import ReviewFilter, reviews
from scheduler.services.views.status import status
from tests.builders import at
from tests.services.calls import asked
from tests.services.town import Town

LATER = at("2027-01-20 09:00")
"""October to December were due, and nobody has reported them."""


def with_partnerships(build: Callable[..., Town], count: int) -> App:
    town = build(f"of-{count}")
    for number in range(count):
        town.define(partnership=f"acme-{number}")
    town.cycle()
    town.cycle(LATER)
    return town.app


LOOKS: dict[str, Callable[[App, datetime], Any]] = {
    "overdue": lambda app, now: overdue(app, None, now, OPERATOR),
    "list": lambda app, now: portfolio(app, now, OPERATOR),
    "status": lambda app, now: status(app, app.settings.data, now, OPERATOR),
    "reviews": lambda app, now: [*reviews(app, ReviewFilter(partnership="acme-0"), now, OPERATOR)],
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_as_many_questions_for_many_partnerships_as_for_one(
    build: Callable[..., Town], look: Callable[[App, datetime], Any]
) -> None:
    found = []
    for count in (1, 7):
        app = with_partnerships(build, count)
        with asked("") as questions:
            assert look(app, LATER)
        found.append(len(questions))
    assert found[0] == found[1] <= 30


@pytest.mark.parametrize("look", ["list", "status", "reviews"])
def test_a_listing_reads_no_definition(build: Callable[..., Town], look: str) -> None:
    app = with_partnerships(build, 2)
    with asked("partnership") as questions:
        assert LOOKS[look](app, LATER)
    assert not [each for each in questions if "partnership.definition" in each]


def test_what_is_overdue_is_told_without_a_look_at_the_reviews(build: Callable[..., Town]) -> None:
    app = with_partnerships(build, 2)
    with asked("review") as questions:
        late = overdue(app, None, LATER, OPERATOR)
    assert {each.flag.measurement.partnership for each in late} == {"acme-0", "acme-1"}
    assert questions == []
