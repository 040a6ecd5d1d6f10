"""Six signals: when each needs attention, when it is at risk, what it names, and when time alone changes it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.proposal import Deadlock
from scheduler.domain.record.standing import Signal
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.access import JOINT, Audience
from scheduler.rules.standing import dates, signals
from tests.builders import INES, JUNE, MARTA, TOM, UWE, a_recorded, a_review, at
from tests.rules.standing.known import known, weekly
from tests.rules.triggers.situated import BAD, CELLS, COST, GOOD, reported

HELD, SKIPPED = Status.HELD, Status.SKIPPED


def said(signal: Signal) -> tuple[str, str, str]:
    return signal.state.value, signal.cause, signal.about


# Value -------------------------------------------------------------------------------------------------------------


def value(*readings: Reading, audience: Audience = JOINT) -> Signal:
    return signals.value(known(readings=readings, audience=audience, now=at("2027-03-01 09:00"))).signal


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([GOOD, GOOD, GOOD], ("too_early", "few_readings", "acme-globex")),
        ([GOOD, GOOD, GOOD, GOOD], ("on_course", "on_target", "acme-globex")),
        ([GOOD, GOOD, BAD, GOOD], ("on_course", "off_target", CELLS)),
        ([GOOD, BAD, BAD, GOOD], ("attention", "off_target", CELLS)),
        ([BAD, BAD, BAD, GOOD], ("at_risk", "off_target", CELLS)),
    ],
)
def test_the_share_of_the_last_readings_that_are_on_target(values: list[str], expected: tuple[str, str, str]) -> None:
    """Attention below three quarters, at risk below a half; exactly that much is enough."""
    assert said(value(*reported(*values))) == expected


def test_only_the_last_four_of_a_kpi_count() -> None:
    found = value(*reported(BAD, GOOD, GOOD, GOOD, GOOD))
    assert (found.cause, found.facts["readings"]) == ("on_target", 4)


def test_an_internal_kpi_colours_nobody_elses_picture() -> None:
    readings = [*reported(GOOD, GOOD, GOOD, GOOD), *reported("99", "99", "99", "99", kpi=COST)]
    assert said(value(*readings, audience=Audience("acme"))) == ("attention", "off_target", COST)
    assert said(value(*readings, audience=Audience("globex"))) == ("on_course", "on_target", "acme-globex")
    assert said(value(*readings, audience=JOINT)) == ("on_course", "on_target", "acme-globex")


def test_gains_are_told_by_the_leverage_that_a_kpi_stands_for() -> None:
    kpis = {
        "cells-delivered": {
            "name": "Cells",
            "owner": "tom",
            "target": ">= 0.3",
            "every": "month",
            "leverage": "resource",
            "decides": "ines",
        }
    }
    at_ = at("2027-03-01 09:00")
    found = signals.gains(known(readings=reported(GOOD, BAD, GOOD), kpis=kpis, now=at_))
    assert found == {"resource": (2, 3)}


# Reporting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-13 12:00", ("on_course", "nothing_due", "acme-globex")),
        ("2026-11-14 12:00", ("on_course", "overdue", CELLS)),
        ("2026-11-16 12:00", ("attention", "overdue", CELLS)),
        ("2026-11-22 12:00", ("attention", "overdue", CELLS)),
        ("2026-11-23 12:00", ("at_risk", "overdue", CELLS)),
    ],
)
def test_what_is_overdue_needs_attention_and_is_at_risk_when_the_sponsor_hears(
    now: str, expected: tuple[str, str, str]
) -> None:
    """October's cells are due on Friday 13 November, the eighth working day of Michigan."""
    kpis = {
        "cells-delivered": {
            "name": "Cells",
            "owner": "tom",
            "target": ">= 0.3",
            "every": "month",
            "due": "8 working days",
            "decides": "ines",
        }
    }
    assert said(signals.reporting(known(kpis=kpis, now=at(now))).signal) == expected


def test_of_what_is_overdue_each_side_is_counted_and_the_day_is_named_on_which_it_gets_worse() -> None:
    found = signals.reporting(known(now=at("2026-11-16 12:00")))
    assert found.signal.facts["sides"] == "Globex Cells Inc 1, Acme Motors SE 1"
    assert min(found.turns) > date(2026, 11, 16)
    later = known(now=at(f"{min(found.turns)} 12:00"))
    assert signals.reporting(later).signal.state.value == "at_risk"


def test_what_was_asked_for_late_is_told_since_that_day_and_what_decides_is_what_is_named() -> None:
    """Cells and landed cost are overdue since November; cells were first asked for on the day before."""
    found = known(now=at("2026-11-29 12:00"))
    [(scope, owed)] = [(scope, owed) for scope, owed in found.owed.items() if owed]
    asked = [replace(each, ladder_from=date(2026, 11, 28)) if each.id == CELLS else each for each in owed]
    assert signals.reporting(found).signal.facts["since"] is None
    both = signals.reporting(replace(found, owed={scope: asked})).signal
    assert (both.about, both.state.value, both.facts["since"]) == (COST, "at_risk", None)
    alone = signals.reporting(replace(found, owed={scope: [each for each in asked if each.id == CELLS]})).signal
    assert (alone.about, alone.state.value, alone.facts["since"]) == (CELLS, "on_course", "2026-11-28")


# Rhythm ------------------------------------------------------------------------------------------------------------


def test_the_share_of_reviews_that_were_held_in_time() -> None:
    kept = signals.rhythm(known(recorded=weekly(HELD, HELD, HELD, HELD))).signal
    assert said(kept) == ("on_course", "kept", "acme-globex")
    reviews = weekly(HELD, HELD, HELD, SKIPPED, because="fair week")
    found = signals.rhythm(known(recorded=reviews)).signal
    assert said(found) == ("attention", "not_kept", reviews[-1].id)
    assert {key: found.facts[key] for key in ("held", "reviews", "skipped", "because", "percent")} == {
        "held": 3,
        "reviews": 4,
        "skipped": 1,
        "because": "fair week",
        "percent": 75,
    }
    assert signals.rhythm(known(recorded=weekly(HELD, HELD, SKIPPED, SKIPPED))).signal.state.value == "at_risk"


def test_below_four_reviews_it_is_too_early_to_say() -> None:
    assert said(signals.rhythm(known(recorded=weekly(SKIPPED, SKIPPED, SKIPPED))).signal) == (
        "too_early",
        "few_reviews",
        "acme-globex",
    )


def test_the_day_is_named_on_which_one_that_is_open_counts_as_not_held() -> None:
    reviews = weekly(HELD, HELD, HELD, HELD, Status.PLANNED)
    before = known(recorded=reviews, now=at("2027-01-06 09:00"))
    found = signals.rhythm(before)
    assert found.signal.cause == "kept"
    after = known(recorded=reviews, now=at(f"{min(found.turns)} 00:01"))
    assert signals.rhythm(after).signal.facts["not_closed"] == 1


# Relationship ------------------------------------------------------------------------------------------------------


def an_audit(day: date) -> list[object]:
    review = a_review(day, series="health-audit", period="2026-Q4", kind=Kind.HEALTH_AUDIT, title="Health audit")
    return [a_recorded(review, status=HELD)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2027-11-16 09:00", "on_course"), ("2027-11-17 00:00", "attention"), ("2028-05-17 00:00", "at_risk")],
)
def test_a_health_audit_gets_old(now: str, expected: str) -> None:
    found = signals.relationship(known(recorded=an_audit(date(2026, 11, 17)), now=at(now))).signal  # type: ignore[arg-type]
    assert said(found) == (expected, "audit", "acme-globex/health-audit/2026-Q4")


def test_without_one_it_is_too_early_until_the_partnership_is_as_old_as_that() -> None:
    assert said(signals.relationship(known()).signal) == ("too_early", "no_audit", "acme-globex")
    late = signals.relationship(known(now=at("2027-10-01 00:00")))
    assert said(late.signal) == ("attention", "no_audit", "acme-globex")
    assert late.turns == (date(2028, 4, 1),)


def test_sides_in_a_deadlock_are_at_risk_until_it_ends() -> None:
    stuck = Deadlock(
        id="acme-globex/deadlock/1",
        partnership="acme-globex",
        scope="acme-globex",
        says="Who pays for the second line",
        body="Steering committee",
        opened_at=at("2027-02-01 09:00"),
        opened_on=date(2027, 2, 1),
        opened_by="ines",
        levels=(),
    )
    found = signals.relationship(known(deadlocks=[stuck])).signal
    assert said(found) == ("at_risk", "deadlock", "acme-globex")


# Dates -------------------------------------------------------------------------------------------------------------

TACIT = {
    "ends": "2029-09-30",
    "renewal": {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days"},
}


def test_the_day_to_decide_needs_attention_a_month_before_and_is_at_risk_a_week_before() -> None:
    ahead = dates.dates(known(agreement=TACIT)).signal
    decide = date.fromisoformat(str(ahead.facts["on"]))
    assert said(ahead) == ("on_course", "decide", "acme-globex")
    states = {
        days: dates.dates(known(agreement=TACIT, now=at(f"{decide - timedelta(days=days)} 09:00"))).signal.state.value
        for days in (31, 30, 8, 7, 0, -1)
    }
    assert states == {31: "on_course", 30: "attention", 8: "attention", 7: "at_risk", 0: "at_risk", -1: "at_risk"}


def test_the_date_that_stands_worst_is_told_and_the_next_of_the_agreement_beside_it() -> None:
    review = a_review(date(2026, 12, 30), series="checkpoint", period="checkpoint", kind=Kind.CHECKPOINT, title="Point")
    nda = {"documents": [{"kind": "nda", "signed": "2026-05-04", "expires": "2026-12-31"}]}
    found = known(agreement=nda, recorded=[a_recorded(review)], now=at("2026-12-28 09:00"))
    assert said(dates.dates(found).signal) == ("at_risk", "expires", "acme-globex")
    assert dates.next_of_agreement(found) == (date(2026, 12, 31), "expires")


def test_a_document_that_has_expired_is_at_risk() -> None:
    nda = {"documents": [{"kind": "nda", "signed": "2026-05-04", "expires": "2027-03-09"}]}
    assert said(dates.dates(known(agreement=nda)).signal) == ("at_risk", "expired", "acme-globex")


def test_a_checkpoint_needs_attention_a_week_before_and_when_it_led_to_no_decision() -> None:
    review = a_review(
        date(2026, 12, 30), series="checkpoint", period="checkpoint", kind=Kind.CHECKPOINT, title="Checkpoint"
    )
    held = a_recorded(review, status=HELD)
    now = at("2027-01-04 09:00")
    assert said(dates.dates(known(recorded=[held], now=now)).signal) == ("attention", "undecided", held.id)
    before = {
        day: dates.dates(known(recorded=[a_recorded(review)], now=at(f"{day} 09:00"))).signal.state.value
        for day in ("2026-12-22", "2026-12-23", "2026-12-30")
    }
    assert before == {"2026-12-22": "on_course", "2026-12-23": "attention", "2026-12-30": "attention"}
    decided = CourseDecision(held.id, "continue", "all met", "ines", now)
    assert dates.dates(known(recorded=[held], decisions=[decided], now=now)).signal.cause == "no_dates"


# People ------------------------------------------------------------------------------------------------------------


def test_an_empty_seat_needs_attention_at_once_and_is_at_risk_after_thirty_days() -> None:
    without = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": {**TOM, "role": "alliance_manager"}, "tom": TOM}
    first = signals.people(known(people=without, now=at("2026-10-01 00:00")))
    assert said(first.signal) == ("attention", "vacant", "acme-globex")
    assert (first.signal.facts["role"], first.signal.facts["side"]) == ("sponsor", "Globex Cells Inc")
    assert first.turns == (date(2026, 10, 31),)
    assert signals.people(known(people=without, now=at("2026-10-31 00:00"))).signal.state.value == "at_risk"


def test_seats_that_are_filled_are_on_course() -> None:
    assert JUNE["role"] == "sponsor"
    assert said(signals.people(known()).signal) == ("on_course", "filled", "acme-globex")
