"""When each trigger of a definition holds, and what it says for evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scheduler.domain.definition.target import Target
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.phrases import Percent
from scheduler.domain.record.measurement import Excuse
from scheduler.domain.record.notification import Delivered, Notified
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.kinds.off_target import is_off
from tests.builders import (
    ACME,
    CELLS_DELIVERED,
    GLOBEX,
    INITECH,
    JUNE,
    LANDED_COST,
    at,
)
from tests.rules.triggers.situated import (
    AUDIT,
    BAD,
    CELLS,
    COST,
    GOOD,
    MISSED,
    PEOPLE,
    a_situation,
    audits,
    keys,
    reported,
    sole,
    the_checkpoint,
)

SILENT = {"when": "unreported", "kpi": "cells-delivered", "for": "10 working days"}
SKIPPED = {"when": "skipped", "review": "health-audit", "times": 2}
SPONSOR = {"when": "vacant", "role": "sponsor"}
NDA = {"when": "expired", "document": "nda"}

# Missed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([BAD, BAD], []),
        ([BAD, BAD, BAD], [f"missed/{CELLS}/2026-10"]),
        ([GOOD, BAD, BAD, BAD], [f"missed/{CELLS}/2026-11"]),
        ([BAD, BAD, BAD, BAD], [f"missed/{CELLS}/2026-10"]),
        ([BAD, BAD, GOOD, BAD], []),
        ([BAD, BAD, BAD, GOOD], []),
    ],
)
def test_three_misses_in_a_row_fire_until_a_period_is_met_and_the_first_of_them_names_it(
    values: list[str], expected: list[str]
) -> None:
    assert keys(a_situation(MISSED, readings=reported(*values), now=at("2027-03-01 09:00"))) == expected


def test_an_unreported_or_excused_period_neither_counts_nor_breaks_the_run() -> None:
    """October, December and January were missed; nobody reported November, and December's silence was excused."""
    silent = reported(BAD, None, BAD, BAD)
    assert keys(a_situation(MISSED, readings=silent)) == [f"missed/{CELLS}/2026-10"]
    excused = Excuse(CELLS, "2026-11", "the meter was broken", None)
    assert keys(a_situation(MISSED, readings=silent, excuses=[excused])) == [f"missed/{CELLS}/2026-10"]


def test_periods_count_in_their_order_not_in_that_in_which_they_were_reported() -> None:
    late = [replace(each, reported_at=at("2027-01-18 12:00")) for each in reported(GOOD, BAD, BAD, BAD)]
    assert keys(a_situation(MISSED, readings=reversed(late))) == [f"missed/{CELLS}/2026-11"]


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ([BAD, GOOD, BAD, GOOD, BAD], "2026-10"),
        ([BAD, GOOD, BAD, GOOD, BAD, GOOD], None),
        ([BAD, GOOD, BAD, GOOD, BAD, BAD], "2026-10"),
        ([BAD, GOOD, GOOD, GOOD, GOOD, BAD, BAD, BAD], "2026-12"),
    ],
)
def test_times_of_the_last_so_many_periods_need_not_be_in_a_row(values: list[str], first: str | None) -> None:
    """Three of the last five; a run that goes on keeps the name it had when it began."""
    trigger = {**MISSED, "of": 5}
    expected = {None: [], "2026-12": [f"missed/{CELLS}/2027-03"]}.get(first, [f"missed/{CELLS}/{first}"])
    assert keys(a_situation(trigger, readings=reported(*values), now=at("2027-07-01 09:00"))) == expected


def test_the_evidence_is_every_miss_on_the_day_it_was_reported() -> None:
    cause = sole(a_situation(MISSED, readings=reported(GOOD, BAD, "0.27", "0.2")))
    assert cause.says == "Cells delivered missed its target 3 periods in a row, from 2026-11 on"
    assert cause.trigger == "cells-delivered missed 3 periods in a row"
    assert [line.on for line in cause.evidence] == [date(2026, 12, 10), date(2027, 1, 10), date(2027, 2, 10)]
    assert cause.evidence[1].says == (
        "Cells delivered 2026-12: 0.27 GWh, missed, 10% below the target (target >= 0.3 GWh)"
    )


def test_any_looks_at_every_kpi_and_what_is_internal_bears_the_name_of_its_organisation() -> None:
    misses = [*reported(BAD, BAD, BAD), *reported("93", "94", "95", kpi=COST)]
    found = causes(a_situation({**MISSED, "kpi": "any"}, readings=misses))
    assert [(cause.key, cause.of) for cause in found] == [
        (f"missed/{CELLS}/2026-10", None),
        (f"missed/{COST}/2026-10", "acme"),
    ]


def test_a_kpi_named_in_two_triggers_is_one_cause() -> None:
    both = (MISSED, {**MISSED, "kpi": "any"})
    assert keys(a_situation(*both, readings=reported(BAD, BAD, BAD))) == [f"missed/{CELLS}/2026-10"]


def test_after_its_review_was_held_counting_begins_anew_with_periods_not_over_by_then() -> None:
    """Held on 20 January: January was not over, so its miss is the first of the new count."""
    dealt = {f"missed/{CELLS}": date(2027, 1, 20)}
    now = at("2027-05-01 09:00")
    two = a_situation(MISSED, readings=reported(*[BAD] * 5), dealt_with=dealt, now=now)
    three = a_situation(MISSED, readings=reported(*[BAD] * 6), dealt_with=dealt, now=now)
    assert (keys(two), keys(three)) == ([], [f"missed/{CELLS}/2027-01"])


def test_what_a_kpi_measured_before_the_effective_date_is_history() -> None:
    early = {"cells-delivered": {**CELLS_DELIVERED, "from": "2026-06-01"}}
    misses = reported(*[BAD] * 4, first=6)
    assert keys(a_situation(MISSED, readings=misses, kpis=early)) == []
    assert keys(a_situation(MISSED, readings=reported(*[BAD] * 7, first=6), kpis=early)) == [f"missed/{CELLS}/2026-10"]


# Off target --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "value", "by", "off"),
    [
        (">= 0.3", "0.24", "20%", True),
        (">= 0.3", "0.2400000001", "20%", False),
        (">= 0.3", "0.9", "20%", False),
        ("<= 92", "110.4", "20%", True),
        ("<= 92", "110.39", "20%", False),
        ("= 4", "3", "25%", True),
        ("= 4", "5", "25%", True),
        ("3..5", "2.4", "20%", True),
        ("3..5", "5.9", "20%", False),
        ("3..5", "6", "20%", True),
        (">= 0", "-0.01", "100%", True),
        (">= -10", "-12", "20%", True),
        ("<= 3", "3", "0%", False),
        ("<= 3", "3.0000000001", "0%", True),
        ("yes", "0", "0%", False),
        (">= 999999999999999.0000000003", "899999999999999.1000000003", "10%", False),
        (">= 999999999999999", "899999999999999.1", "10%", True),
    ],
)
def test_off_target_is_the_share_of_the_end_that_was_missed_compared_exactly(
    target: str, value: str, by: str, off: bool
) -> None:
    assert is_off(Decimal(value), Target.read(target), Percent.read(by)) is off


def test_the_last_period_reported_decides_and_the_first_of_the_run_names_it() -> None:
    trigger = {"when": "off_target", "kpi": "cells-delivered", "by": "20%"}
    cause = sole(a_situation(trigger, readings=reported("0.1", GOOD, "0.24", "0.2")))
    assert cause.key == f"off_target/{CELLS}/2026-12"
    assert cause.says == "Cells delivered for 2027-01: missed, 33.3% below the target, and 20% off calls a review"
    assert keys(a_situation(trigger, readings=reported("0.1", "0.25"))) == []


# Unreported --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "fires"), [("2026-11-30 23:59", False), ("2026-12-01 00:00", True)])
def test_silence_fires_on_the_tenth_working_day_of_the_owner_after_the_due_day(now: str, fires: bool) -> None:
    """October was due on 13 November; Thanksgiving and the day after are days off in Michigan, where Tom works."""
    expected = [f"unreported/{CELLS}/2026-10"] if fires else []
    assert keys(a_situation(SILENT, now=at(now, "America/Detroit"))) == expected


def test_calendar_days_are_counted_where_the_trigger_says_so() -> None:
    days = {**SILENT, "for": "10 days"}
    assert keys(a_situation(days, now=at("2026-11-22 23:59", "America/Detroit"))) == []
    assert keys(a_situation(days, now=at("2026-11-23 00:00", "America/Detroit"))) == [f"unreported/{CELLS}/2026-10"]


def test_an_excuse_holds_it_back_for_as_long_as_it_lasts_and_an_acknowledgement_does_not() -> None:
    now = at("2026-12-03 12:00", "America/Detroit")
    excused = Excuse(CELLS, "2026-10", "the meter was broken", date(2026, 12, 3))
    assert keys(a_situation(SILENT, excuses=[excused], now=now)) == []
    assert keys(a_situation(SILENT, excuses=[replace(excused, until=date(2026, 12, 2))], now=now)) != []
    assert keys(a_situation(SILENT, excuses=[replace(excused, kind="acknowledged")], now=now)) != []


def test_grace_is_waited_for() -> None:
    slow = {"cells-delivered": {**CELLS_DELIVERED, "grace": "15 working days"}}
    assert keys(a_situation(SILENT, kpis=slow, now=at("2026-12-07 12:00"))) == []


def test_silence_before_the_program_was_set_up_is_nobodys_fault() -> None:
    """Set up on 14 December, a month after October was due: its ten working days are counted from there."""
    set_up = date(2026, 12, 14)
    for clock, fires in (("2026-12-29 23:59", False), ("2026-12-30 00:00", True)):
        situation = replace(a_situation(SILENT, now=at(clock, "America/Detroit")), asked_since=set_up)
        assert bool(keys(situation)) is fires


def test_however_many_periods_are_silent_it_is_one_cause_with_the_ladder_of_the_oldest() -> None:
    cause = sole(a_situation(SILENT, now=at("2027-01-19 09:00")))
    assert cause.key == f"unreported/{CELLS}/2026-10"
    assert cause.says == "Cells delivered stayed unreported for 10 working days: 2026-10, 2026-11"
    assert cause.evidence[0] == (date(2026, 11, 13), "Cells delivered for 2026-10 was due")
    assert (date(2026, 11, 18), "the ladder reached T+3") in cause.evidence


def test_the_evidence_of_silence_names_those_who_were_told_and_those_whom_no_letter_reached() -> None:
    """Tom's letter of the third day was accepted, Dev's refused; June's of the sixth is still to leave."""
    due, steps = "2026-11-13", {"tom": "T+3", "dev": "T+3", "june": "T+6"}
    became: dict[str, Delivered] = {"tom": "told", "dev": "dead", "june": "waiting"}
    people = [Notified(key, rung, due, date(2026, 11, 18), None, became[key]) for key, rung in steps.items()]
    situation = replace(a_situation(SILENT, now=at("2027-01-19 09:00")), notified={(CELLS, "2026-10"): people})
    said = [line.says for line in sole(situation).evidence]
    assert "the ladder reached T+3: Tom Reyes told; no letter reached Dev Patel" in said
    assert "the ladder reached T+6" in said


def test_silence_is_over_once_the_period_is_reported() -> None:
    assert keys(a_situation(SILENT, readings=reported(GOOD), now=at("2026-12-07 12:00"))) == []


# Reviews -----------------------------------------------------------------------------------------------------------

HELD, SKIP, PLANNED, UNRECORDED, CANCELLED = (
    Status.HELD, Status.SKIPPED, Status.PLANNED, Status.UNRECORDED, Status.CANCELLED
)  # fmt: skip


@pytest.mark.parametrize(
    ("statuses", "first"),
    [
        ((SKIP,), None),
        ((SKIP, SKIP), "2026-Q4"),
        ((HELD, SKIP, SKIP), "2027-Q1"),
        ((SKIP, HELD, SKIP), None),
        ((SKIP, SKIP, HELD), None),
        ((SKIP, UNRECORDED, SKIP), "2026-Q4"),
        ((SKIP, CANCELLED, SKIP), "2026-Q4"),
        ((SKIP, SKIP, SKIP), "2026-Q4"),
    ],
)
def test_a_series_fires_once_its_last_closed_reviews_were_all_skipped(
    statuses: tuple[Status, ...], first: str | None
) -> None:
    found = keys(a_situation(SKIPPED, recorded=audits(*statuses), now=at("2027-09-01 09:00")))
    assert found == ([f"skipped/{AUDIT}/{first}"] if first else [])


def test_what_was_skipped_beyond_a_review_still_to_come_is_not_yet_in_a_row() -> None:
    recorded = audits(SKIP, PLANNED, SKIP)
    assert keys(a_situation(SKIPPED, recorded=recorded, now=at("2027-02-16 15:30"))) == []
    assert keys(a_situation(SKIPPED, recorded=recorded, now=at("2027-02-16 15:31"))) != []


def test_the_evidence_is_every_skipped_review_with_its_reason() -> None:
    cause = sole(a_situation(SKIPPED, recorded=audits(SKIP, SKIP), now=at("2027-09-01 09:00")))
    assert cause.says == "Strategic health audit was skipped twice running: 2026-Q4, 2027-Q1"
    assert cause.evidence[0] == (date(2026, 11, 17), "Strategic health audit 2026-Q4 skipped: nobody was ready")


@pytest.mark.parametrize(
    ("written", "verdict", "fires"),
    [
        ("missed", "missed", True),
        ("missed", "partly", False),
        ("partly", "partly", True),
        ("partly", "missed", True),
        ("partly", "not measured", False),
        ("not measured", "not measured", True),
        ("missed", "met", False),
    ],
)
def test_the_checkpoint_fires_by_its_verdict_and_partly_met_counts_a_miss_too(
    written: str, verdict: str, fires: bool
) -> None:
    trigger = {"when": "checkpoint", "verdict": written}
    held = the_checkpoint(a_situation(trigger))
    situation = a_situation(trigger, recorded=[held], verdicts={held.id: verdict})
    assert keys(situation) == (["checkpoint/acme-globex/checkpoint"] if fires else [])


# Seats, documents, dates -------------------------------------------------------------------------------------------


def test_a_seat_is_vacant_on_a_side_on_which_nobody_has_the_role() -> None:
    people = {**PEOPLE, "june": {**JUNE, "role": "member"}}
    cause = sole(a_situation(SPONSOR, people=people))
    assert (cause.key, cause.says) == ("vacant/sponsor/globex", "Globex Cells Inc has no sponsor")


def test_somebody_of_no_organisation_fills_the_seat_for_every_side() -> None:
    neutral = {"name": "Ada Lind", "email": "ada@neutral.example", "role": "coordinator"}
    coordinator = {"when": "vacant", "role": "coordinator"}
    assert keys(a_situation(coordinator)) == ["vacant/coordinator/acme", "vacant/coordinator/globex"]
    assert keys(a_situation(coordinator, people={**PEOPLE, "ada": neutral})) == []


DOCUMENTS = [{"kind": "nda", "signed": "2025-05-04", "expires": "2027-01-18"}]


@pytest.mark.parametrize(("now", "fires"), [("2027-01-18 23:59", False), ("2027-01-19 00:00", True)])
def test_a_document_fires_on_the_day_after_it_expired_in_the_zone_of_the_partnership(now: str, fires: bool) -> None:
    situation = a_situation(NDA, agreement={"documents": DOCUMENTS}, now=at(now))
    assert keys(situation) == (["expired/nda/2027-01-18"] if fires else [])


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"kind": "nda", "expires": "2027-06-30"}, []),
        ({"kind": "nda"}, []),
        ({"kind": "mou", "expires": "2027-06-30"}, ["expired/nda/2027-01-18"]),
        ({"kind": "nda", "expires": "2026-11-30"}, ["expired/nda/2027-01-18"]),
    ],
)
def test_a_document_of_the_same_kind_that_stands_takes_its_place(later: dict[str, str], expected: list[str]) -> None:
    assert keys(a_situation(NDA, agreement={"documents": [*DOCUMENTS, later]})) == expected


def test_a_document_that_expired_ages_ago_fires_too() -> None:
    ancient = [{"kind": "nda", "expires": "2019-01-01"}]
    assert keys(a_situation(NDA, agreement={"documents": ancient})) == ["expired/nda/2019-01-01"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2027-01-19", ["on/2027-01-19"]), ("2027-01-20", []), ("2026-10-01", ["on/2026-10-01"]), ("2026-09-30", [])],
)
def test_a_date_fires_from_its_day_on_and_one_before_the_effective_date_never(day: str, expected: list[str]) -> None:
    assert keys(a_situation({"when": "on", "date": day})) == expected


# Scopes ------------------------------------------------------------------------------------------------------------

LICENCE = {
    "name": "Cell chemistry licence",
    "model": "contractual_alliance",
    "effective": "2026-10-01",
    "kpis": {"cells-delivered": CELLS_DELIVERED},
}


def test_a_layer_inherits_the_triggers_of_kpis_and_its_umbrella_keeps_seats_and_dates() -> None:
    people = {**PEOPLE, "june": {**JUNE, "role": "member"}}
    layers = {"licence": LICENCE}
    misses = reported(BAD, BAD, BAD, kpi="acme-globex/licence/cells-delivered")
    triggers = (MISSED, SPONSOR, {"when": "on", "date": "2026-12-01"})
    of_the_layer = a_situation(*triggers, readings=misses, people=people, layers=layers, scope=1)
    assert keys(of_the_layer) == ["missed/acme-globex/licence/cells-delivered/2026-10"]
    assert keys(a_situation(*triggers, readings=misses, people=people, layers=layers)) == [
        "vacant/sponsor/globex",
        "on/2026-12-01",
    ]


@pytest.mark.parametrize(
    ("now", "fires"),
    [
        ("2026-09-30 23:59", False),
        ("2026-10-01 00:00", True),
        ("2027-09-30 23:59", True),
        ("2027-10-01 00:00", False),
    ],
)
def test_nothing_fires_before_the_effective_date_or_after_the_end(now: str, fires: bool) -> None:
    people = {**PEOPLE, "june": {**JUNE, "role": "member"}}
    assert bool(keys(a_situation(SPONSOR, people=people, agreement={"ends": "2027-09-30"}, now=at(now)))) is fires


def test_of_three_members_the_one_without_a_sponsor_is_named() -> None:
    organisations = {"acme": ACME, "globex": GLOBEX, "initech": INITECH}
    situation = a_situation(SPONSOR, model="consortium", organisations=organisations)
    assert [cause.says for cause in causes(situation)] == ["Initech KK has no sponsor"]


def test_an_internal_kpi_named_in_a_trigger_fires_for_its_organisation_alone() -> None:
    misses = reported("93", "94", "95", kpi=COST)
    cause = sole(a_situation({**MISSED, "kpi": "landed-cost"}, readings=misses, kpis={"landed-cost": LANDED_COST}))
    assert cause.of == "acme"
