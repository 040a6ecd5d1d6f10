"""What is old is let go of: shown before, done in pieces, and never what a dispute rests on.

Tom left Globex and was taken out of the file on 15 December 2026. What is told of him is told by the clock handed in.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from scheduler.domain.phrases import Days
from scheduler.services.cases import absences, disputes, partnerships
from scheduler.services.cases.kpis import report
from scheduler.services.pipeline import purging
from scheduler.services.pipeline.purging import PEOPLE, purge, to_purge
from scheduler.services.views.personal_data import personal_data
from scheduler.store import clock, core_tables, outbox
from tests.builders import INES, TOM, at
from tests.services.cases.test_erasure import CELLS, KPIS, WITHOUT_TOM
from tests.services.cases.test_erasure import PEOPLE as HERE
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
LEFT = at("2026-12-15 12:00", "America/Detroit")
TOMS = TOM["email"]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
GOES = LEFT + 730 * DAY
"""Until and with this moment what is held of Tom is kept."""


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    made = build(retention={"people_days": 730})
    made.define(people=HERE)
    made.cycle(NOW)
    absences.say(made.app, TOMS, Days(date(2026, 12, 1), date(2026, 12, 2)), None, NOW)
    report(made.app, CELLS, "2026-10", "0.31", "from the plant", "tom", NOW)
    made.define(people=WITHOUT_TOM, kpis=KPIS)
    made.cycle(LEFT)
    return made


def people(town: Town, now: datetime) -> purging.OfAnAge:
    with town.database() as db:
        [found] = [each for each in to_purge(town.app, db, now).kinds if each.what == PEOPLE]
    return found


def is_held(town: Town) -> bool:
    with town.database() as db:
        return not personal_data(town.app, db, TOMS, GOES).is_empty


def test_whoever_left_goes_after_their_days_and_not_a_second_before(town: Town) -> None:
    assert people(town, GOES).count == 0
    found = people(town, GOES + SECOND)
    assert [(each.email, each.since, each.partnerships) for each in found.people] == [(TOMS, LEFT, ("acme-globex",))]
    purge(town.app, GOES)
    assert is_held(town)
    assert purge(town.app, GOES + SECOND).by_kind[PEOPLE] == 1 and not is_held(town)
    assert TOMS.casefold() not in repr(town.remembered()).casefold()


def test_what_they_did_stays_and_whoever_is_there_stays(town: Town) -> None:
    purge(town.app, GOES + SECOND)
    [reading] = [row for row in town.rows("reading") if row["period"] == "2026-10"]
    assert (reading["person"], reading["note"]) == ("tom", "from the plant")
    with town.database() as db:
        assert not personal_data(town.app, db, INES["email"], GOES).is_empty


def test_to_look_at_it_changes_nothing(town: Town) -> None:
    before = town.remembered()
    with town.database() as db:
        assert to_purge(town.app, db, GOES + 9 * 366 * DAY).count == 1
    assert town.remembered() == before


def test_whoever_is_in_another_file_again_stays(town: Town) -> None:
    town.define(people=HERE)
    town.cycle(GOES)
    assert people(town, GOES + SECOND).count == 0


def test_whoever_left_and_stands_in_the_file_all_the_same_is_named(town: Town) -> None:
    town.define(people={**HERE, "tom": {**TOM, "leaves": "2026-12-01"}}, kpis=KPIS)
    town.cycle(LEFT + DAY)
    with town.database() as db:
        found = to_purge(town.app, db, GOES + 9 * DAY)
    assert [each.email for each in found.still_named] == [TOMS] and people(town, GOES + 9 * DAY).count == 0


def test_an_address_that_nobody_bears_any_more_goes_and_its_person_stays(town: Town) -> None:
    town.define(people={**WITHOUT_TOM, "ines": {**INES, "email": "ines.berg@acme.example"}}, kpis=KPIS)
    town.cycle(LEFT + DAY)
    then = GOES + 2 * DAY
    assert [each.email for each in people(town, then).people] == [INES["email"], TOMS]
    purge(town.app, then)
    with town.database() as db:
        assert personal_data(town.app, db, INES["email"], then).is_empty
        assert personal_data(town.app, db, "ines.berg@acme.example", then).known_in[0].is_there


def test_of_people_whose_partnership_has_ended_nothing_is_kept_for_longer(town: Town) -> None:
    (town.definitions / "acme-globex.yaml").unlink()
    partnerships.end(town.app, "acme-globex", "it is over", None, LEFT + DAY)
    then = LEFT + 731 * DAY + SECOND
    assert len(people(town, then).people) == len(HERE) and people(town, then - 2 * SECOND).count == 1


def test_while_a_dispute_runs_all_of_it_stays(town: Town) -> None:
    with town.app.store.write() as db:
        db.execute(update(core_tables.letter).values(state="sent", settled_at=LEFT))
    dispute = disputes.contest(town.app, CELLS, "2026-10", "not so", "ines", LEFT)
    found = people(town, GOES + SECOND)
    assert (found.count, found.kept) == (0, 1)
    purge(town.app, GOES + SECOND)
    assert is_held(town)
    with town.database() as db:
        assert outbox.listing(db) and all(each.forgotten_at is None for each in outbox.listing(db))
    disputes.settle(town.app, dispute.number, "withdrawn", "looked at together", "ines", GOES)
    purge(town.app, GOES + SECOND)
    assert not is_held(town)
    with town.database() as db:
        assert all(each.forgotten_at for each in outbox.listing(db))


def test_a_cycle_does_it_by_itself_and_looks_once_a_day(town: Town) -> None:
    town.cycle(GOES + SECOND)
    assert not is_held(town), "the cycle that finds it lets it go"
    town.cycle(GOES + 2 * SECOND)
    with town.database() as db:
        looked = clock.get(db, clock.PURGED)
    assert looked and looked.at == GOES + 2 * SECOND
    town.cycle(GOES + DAY)
    with town.database() as db:
        assert clock.get(db, clock.PURGED) == looked
    town.cycle(GOES + DAY + 2 * SECOND)
    with town.database() as db:
        assert clock.get(db, clock.PURGED) != looked


def test_never_is_never(build: Callable[..., Town]) -> None:
    town = build("other", retention={"people_days": "never", "minutes_years": "never"})
    town.define(people=HERE)
    town.cycle(NOW)
    town.define(people=WITHOUT_TOM, kpis=KPIS)
    town.cycle(LEFT)
    purge(town.app, LEFT + 4000 * DAY)
    assert is_held(town)
