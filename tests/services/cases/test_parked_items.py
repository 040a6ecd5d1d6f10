"""Inès closes what the minutes of November left unfinished."""

import pytest

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.services.cases.parked_items import close
from scheduler.services.cases.reviews import hold
from scheduler.store import parked
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW = at("2026-11-24 09:00")
ID = "acme-globex/operating/2026-11#P1"


@pytest.fixture
def filed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    hold(town.app, "acme-globex/operating/2026-11", "# Unfinished items\n\n- Budget 2027\n", "ines", NOW)
    return town


def test_a_closed_item_stays_on_record_with_who_closed_it_and_why(filed: Town) -> None:
    closed = close(filed.app, ID, "in the budget", "ines", NOW)
    with filed.database() as db:
        assert parked.recorded(db, "acme-globex") == [closed]
    assert (closed.is_open, closed.closed_by, closed.closed_because) == (False, "ines", "in the budget")


def test_an_item_is_closed_once(filed: Town) -> None:
    close(filed.app, ID, "in the budget", "ines", NOW)
    before = filed.remembered()
    with pytest.raises(AlreadyDone, match="is closed already: in the budget"):
        close(filed.app, ID, "no longer needed", "dev", NOW)
    assert filed.remembered() == before


def test_an_unknown_item_is_told_with_the_nearest(filed: Town) -> None:
    with pytest.raises(UserError) as unknown:
        close(filed.app, "acme-globex/operating/2026-11#P2", "in the budget", "ines", NOW)
    assert ID in unknown.value.hint


def test_what_is_closed_and_what_follows_are_one_transaction(filed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(filed):
        close(filed.app, ID, "in the budget", "ines", NOW)
