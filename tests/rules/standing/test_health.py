"""The whole is the worst of its signals, and says when time alone may change it."""

from datetime import date

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.standing import State
from scheduler.rules.standing.health import standing
from tests.builders import at
from tests.rules.standing.known import known, weekly
from tests.rules.triggers.situated import GOOD, reported

HELD, SKIPPED = Status.HELD, Status.SKIPPED
LAYER = {
    "apac": {
        "name": "Asia-Pacific",
        "model": "contractual_alliance",
        "effective": "2026-10-01",
        "kpis": {
            "royalties": {"name": "Royalties", "owner": "tom", "target": ">= 1", "every": "month", "decides": "ines"}
        },
    }
}


def test_the_worst_signal_decides_and_is_named() -> None:
    found = standing(
        known(recorded=weekly(HELD, HELD, SKIPPED, SKIPPED), readings=reported(*[GOOD] * 4), now=at("2027-03-01 09:00"))
    )
    assert (found.state, found.cause and found.cause.kind) == (State.AT_RISK, "reporting")
    assert (found.kept, found.counted, found.adherence) == (2, 4, 50)
    assert [each.kind for each in found.signals] == ["value", "reporting", "rhythm", "relationship", "dates", "people"]


def test_what_is_too_early_to_say_makes_nothing_worse() -> None:
    found = standing(known(now=at("2026-10-05 09:00")))
    assert found.state is State.ON_COURSE


def test_before_it_takes_effect_it_is_too_early_to_say() -> None:
    found = standing(known(now=at("2026-09-20 09:00")))
    assert (found.state, found.cause and found.cause.cause, found.changes_on) == (
        State.TOO_EARLY,
        "starts",
        date(2026, 10, 1),
    )


def test_a_layer_stands_by_itself_and_colours_the_whole() -> None:
    now = at("2026-11-30 09:00")
    readings = [
        each
        for kpi in ("acme-globex/cells-delivered", "acme-globex/landed-cost")
        for each in reported("0.31" if "cells" in kpi else "90", kpi=kpi)
    ]
    whole = standing(known(readings=readings, layers=LAYER, now=now))
    layer = standing(known(readings=readings, layers=LAYER, layer=1, now=now))
    assert (whole.state, whole.cause and whole.cause.about) == (State.AT_RISK, "acme-globex/apac/royalties")
    assert (layer.scope, layer.state) == ("acme-globex/apac", State.AT_RISK)
    assert [each.kind for each in layer.signals] == ["value", "reporting", "rhythm", "relationship", "dates"]


def test_it_changes_by_itself_on_the_day_that_it_names_and_on_none_before() -> None:
    """Day by day: the state of the day after the last look is that of the look, until `changes_on`."""
    reviews = weekly(HELD, HELD, HELD, HELD, Status.PLANNED)
    readings = reported(*[GOOD] * 3)
    looked = standing(known(recorded=reviews, readings=readings, now=at("2027-01-07 09:00")))
    for day in range(8, 32):
        now = at(f"2027-01-{day:02} 00:01")
        found = standing(known(recorded=reviews, readings=readings, now=now))
        if looked.changes_on and now.date() >= looked.changes_on:
            looked = found
        assert (found.state, found.counted) == (looked.state, looked.counted), day
