"""Where a failure ends: what is told of it, what is logged, and what passes."""

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.domain.errors import UserError
from scheduler.services.failures import Failure, contained, noted
from scheduler.store import StoreError, faults
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")


def noting(town: Town, error: Exception) -> list[tuple[str, str]]:
    with noted(town.app, "letter:tom", "no letter could be written to tom", NOW, event="tell.failed", to="tom"):
        raise error
    with town.database() as db:
        return [(each.what, each.hint) for each in faults.listing(db)]


def test_what_a_person_can_mend_is_told_as_it_is_with_the_way_out(town: Town) -> None:
    told = noting(town, UserError("the template has no end", "close its block"))
    assert told == [("no letter could be written to tom: the template has no end", "close its block")]
    [known] = town.log.of("tell.failed")
    assert known == {"to": "tom", "what": "the template has no end", "hint": "close its block"}


def test_a_defect_is_told_by_its_kind_and_its_details_go_to_the_log_alone(town: Town) -> None:
    [(what, hint)] = noting(town, KeyError("uwe.brandt@acme.example"))
    assert what == "no letter could be written to tom: the program failed (KeyError)"
    assert "log" in hint
    [known] = town.log.of("tell.failed")
    assert isinstance(known["exc_info"], KeyError)


def test_what_concerns_all_passes_and_is_no_fault_of_the_one(town: Town) -> None:
    with pytest.raises(StoreError):
        noting(town, StoreError("the disk is full", "make room"))
    with town.database() as db:
        assert faults.listing(db) == []


def test_a_database_that_goes_away_within_a_transaction_is_no_defect_of_the_one_that_it_served(town: Town) -> None:
    """Found by `make soak`: whose files were just being written had a fault of the program on record."""
    with pytest.raises(StoreError, match="terminating connection"), town.app.store.read():
        noting(town, OperationalError("SELECT", None, Exception("terminating connection")))
    with town.database() as db:
        assert faults.listing(db) == []


def test_a_failure_can_say_what_it_happened_on() -> None:
    told: list[Failure] = []
    with contained(told.append, StoreError, on="this partnership"):
        raise KeyError("tom")
    assert told[0].what == "the program failed on this partnership (KeyError)"


def test_where_nothing_fails_nothing_is_told() -> None:
    told: list[Failure] = []
    with contained(told.append):
        pass
    assert told == []
