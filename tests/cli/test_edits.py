"""What an edit of a definition does to what is on record is told before it is done; a slip is mended by a declared
correction."""

import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.builders import CELLS_DELIVERED, LANDED_COST, written
from tests.cli.conftest import AsLived, Cadence, define
from tests.cli.test_kpi import listed

CELLS = "acme-globex/cells-delivered"
BEFORE, APRIL, LATER = "2027-04-06T15:00+02:00", "2027-04-07T15:00+02:00", "2027-04-08T15:00+02:00"


def kpis(**changes: Any) -> dict[str, Any]:
    return {"cells-delivered": {**CELLS_DELIVERED, **changes}, "landed-cost": LANDED_COST}


@pytest.fixture
def lived(installation: Cadence, as_lived: AsLived) -> Cadence:
    """Half a year on: 0.31 GWh reported for each month, against at least 0.3."""

    def live() -> None:
        for period in ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"):
            for id, value in ((CELLS, "0.31"), ("acme-globex/landed-cost", "90")):
                assert installation("--now", BEFORE, "kpi", "report", id, value, "--period", period).status == 0
        assert installation("--now", BEFORE, "once").status == 0

    as_lived("half a year", live)
    return installation


def test_check_and_plan_say_from_when_on_a_new_kpi_owes(lived: Cadence, home: Path) -> None:
    define(home, kpis={**kpis(), "yield": {**CELLS_DELIVERED, "name": "Yield"}})
    says = "acme-globex/yield is new, and owes from 2027-05 on, which begins on 2027-05-01; `from:` says otherwise"

    checked, planned = lived("--now", APRIL, "check"), lived("--now", APRIL, "plan")
    assert (checked.status, planned.status) == (0, 0)
    assert says in checked.out and says in planned.out


def test_check_and_plan_name_the_readings_of_a_kpi_that_is_taken_out(lived: Cadence, home: Path) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    define(home, kpis={"cells": CELLS_DELIVERED, "landed-cost": LANDED_COST}, success_at_90_days=criteria)
    says = f"{CELLS} is taken out: 1 period would be owed no more (2027-04); 6 readings of it stay on record; if"

    assert says in lived("--now", APRIL, "check").out and says in lived("--now", APRIL, "plan").out


def test_json_carries_what_an_edit_does_to_the_record_and_the_triggers_that_fire(lived: Cadence, home: Path) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    triggers = [{"when": "missed", "kpi": "any", "times": 3}]
    dear = {"cells": CELLS_DELIVERED, "landed-cost": {**LANDED_COST, "from": "2027-01-01"}}
    define(home, kpis=dear, success_at_90_days=criteria, triggers=triggers)
    text = lived("--now", APRIL, "plan", "--all").out
    found = json.loads(lived("--now", APRIL, "plan", "--json").out)

    lines = [line.split(maxsplit=1)[1] for line in text.splitlines() if line.startswith("  record ")]
    assert len(lines) > 1 and [each["because"] for each in found if each["action"] == "record"] == lines
    assert {(*each, each["review"]) for each in found if each["action"] == "record"} == {(*found[0], None)}


def test_plan_says_what_becomes_of_a_target_and_of_a_frequency(lived: Cadence, home: Path) -> None:
    define(home, kpis=kpis(target=">= 0.5"))
    planned = lived("--now", APRIL, "plan").out
    assert f"{CELLS}: >= 0.5 holds from 2027-04 on; what ended before is judged as it was" in planned
    define(home, kpis=kpis(every="quarter"))
    planned = lived("--now", APRIL, "plan").out
    assert f"{CELLS} is measured each quarter from 2027-Q3 on, which begins on 2027-07-01" in planned


def test_what_waits_for_a_word_is_seen_in_once_status_and_plan_with_the_way_out(lived: Cadence, home: Path) -> None:
    define(home, kpis={**kpis(), "yield": {**CELLS_DELIVERED, "name": "Yield", "from": "2027-01-01"}})

    assert lived("--now", APRIL, "once").status == 1
    status, planned = lived("--now", APRIL, "status"), lived("--now", APRIL, "plan", "acme-globex")
    assert status.status == 1 and "cadence plan acme-globex --allow" in status.out
    assert planned.status == 1 and "cadence plan acme-globex --allow" in planned.out
    assert "acme-globex/yield would owe 2027-01, 2027-02, 2027-03" in planned.out
    assert lived("--now", APRIL, "plan", "acme-globex", "--allow").status == 0
    assert lived("--now", LATER, "once").status == 0
    assert ("acme-globex/yield", "2027-01") in listed(lived, now=LATER)


def test_kpi_show_names_the_target_of_the_time(lived: Cadence, home: Path) -> None:
    define(home, kpis=kpis(target=">= 0.5"))
    assert lived("--now", APRIL, "once").status == 0
    shown = lived("--now", APRIL, "kpi", "show", CELLS, "--all").out
    assert "2027-03  reported, due 2027-04-12, target then at least 0.3 GWh" in shown
    assert "target   at least 0.5 GWh" in shown


# Words


def cut_short(cadence: Cadence, home: Path) -> str:
    """Weekly since 7 April, so that April ends on the 11th and the weeks begin; nothing was reported by 20 May."""
    define(home, kpis=kpis(every="week", due="2 working days"))
    assert cadence("--now", APRIL, "once").status == 0
    now = "2027-05-20T16:00+02:00"
    cadence("--now", now, "once")
    return now


def test_a_period_that_a_changed_frequency_cut_short_is_called_with_its_days(lived: Cadence, home: Path) -> None:
    now, named = cut_short(lived, home), "2027-04 (1 to 11 Apr 2027)"

    letters = [message_from_bytes(each.read_bytes(), policy=default) for each in (home / "data/outbox").glob("*.eml")]
    [letter] = [
        each
        for each in letters
        if each["To"] and "tom" in each["To"] and "20 May" in each["Date"] and "Overdue" in each["Subject"]
    ]
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"Cells delivered, {named}: due on" in text, "a line of its KPI, below the period that was due first"
    assert "2027-04:" not in text and "Cells delivered, 2027-04," not in text
    for words in (("overdue",), ("kpi", "list"), ("kpi", "show", CELLS), ("show", "acme-globex")):
        assert named in lived("--now", now, *words).out, words
    agenda = lived("--now", now, "agenda", "acme-globex/operating/2027-06").out
    assert f"{named} overdue since" in agenda or "2027-W15" in agenda
    feed = (home / "data/calendars/acme-globex.ics").read_text(encoding="utf-8").replace("\r\n ", "")
    assert f"SUMMARY:Overdue: Cells delivered {named}" in feed
    reported = lived("--now", now, "kpi", "report", CELLS, "0.31", "--period", "2027-04")
    assert reported.out.startswith(f"{CELLS} {named}: 0.31 GWh")
    shown = json.loads(lived("--now", now, "kpi", "list", "--json", "--all").out)
    assert {each["period"] for each in shown if each["period_end"] == "2027-04-11"} == {"2027-04"}


def test_an_agenda_names_the_period_that_was_due_first_as_the_oldest(lived: Cadence, home: Path) -> None:
    """W15 was due before the rest of April, though it began after it."""
    now = cut_short(lived, home)
    overdue = [each for each in json.loads(lived("--now", now, "overdue", "--json").out) if each["id"] == CELLS]
    oldest = min(overdue, key=lambda each: str(each["due"]))
    assert (oldest["period"], oldest["overdue_since"]) == ("2027-W15", "2027-04-21")
    agenda = lived("--now", now, "agenda", "acme-globex/operating/2027-06").out
    says = f"overdue since Wed 21 Apr 2027 ({oldest['working_days_overdue']} working days"
    assert f"Cells delivered for 2027-W15 and {len(overdue) - 1} more, {says}" in agenda


# A correction


def test_a_mistyped_target_is_corrected_from_its_day_on_and_both_versions_stay(lived: Cadence, home: Path) -> None:
    """For half a year 3 stood where 0.3 was meant, taken up in November."""
    define(home, kpis=kpis(target=">= 3"))
    assert lived("--now", "2027-04-06T16:00+02:00", "once").status == 0
    assert lived("--now", "2027-05-11T15:00+02:00", "kpi", "report", CELLS, "0.31", "--period", "2027-04").status == 0
    now = "2027-05-12T15:00+02:00"
    assert listed(lived, now=now)[CELLS, "2027-04"]["met"] is False
    define(home, kpis=kpis())
    words = ("--now", now, "plan", "acme-globex", "--correct", "--since", "2027-04-01", "--by", "ines")

    asked = lived(*words)
    assert asked.status == 2 and f"{CELLS} 2027-04: missed, 89.7% below the target (target >= 3) → met" in asked.out
    assert listed(lived, now=now)[CELLS, "2027-04"]["met"] is False, "nothing is done unasked"
    assert lived(*words, "--yes").status == 0
    mended = listed(lived, now=now)[CELLS, "2027-04"]
    assert (mended["met"], mended["target"]) == (True, ">= 0.3")
    assert "0.31 GWh, met" in lived("--now", now, "kpi", "show", CELLS, "--all").out.partition("2027-04")[2]
    versions = lived("--now", now, "partnership", "versions", "acme-globex").out
    first, _, corrected = (line.split()[-1] for line in versions.splitlines()[1:])
    assert first == corrected, "the first version and the correction say the same"
    assert "correction" in versions and "2027-04-01" in versions and "ines" in versions
    assert lived("--now", now, "once").status == 0
    assert lived("--now", now, "partnership", "versions", "acme-globex").out == versions


def test_a_correction_of_nothing_is_refused(lived: Cadence) -> None:
    outcome = lived("--now", APRIL, "plan", "acme-globex", "--correct", "--since", "2027-01-01", "--yes")
    assert outcome.status == 1 and "nothing on record since 2027-01-01 would change" in outcome.err


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--correct", "--since", "2027-01-01"),
        ("plan", "acme-globex", "--correct"),
        ("plan", "acme-globex", "--since", "2027-01-01"),
        ("plan", "acme-globex", "--yes"),
    ],
)
def test_a_correction_names_one_partnership_and_its_day(installation: Cadence, words: tuple[str, ...]) -> None:
    assert installation(*words).status == 2


def test_a_correction_from_a_day_to_come_is_refused(lived: Cadence, home: Path) -> None:
    define(home, kpis=kpis(target=">= 0.2"))
    outcome = lived("--now", APRIL, "plan", "acme-globex", "--correct", "--since", "2028-01-01", "--yes")
    assert outcome.status == 1 and "2028-01-01 is still to come" in outcome.err


def test_whoever_is_asked_and_says_no_changes_nothing(lived: Cadence, home: Path, at_a_terminal: Cadence) -> None:
    define(home, kpis=kpis(target=">= 0.32"))
    words = ("--now", APRIL, "plan", "acme-globex", "--correct", "--since", "2027-03-01")
    outcome = at_a_terminal(*words, answers="n\n")
    assert "Correct it?" in outcome.out and "Nothing was changed." in outcome.out
    assert listed(lived, now=APRIL)[CELLS, "2027-03"]["met"] is True


def test_what_a_dropped_kpi_owed_is_said_and_one_put_back_is_not_new(installation: Cadence, home: Path) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    now, later = "2026-11-23T15:00+01:00", "2026-11-23T16:00+01:00"
    define(home, success_at_90_days=criteria)
    assert installation("--now", now, "once").status == 0
    define(home, kpis={"landed-cost": LANDED_COST}, success_at_90_days=criteria)
    says = f"{CELLS} is taken out: 2 periods would be owed no more (2026-10, 2026-11); the flag of 2026-10 would close"
    checked, planned = installation("--now", now, "check").out, installation("--now", now, "plan").out
    assert says in checked and says in planned and "write renamed_from: cells-delivered there" in planned

    assert installation("--now", now, "once").status == 0
    define(home, success_at_90_days=criteria)
    planned = installation("--now", later, "plan", "acme-globex").out
    assert f"{CELLS} was dropped on 2026-11-23 and is put back, and owes from 2026-10 on" in planned
    assert "is new" not in planned and installation("--now", later, "once").status == 0


# What plan sums up -------------------------------------------------------------------------------------------------


def people(**changes: Any) -> dict[str, Any]:
    return {**written()["people"], **changes}


def test_plan_counts_what_an_edit_does_to_the_record(lived: Cadence, home: Path) -> None:
    define(home, kpis=kpis(target=">= 0.5"))
    planned = lived("--now", BEFORE, "plan").out
    assert "  no review would change" in planned and planned.endswith("\nOn record: 1 change, as told above\n")
    assert "othing would change" not in planned


def test_check_and_plan_say_who_is_written_to_at_another_address(installation: Cadence, home: Path) -> None:
    before = written()["people"]["dev"]
    define(home, people=people(dev={**before, "email": "d.patel@globex.example"}))
    says = f"{before['name']} is written to at d.patel@globex.example: invitations go there, cancellations to"
    checked, planned = installation("check").out, installation("plan").out
    assert f"{says} {before['email']}" in checked and f"{says} {before['email']}" in planned
    assert planned.endswith("On record: 1 change, as told above\n")


def test_plan_of_a_persons_new_key_revises_no_review(installation: Cadence, home: Path) -> None:
    others = people()
    june = {**others.pop("june"), "renamed_from": "june"}
    define(home, people={**others, "jokafor": june})
    planned = installation("plan").out
    assert "  record    jokafor was june: what is on record of june goes on under jokafor" in planned
    assert "revise" not in planned and "who would hear" not in planned
    assert installation("once").status == 0 and installation("plan").out == "Nothing would change.\n"


def test_a_frequency_that_is_changed_twice_is_told_by_what_is_in_force(lived: Cadence, home: Path) -> None:
    define(home, kpis=kpis(every="quarter"))
    assert lived("--now", APRIL, "once").status == 0
    define(home, kpis=kpis(every="week"))
    assert "; until then each month" in lived("--now", LATER, "plan").out
    define(home, kpis=kpis())
    planned = lived("--now", LATER, "plan").out
    assert f"{CELLS} goes on to be measured each month: each quarter had not begun" in planned
