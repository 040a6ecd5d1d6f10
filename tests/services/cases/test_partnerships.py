"""Inès ends Acme × Globex on Saturday 21 November 2026, and gives her word for what its file would do."""

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.services.cases.partnerships import approve, end, ending, take_days_off
from scheduler.store import flags, partnerships
from scheduler.store.tables import PartnershipRow
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
ID = "acme-globex"


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def row(town: Town) -> PartnershipRow:
    with town.database() as db:
        found = partnerships.get(db, ID)
    assert found
    return found


def test_the_end_cancels_exactly_what_was_said_before_it(governed: Town) -> None:
    before = governed.remembered()
    said = ending(governed.app, ID, "ines", NOW)
    assert governed.remembered() == before
    cancelled = end(governed.app, ID, "the agreement ran out", "ines", NOW)
    assert cancelled
    assert [each.id for each in cancelled] == [each.id for each in said.coming]
    assert {each.status for each in governed.reviews().values() if each in cancelled} == {Status.CANCELLED}
    assert not any(each.status is Status.PLANNED and not each.is_past(NOW) for each in governed.reviews().values())


def test_after_the_end_nothing_is_owed_and_the_next_cycle_plans_nothing(governed: Town) -> None:
    end(governed.app, ID, "the agreement ran out", "ines", NOW)
    governed.cycle(NOW)
    with governed.database() as db:
        assert flags.open_flags(db, ID) == []
    assert row(governed).ended_at == NOW


def test_a_partnership_ends_once(governed: Town) -> None:
    end(governed.app, ID, "the agreement ran out", "ines", NOW)
    for again in (lambda: end(governed.app, ID, "once more", "dev", NOW), lambda: ending(governed.app, ID, "dev", NOW)):
        with pytest.raises(AlreadyDone, match="was ended on 2026-11-21 already"):
            again()


def test_a_stranger_ends_nothing(governed: Town) -> None:
    before = governed.remembered()
    with pytest.raises(UserError, match="no person"):
        end(governed.app, ID, "the agreement ran out", "dave", NOW)
    assert governed.remembered() == before


def test_the_end_is_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        end(governed.app, ID, "the agreement ran out", "ines", NOW)


def test_a_word_for_a_file_is_for_its_content_and_wakes_the_next_cycle(governed: Town) -> None:
    approve(governed.app, ID, "a hash", NOW)
    assert (row(governed).approved, row(governed).wake_at) == ("a hash", NOW)


def test_days_off_are_taken_by_the_next_cycle(governed: Town) -> None:
    with governed.app.store.write() as db:
        partnerships.save(db, row(governed).model_copy(update={"keeps_invited": True}))
    take_days_off(governed.app, ID, NOW)
    assert (row(governed).keeps_invited, row(governed).wake_at) == (False, NOW)


def test_a_word_for_an_unknown_partnership_is_told_with_the_nearest(governed: Town) -> None:
    for word in (lambda: approve(governed.app, "acme-globe", "x", NOW), lambda: take_days_off(governed.app, "a", NOW)):
        with pytest.raises(UserError, match="no partnership"):
            word()
