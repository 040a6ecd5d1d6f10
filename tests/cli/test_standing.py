"""`cadence list`, `show` and `status`: how things stand. It is Saturday 21 November 2026."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.record.daemon_state import STOPPED
from scheduler.services.views.installation import upkeep
from scheduler.services.views.installation.network_disk import network_warning
from scheduler.store import delivery, faults, open_store, outbox
from tests import daemons
from tests.builders import DEV, INES, JUNE, MARTA, TOM, UWE, at
from tests.cli.conftest import Cadence, define
from tests.services.pipeline.test_routing import a_post


def status(cadence: Cadence) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cadence("status", "--json").out)
    return found


class TestList:
    def test_a_partnership_with_its_next_review_and_what_is_overdue(self, installation: Cadence) -> None:
        [each] = json.loads(installation("list", "--json").out)
        assert (each["id"], each["model"], each["state"]) == ("acme-globex", "contractual_alliance", "in force")
        assert (each["next_review"], each["next_start"]) == (
            "acme-globex/operating/2026-11",
            "2026-11-23T15:00:00+01:00",
        )
        assert each["overdue"] == 2

    def test_before_the_first_cycle_the_way_out_is_said(self, installation: Cadence, home: Path) -> None:
        (home / "data" / "cadence.db").unlink()
        assert installation("db", "create").status == 0
        assert "cadence once" in installation("list").out
        assert "run cadence once" in installation("show", "acme-globex").err

    def test_listing_twice_in_one_process_works(self, installation: Cadence) -> None:
        """The command's module bears the name of a built-in."""
        assert installation("list").out == installation("list").out != ""


class TestShow:
    def test_who_what_next_and_overdue(self, installation: Cadence) -> None:
        printed = installation("show", "acme-globex").out
        for said in (
            "contractual alliance, in force",
            "Acme Motors SE: Inès Falk (alliance manager), Marta Bauer (sponsor), Uwe Brandt",
            "Mon 2026-11-23 15:00 Europe/Berlin  acme-globex/operating/2026-11",
            "acme-globex/cells-delivered 2026-10  tom, due 2026-11-13, 5 working days, due",
            "Over, to be closed",
        ):
            assert said in printed

    def test_a_bad_file_is_shown_beside_the_definition_in_force(self, installation: Cadence, home: Path) -> None:
        define(home, model="marriage")
        installation("once")
        shown = json.loads(installation("show", "acme-globex", "--json").out)
        assert shown["definition"]["model"] == "contractual_alliance"
        assert "marriage" in shown["problems"][0]["what"]

    def test_the_agreements_dates_its_documents_and_what_survives(self, installation: Cadence, home: Path) -> None:
        """The cancel-by date is the end of a tacit renewal's term less 120 and 10 days; the playbook leaves 30 days to
        write and send a notice."""
        agreement = {
            "effective": "2026-10-01",
            "ends": "2029-09-30",
            "renewal": {"kind": "tacit", "notice": "120 days", "buffer": "10 days"},
            "documents": [{"kind": "mou"}, {"kind": "nda", "expires": "2028-05-04"}],
            "survives": ["Confidentiality for five years"],
        }
        define(home, agreement=agreement)
        installation("once")
        printed = installation("show", "acme-globex").out
        assert "renewal    tacit; notice must leave by 2029-05-23, decide by 2029-04-23" in printed
        assert "document   MOU, does not expire\n  document   NDA, expires 2028-05-04" in printed
        assert "survives   Confidentiality for five years" in printed
        shown = json.loads(installation("show", "acme-globex", "--json").out)
        assert (shown["cancel_by"], shown["decide_by"], shown["vacant"]) == ("2029-05-23", "2029-04-23", [])

    def test_a_name_that_steers_terminals_stays_text(self, installation: Cadence, home: Path) -> None:
        define(home, name="Acme \x1b[31m red\u202e \u2028 Globex")
        installation("once")
        printed = installation("show", "acme-globex").out
        assert not {"\x1b", "\u202e", "\u2028"} & set(printed)


class TestStatus:
    def test_all_is_well(self, installation: Cadence, home: Path) -> None:
        outcome = installation("status")
        assert outcome.status == 0
        assert "No definition file has problems." in outcome.out
        found = status(installation)
        assert found["database"]["at"] == str(home / "data" / "cadence.db")
        assert (found["partnerships"], found["overdue"], found["problems"]) == (1, 2, [])
        assert found["next_week"] == ["acme-globex/operating/2026-11", "acme-globex/pipeline/2026-W48"]

    def test_a_file_with_problems_is_named_with_its_line_and_exits_1(self, installation: Cadence, home: Path) -> None:
        file = define(home, model="marriage")
        installation("once")
        outcome = installation("status")
        assert outcome.status == 1
        assert f"{file}:3:" in outcome.out

    def test_a_vanished_file_is_a_problem(self, installation: Cadence, home: Path) -> None:
        (home / "config" / "partnerships" / "acme-globex.yaml").unlink()
        installation("once")
        outcome = installation("status")
        assert (outcome.status, "the file has vanished" in outcome.out) == (1, True)

    def test_a_fault_that_stands_is_told_with_its_way_out_and_exits_1(self, installation: Cadence, home: Path) -> None:
        with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
            for _ in range(3):
                faults.note(db, "channel:mail", "mail.example:25:\x1b550 no", "check it", at("2026-11-20 09:00"))
        outcome = installation("status")
        assert outcome.status == 1 and "\x1b" not in outcome.out
        assert "mail.example:25: 550 no (since Fri 2026-11-20 08:00 UTC, 3×)\n    check it\n" in outcome.out
        assert status(installation)["faults"][0]["times"] == 3

    @pytest.mark.parametrize(("refused", "exits"), [("2026-10-22 10:00", 1), ("2026-10-22 09:59", 0)])
    def test_a_letter_that_was_refused_in_the_last_thirty_days_is_something_wrong(
        self, installation: Cadence, home: Path, refused: str, exits: int
    ) -> None:
        """Of 24 hours each: Berlin set its clocks back on the 25th."""
        with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
            outbox.add(db, [a_post("a", "mail"), a_post("b", "mail")])
            (dead,) = [each.id for each in outbox.listing(db) if each.dedup_key == "a"]
            delivery.dead(db, dead or 0, at(refused), "550 nobody of that name")
        outcome = installation("status")
        assert outcome.status == exits and "1 dead" in outcome.out
        assert ("1 refused lately: cadence outbox list --state dead" in outcome.out) is bool(exits)
        assert status(installation)["letters"]["dead"] == 1

    def test_what_waits_for_its_readers_working_hours_is_counted(self, installation: Cadence) -> None:
        """On a saturday morning October has been overdue for a week, and nobody is at work to be told."""
        waiting = status(installation)["notices"]["waiting"]
        assert waiting > 0
        assert f"to be told    {waiting} notices wait for" in installation("status").out
        installation("--now", "2026-11-23T16:00+01:00", "once")
        assert "waiting" not in status(installation)["notices"]

    def test_a_seat_that_nobody_fills_is_flagged_until_somebody_does(self, installation: Cadence, home: Path) -> None:
        people = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM}
        define(home, people=people)
        installation("once")
        assert "vacant        1 empty: acme-globex: sponsor of globex\n" in installation("status").out
        define(home, people={**people, "june": JUNE})
        installation("once")
        assert status(installation)["vacant"] == []

    def test_a_plan_that_waits_for_a_word_is_named(self, installation: Cadence, home: Path) -> None:
        define(home, reviews={key: {"off": True} for key in ("pipeline", "operating", "health-audit", "sponsors")})
        installation("once")
        outcome = installation("status")
        assert (outcome.status, "  acme-globex: cadence plan acme-globex" in outcome.out) == (1, True)
        [listed] = json.loads(installation("list", "--json").out)
        assert (listed["state"], listed["needs_approval"]) == ("waits for a word", True)
        assert "needs approval" in installation("list").out
        assert "needs approval, defined in" in installation("show", "acme-globex").out

    def test_reviews_that_are_over_wait_to_be_closed(self, installation: Cadence) -> None:
        assert "acme-globex/pipeline/2026-W47" in status(installation)["to_close"]
        installation("review", "hold", "acme-globex/pipeline/2026-W47")
        assert "acme-globex/pipeline/2026-W47" not in status(installation)["to_close"]


@pytest.mark.parametrize(
    ("kind", "warned"),
    [("ext4", False), ("tmpfs", False), ("fuse.mergerfs", False), ("nfs4", True), ("fuse.sshfs", True)],
)
def test_a_database_on_the_disk_of_another_machine_is_warned_of(tmp_path: Path, kind: str, warned: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nsomewhere {tmp_path} {kind} rw 0 0\nnone {tmp_path}/other nfs rw 0 0\n")
    warning = network_warning(tmp_path / "cadence.db", mounts)
    assert (warning is not None) is warned
    if warning:
        assert kind in warning and "PostgreSQL" in warning


# Whether it runs ----------------------------------------------------------------------------------------------------


def late(installation: Cadence, now: str) -> tuple[int, list[str]]:
    outcome = installation("--now", now, "status", "--json")
    return outcome.status, json.loads(outcome.out)["late"]


def test_status_shows_the_last_cycle_and_fails_once_it_is_a_day_old(installation: Cadence) -> None:
    assert "last cycle    completed Sat 2026-11-21 08:00 UTC" in installation("status").out
    assert late(installation, "2026-11-22T09:59+01:00") == (0, [])
    status, [told] = late(installation, "2026-11-22T10:01+01:00")
    assert (status, told) == (1, "the last cycle was completed 25 hours ago; is anything running?")
    assert "Too late\n  the last cycle" in installation("--now", "2026-11-22T10:01+01:00", "status").out


def test_where_a_daemon_runs_the_last_cycle_is_too_old_after_two_intervals(installation: Cadence, home: Path) -> None:
    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
        daemons.put(db, "one")
    assert late(installation, "2026-11-21T09:30+01:00") == (0, [])
    status, told = late(installation, "2026-11-21T10:02+01:00")
    assert (status, told) == (1, ["the last cycle was completed 62 minutes ago; is anything running?"])


def test_a_daemon_that_died_is_told_and_one_that_stopped_in_order_is_not(installation: Cadence, home: Path) -> None:
    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
        daemons.put(db, "one", silent_for=timedelta(minutes=6))
    status, told = late(installation, "2026-11-21T09:06+01:00")
    assert (status, told) == (1, ["the daemon one was last alive 6 minutes ago; it did not stop in order"])
    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
        daemons.put(db, "one", STOPPED, silent_for=timedelta(minutes=6))
    assert late(installation, "2026-11-21T09:06+01:00") == (0, [])
    assert "one (process 4711, cadence 0.1.0) stopped in order; alive until" in installation("status").out


def test_a_letter_that_is_due_for_more_than_a_day_is_too_late(installation: Cadence, home: Path) -> None:
    (home / "config" / "cadence.yaml").write_text(
        "data: ../data\nmail: {sender: cadence@alliances.example, host: 127.0.0.1, port: 9, tls: none}\n"
    )
    installation("--now", "2026-11-23T16:00+01:00", "once")
    assert late(installation, "2026-11-23T16:01+01:00")[1] == []
    assert json.loads(installation("--now", "2026-11-23T16:01+01:00", "status", "--json").out)["oldest_due"]
    installation("--now", "2026-11-24T16:05+01:00", "once")
    told = late(installation, "2026-11-24T16:06+01:00")[1]
    assert told == ["a letter has been due since 24 hours ago; see cadence outbox list --state due"]


def test_what_waits_for_more_than_a_day_after_its_hour_is_counted(installation: Cadence, home: Path) -> None:
    """As it does where no cycle runs: the hour of those who are told on Monday has come and gone."""
    installation("--now", "2026-11-21T10:00+01:00", "once")
    for now, expected in (("2026-11-24T08:00+01:00", 0), ("2026-11-25T08:00+01:00", 1)):
        found = json.loads(installation("--now", now, "status", "--json").out)
        assert (found["waiting_too_long"] > 0) == bool(expected)


def test_a_disk_on_which_nothing_is_left_is_named_though_no_cycle_could_put_its_failure_on_record(
    installation: Cadence, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert json.loads(installation("status", "--json").out)["full"] == []
    monkeypatch.setattr(upkeep, "ROOM", 1 << 62)
    shown = installation("status")
    assert shown.status == 1
    assert f"Disk full\n  the disk that holds {home / 'data'} has " in shown.out and "free some space" in shown.out
