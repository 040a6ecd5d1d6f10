"""Once a month the alliance managers of all sides are told what came to the record, and the head under which it is
sealed: once, and nothing that is one side's own.

acme-globex is governed from 21 November 2026 on. Landed cost is internal to Acme.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from scheduler.services.cases import pauses
from scheduler.services.cases.kpis import report
from scheduler.services.cases.partnerships import end
from scheduler.services.cases.reviews import hold
from scheduler.services.evidence.checking import standing
from scheduler.store import core_tables, notifications, seals
from tests.builders import at
from tests.sentences import COUNTERPART, said_of
from tests.services.cases.test_erasure import PEOPLE
from tests.services.town import Town

NOW, FIRST = at("2026-11-21 09:00"), at("2026-12-01 09:00")
ID, CELLS, COST = "acme-globex", "acme-globex/cells-delivered", "acme-globex/landed-cost"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def lived(town: Town) -> Town:
    """November: a figure of everybody's and one of Acme alone."""
    town.define(people=PEOPLE)
    town.cycle(NOW)
    report(town.app, CELLS, "2026-10", "0.31", None, "tom", NOW)
    report(town.app, COST, "2026-10", "410", None, "uwe", NOW)
    town.cycle(NOW + DAY)
    return town


def statements(town: Town) -> list[dict[str, Any]]:
    return [row for row in town.rows("notice") if row["about"] == "seal"]


def test_on_the_first_of_a_month_the_managers_of_both_sides_are_told(lived: Town) -> None:
    lived.cycle(FIRST)
    told = statements(lived)
    assert {(row["person"], row["occasion"]) for row in told} == {("ines", "2026-11"), ("dev", "2026-11")}
    with lived.database() as db:
        last = seals.chain(db, ID)[-1]
    assert {row["facts"]["head"] for row in told} == {last.head} and last.sealed_at == FIRST


def test_it_counts_what_all_sides_see(lived: Town) -> None:
    lived.cycle(FIRST)
    facts = statements(lived)[0]["facts"]
    assert (facts["reported"], facts["held"], facts["minutes"], facts["decided"]) == (1, 0, 0, 0)
    record = next(each for each in lived.reviews().values() if each.review.start.month == 12)
    hold(lived.app, record.id, None, "ines", record.review.end + HOUR)
    lived.cycle(at("2027-01-04 09:00"))
    facts = statements(lived)[-1]["facts"]
    assert (facts["month"], facts["held"], facts["reported"]) == ("2026-12", 1, 0)


def test_it_is_told_once(lived: Town) -> None:
    for now in (FIRST, FIRST + HOUR, FIRST + DAY, FIRST + 9 * DAY):
        lived.cycle(now)
    assert len(statements(lived)) == 2


def test_the_month_in_which_sealing_begins_is_told_from_then_on_and_none_before(build: Callable[..., Town]) -> None:
    """As an upgrade finds it: nobody is told anything anew."""
    town = build()
    town.define(people=PEOPLE)
    town.cycle(NOW)
    with town.app.store.write(ID) as db:
        db.execute(delete(core_tables.seal))
        db.execute(delete(core_tables.clock).where(core_tables.clock.c.key == "sealed"))
        seals.were_looked_at(db, ID, 0)
    town.cycle(at("2027-02-10 09:00"))
    assert statements(town) == []
    town.cycle(at("2027-03-01 09:00"))
    assert {row["occasion"] for row in statements(town)} == {"2027-02"}


def test_a_clock_that_was_set_back_over_a_month_states_no_month_anew(lived: Town) -> None:
    lived.cycle(FIRST)
    lived.cycle(at("2026-11-29 09:00"))
    lived.cycle(at("2026-12-02 09:00"))
    assert {row["occasion"] for row in statements(lived)} == {"2026-11"} and len(statements(lived)) == 2


def test_while_it_is_paused_nothing_is_told_and_the_next_statement_has_all_of_it(lived: Town) -> None:
    pauses.pause(lived.app, ID, date(2026, 11, 25), date(2027, 1, 20), "a strike", "ines", NOW + 2 * DAY)
    lived.cycle(FIRST)
    assert statements(lived) == []
    lived.cycle(at("2027-02-01 09:00"))
    [told] = {row["facts"]["head"] for row in statements(lived)}
    with lived.database() as db:
        assert told == seals.chain(db, ID)[-1].head and standing(db, ID).faults == ()


def test_a_partnership_that_has_ended_is_told_nothing_and_goes_on_without_new_seals(lived: Town) -> None:
    lived.cycle(FIRST)
    end(lived.app, ID, "it was bought", "ines", FIRST + DAY)
    lived.cycle(FIRST + 2 * DAY)
    with lived.database() as db:
        before = seals.chain(db, ID)
    lived.cycle(at("2027-01-04 09:00"))
    with lived.database() as db:
        assert seals.chain(db, ID) == before
    assert {row["occasion"] for row in statements(lived)} == {"2026-11"}


def test_its_words(lived: Town) -> None:
    lived.cycle(FIRST)
    with lived.database() as db:
        row = next(each for each in notifications.listing(db, ID) if each.about == "seal")
    head = (row.facts or {})["head"]
    told = said_of(row, COUNTERPART)
    assert told.title == "Acme × Globex battery cells: the record of 2026-11, under seal"
    counted, sealed, keep = told.lines
    assert "figures reported 1" in counted and head in sealed and "keep this letter" in keep
    assert said_of(row).lines[-1].startswith("cadence evidence makes such a pack")
