"""Tom (Globex, Detroit) says that he is away; his deputy for the cells is Dev.

It is Saturday 21 November 2026, 09:00 in Berlin and 03:00 in Detroit. November's cells are due on Thursday 10 December.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.errors import UserError, WrongDay
from scheduler.domain.phrases import Days
from scheduler.domain.record.measurement import Measurement
from scheduler.services.cases.absences import StatedAbsences, say, stated, take_back
from scheduler.services.kpi_lookup import call
from scheduler.services.pipeline.intake import gather
from tests.builders import CELLS_DELIVERED, DEV, INES, MARTA, TOM, UWE, Written, at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
CELLS = "acme-globex/cells-delivered"
FORTNIGHT = Days(date(2026, 12, 7), date(2026, 12, 18))
DUE = date(2026, 12, 10)
PEOPLE: dict[str, Written] = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM}


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def november(town: Town, now: datetime = NOW) -> Measurement:
    with town.database() as db:
        return call(town.app, db, CELLS, now).named("2026-11")


def on_record(town: Town, now: datetime = NOW, id: str = "tom", **more: Any) -> StatedAbsences:
    with town.database() as db:
        return stated(town.app, db, id, more.get("partnership"), now)


def test_the_deputy_is_asked_as_where_the_definition_says_so(governed: Town) -> None:
    assert (november(governed).asked, november(governed).due) == ("tom", DUE)
    say(governed.app, "tom", FORTNIGHT, None, NOW)
    assert (november(governed).asked, november(governed).asked_because) == (
        "dev",
        "Tom Reyes is away until 18 Dec 2026",
    )


def test_the_next_cycle_shows_it_and_the_one_after_changes_nothing(governed: Town) -> None:
    say(governed.app, "tom", FORTNIGHT, None, NOW)
    assert governed.cycle(NOW).governed == 1
    before = governed.remembered()
    governed.cycle(NOW)
    assert governed.remembered() == before


def test_it_counts_in_each_of_their_partnerships_and_in_one_that_comes_later(governed: Town) -> None:
    say(governed.app, TOM["email"].upper(), FORTNIGHT, "dev", NOW)
    governed.define(partnership="acme-globex-ii")
    governed.cycle(NOW)
    known = on_record(governed, id=TOM["email"])
    assert known.partnerships == ("acme-globex", "acme-globex-ii")
    assert [(each.days, each.by) for each in known.absences] == [(FORTNIGHT, DEV["email"])]
    with governed.database() as db:
        assert call(governed.app, db, "acme-globex-ii/cells-delivered", NOW).named("2026-11").asked == "dev"


def test_said_twice_it_is_on_record_once(governed: Town) -> None:
    say(governed.app, "tom", FORTNIGHT, None, NOW)
    before = governed.remembered()
    say(governed.app, "tom", FORTNIGHT, "tom", NOW + timedelta(hours=1))
    assert governed.remembered() == before


def test_days_of_the_past_are_refused_by_the_date_where_they_live(governed: Town) -> None:
    """At 05:00 in Berlin on the 22nd it is still the 21st in Detroit."""
    late = at("2026-11-22 05:00")
    with pytest.raises(WrongDay, match="2026-11-20 is past"):
        say(governed.app, "tom", Days(date(2026, 11, 20), date(2026, 12, 1)), None, late)
    assert say(governed.app, "tom", Days(date(2026, 11, 21), date(2026, 11, 21)), None, late).absences


def test_what_has_not_begun_is_taken_back_whole_and_what_has_ends_the_day_before(governed: Town) -> None:
    say(governed.app, "tom", FORTNIGHT, None, NOW)
    assert not take_back(governed.app, "tom", FORTNIGHT.first, NOW).absences
    assert november(governed).asked == "tom"
    say(governed.app, "tom", FORTNIGHT, None, NOW)
    back = at("2026-12-09 09:00", "America/Detroit")
    assert not take_back(governed.app, "tom", FORTNIGHT.first, back).absences
    assert november(governed, back).asked == "tom"
    assert [(row["first"], row["last"], bool(row["withdrawn_at"])) for row in governed.rows("absence")] == [
        (date(2026, 12, 7), date(2026, 12, 18), True),
        (date(2026, 12, 7), date(2026, 12, 8), False),
    ]


def test_what_nobody_said_cannot_be_taken_back(governed: Town) -> None:
    with pytest.raises(UserError, match="no absence that begins on 2026-12-07") as refused:
        take_back(governed.app, "tom", FORTNIGHT.first, NOW)
    assert refused.value.hint == "there is none on record"


def test_whoever_gets_another_key_or_address_goes_on_being_away(governed: Town) -> None:
    say(governed.app, "tom", FORTNIGHT, None, NOW)
    moved = {**TOM, "email": "t.reyes@globex.example", "renamed_from": "tom"}
    people = {key: who for key, who in PEOPLE.items() if key != "tom"} | {"reyes": moved}
    cells = {"cells-delivered": {**CELLS_DELIVERED, "owner": "reyes"}}
    governed.define(people=people, kpis=cells, reviews={})
    gather(governed.app, NOW)
    assert not governed.problems()
    assert [each.days for each in on_record(governed, id="reyes").absences] == [FORTNIGHT]
    assert november(governed).asked == "dev"
