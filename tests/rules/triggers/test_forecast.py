"""How near each trigger is, in words, and the day on which it fires by itself."""

from datetime import date, datetime
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Excuse
from scheduler.rules.triggers.forecast import forecast, wakes
from scheduler.rules.triggers.kinds.rules import TriggerForecast
from tests.builders import CELLS_DELIVERED, Written, at
from tests.rules.triggers.situated import (
    BAD,
    CELLS,
    COST,
    GOOD,
    MISSED,
    a_situation,
    audits,
    reported,
    the_checkpoint,
)

SILENT: Written = {"when": "unreported", "kpi": "cells-delivered", "for": "10 working days"}
SPREAD: Written = {**MISSED, "of": 5}
OFF: Written = {"when": "off_target", "kpi": "cells-delivered", "by": "20%"}
SKIPPED: Written = {"when": "skipped", "review": "health-audit", "times": 2}
ENDING = [{"kind": "nda", "expires": "2027-02-01"}]
CALL = "periods missed, 3 of 5 call a review"


def near(*triggers: Written, **situation: Any) -> TriggerForecast:
    (found,) = forecast(a_situation(*triggers, **situation))
    return found


@pytest.mark.parametrize(
    ("trigger", "values", "says", "holds"),
    [
        (MISSED, [], "0 of 3 periods missed in a row; fires with 3 more misses", False),
        (MISSED, [GOOD, BAD], "1 of 3 periods missed in a row: 2026-11; fires with 2 more misses", False),
        (MISSED, [BAD, BAD], "2 of 3 periods missed in a row: 2026-10, 2026-11; fires with the next miss", False),
        (MISSED, [BAD] * 3, "3 of 3 periods missed in a row: 2026-10, 2026-11, 2026-12", True),
        (MISSED, [BAD] * 5, "5 periods missed in a row, 3 call a review: 2026-10 and 4 more", True),
        (SPREAD, [BAD, GOOD, BAD], f"2 of the last 3 {CALL}: 2026-10, 2026-12; fires with the next miss", False),
        (SPREAD, [BAD, GOOD, BAD, GOOD, GOOD], f"1 of the last 4 {CALL}: 2026-12; fires with 2 more misses", False),
        (SPREAD, [BAD, GOOD, BAD, GOOD, BAD], f"3 of the last 5 {CALL}: 2026-10, 2026-12, 2027-02", True),
        (SPREAD, [BAD] * 4, f"4 of the last 4 {CALL}: 2026-10, 2026-11, 2026-12, 2027-01", True),
        (OFF, [], "nothing reported yet", False),
        (OFF, ["0.27"], "2026-10: missed, 10% below the target; fires at 20% off the target", False),
        (OFF, ["0.1"], "2026-10: missed, 66.7% below the target; fires at 20% off the target", True),
    ],
)  # fmt: skip
def test_it_says_what_it_has_counted_and_what_it_waits_for(
    trigger: Written, values: list[str], says: str, holds: bool
) -> None:
    found = near(trigger, readings=reported(*values), now=at("2027-06-01 09:00"))
    assert (found.about, found.says, found.holds, found.fires_on) == (CELLS, says, holds, None)


def test_a_milestone_is_never_off_by_a_share() -> None:
    milestone = {"cells-delivered": {**CELLS_DELIVERED, "target": "yes"}}
    assert near(OFF, kpis=milestone).says == "a milestone is met or missed, never off by a share: this cannot fire"


@pytest.mark.parametrize(
    ("now", "says", "fires_on"),
    [
        ("2026-11-05", "2026-10 is due on 13 Nov 2026; fires on 1 Dec 2026 unless it is reported", date(2026, 12, 1)),
        ("2026-11-20", "2026-10 is overdue; fires on 1 Dec 2026 unless it is reported", date(2026, 12, 1)),
        ("2026-12-02", "unreported for longer than 10 working days: 2026-10", None),
    ],
)
def test_silence_says_the_day_on_which_it_fires(now: str, says: str, fires_on: date | None) -> None:
    found = near(SILENT, now=at(f"{now} 12:00"))
    assert (found.says, found.fires_on, found.holds) == (says, fires_on, fires_on is None)


def test_an_excuse_puts_that_day_off_to_the_day_after_it() -> None:
    excused = Excuse(CELLS, "2026-10", "the meter was broken", date(2026, 12, 15))
    assert near(SILENT, excuses=[excused], now=at("2026-11-20 12:00")).fires_on == date(2026, 12, 16)


def test_reviews_skipped_running() -> None:
    found = near(SKIPPED, recorded=audits(Status.HELD, Status.SKIPPED), now=at("2027-03-01 09:00"))
    assert found.says == "1 of 2 reviews skipped running: 2027-Q1; fires with the next skip"


def test_a_seat_names_who_has_it_and_which_side_lacks_it() -> None:
    assert near({"when": "vacant", "role": "sponsor"}).says == "every side has a sponsor (Marta Bauer, June Okafor)"
    assert near({"when": "vacant", "role": "director"}).says == "no director: Acme Motors SE, Globex Cells Inc (nobody)"


@pytest.mark.parametrize(
    ("documents", "says", "fires_on"),
    [
        ([], "no NDA on record", None),
        ([{"kind": "nda"}], "the NDA has no end", None),
        ([{"kind": "nda", "expires": "2027-05-04"}], "the NDA expires on 4 May 2027", date(2027, 5, 5)),
        ([{"kind": "nda", "expires": "2027-01-18"}], "the NDA expired on 18 Jan 2027", None),
    ],
)
def test_a_document_says_when_it_expires(documents: list[Written], says: str, fires_on: date | None) -> None:
    found = near({"when": "expired", "document": "nda"}, agreement={"documents": documents})
    assert (found.says, found.fires_on) == (says, fires_on)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2027-01-18", "it has come"),
        ("2027-01-19", "it has come"),
        ("2027-01-20", "tomorrow"),
        ("2027-02-19", "in 31 days"),
        ("2026-09-30", "before the effective date: this cannot fire"),
    ],
)
def test_a_date_says_how_far_it_is(day: str, says: str) -> None:
    assert near({"when": "on", "date": day}).says == says


def test_the_checkpoint_says_where_it_stands() -> None:
    trigger = {"when": "checkpoint", "verdict": "missed"}
    to_come = the_checkpoint(a_situation(trigger), Status.PLANNED)
    before = near(trigger, recorded=[to_come], now=at("2026-12-01 09:00"))
    after = near(trigger, recorded=[to_come], verdicts={to_come.id: "missed"})
    assert (before.says, before.holds) == ("planned, 30 Dec 2026: no verdict yet", False)
    assert (after.says, after.holds) == ("missed on 30 Dec 2026", True)


def test_what_watches_an_internal_kpi_is_internal_too() -> None:
    found = forecast(a_situation({**MISSED, "kpi": "any"}))
    assert {each.about: each.of for each in found} == {CELLS: None, COST: "acme"}


@pytest.mark.parametrize(
    ("trigger", "agreement", "moment"),
    [
        ({"when": "on", "date": "2027-02-01"}, {}, at("2027-02-01 00:00")),
        ({"when": "expired", "document": "nda"}, {"documents": ENDING}, at("2027-02-02 00:00")),
        (SILENT, {}, at("2027-01-28 00:00", "America/Detroit")),
    ],
)  # fmt: skip
def test_the_program_wakes_on_the_day_on_which_a_trigger_fires_by_itself(
    trigger: Written, agreement: Written, moment: datetime
) -> None:
    """October and November were reported; December was due on 13 January, and Tom's tenth working day is the 28th."""
    situation = a_situation(trigger, agreement=agreement, readings=reported(GOOD, GOOD))
    assert min(wakes(situation)) == moment


def test_it_wakes_when_the_partnership_takes_effect_and_on_the_day_after_the_checkpoint() -> None:
    trigger = {"when": "checkpoint", "verdict": "missed"}
    early = a_situation(trigger, now=at("2026-09-01 09:00"))
    planned = the_checkpoint(early, Status.PLANNED)
    waking = list(wakes(a_situation(trigger, recorded=[planned], now=at("2026-09-01 09:00"))))
    assert waking == [at("2026-10-01 00:00"), at("2026-12-31 00:00")]
