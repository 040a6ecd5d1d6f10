"""How a partnership stands is put on record when it is governed, for each who reads; time alone changes it on a day
that wakes it. Marta of Acme and June of Globex are its sponsors; Landed cost is Acme's own."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from scheduler.domain.record.standing import State
from scheduler.rules.access import JOINT, OPERATOR, Audience
from scheduler.rules.reviews.transitions import held
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.views import adherence
from scheduler.services.views import standing as view
from scheduler.services.views import standings as portfolio
from scheduler.store import partnerships, reviews, standings
from tests.builders import CELLS_DELIVERED, DEV, INES, LANDED_COST, MARTA, TOM, UWE, at
from tests.services.town import Town

ID = "acme-globex"
DAY_ONE = at("2026-10-01 09:00")
COST_ONLY = {"landed-cost": LANDED_COST, "cells-delivered": {**CELLS_DELIVERED, "every": "year"}}


def stands(town: Town, reader: str = "*", scope: str = ID) -> standings.KeptStanding:
    with town.database() as db:
        return standings.of(db, ID)[scope, reader]


def history(town: Town, reader: str = "*") -> list[tuple[str, str]]:
    rows = [each for each in town.rows("past_standing") if each["reader"] == reader and not each["layer"]]
    return sorted((str(each["on"]), each["state"]) for each in rows)


def govern(town: Town, now: datetime) -> None:
    with town.app.store.write() as db:
        govern_in(town.app, db, ID, now)


def all_held(town: Town, now: datetime) -> None:
    """Every review that is over by `now` was held."""
    over = [each for each in town.reviews().values() if each.is_past(now) and not each.settled]
    with town.app.store.write() as db:
        reviews.save_many(db, [held(each, None, now) for each in over])


def wakes_at(town: Town) -> datetime:
    with town.database() as db:
        row = partnerships.get(db, ID)
    assert row and row.wake_at
    return row.wake_at


def test_it_stands_for_each_organisation_for_all_together_and_for_the_operator(town: Town) -> None:
    town.define()
    town.cycle(DAY_ONE)
    with town.database() as db:
        assert {reader for _, reader in standings.of(db, ID)} == {"*", "", "acme", "globex"}
    assert (stands(town).state, stands(town).since) == (State.ON_COURSE, date(2026, 10, 1))
    assert (stands(town, "acme").sponsor, stands(town, "globex").sponsor) == ("Marta Bauer", "June Okafor")
    assert stands(town, "").sponsor == "Marta Bauer, June Okafor"


def test_what_is_overdue_of_acmes_own_colours_what_acme_sees_and_nobody_else(town: Town) -> None:
    town.define(kpis=COST_ONLY)
    town.cycle(DAY_ONE)
    all_held(town, at("2026-11-30 09:00"))
    town.cycle(at("2026-11-30 09:00"))
    assert (stands(town, "acme").state, stands(town).state) == (State.AT_RISK, State.AT_RISK)
    for reader in ("globex", ""):
        row = stands(town, reader)
        assert (row.state, row.overdue) == (State.ON_COURSE, 0)
        assert "cost" not in repr(row).casefold()


def test_time_alone_changes_it_on_the_day_on_which_the_partnership_wakes(town: Town) -> None:
    """A sponsor's seat is empty for thirty days on 31 October."""
    town.define(people={"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM})
    town.cycle(DAY_ONE)
    assert stands(town).state is State.ATTENTION
    now = DAY_ONE
    while stands(town).state is State.ATTENTION:
        before, now = now, wakes_at(town)
        assert now > before
        all_held(town, now)
        town.cycle(now)
    cause = stands(town).cause
    assert cause and (cause.state, cause.kind) == (State.AT_RISK, "people")
    assert now.astimezone(DAY_ONE.tzinfo) == at("2026-10-31 00:00")


def test_a_change_goes_into_its_history_and_so_does_each_month(town: Town) -> None:
    town.define(people={"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM}, kpis=COST_ONLY)
    town.cycle(DAY_ONE)
    for day in ("2026-10-02", "2026-10-31", "2026-11-01", "2026-11-02"):
        all_held(town, at(f"{day} 09:00"))
        govern(town, at(f"{day} 09:00"))
    assert history(town) == [("2026-10-01", "attention"), ("2026-10-31", "at_risk"), ("2026-11-01", "at_risk")]
    assert stands(town).since == date(2026, 10, 31)


def test_governed_once_more_nothing_is_another_one(town: Town) -> None:
    town.define()
    town.cycle(DAY_ONE)
    before = town.rows("standing"), town.rows("past_standing")
    govern(town, DAY_ONE + timedelta(hours=1))
    assert (town.rows("standing"), town.rows("past_standing")) == before


def test_the_trend_is_against_the_end_of_the_last_quarter(town: Town) -> None:
    town.define(people={"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM})
    town.cycle(DAY_ONE)
    assert stands(town).before is None
    town.define()
    town.cycle(at("2026-12-30 09:00"))
    was = stands(town).state
    govern(town, at("2027-01-02 09:00"))
    assert stands(town).before is was
    govern(town, at("2027-01-20 09:00"))
    assert stands(town).before is was, "it is read once a quarter"


def test_paused_it_is_told_as_that_and_ended_not_at_all(town: Town) -> None:
    from scheduler.services.cases.partnerships import end
    from scheduler.services.cases.pauses import pause

    town.define()
    town.cycle(DAY_ONE)
    pause(town.app, ID, None, None, "the line is rebuilt", "ines", at("2026-10-05 09:00"))
    assert (stands(town).state, stands(town).cause) == (State.PAUSED, None)
    end(town.app, ID, "it is over", None, at("2026-10-06 09:00"))
    assert town.rows("standing") == []
    assert history(town)[-1] == ("2026-10-05", "paused"), "how it stood stays"


def test_layers_stand_by_themselves(town: Town) -> None:
    layer = {"name": "Asia-Pacific", "model": "contractual_alliance", "effective": "2026-12-01"}
    town.define(layers={"apac": layer})
    town.cycle(DAY_ONE)
    row = stands(town, scope=f"{ID}/apac")
    assert (row.layer, row.state, row.cause and row.cause.cause) == ("apac", State.TOO_EARLY, "starts")
    town.define()
    town.cycle(DAY_ONE + timedelta(days=1))
    with town.database() as db:
        assert {scope for scope, _ in standings.of(db, ID)} == {ID}


@pytest.fixture
def lived(town: Town) -> Town:
    """Of its reviews nobody has closed one."""
    town.define()
    town.cycle(DAY_ONE)
    return town


def test_a_view_says_what_the_record_says(lived: Town) -> None:
    now = at("2026-11-23 09:00")
    lived.cycle(now)
    with lived.database() as db:
        for audience, reader in ((OPERATOR, "*"), (JOINT, ""), (Audience("globex"), "globex")):
            found = view.standing(lived.app, db, ID, audience, now).whole
            assert (found.state, found.cause) == (stands(lived, reader).state, stands(lived, reader).cause)
        rows = portfolio.portfolio(lived.app, db, portfolio.PortfolioFilter(), {"*": None}, now).rows
    assert [(each.id, each.state) for each in rows] == [(ID, stands(lived).state)]


def test_of_a_past_day_a_kpi_that_has_become_another_ones_own_is_not_named(town: Town) -> None:
    """Cells delivered was for all to see, and is Acme's own by today."""
    town.define()
    town.cycle(DAY_ONE)
    town.cycle(at("2026-11-30 09:00"))
    assert "cells" in repr(stands(town, "globex").cause).casefold()
    own = {**LANDED_COST, "name": "Cells delivered"}
    town.define(kpis={"landed-cost": LANDED_COST, "cells-delivered": own}, success_at_90_days=SUCCESS)
    town.cycle(at("2026-12-01 09:00"))
    asked = portfolio.PortfolioFilter(on=date(2026, 11, 30))
    with town.database() as db:
        [theirs] = portfolio.portfolio(town.app, db, asked, {"globex": None}, at("2026-12-01 09:00")).rows
        [ours] = portfolio.portfolio(town.app, db, asked, {"acme": None}, at("2026-12-01 09:00")).rows
    assert (theirs.state, theirs.cause) == (State.AT_RISK, None)
    assert ours.cause is not None


SUCCESS = {"criteria": [{"id": "dashboards", "says": "Both sides report from one KPI dashboard", "owner": "dev"}]}


def test_adherence_is_told_by_series_and_by_side_and_dumps_as_it_is(lived: Town) -> None:
    now = at("2026-11-23 09:00")
    all_held(lived, at("2026-11-01 09:00"))
    lived.cycle(now)
    [whole] = adherence.adherence(lived.app, ID, None, now, OPERATOR)
    for by in ("series", "side", "quarter"):
        parts = list(adherence.adherence(lived.app, ID, by, now, OPERATOR))
        assert sum(each.count.counted for each in parts) == whole.count.counted
        assert sum(each.count.held for each in parts) == whole.count.held > 0
    said: Any = TypeAdapter(type(whole)).dump_python(whole, mode="json")
    assert said["count"]["held"] == whole.count.held


def test_a_reading_mends_what_was_overdue_at_once(town: Town) -> None:
    from scheduler.services.cases.kpis import report

    town.define(kpis=COST_ONLY)
    town.cycle(DAY_ONE)
    now = at("2026-11-30 09:00")
    all_held(town, now)
    town.cycle(now)
    call: dict[str, Any] = {"kpi": f"{ID}/landed-cost", "period": "2026-10", "value": "90", "note": None, "by": None}
    report(town.app, now=now, confirmed=True, **call)
    assert stands(town, "acme").state is State.ON_COURSE
