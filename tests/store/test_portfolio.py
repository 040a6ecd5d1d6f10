"""The portfolio is answered by one index, on SQLite and on PostgreSQL; how it stood by its history."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from scheduler.domain.record.standing import Signal, State
from scheduler.store import Store, partnerships, portfolio, standings
from scheduler.store.portfolio import PortfolioFilter
from scheduler.store.standings import OPERATOR, KeptStanding
from tests.store.remembered import OCTOBER_1, a_row

TODAY = date(2026, 12, 8)
CAUSE = Signal("reporting", State.AT_RISK, "overdue", "acme-globex/cells", {"overdue": 2, "kpi": "Cells"})
EVERY = PortfolioFilter({OPERATOR: None})
BARE = KeptStanding(
    scope="acme-globex",
    reader=OPERATOR,
    partnership="acme-globex",
    layer="",
    name="Acme × Globex",
    model="contractual_alliance",
    sponsor="Marta Bauer",
    state=State.ON_COURSE,
    weight=200_000,
    since=TODAY,
    before=None,
    noted_on=TODAY,
    overdue=0,
    kept=11,
    counted=13,
    adherence=85,
    next_review=None,
    next_start=None,
    next_date=None,
    next_date_is=None,
    cause=None,
)
RED = replace(BARE, scope="b", partnership="b", name="Bravo", state=State.AT_RISK, weight=-2, overdue=2, cause=CAUSE)
AMBER = replace(
    BARE, scope="c", partnership="c", name="Čapek", state=State.ATTENTION, weight=100_000, model="joint_venture"
)


@pytest.fixture
def kept(store: Store) -> Store:
    with store.write() as db:
        for each in (BARE, RED, AMBER):
            partnerships.save(db, a_row(id=each.scope, file=f"{each.scope}.yaml", first_seen=OCTOBER_1))
            standings.keep(db, [each], {}, TODAY)
    return store


def ids(
    store: Store, wanted: PortfolioFilter = EVERY, sort: portfolio.Sort = "worst", first: int = 0, most: int = 9
) -> list[str]:
    with store.read() as db:
        return [each.scope for each in portfolio.rows(db, wanted, sort, first, most)]


def test_a_row_is_what_was_kept(kept: Store) -> None:
    with kept.read() as db:
        assert portfolio.rows(db, EVERY, "worst") == [RED, AMBER, BARE]
        assert standings.of(db, "b") == {("b", OPERATOR): RED}


def test_the_worst_comes_first_and_pages_follow_one_another(kept: Store) -> None:
    assert ids(kept) == ["b", "c", "acme-globex"]
    assert [ids(kept, first=n, most=1) for n in range(4)] == [["b"], ["c"], ["acme-globex"], []]
    assert ids(kept, sort="name") == ["acme-globex", "b", "c"]
    assert ids(kept, sort="overdue")[0] == "b"


def test_what_is_not_known_comes_last(kept: Store) -> None:
    soon = replace(AMBER, next_start=datetime(2026, 12, 9, 14, tzinfo=UTC), next_date=date(2027, 1, 1))
    with kept.write() as db:
        standings.keep(db, [soon], {("c", OPERATOR): AMBER}, TODAY)
    assert ids(kept, sort="next")[0] == ids(kept, sort="date")[0] == "c"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": State.AT_RISK}, ["b"]),
        ({"model": "joint_venture"}, ["c"]),
        ({"sponsor": "Marta Bauer"}, ["b", "c", "acme-globex"]),
        ({"sponsor": "marta"}, ["b", "c", "acme-globex"]),
        ({"sponsor": "June"}, []),
        ({"search": "BRAV"}, ["b"]),
        ({"search": "globe"}, ["acme-globex"]),
        ({"search": "%"}, []),
        ({"search": "_"}, []),
        ({"layers": True}, []),
        ({"readers": {"acme": None}}, []),
        ({"readers": {}}, []),
        ({"readers": {OPERATOR: frozenset({"b", "nowhere"})}}, ["b"]),
    ],
)
def test_one_asks_for_some(kept: Store, changes: dict[str, object], expected: list[str]) -> None:
    assert ids(kept, replace(EVERY, **changes)) == expected  # type: ignore[arg-type]


def test_they_are_counted_as_a_whole_and_in_groups(kept: Store) -> None:
    with kept.read() as db:
        assert portfolio.totals(db, EVERY) == {State.AT_RISK: 1, State.ATTENTION: 1, State.ON_COURSE: 1}
        assert portfolio.groups(db, EVERY, "model") == [
            ("contractual_alliance", {State.AT_RISK: 1, State.ON_COURSE: 1}),
            ("joint_venture", {State.ATTENTION: 1}),
        ]


def test_a_sponsor_with_several_partners_is_one_group(kept: Store) -> None:
    with kept.write() as db:
        both = (replace(RED, sponsor="Marta Bauer, June Okafor"), replace(AMBER, sponsor=""))
        for each in both:
            standings.keep(db, [each], {}, TODAY)
        assert portfolio.groups(db, EVERY, "sponsor") == [
            ("", {State.ATTENTION: 1}),
            ("June Okafor", {State.AT_RISK: 1}),
            ("Marta Bauer", {State.ON_COURSE: 1, State.AT_RISK: 1}),
        ]


def test_as_of_a_past_day_each_stands_as_it_did_then(kept: Store) -> None:
    later, better = date(2027, 1, 15), replace(RED, state=State.ON_COURSE, weight=200_000, noted_on=date(2027, 1, 15))
    with kept.write() as db:
        standings.keep(db, [better], {("b", OPERATOR): RED}, later)
    with kept.read() as db:
        then = {each.scope: each.state for each in portfolio.rows(db, replace(EVERY, on=date(2027, 1, 14)), "worst")}
        assert then["b"] is State.AT_RISK
        assert portfolio.totals(db, replace(EVERY, on=later)) == {State.ATTENTION: 1, State.ON_COURSE: 2}
        assert portfolio.rows(db, replace(EVERY, on=date(2026, 12, 7)), "worst") == []
        assert standings.stood(db, "b", date(2027, 1, 14)) == {("b", OPERATOR): State.AT_RISK}


def test_what_a_partnership_has_no_more_is_taken_away_and_stays_in_its_history(kept: Store) -> None:
    with kept.write() as db:
        standings.keep(db, [], standings.of(db, "b"), TODAY)
        assert standings.of(db, "b") == {}
        assert standings.stood(db, "b", TODAY) == {("b", OPERATOR): State.AT_RISK}


def test_no_row_is_read_that_is_not_shown(kept: Store) -> None:
    """SQLite says so of its own plan: filters, order and counts come out of the one index."""
    if kept.url.get_backend_name() != "sqlite":
        return
    with kept.read() as db:
        plans = []
        for sort in ("worst", "name", "next", "overdue", "date", "adherence"):
            for wanted in (EVERY, replace(EVERY, search="x", model="y", sponsor="z", state=State.AT_RISK)):
                plans += explained(db, wanted, sort)
    assert plans and all("COVERING INDEX ix_standing_portfolio" in each for each in plans), plans


def explained(db: object, wanted: PortfolioFilter, sort: portfolio.Sort) -> list[str]:
    """How SQLite looks for what is counted, and for the keys of a page."""
    from sqlalchemy import func, select
    from sqlalchemy.dialects import sqlite

    of = portfolio._source(wanted).c
    keys = select(of.scope, of.reader).where(*portfolio._filters(of, wanted)).order_by(*portfolio._order(of, sort))
    counts = select(of.state, func.count()).where(*portfolio._filters(of, wanted)).group_by(of.state)
    found = []
    for asked in (keys.limit(50), counts):
        words = str(asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        plan = db.execute(text(f"EXPLAIN QUERY PLAN {words}".replace(":", r"\:")))  # type: ignore[attr-defined]
        found += [detail for *_, detail in plan if "standing" in detail]
    return found
