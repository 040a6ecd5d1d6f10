"""`cadence once` from cron: what it says, and whom it tells, whatever the hour at which it runs."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

from tests.cli.conftest import Cadence, define


def letters(here: Path) -> set[str]:
    return {path.name for path in (here / "data" / "outbox").glob("*.eml")}


def test_it_says_how_many_letters_it_wrote_and_where_they_went(installation: Cadence, home: Path) -> None:
    before = letters(home)
    said = installation("--now", "2026-12-21T15:00+01:00", "once").out
    written = len(letters(home) - before)
    assert written > 0
    assert f"{written} letters written, {written} laid into {home}/data/outbox" in said


def test_it_says_that_it_wrote_none_and_what_waits_for_working_hours(installation: Cadence, home: Path) -> None:
    installation("--now", "2026-12-19T22:00+01:00", "once")
    said = installation("--now", "2026-12-19T23:00+01:00", "once").out  # a Saturday night
    assert said.startswith("Nothing was due; no letter written; ")
    assert "notices wait for the working hours of whom they are for" in said
    report = json.loads(installation("--now", "2026-12-19T23:05+01:00", "once", "--json").out)
    assert report["letters"]["written"] == 0
    assert report["letters"]["notices_waiting"] > 0


def test_what_there_is_one_of_is_said_in_the_singular(installation: Cadence, home: Path) -> None:
    said = installation("--now", "2026-12-21T15:00+01:00", "once").out
    assert said.startswith("Looked at 1 partnership: ")
    status = installation("--now", "2026-12-21T15:00+01:00", "status").out
    assert not re.search(r"\b1 (?:partnerships|changes|letters|notices|reviews)\b", said + status)
    [over] = [line for line in status.splitlines() if line.startswith("to be closed")]
    assert re.search(r" [0-9]+ reviews are over: | 1 review is over: ", over)


def test_a_mail_server_out_of_reach_is_said_with_what_waits(installation: Cadence, home: Path) -> None:
    (home / "config" / "cadence.yaml").write_text(
        "data: ../data\nmail: {sender: cadence@alliances.example, host: 127.0.0.1, port: 9, tls: none}\n"
    )
    outcome = installation("--now", "2026-12-21T15:00+01:00", "once")
    assert " due" in outcome.out
    assert "Problem: 127.0.0.1:9" in outcome.err


def test_from_cron_outside_working_hours_it_tells_at_the_first_run_after_they_have_begun(
    cadence: Cadence, here: Path
) -> None:
    """Every morning at five, when neither Berlin nor Detroit works: who owes on Thursday hears on Friday at five."""
    define(here)
    (here / "config" / "cadence.yaml").write_text("data: ../data\n")
    assert cadence("db", "create").status == 0
    first = date(2026, 12, 1)
    for day in range(20):
        at = f"{first + timedelta(days=day)}T05:00+01:00"
        assert cadence("--now", at, "once").status == 0
    tom = [path.read_text() for path in (here / "data" / "outbox").glob("*.eml")]
    assert any("tom.reyes@globex.example" in each and "overdue" in each for each in tom)


def test_before_it_is_under_governance_a_partnership_is_simulated_from_its_file(cadence: Cadence, here: Path) -> None:
    define(here)
    (here / "config" / "cadence.yaml").write_text("data: ../data\n")
    assert cadence("db", "create").status == 0
    beforehand = cadence("simulate", "--until", "2027-01-31")
    assert "acme-globex is not under governance yet" in beforehand.err
    assert not beforehand.out.startswith("0 letters")
    assert "tom.reyes@globex.example" in beforehand.out
    assert cadence("simulate", "--until", "2027-01-31", "--partnership", "acme-globex").out == beforehand.out
    assert cadence("list").out.count("acme-globex") == 0
    of_one = cadence("simulate", "--until", "2027-01-31", "--person", "tom.reyes@globex.example").out
    assert " letters to 1 person until 2027-01-31" in of_one.splitlines()[-1]
    cadence("once")
    under = cadence("simulate", "--until", "2027-01-31")
    assert under.err == ""
