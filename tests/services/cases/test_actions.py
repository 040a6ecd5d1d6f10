"""Dev says that his action is done, or by when it is to be; it stands in the minutes of November."""

from datetime import date

import pytest

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.record.minutes import Action
from scheduler.services.cases.actions import finish, give_date
from scheduler.services.cases.reviews import hold
from scheduler.store import actions
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW, LATER = at("2026-11-24 09:00"), at("2026-11-25 09:00")
ID = "acme-globex/operating/2026-11#1"


@pytest.fixture
def filed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    hold(town.app, "acme-globex/operating/2026-11", "# Actions\n\n- [ ] Dev: send the samples by soon\n", "dev", NOW)
    return town


def on_record(town: Town) -> Action:
    with town.database() as db:
        found = actions.find(db, ID)
    assert found
    return found


def test_an_action_that_is_done_says_who_did_it_when_and_how(filed: Town) -> None:
    finished = finish(filed.app, ID, "sent on Monday", "dev", LATER)
    assert finished == on_record(filed)
    assert (finished.done_at, finished.done_by, finished.done_because) == (LATER, "dev", "sent on Monday")


def test_an_action_is_done_once(filed: Town) -> None:
    finish(filed.app, ID, "sent on Monday", "dev", LATER)
    before = filed.remembered()
    with pytest.raises(AlreadyDone, match="is done already: sent on Monday"):
        finish(filed.app, ID, None, "ines", LATER)
    with pytest.raises(AlreadyDone):
        give_date(filed.app, ID, date(2027, 1, 29), "ines", LATER)
    assert filed.remembered() == before


def test_an_action_gets_its_date_from_a_person(filed: Town) -> None:
    given = give_date(filed.app, ID, date(2027, 1, 29), "dev", LATER)
    assert given == on_record(filed)
    assert (given.due, given.unread, given.due_given_by) == (date(2027, 1, 29), None, "dev")


def test_the_same_date_once_more_changes_nothing(filed: Town) -> None:
    give_date(filed.app, ID, date(2027, 1, 29), "dev", LATER)
    before = filed.remembered()
    give_date(filed.app, ID, date(2027, 1, 29), "ines", at("2026-11-26 09:00"))
    assert filed.remembered() == before


def test_a_stranger_finishes_nothing_and_an_unknown_action_is_told_with_the_nearest(filed: Town) -> None:
    before = filed.remembered()
    with pytest.raises(UserError, match="no person"):
        finish(filed.app, ID, None, "dave", LATER)
    with pytest.raises(UserError) as unknown:
        finish(filed.app, "acme-globex/operating/2026-11#2", None, "dev", LATER)
    assert ID in unknown.value.hint
    assert filed.remembered() == before


def test_what_is_done_and_what_follows_are_one_transaction(filed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(filed):
        finish(filed.app, ID, None, "dev", LATER)
    with breaks_off(filed):
        give_date(filed.app, ID, date(2027, 1, 29), "dev", LATER)
