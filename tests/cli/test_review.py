"""`cadence review`: a person shows, moves, holds or skips one review. It is Saturday 21 November 2026."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.record.rsvp import Answer, Says
from scheduler.store import open_store, rsvps
from tests.builders import CELLS_DELIVERED, DEV, GLOBEX, INES, INITECH, at
from tests.cli.conftest import Cadence, define

OPERATING = "acme-globex/operating/2026-12"  # Friday 18 December, 15:00 to 16:00 in Berlin
PIPELINE = "acme-globex/pipeline/2026-W49"
OVER = "acme-globex/pipeline/2026-W47"


def shown(cadence: Cadence, id: str) -> dict[str, Any]:
    outcome = cadence("review", "show", id, "--json")
    assert outcome.status == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


class TestMoving:
    def test_a_moment_without_an_offset_is_read_in_the_reviews_zone(self, installation: Cadence) -> None:
        moved = installation("review", "move", OPERATING, "--to", "2026-12-22T16:00", "--because", "Dev travels")
        assert moved.status == 0
        review = shown(installation, OPERATING)
        assert (review["start"], review["end"]) == ("2026-12-22T16:00:00+01:00", "2026-12-22T17:00:00+01:00")
        assert review["sequence"] == 1
        assert review["moved_because"] == "moved from Fri 18 Dec 2026, 15:00: Dev travels"

    def test_a_moment_with_an_offset_is_that_moment(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22T09:30-05:00")
        assert shown(installation, OPERATING)["start"] == "2026-12-22T15:30:00+01:00"

    def test_a_date_alone_keeps_the_time_of_day(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22")
        assert shown(installation, OPERATING)["start"] == "2026-12-22T15:00:00+01:00"

    def test_a_time_in_the_gap_is_read_with_the_offset_before_the_change(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2027-03-28T02:30")
        assert shown(installation, OPERATING)["start"] == "2027-03-28T03:30:00+02:00"

    def test_the_clocks_are_those_of_the_new_date(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22")
        clocks = shown(installation, OPERATING)["clocks"]
        assert (clocks["notice_by"], clocks["agenda_by"]) == ("2026-12-11", "2026-12-17")

    def test_the_launch_track_counts_from_the_effective_date_wherever_the_checkpoint_is_moved(
        self, installation: Cadence
    ) -> None:
        before = shown(installation, "acme-globex/checkpoint")["clocks"]
        assert installation("review", "move", "acme-globex/checkpoint", "--to", "2027-01-12").status == 0
        after = shown(installation, "acme-globex/checkpoint")["clocks"]
        assert after.keys() == before.keys()
        assert after["midpoint"] == before["midpoint"] == "2026-11-13"
        assert (before["agenda_by"], after["agenda_by"]) == ("2026-12-23", "2027-01-05")

    def test_of_the_launch_track_what_would_come_too_late_comes_as_long_before_the_new_date(
        self, installation: Cadence
    ) -> None:
        """It is Saturday 21 November. The pre-read, 7 days before, falls on Thanksgiving; the call, 14 days before, has
        passed on the 19th, and what comes before the call is to be done by it."""
        moved = installation("review", "move", "acme-globex/checkpoint", "--to", "2026-12-03")
        assert moved.status == 0
        clocks = shown(installation, "acme-globex/checkpoint")["clocks"]
        assert (clocks["joint-plan"], clocks["evidence-call"], clocks["pre-read"]) == (
            "2026-11-19",
            "2026-11-19",
            "2026-11-25",
        )
        said = moved.out + moved.err
        assert "Call for the evidence of each criterion was due on Thu 19 Nov 2026 for the new date, and that" in said
        assert "Pre-read of the checkpoint goes out was due" not in said
        track = json.loads(installation("checkpoint", "acme-globex", "--json").out)["track"]
        assert {each["key"]: each["on"] for each in track}["pre-read"] == "2026-11-25"

    def test_it_stays_there_through_every_later_plan(self, installation: Cadence, home: Path) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22T16:00")
        define(home, reviews={"operating": {"at": "10:00"}})
        assert installation("once").status == 0
        assert shown(installation, OPERATING)["start"] == "2026-12-22T16:00:00+01:00"
        assert shown(installation, "acme-globex/operating/2027-01")["start"][11:16] == "10:00"

    def test_its_history_tells_who_moved_it_and_why(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22", "--because", "Dev travels", "--by", "ines")
        last = shown(installation, OPERATING)["history"][-1]
        assert (last["action"], last["person"], last["because"], last["sequence"]) == ("move", "ines", "Dev travels", 1)
        assert last["before"]["start"] == "2026-12-18T15:00:00+01:00"

    def test_a_person_may_be_named_by_mail_address(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22", "--by", "Ines.Falk@acme.example")
        assert shown(installation, OPERATING)["history"][-1]["person"] == "ines"

    def test_a_stranger_moves_nothing(self, installation: Cadence) -> None:
        outcome = installation("review", "move", OPERATING, "--to", "2026-12-22", "--by", "inse")
        assert (outcome.status, outcome.err) == (1, 'Error: there is no person "inse"\n  did you mean ines?\n')
        assert shown(installation, OPERATING)["sequence"] == 0

    def test_a_dry_run_says_all_and_changes_nothing(self, installation: Cadence) -> None:
        outcome = installation("review", "move", OPERATING, "--to", "2026-12-25T15:00", "--dry-run")
        assert outcome.status == 0
        assert "Note: Fri 25 Dec 2026 is a day off: Christmas Day (DE, US)" in outcome.out
        assert "Nothing was changed" in outcome.out
        review = shown(installation, OPERATING)
        assert (review["start"], review["sequence"], len(review["history"])) == ("2026-12-18T15:00:00+01:00", 0, 1)


class TestWhatSpeaksAgainstAMove:
    def notes(self, cadence: Cadence, to: str, id: str = OPERATING) -> list[str]:
        printed = cadence("review", "move", id, "--to", to, "--dry-run").out
        return [line.removeprefix("Note: ") for line in printed.splitlines() if line.startswith("Note: ")]

    def test_a_good_date_has_nothing_against_it(self, installation: Cadence) -> None:
        assert self.notes(installation, "2026-12-17T15:00") == []

    def test_a_clock_that_has_passed_for_the_new_date(self, installation: Cadence) -> None:
        """Notice of ten days before Thursday 3 December is due on monday; before Tuesday the 1st it would be due today,
        a saturday, so it was due on friday."""
        assert self.notes(installation, "2026-12-03T15:00") == []
        assert self.notes(installation, "2026-12-01T15:00") == [
            "notice was due on Fri 20 Nov 2026 for the new date, and that has passed"
        ]

    def test_anyones_working_hours(self, installation: Cadence) -> None:
        """At 14:59 in Berlin it is 08:59 in Detroit, where the day begins at nine; in Berlin it ends at half past
        five."""
        assert self.notes(installation, "2026-12-17T14:59") == [
            "for Dev Patel it is Thu 2026-12-17 08:59 - 09:59, outside the working hours 09:00-17:00"
        ]
        assert self.notes(installation, "2026-12-17T16:31") == [
            "for Inès Falk it is Thu 2026-12-17 16:31 - 17:31, outside the working hours 08:30-17:30"
        ]

    def test_another_review_at_which_the_same_people_are_expected(self, installation: Cadence) -> None:
        """The pipeline review of that Wednesday is from 15:00 to 15:30."""
        assert self.notes(installation, "2026-12-16T15:29") == [
            f"acme-globex/pipeline/2026-W51 overlaps with {OPERATING}: ines, dev cannot be at both"
        ]
        assert self.notes(installation, "2026-12-16T15:30") == []

    def test_a_review_of_another_partnership_at_which_the_same_person_is_expected(
        self, installation: Cadence, home: Path
    ) -> None:
        """Dev manages Globex's alliance with Initech too; that it is at the very same time makes it no less so."""
        yuki = {**INES, "name": "Yuki Mori", "email": "yuki.mori@initech.example", "of": "initech"}
        define(
            home,
            partnership="globex-initech",
            timezone="Europe/Berlin",
            organisations={"globex": GLOBEX, "initech": {**INITECH, "hours": "00:00-23:30"}},
            people={"dev": DEV, "yuki": yuki},
            kpis={"wafers": {**CELLS_DELIVERED, "owner": "yuki", "deputy": "dev", "decides": "dev"}},
            success_at_90_days={"criteria": [{"id": "wafers", "says": "Wafers arrive", "owner": "yuki"}]},
        )
        assert installation("once").status == 0
        found = json.loads(installation("reviews", "--json", "--partnership", "globex-initech").out)
        other = next(each for each in found if each["status"] == "planned" and each["start"] > "2026-12-01")
        start = datetime.fromisoformat(other["start"]).astimezone(ZoneInfo("Europe/Berlin"))
        clash = f"{OPERATING} overlaps with {other['id']}: Dev Patel cannot be at both"
        assert clash in self.notes(installation, start.isoformat())

    def test_another_review_of_its_own_series(self, installation: Cadence) -> None:
        january = json.loads(installation("review", "show", "acme-globex/operating/2027-01", "--json").out)
        assert f"{OPERATING} overlaps with acme-globex/operating/2027-01, which is of the same series" in self.notes(
            installation, january["start"]
        )

    @pytest.mark.parametrize(
        ("to", "free"),
        [
            ("2026-12-25T15:30", "Mon 2026-12-28 15:30"),  # Christmas, then a weekend
            (
                "2026-12-28T03:00",
                "Mon 2026-12-28 15:00",
            ),  # three at night suits nobody: the first half hour in both offices
            ("2026-12-16T15:29", "Wed 2026-12-16 15:30"),  # the pipeline review is in the way until then
        ],
    )
    def test_the_first_date_that_breaks_none_is_named(self, installation: Cadence, to: str, free: str) -> None:
        printed = installation("review", "move", OPERATING, "--to", to, "--dry-run").out
        assert f"The first date that breaks none: {free} Europe/Berlin" in printed
        assert self.notes(installation, free[4:].replace(" ", "T")) == []

    def test_where_nothing_speaks_against_a_date_no_other_is_named(self, installation: Cadence) -> None:
        printed = installation("review", "move", OPERATING, "--to", "2026-12-17T15:00", "--dry-run").out
        assert "breaks none" not in printed

    def test_an_end_that_comes_first(self, installation: Cadence, home: Path) -> None:
        define(home, agreement={"ends": "2027-06-30"})
        installation("once")
        assert "Wed 14 Jul 2027 lies after the end of acme-globex, 2027-06-30" in self.notes(
            installation, "2027-07-14T15:00"
        )

    def test_everybodys_local_time_is_shown(self, installation: Cadence) -> None:
        printed = installation("review", "move", OPERATING, "--to", "2026-12-17T15:00", "--dry-run").out
        assert "Inès Falk: Thu 2026-12-17 15:00 - 16:00 Europe/Berlin" in printed
        assert "Dev Patel: Thu 2026-12-17 09:00 - 10:00 America/Detroit" in printed


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("2026-11-20T15:00", "lies in the past"),
        ("2026-12-18T15:00", "is already on Fri 18 Dec 2026, 15:00"),
        ("2126-12-18T15:00", "more than ten years ahead"),
        ("0001-01-01T00:00", "no review is planned in the year 1"),
        ("9999-12-31T23:59", "no review is planned in the year 9999"),
    ],
)
def test_a_moment_that_will_not_do_is_refused_in_words(installation: Cadence, to: str, said: str) -> None:
    outcome = installation("review", "move", OPERATING, "--to", to)
    assert outcome.status == 1
    assert said in outcome.err


@pytest.mark.parametrize("to", ["", "soon", "2026-13-01", "2026-12-18T25:00", "💥" * 5000])
def test_what_is_no_moment_is_wrong_usage(installation: Cadence, to: str) -> None:
    assert installation("review", "move", OPERATING, "--to", to).status == 2


class TestHoldingAndSkipping:
    def test_an_unrecorded_review_is_closed_as_held(self, installation: Cadence) -> None:
        assert installation("review", "hold", OVER, "--by", "dev").status == 0
        review = shown(installation, OVER)
        assert (review["status"], review["sequence"]) == ("held", 0)
        assert review["history"][-1]["person"] == "dev"

    def test_minutes_are_kept_as_they_are_written(self, installation: Cadence, home: Path) -> None:
        minutes = home / "minutes.md"
        minutes.write_text("# Minutes\n\n- [ ] Tom: second line by March ✓\n", encoding="utf-8")
        assert installation("review", "hold", OVER, "--minutes", str(minutes)).status == 0
        assert shown(installation, OVER)["minutes"] == minutes.read_text(encoding="utf-8")

    def test_late_minutes_have_the_whole_time_for_objections_and_a_slip_of_the_pen_gives_no_second_one(
        self, installation: Cadence, home: Path
    ) -> None:
        """Held on 20 October; its minutes were due on the 27th, and are filed on Saturday 21 November: they go out on
        monday, and Globex is off on 26 and 27 November."""
        october = next(
            str(each["id"])
            for each in json.loads(installation("reviews", "--json").out)
            if each["series"] == "operating" and each["period"] == "2026-10"
        )
        (home / "minutes.md").write_text("# Draft", encoding="utf-8")
        said = installation("review", "hold", october, "--minutes", str(home / "minutes.md")).out
        assert "Objections are open until the end of Wed 2 Dec 2026 (Europe/Berlin)." in said
        assert shown(installation, october)["clocks"]["objections_until"] == "2026-12-02"
        (home / "minutes.md").write_text("# Draft.", encoding="utf-8")
        again = installation("--now", "2026-11-30T09:00+01:00", "review", "hold", october, "--minutes", "minutes.md")
        assert "Objections" not in again.out
        assert shown(installation, october)["clocks"]["objections_until"] == "2026-12-02"

    def test_minutes_may_come_later_and_what_they_replace_stays_in_the_history(
        self, installation: Cadence, home: Path
    ) -> None:
        minutes = home / "minutes.md"
        installation("review", "hold", OVER)
        for text in ("# Draft", "# Accepted"):
            minutes.write_text(text, encoding="utf-8")
            assert installation("review", "hold", OVER, "--minutes", str(minutes)).status == 0
        review = shown(installation, OVER)
        assert review["minutes"] == "# Accepted"
        assert review["history"][-1]["before"] == {"minutes": "# Draft"}

    def test_minutes_of_a_megabyte_are_enough(self, installation: Cadence, home: Path) -> None:
        minutes = home / "minutes.md"
        minutes.write_bytes(b"a" * (1024 * 1024 + 1))
        refused = installation("review", "hold", OVER, "--minutes", str(minutes))
        assert (refused.status, "larger than 1 MiB" in refused.err) == (1, True)
        minutes.write_bytes(b"a" * (1024 * 1024))
        assert installation("review", "hold", OVER, "--minutes", str(minutes)).status == 0

    @pytest.mark.parametrize(("content", "said"), [(b"\xff\xfe\x00", "no UTF-8 text"), (b" \n", "is empty")])
    def test_minutes_are_a_text(self, installation: Cadence, home: Path, content: bytes, said: str) -> None:
        (home / "minutes.md").write_bytes(content)
        refused = installation("review", "hold", OVER, "--minutes", "minutes.md")
        assert refused.status == 1
        assert said in refused.err
        assert shown(installation, OVER)["status"] == "unrecorded"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_minutes_are_read_in_the_encodings_of_text_editors(
        self, installation: Cadence, home: Path, encoding: str
    ) -> None:
        (home / "minutes.txt").write_bytes("Beschlüsse\r\n•\tZwei Schichten für März\r\n".encode(encoding))
        filed = installation("review", "hold", OVER, "--minutes", "minutes.txt")
        assert filed.status == 0 and "  Zwei Schichten für März" in filed.out

    def test_a_review_to_come_was_not_held(self, installation: Cadence) -> None:
        outcome = installation("review", "hold", PIPELINE)
        assert outcome.status == 1
        assert "begins on Wed 2 Dec 2026, 15:00" in outcome.err

    def test_a_review_is_skipped_with_its_reason(self, installation: Cadence) -> None:
        assert installation("review", "skip", PIPELINE, "--because", "nobody is there").status == 0
        review = shown(installation, PIPELINE)
        assert (review["status"], review["because"], review["sequence"]) == ("skipped", "nobody is there", 1)

    def test_a_skipped_review_stays_so_through_every_cycle(self, installation: Cadence, home: Path) -> None:
        installation("review", "skip", PIPELINE, "--because", "nobody is there")
        define(home, reviews={"pipeline": {"at": "09:00"}})
        installation("once")
        review = shown(installation, PIPELINE)
        assert (review["status"], review["start"][11:16]) == ("skipped", "15:00")

    def test_a_held_review_is_neither_skipped_nor_moved(self, installation: Cadence) -> None:
        installation("review", "hold", OVER)
        assert "was held" in installation("review", "skip", OVER, "--because", "nobody came").err
        assert "was held" in installation("review", "move", OVER, "--to", "2026-12-22").err

    @pytest.mark.parametrize("because", ["", "   ", "a" * 2001, "a\x1b[31mred"])
    def test_a_reason_is_a_few_words(self, installation: Cadence, because: str) -> None:
        assert installation("review", "skip", PIPELINE, "--because", because).status == 2
        assert shown(installation, PIPELINE)["status"] == "planned"


class TestUndoing:
    def test_what_was_held_by_mistake_is_opened_and_what_its_minutes_left_is_named(
        self, installation: Cadence, home: Path
    ) -> None:
        (home / "minutes.md").write_text(
            "## Decisions\n- Two shifts\n\n## Actions\n- [ ] Dev: call\n", encoding="utf-8"
        )
        installation("review", "hold", OVER, "--minutes", "minutes.md", "--present", "ines")
        opened = installation("review", "reopen", OVER, "--because", "the other one", "--by", "ines")
        assert opened.out.splitlines() == [
            f"{OVER} is unrecorded: hold or skip it.",
            "Its minutes are kept in its history.",
            "Taken back",
            f"  {OVER}!1  Two shifts",
            f"  {OVER}#1  call",
        ]
        review = shown(installation, OVER)
        assert (review["status"], review["minutes"], review["presence"]) == ("unrecorded", None, [])
        assert review["history"][-1]["because"] == "the other one"

    def test_what_was_skipped_by_mistake_is_planned_again(self, installation: Cadence) -> None:
        installation("review", "skip", PIPELINE, "--because", "nobody is there")
        assert "is planned for" in installation("review", "reopen", PIPELINE, "--because", "they are").out
        assert shown(installation, PIPELINE)["status"] == "planned"

    def test_a_move_is_taken_back(self, installation: Cadence) -> None:
        installation("review", "move", OPERATING, "--to", "2026-12-22")
        back = installation("review", "move", OPERATING, "--back", "--by", "ines")
        assert "is back on the date of the plan: Fri 2026-12-18 15:00 Europe/Berlin" in back.out
        assert shown(installation, OPERATING)["sequence"] == 2

    @pytest.mark.parametrize("more", [[], ["--back", "--to", "2026-12-22"], ["--back", "--dry-run"]])
    def test_where_to_is_said_once(self, installation: Cadence, more: list[str]) -> None:
        assert installation("review", "move", OPERATING, *more).status == 2

    def test_a_formal_review_that_was_called_by_mistake_is_called_off(self, installation: Cadence) -> None:
        called = installation("review", "call", "acme-globex", "--because", "the line stands still").out.split()[1]
        off = installation("review", "call-off", called, "--because", "it does not")
        assert off.out == f"{called} is called off: it does not\n"
        assert (shown(installation, called)["status"], shown(installation, called)["sequence"]) == ("cancelled", 1)


class TestWhoWasThere:
    """At the pipeline review of Wednesday 18 November: Inès of Acme, Dev of Globex; one of each side is a quorum."""

    def test_people_are_named_by_key_or_address_and_the_quorum_follows(self, installation: Cadence) -> None:
        held = installation("review", "hold", OVER, "--present", "ines,dev.patel@globex.example", "--by", "dev")
        assert held.status == 0, held.err
        assert "Present: Inès Falk, Dev Patel" in held.out and "Quorum (one of each side): there was one." in held.out
        review = shown(installation, OVER)
        assert (review["quorate"], review["held_on"]) == (True, None)
        assert [(each["person"], each["present"]) for each in review["presence"]] == [("ines", True), ("dev", True)]
        listed = json.loads(installation("reviews", "--json").out)
        assert next(each["quorate"] for each in listed if each["id"] == OVER) is True

    def test_who_is_not_named_is_not_known_and_neither_is_the_quorum(self, installation: Cadence) -> None:
        held = installation("review", "hold", OVER, "--present", "ines").out
        assert "Not known: Dev Patel" in held and "not known whether there was one" in held
        assert shown(installation, OVER)["quorate"] is None

    def test_a_side_that_was_not_there_leaves_it_held_without_quorum(self, installation: Cadence) -> None:
        held = installation("review", "hold", OVER, "--present", "ines", "--absent", "dev")
        assert "Quorum (one of each side): held without quorum." in held.out
        assert "one of each side: held without quorum" in installation("review", "show", OVER).out
        assert "held without quorum" in installation("reviews", "--all").out

    def test_a_stand_in_sits_in_the_seat_of_whoever_they_stand_for(self, installation: Cadence) -> None:
        held = installation("review", "hold", OVER, "--present", "ines", "--present", "dev=Ada Lovelace").out
        assert "Present: Inès Falk, Ada Lovelace for Dev Patel" in held and "there was one" in held
        known = installation("review", "hold", OVER, "--present", "dev=june").out
        assert "June Okafor for Dev Patel" in known

    def test_who_sat_in_one_seat_before_sits_in_no_second_one_until_that_is_corrected(
        self, installation: Cadence
    ) -> None:
        assert installation("review", "hold", OVER, "--present", "dev=june").status == 0
        refused = installation("review", "hold", OVER, "--present", "june")
        assert refused.status == 1 and "June Okafor would sit in two seats" in refused.err
        assert "of June Okafor and Dev Patel, say who else sat there, or who was absent" in refused.err
        assert installation("review", "hold", OVER, "--present", "june", "--absent", "dev").status == 0

    def test_said_again_it_corrects_and_what_it_replaces_stays_in_the_history(self, installation: Cadence) -> None:
        installation("review", "hold", OVER, "--present", "ines,dev")
        again = installation("review", "hold", OVER, "--absent", "dev")
        assert "what it replaces is kept in its history" in again.out and "Absent: Dev Patel" in again.out
        review = shown(installation, OVER)
        assert (review["quorate"], review["sequence"]) == (False, 0)
        assert review["history"][-1]["before"] == {"quorate": True}
        assert review["history"][-1]["after"] == {"quorate": False, "presence": {"dev": "absent"}}

    def test_the_same_once_more_is_nothing_new(self, installation: Cadence) -> None:
        for _ in range(2):
            installation("review", "hold", OVER, "--present", "ines,dev")
        assert [each["action"] for each in shown(installation, OVER)["history"]].count("hold") == 1

    def test_a_review_may_have_been_held_on_a_later_day(self, installation: Cadence) -> None:
        assert installation("review", "hold", OVER, "--on", "2026-11-20").status == 0
        assert shown(installation, OVER)["held_on"] == "2026-11-20"
        assert "held on       2026-11-20" in installation("review", "show", OVER).out
        assert installation("review", "hold", OVER, "--on", "2026-11-18").status == 0
        assert shown(installation, OVER)["held_on"] is None

    def test_on_a_terminal_those_who_answered_are_proposed_and_no_leaves_it_unknown(
        self, installation: Cadence, home: Path, at_a_terminal: Cadence
    ) -> None:
        answered = Answer("ines.falk@acme.example", Says.ACCEPTED, 0, at("2026-11-17 10:00"), at("2026-11-17 10:00"))
        with open_store(f"sqlite:///{home / 'data' / 'cadence.db'}") as store, store.write() as db:
            rsvps.record(db, "acme-globex", OVER, answered)
        no = at_a_terminal("review", "hold", OVER, answers="n\n")
        assert "Accepted: Inès Falk" in no.out and "No answer: Dev Patel" in no.out
        assert (shown(installation, OVER)["status"], shown(installation, OVER)["presence"]) == ("held", [])
        yes = at_a_terminal("review", "hold", OVER, "--on", "2026-11-18", answers="y\n")
        assert "Present: Inès Falk" in yes.out
        assert [each["person"] for each in shown(installation, OVER)["presence"]] == ["ines"]

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            (["--on", "2026-11-22"], "Sun 22 Nov 2026 is still to come"),
            (["--on", "2026-11-17"], "so it was not held on Tue 17 Nov 2026"),
            (["--present", "ghost"], "ghost"),
            (["--present", "dev", "--absent", "dev"], "Dev Patel is named twice"),
            (["--present", "dev="], "nobody is named behind the ="),
            (["--present", "dev=x@nowhere.example"], "x@nowhere.example"),
            (["--present", "ines", "--present", "dev=ines"], "Inès Falk is of Acme Motors SE, and cannot sit for Dev"),
            (["--present", "dev=marta.bauer@acme.example"], "Marta Bauer is of Acme Motors SE, and cannot sit for"),
            (["--present", "ines=Ada", "--present", "dev=ada"], "would sit in two seats"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_kept(
        self, installation: Cadence, said: list[str], told: str
    ) -> None:
        refused = installation("review", "hold", OVER, *said)
        assert (refused.status, told in refused.err) == (1, True), refused.err
        assert shown(installation, OVER)["status"] == "unrecorded"


def test_showing_a_review_tells_all_of_it(installation: Cadence) -> None:
    printed = installation("review", "show", OPERATING).out
    assert "Operating review, 2026-12: Acme × Globex battery cells" in printed
    assert "agenda owner  Inès Falk" in printed
    assert "agenda by            2026-12-11" in printed
    assert "schedule, SEQUENCE 0" in printed


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("acme-globex/oparating/2026-12", "did you mean acme-globex/operating/2026-12?"),
        ("acme-globex/operating", "name one of them, like acme-globex/operating/2026-11"),
        ("acme-globx/operating/2026-12", "did you mean acme-globex?"),
    ],
)
def test_a_review_that_is_none_is_told_with_the_way_out(installation: Cadence, id: str, said: str) -> None:
    outcome = installation("review", "show", id)
    assert outcome.status == 1
    assert said in outcome.err


class TestShowingMinutesBeforeTheyAreKept:
    TEXT = "## Decisions\n- Two shifts\nRisks\n- Strike\n\n## Actions\n- Dev: call by 18 Dec\n\n## Parked\n- Budget\n"

    @pytest.fixture
    def minutes(self, installation: Cadence, home: Path) -> str:
        (home / "minutes.md").write_text(self.TEXT, encoding="utf-8")
        return "minutes.md"

    def test_on_a_terminal_what_was_understood_is_shown_and_no_keeps_nothing(
        self, installation: Cadence, minutes: str, at_a_terminal: Cadence
    ) -> None:
        outcome = at_a_terminal("review", "hold", OVER, "--minutes", minutes, answers="n\n")
        shown_lines = [line.strip() for line in outcome.out.splitlines()]
        assert outcome.status == 0
        for line in (
            f"{OVER}!1  Two shifts",
            f"{OVER}#1  call (dev; by Fri 18 Dec 2026)",
            f"{OVER}#P1  Budget",
            "line 3: no bullet, so it is not read: Risks",
            'line 4: under "Risks", so it is not read: Strike',
        ):
            assert line in shown_lines
        assert "Nothing was changed." in outcome.out
        assert shown(installation, OVER)["status"] == "unrecorded"
        assert json.loads(installation("action", "list", "--json").out) == []

    def test_on_a_terminal_yes_keeps_what_was_shown_and_shows_it_once(
        self, installation: Cadence, minutes: str, at_a_terminal: Cadence
    ) -> None:
        outcome = at_a_terminal("review", "hold", OVER, "--minutes", minutes, answers="y\n")
        assert outcome.status == 0
        assert outcome.out.count("Two shifts") == 1 and "its minutes are filed" in outcome.out
        assert shown(installation, OVER)["status"] == "held"
        assert [each["id"] for each in json.loads(installation("action", "list", "--json").out)] == [f"{OVER}#1"]

    def test_with_yes_and_without_a_terminal_nobody_is_asked(
        self, installation: Cadence, minutes: str, at_a_terminal: Cadence
    ) -> None:
        assert at_a_terminal("review", "hold", OVER, "--minutes", minutes, "--yes", answers="").status == 0
        again = installation("review", "hold", OVER, "--minutes", minutes)
        assert again.status == 0 and "line 3: no bullet, so it is not read: Risks" in again.out

    def test_without_minutes_nobody_is_asked(self, installation: Cadence, at_a_terminal: Cadence) -> None:
        assert at_a_terminal("review", "hold", OVER, answers="").status == 0
        assert shown(installation, OVER)["status"] == "held"

    def test_what_cannot_be_held_is_refused_before_anything_is_asked(
        self, installation: Cadence, minutes: str, at_a_terminal: Cadence
    ) -> None:
        assert at_a_terminal("review", "hold", PIPELINE, "--minutes", minutes, answers="").status == 1
        assert at_a_terminal("review", "hold", OVER, "--minutes", minutes, "--by", "ghost", answers="").status == 1
