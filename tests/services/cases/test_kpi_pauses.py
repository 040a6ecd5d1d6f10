"""A ladder is held: Tom (Globex, Detroit) promises October's cells, Dev asks for them to be excused.

It is Saturday 21 November 2026, 09:00 in Berlin and 03:00 in Detroit; the cells were due on the 13th.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.errors import NotTheirs, UserError, WrongDay
from scheduler.domain.record.measurement import Excuse, Measurement
from scheduler.services.cases.kpi_pauses import pause
from scheduler.services.cases.kpis import report
from scheduler.services.kpi_lookup import call
from scheduler.store import flags, partnerships, readings
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
CELLS, COST = "acme-globex/cells-delivered", "acme-globex/landed-cost"
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def say(town: Town, now: datetime = NOW, **said: Any) -> Measurement:
    """Tom promises October for Friday, unless a test says otherwise."""
    kpi, period = said.pop("kpi", CELLS), said.pop("period", "2026-10")
    words = {"kind": "acknowledged", "because": "being counted", "until": FRIDAY, "by": "tom", **said}
    return pause(town.app, kpi, period, **words, now=now)


def october(town: Town, now: datetime = NOW, kpi: str = CELLS) -> Measurement:
    with town.database() as db:
        return call(town.app, db, kpi, now).named("2026-10")


def test_a_promise_is_on_record_with_who_gave_it_why_and_until_when(governed: Town) -> None:
    assert say(governed).period.label == "2026-10"
    assert october(governed).excuse == Excuse(CELLS, "2026-10", "being counted", FRIDAY, "acknowledged", NOW, "tom")


def test_a_promised_period_stays_overdue_through_its_day_and_is_held_until_the_midnight_after(governed: Town) -> None:
    """Friday ends in Detroit at 06:00 on Saturday in Berlin."""
    say(governed)
    midnight = at("2026-11-28 06:00")
    before, after = october(governed, midnight - timedelta(minutes=1)), october(governed, midnight)
    assert (before.status, before.held_until) == ("overdue", FRIDAY)
    assert (after.status, after.held_until) == ("overdue", None)


def test_an_excused_period_is_overdue_no_longer_in_the_same_transaction(governed: Town) -> None:
    say(governed, kind="excused", until=None, by="dev")
    assert october(governed).status == "excused"
    with governed.database() as db:
        assert CELLS not in {flag.kpi for flag in flags.open_flags(db)}


def test_without_a_period_it_is_the_oldest_that_has_ended_and_waits(governed: Town) -> None:
    assert say(governed, period=None).period.label == "2026-10"


def test_the_very_same_again_changes_nothing_another_word_does(governed: Town) -> None:
    say(governed)
    before = governed.remembered()
    say(governed, NOW + timedelta(hours=1))
    assert governed.remembered() == before
    say(governed, NOW + timedelta(hours=2), because="counted twice")
    assert len(governed.rows("excuse")) == 2, "what was promised before is kept"


@pytest.mark.parametrize(
    ("until", "is_taken"),
    [
        (date(2026, 11, 20), False),
        (date(2026, 11, 21), True),
        (date(2026, 12, 21), True),
        (date(2026, 12, 22), False),
        (None, False),
    ],
)
def test_a_promise_is_for_today_or_one_of_the_30_days_after_it(
    governed: Town, until: date | None, is_taken: bool
) -> None:
    if is_taken:
        say(governed, until=until)
    else:
        with pytest.raises(WrongDay):
            say(governed, until=until)
    assert len(governed.rows("excuse")) == is_taken


def test_today_is_the_owners(governed: Town) -> None:
    """Until 06:00 in Berlin it is yesterday in Detroit."""
    midnight = at("2026-11-22 06:00")
    say(governed, midnight - timedelta(minutes=1), until=date(2026, 11, 21))
    with pytest.raises(WrongDay, match="2026-11-21 is past"):
        say(governed, midnight, until=date(2026, 11, 21), because="once more")


def test_an_excuse_may_reach_further_than_a_promise(governed: Town) -> None:
    say(governed, kind="excused", until=date(2027, 6, 30))
    assert october(governed).held_until == date(2027, 6, 30)


def test_but_not_beyond_the_years_that_calendars_know(governed: Town) -> None:
    with pytest.raises(WrongDay, match="no partnership is governed in the year 9999"):
        say(governed, kind="excused", until=date(9999, 12, 31))
    say(governed, kind="excused", until=date(2099, 12, 31))
    assert len(governed.rows("excuse")) == 1


def test_what_is_reported_is_not_held(governed: Town) -> None:
    report(governed.app, CELLS, "2026-10", "0.31", None, "tom", NOW)
    with pytest.raises(UserError, match="is reported for 2026-10") as told:
        say(governed)
    assert told.value.hint == "nothing is left to promise or to excuse; a new value corrects it"


def test_whom_a_kpi_is_hidden_from_promises_nothing_of_it(governed: Town) -> None:
    """The landed cost is Acme's own: Uwe may speak for it, Dev of Globex may not."""
    with pytest.raises(NotTheirs):
        say(governed, kpi=COST, by="dev")
    say(governed, kpi=COST, by="uwe")
    given = october(governed, kpi=COST).excuse
    assert given and given.by == "uwe"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"kpi": "acme-globex/cells-deliverd"}, "no KPI"),
        ({"period": "2026-01"}, "no period"),
        ({"by": "tam"}, "no person"),
    ],
)
def test_what_is_unknown_is_told(governed: Town, said: dict[str, Any], what: str) -> None:
    with pytest.raises(UserError, match=what):
        say(governed, **said)
    assert governed.rows("excuse") == []


def test_of_a_partnership_that_was_ended_nothing_is_held(governed: Town) -> None:
    with governed.app.store.write() as db:
        partnerships.end(db, "acme-globex", NOW)
    with pytest.raises(UserError, match="was ended on 2026-11-21"):
        say(governed)


def test_the_latest_word_counts_also_where_it_shortens_a_promise(governed: Town) -> None:
    say(governed)
    say(governed, until=date(2026, 11, 24), by=None)
    with governed.database() as db:
        [counts] = readings.excuses(db, "acme-globex").values()
    assert (counts.until, counts.by) == (date(2026, 11, 24), None)
