"""Triggers in cycles: what fires calls a formal review, once; the review lives like any other and closes the circle."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.rules.access import JOINT, Audience
from scheduler.rules.reviews.transitions import held, moved, skipped
from scheduler.services.pipeline.agendas import written as agenda_of
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import state_of
from scheduler.store import partnerships, readings, reviews, trigger_events
from tests.builders import JUNE, Written, at, written
from tests.rules.triggers.situated import BAD, CELLS, COST, GOOD, PEOPLE, reported
from tests.services.town import Town

MISSED = [{"when": "missed", "kpi": "any", "times": 3}]
SPONSOR = [{"when": "vacant", "role": "sponsor"}]
FIRES = at("2027-01-19 09:00")
CALLED = "acme-globex/formal-review/2027-01-19"


def enter(town: Town, figures: Iterable[Reading], now: datetime) -> None:
    """Report figures as the command does: what follows from them follows at once."""
    with town.app.store.write() as db:
        for reading in figures:
            readings.add(db, reading)
        govern_in(town.app, db, "acme-globex", now)


def change(town: Town, record: Recorded, now: datetime) -> None:
    """Keep what a person did to a review, and let follow what follows."""
    with town.app.store.write() as db:
        reviews.save_many(db, [record])
        govern_in(town.app, db, "acme-globex", now)


def on_record(town: Town) -> list[TriggerEvent]:
    with town.database() as db:
        return trigger_events.of_partnership(db, "acme-globex")


def formal(town: Town) -> dict[str, Recorded]:
    return {id: record for id, record in town.reviews().items() if "/formal-review/" in id}


def agenda(town: Town, id: str, now: datetime, audience: Audience = JOINT) -> str:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row is not None
        text = agenda_of(town.app, state_of(town.app, db, row, now), town.reviews()[id], audience)
    assert text is not None
    return text


def after_three_misses(town: Town, triggers: list[Written] = MISSED, **changes: Any) -> None:
    """Acme × Globex on 19 January 2027: the third miss of cells delivered has just been reported."""
    town.define(triggers=triggers, **changes)
    town.cycle()
    town.cycle(at("2027-01-18 09:00"))
    enter(town, reported(BAD, BAD, BAD), FIRES)


# Calling -----------------------------------------------------------------------------------------------------------


def test_the_third_miss_calls_a_review_in_the_transaction_that_takes_it_in(town: Town) -> None:
    after_three_misses(town)
    (cause,) = on_record(town)
    assert (cause.cause.key, cause.review) == (f"missed/{CELLS}/2026-10", CALLED)
    record = formal(town)[CALLED]
    assert (record.status, record.review.start.isoformat()) == (Status.PLANNED, "2027-02-02T15:00:00+01:00")
    assert town.log.of("trigger.fired") == [{"scope": "acme-globex", "key": cause.cause.key, "review": CALLED}]


def test_its_history_says_what_called_it(town: Town) -> None:
    after_three_misses(town)
    with town.database() as db:
        (scheduled,) = reviews.history(db, CALLED)
    assert scheduled.because == ("called: Cells delivered missed its target 3 periods in a row, from 2026-10 on")


def test_later_cycles_and_edits_of_the_definition_leave_it_alone(town: Town) -> None:
    after_three_misses(town)
    before = formal(town)
    for days in range(1, 20):
        town.cycle(FIRES + timedelta(days=days))
    assert len(on_record(town)) == 1
    assert formal(town) == before
    town.define(triggers=[{**MISSED[0], "times": 2}], name="Acme × Globex cells")
    town.cycle(FIRES + timedelta(days=20))
    assert formal(town) == before


def test_a_further_cause_joins_the_review_to_come_and_its_agenda_shows_both(town: Town) -> None:
    after_three_misses(town, [*MISSED, *SPONSOR])
    town.define(triggers=[*MISSED, *SPONSOR], people={**PEOPLE, "june": {**JUNE, "role": "member"}})
    later = FIRES + timedelta(days=2)
    town.cycle(later)
    assert [each.review for each in on_record(town)] == [CALLED, CALLED]
    text = agenda(town, CALLED, later)
    assert "1. **Cells delivered missed its target 3 periods in a row, from 2026-10 on**" in text
    assert "   - Sun 10 Jan 2027: Cells delivered 2026-12: 0.25 GWh, missed, 16.7% below the target" in text
    assert "2. **Globex Cells Inc has no sponsor** (a side without a sponsor; fired on Thu 21 Jan 2027)" in text
    for option in ("Cure", "Restructure", "Change the model", "Exit"):
        assert f"| {option}: " in text


def test_a_cause_that_holds_no_longer_ends_its_review_stays_and_says_so(town: Town) -> None:
    after_three_misses(town)
    enter(town, reported(GOOD, first=13), at("2027-02-01 09:00"))
    (cause,) = on_record(town)
    assert cause.ended_at == at("2027-02-01 09:00")
    assert formal(town)[CALLED].status is Status.PLANNED
    assert "fired on Tue 19 Jan 2027, holds no longer" in agenda(town, CALLED, at("2027-02-01 09:00"))


# Closing the circle ------------------------------------------------------------------------------------------------


def test_after_it_was_held_the_same_run_fires_no_second_time_and_a_new_one_does(town: Town) -> None:
    """Held on 2 February: January ended before it, so February is the first miss of the new count."""
    after_three_misses(town)
    change(town, held(formal(town)[CALLED], None, at("2027-02-02 17:00")), at("2027-02-02 17:00"))
    january, february, march, april = reported(*[BAD] * 4, first=13)
    enter(town, [january, february, march], at("2027-05-19 09:00"))
    assert list(formal(town)) == [CALLED]
    enter(town, [april], at("2027-05-20 09:00"))
    found = on_record(town)
    assert [each.cause.key for each in found] == [f"missed/{CELLS}/2026-10", f"missed/{CELLS}/2027-02"]
    assert found[0].ended_at is not None
    assert list(formal(town)) == [CALLED, "acme-globex/formal-review/2027-05-20"]


def test_a_person_may_move_it_and_it_stays_there(town: Town) -> None:
    after_three_misses(town)
    record = formal(town)[CALLED]
    to = at("2027-02-10 15:00")
    change(town, moved(record, to, record.review.clocks, "June travels", FIRES), FIRES)
    town.cycle(FIRES + timedelta(days=3))
    assert formal(town)[CALLED].review.start == to
    assert len(on_record(town)) == 1


def test_a_person_may_skip_it_and_the_cause_that_goes_on_calls_no_other(town: Town) -> None:
    after_three_misses(town)
    change(town, skipped(formal(town)[CALLED], "settled by telephone", FIRES), FIRES)
    town.cycle(FIRES + timedelta(days=30))
    assert [record.status for record in formal(town).values()] == [Status.SKIPPED]
    assert len(on_record(town)) == 1


def test_a_seat_falls_vacant_twice_and_fires_twice(town: Town) -> None:
    empty, filled = {**PEOPLE, "june": {**JUNE, "role": "member"}}, PEOPLE
    for day, people in ((1, empty), (20, filled), (50, empty)):
        town.define(triggers=SPONSOR, people=people)
        town.cycle(at("2026-10-01 09:00") + timedelta(days=day))
    assert [(each.cause.key, each.is_open) for each in on_record(town)] == [
        ("vacant/sponsor/globex", False),
        ("vacant/sponsor/globex", True),
    ]
    assert list(formal(town)) == ["acme-globex/formal-review/2026-10-02", "acme-globex/formal-review/2026-11-20"]


def test_a_layer_that_is_gone_leaves_its_formal_review_as_it_is_recorded(town: Town) -> None:
    licence = {
        "name": "Licence",
        "model": "contractual_alliance",
        "effective": "2026-10-01",
        "kpis": {"cells-delivered": written()["kpis"]["cells-delivered"]},
        "reviews": {key: {"off": True} for key in ("pipeline", "operating", "health-audit", "sponsors", "strategy")},
    }
    town.define(triggers=MISSED, layers={"licence": licence})
    town.cycle()
    town.cycle(at("2027-01-18 09:00"))
    enter(town, reported(BAD, BAD, BAD, kpi="acme-globex/licence/cells-delivered"), FIRES)
    (called,) = formal(town)
    assert called == "acme-globex/licence/formal-review/2027-01-19"
    town.define(triggers=MISSED)
    town.cycle(FIRES + timedelta(hours=1))
    assert formal(town)[called].status is Status.PLANNED
    assert [each.is_open for each in on_record(town)] == [False]


# Confidentiality ---------------------------------------------------------------------------------------------------


def test_an_internal_kpi_calls_no_review_and_stands_in_no_joint_agenda(town: Town) -> None:
    town.define(triggers=MISSED)
    town.cycle()
    town.cycle(at("2027-01-18 09:00"))
    enter(town, reported("93.77", "94.77", "95.77", kpi=COST), FIRES)
    (cause,) = on_record(town)
    assert (cause.cause.of, cause.review, formal(town)) == ("acme", None, {})
    enter(town, reported(BAD, BAD, BAD), FIRES + timedelta(hours=1))
    for audience in (JOINT, Audience("globex")):
        text = agenda(town, CALLED, FIRES + timedelta(hours=1), audience)
        assert "Cells delivered missed" in text
        assert "Landed cost" not in text
        assert ".77" not in text
    assert all("Landed" not in str(event) and ".77" not in str(event) for event in town.log.said)


# By itself ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("triggers", "agreement", "day"),
    [
        ([{"when": "on", "date": "2026-10-09"}], {}, "2026-10-09"),
        (
            [{"when": "expired", "document": "nda"}],
            {"documents": [{"kind": "nda", "expires": "2026-10-08"}]},
            "2026-10-09",
        ),
    ],
)
def test_a_partnership_wakes_on_the_day_on_which_a_trigger_fires_by_itself(
    town: Town, triggers: list[Written], agreement: Written, day: str
) -> None:
    """At midnight in Berlin, where nothing else of this partnership is due."""
    off = {key: {"off": True} for key in ("pipeline", "operating", "health-audit", "sponsors", "strategy")}
    town.define(triggers=triggers, agreement=agreement, reviews=off)
    town.cycle(at("2026-10-02 09:00"))
    town.cycle(at(f"{day} 00:00") - timedelta(minutes=1))
    assert on_record(town) == []
    assert town.cycle(at(f"{day} 00:00")).governed == 1
    assert [each.cause.fired_on.isoformat() for each in on_record(town)] == [day]
    assert list(formal(town)) == [f"acme-globex/formal-review/{day}"]


def test_while_a_plan_waits_for_a_persons_word_nothing_fires(town: Town) -> None:
    town.define(triggers=SPONSOR)
    town.cycle(at("2026-10-01 09:00"))
    people = {**PEOPLE, "june": {**JUNE, "role": "member"}}
    town.define(triggers=SPONSOR, people=people, reviews={"pipeline": {"off": True}})
    assert town.cycle(at("2026-10-02 09:00")).problems == 1
    assert on_record(town) == []
    town.define(triggers=SPONSOR, people=people)
    town.cycle(at("2026-10-02 10:00"))
    assert len(on_record(town)) == 1
