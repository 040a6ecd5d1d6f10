"""`cadence person`: what somebody has to do, and who does it after them. It is Saturday 21 November 2026.

Tom Reyes of Globex owns cells-delivered, with Dev Patel as his deputy. Uwe Brandt of Acme owns landed-cost, which is
internal to Acme; Inès Falk, Acme's alliance manager, is his deputy.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.domain.record.minutes import Action
from scheduler.store import actions, open_store
from tests.builders import CELLS_DELIVERED, DEV, GLOBEX, INES, INITECH, JUNE, MARTA, TOM, UWE, Written, at
from tests.cli.conftest import AsLived, Cadence, define

FILE = Path("config") / "partnerships" / "acme-globex.yaml"
ROSA: Written = {"name": "Rosa Lind", "email": "rosa.lind@globex.example", "of": "globex"}
PEOPLE: Written = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM, "rosa": ROSA}
REVIEWS: Written = {
    "pipeline": {"agenda_owner": "tom", "deputy": "dev"},
    "health-audit": {"chair": ["june", "tom"], "attendees": ["tom", "rosa", "ines"]},
}
MONDAY = "2026-11-23T09:00+01:00"


@pytest.fixture
def unit_of_work(installation: Cadence, home: Path, as_lived: AsLived) -> Cadence:
    """Where Tom has more to do, and Rosa could do it."""

    def live() -> None:
        define(home, people=PEOPLE, reviews=REVIEWS)
        assert installation("once").status == 0

    as_lived("Tom has more to do", live)
    return installation


def an_action(owner: str = "tom", number: int = 1) -> None:
    with open_store("sqlite:///data/cadence.db") as store, store.write() as db:
        id = f"acme-globex/operating/2026-10#{number}"
        review, series = "acme-globex/operating/2026-10", "acme-globex/operating"
        due, opened = date(2026, 12, 18), at("2026-10-21 09:00")
        actions.save(db, [Action(id, "acme-globex", series, review, "Send the drawings", owner, due, opened)])


def owners() -> list[str | None]:
    with open_store("sqlite:///data/cadence.db") as store, store.read() as db:
        return [each.owner for each in actions.recorded(db, "acme-globex")]


def defined() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def duties(cadence: Cadence, id: str, *more: str) -> list[str]:
    listed = json.loads(cadence(*more, "person", "duties", id, "--json").out)
    return [f"{each['group']} {each['key']} {each['part']}" for each in listed]


# The list ----------------------------------------------------------------------------------------------------------


def test_every_duty_is_listed_named_ones_open_actions_and_what_goes_with_the_role(unit_of_work: Cadence) -> None:
    an_action()
    assert duties(unit_of_work, "tom") == [
        "kpis cells-delivered owner",
        "reviews pipeline agenda owner",
        "reviews health-audit chair",
        "reviews health-audit attendee",
        "actions acme-globex/operating/2026-10#1 owner",
    ]
    of_dev = duties(unit_of_work, "dev")
    assert {"kpis cells-delivered deputy", "criteria dashboards owner", "reviews pipeline deputy"} <= {*of_dev}
    assert "reviews operating attendee" in of_dev
    assert of_dev[-1] == "role alliance_manager seat"


def test_as_text_each_matter_stands_once(unit_of_work: Cadence) -> None:
    printed = unit_of_work("person", "duties", "tom").out
    assert "review health-audit  chair, attendee" in printed
    assert "(by role)" in unit_of_work("person", "duties", "dev").out


def test_a_name_that_is_nobodys_is_told_with_the_nearest_one(unit_of_work: Cadence) -> None:
    assert duties(unit_of_work, "rosa") == ["reviews health-audit attendee"]
    assert unit_of_work("person", "duties", "nobody").status == 1
    assert "did you mean rosa?" in unit_of_work("person", "duties", "rossa", "--partnership", "acme-globex").err


def test_a_key_that_two_partnerships_have_must_be_told_apart_and_an_address_means_both(
    unit_of_work: Cadence, home: Path
) -> None:
    define(home, partnership="acme-initech", people=PEOPLE)
    unit_of_work("once")
    refused = unit_of_work("person", "duties", "tom")
    assert (refused.status, "acme-globex, acme-initech" in refused.err) == (1, True)
    assert len(duties(unit_of_work, "tom.reyes@globex.example")) == 4 + 1, "of the first partnership, and of the second"
    outcome = unit_of_work("person", "duties", "tom", "--partnership", "acme-initech")
    assert "acme-initech  KPI cells-delivered" in outcome.out


# Leaving today -----------------------------------------------------------------------------------------------------


def leave(cadence: Cadence, *arguments: str) -> Any:
    return cadence("person", "leave", *arguments)


def test_everything_passes_to_the_successor_in_the_file_and_in_the_open_actions(unit_of_work: Cadence) -> None:
    an_action()
    outcome = leave(unit_of_work, "tom", "--to", "rosa", "--yes")
    assert outcome.status == 0, outcome.err
    told = defined()
    assert told["kpis"]["cells-delivered"]["owner"] == "rosa"
    assert told["reviews"]["pipeline"]["agenda_owner"] == "rosa"
    assert told["people"]["tom"]["leaves"] == date(2026, 11, 21)
    assert owners() == ["rosa"]
    assert unit_of_work("once").status == 0
    assert duties(unit_of_work, "tom") == []
    listed = json.loads(unit_of_work("reviews", "--json", "--partnership", "acme-globex").out)
    to_come = [each for each in listed if each["series"] == "pipeline" and each["status"] == "planned"]
    assert {each["agenda_owner"] for each in to_come} == {"rosa"}
    assert "Tom Reyes (leaves on 2026-11-21)" in unit_of_work("show", "acme-globex").out


def test_who_would_take_part_twice_takes_part_once(unit_of_work: Cadence) -> None:
    leave(unit_of_work, "tom", "--to", "rosa", "--yes")
    assert defined()["reviews"]["health-audit"] == {"chair": ["june", "rosa"], "attendees": ["rosa", "ines"]}


def test_who_would_stand_in_for_themselves_no_longer_has_a_deputy(unit_of_work: Cadence) -> None:
    outcome = leave(unit_of_work, "tom", "--to", "dev", "--yes")
    assert "dev has no deputy for this KPI" in outcome.out
    told = defined()
    assert told["kpis"]["cells-delivered"] == {
        key: "dev" if key == "owner" else value for key, value in CELLS_DELIVERED.items() if key != "deputy"
    }
    assert told["reviews"]["pipeline"] == {"agenda_owner": "dev"}


def test_several_can_take_over_each_a_group_or_one_matter(unit_of_work: Cadence) -> None:
    an_action()
    to = ("--to", "rosa", "--to", "reviews=june", "--to", "pipeline=ines", "--to", "actions=dev")
    assert leave(unit_of_work, "tom", *to, "--yes").status == 0
    told = defined()
    assert told["kpis"]["cells-delivered"]["owner"] == "rosa"
    assert told["reviews"]["pipeline"]["agenda_owner"] == "ines"
    assert told["reviews"]["health-audit"]["attendees"] == ["june", "rosa", "ines"]
    assert owners() == ["dev"]


def test_while_a_duty_has_no_taker_nothing_is_written(unit_of_work: Cadence) -> None:
    before = FILE.read_bytes()
    outcome = leave(unit_of_work, "tom", "--to", "reviews=rosa", "--yes")
    assert (outcome.status, FILE.read_bytes()) == (1, before)
    assert "1 duty has no taker, so nothing was written: KPI cells-delivered" in outcome.err
    assert "--to cells-delivered=PERSON" in outcome.err
    alone = leave(unit_of_work, "tom")
    assert (alone.status, "review pipeline" in alone.out) == (1, True)


def test_an_internal_kpi_does_not_pass_to_the_other_side(unit_of_work: Cadence) -> None:
    before = FILE.read_bytes()
    outcome = leave(unit_of_work, "uwe", "--to", "tom", "--yes")
    assert (outcome.status, FILE.read_bytes()) == (1, before)
    assert "kpis.landed-cost.owner: this KPI is internal to acme, and tom is of globex" in outcome.err


def test_comments_and_layout_stay(unit_of_work: Cadence) -> None:
    text = FILE.read_text(encoding="utf-8")
    commented = text.replace("    owner: tom\n", "    owner: tom   # knows the line\n").replace(
        "kpis:", "# 2. KPIs\nkpis:"
    )
    FILE.write_text(commented, encoding="utf-8")
    leave(unit_of_work, "tom", "--to", "cells-delivered=rosa", "--to", "dev", "--yes")
    after = FILE.read_text(encoding="utf-8")
    assert "    owner: rosa   # knows the line\n" in after
    assert "# 2. KPIs\nkpis:" in after
    assert len(after.splitlines()) == len(commented.splitlines()), "`leaves` came, Dev as his own deputy went"


def test_a_dry_run_shows_the_change_and_makes_none(unit_of_work: Cadence) -> None:
    before = FILE.read_bytes()
    outcome = leave(unit_of_work, "tom", "--to", "rosa", "--dry-run")
    assert (outcome.status, FILE.read_bytes()) == (0, before)
    assert "-    owner: tom\n+    owner: rosa\n" in outcome.out
    assert "KPI cells-delivered: owner → rosa" in outcome.out
    assert "Nothing was changed (--dry-run)." in outcome.out


def test_where_nobody_can_be_asked_it_needs_a_yes(unit_of_work: Cadence) -> None:
    before = FILE.read_bytes()
    outcome = leave(unit_of_work, "tom", "--to", "rosa")
    assert (outcome.status, FILE.read_bytes()) == (2, before)


def test_on_a_terminal_it_asks_and_takes_no_for_an_answer(unit_of_work: Cadence, at_a_terminal: Cadence) -> None:
    before = FILE.read_bytes()
    refused = at_a_terminal("person", "leave", "tom", "--to", "rosa", answers="n\n")
    assert (refused.status, FILE.read_bytes()) == (0, before)
    assert "Written." in at_a_terminal("person", "leave", "tom", "--to", "rosa", answers="y\n").out


def test_nobody_hands_over_to_themselves_or_to_who_is_gone_or_for_what_they_do_not_do(unit_of_work: Cadence) -> None:
    assert "cannot hand over to themselves" in leave(unit_of_work, "tom", "--to", "tom", "--yes").err
    assert "did you mean rosa?" in leave(unit_of_work, "tom", "--to", "rossa", "--yes").err
    assert "did you mean pipeline?" in leave(unit_of_work, "tom", "--to", "rosa", "--to", "pipelin=dev", "--yes").err
    assert leave(unit_of_work, "tom", "--to", "kpis=", "--yes").status == 2
    assert leave(unit_of_work, "tom", "--to", "rosa", "--to", "dev", "--yes").status == 2
    leave(unit_of_work, "rosa", "--to", "dev", "--yes")
    assert "rosa leaves on 2026-11-21" in leave(unit_of_work, "tom", "--to", "rosa", "--yes").err


def test_nothing_is_written_into_a_file_with_errors(unit_of_work: Cadence) -> None:
    FILE.write_text(FILE.read_text(encoding="utf-8").replace("every: month", "every: fortnight"), encoding="utf-8")
    before = FILE.read_bytes()
    outcome = leave(unit_of_work, "tom", "--to", "rosa", "--yes")
    assert (outcome.status, FILE.read_bytes()) == (1, before)
    assert "has errors, so nothing is written into it" in outcome.err


def test_by_mail_address_somebody_leaves_all_their_partnerships_or_none(unit_of_work: Cadence, home: Path) -> None:
    other = define(home, partnership="acme-initech", people={key: PEOPLE[key] for key in PEOPLE if key != "rosa"})
    unit_of_work("once")
    before = FILE.read_bytes(), other.read_bytes()
    assert leave(unit_of_work, "tom.reyes@globex.example", "--to", "rosa", "--yes").status == 1
    assert (FILE.read_bytes(), other.read_bytes()) == before
    assert leave(unit_of_work, "Tom.Reyes@Globex.example", "--to", "dev.patel@globex.example", "--yes").status == 0
    for file in (FILE, other):
        assert yaml.safe_load(file.read_bytes())["kpis"]["cells-delivered"]["owner"] == "dev"


# The seat ----------------------------------------------------------------------------------------------------------


def test_the_role_passes_to_a_successor_of_that_side_who_has_none(unit_of_work: Cadence) -> None:
    assert leave(unit_of_work, "june", "--to", "rosa", "--yes").status == 0
    told = defined()["people"]
    assert ("role" in told["june"], told["rosa"]["role"]) == (False, "sponsor")


def test_otherwise_the_seat_is_left_empty_and_flagged(unit_of_work: Cadence) -> None:
    outcome = leave(unit_of_work, "june", "--to", "dev", "--yes")
    assert "nobody takes the seat of sponsor of Globex Cells Inc" in outcome.out
    assert defined()["people"]["dev"]["role"] == "alliance_manager"
    unit_of_work("once")
    assert "vacant: sponsor of globex, since 2026-11-21" in unit_of_work("show", "acme-globex").out
    shown = json.loads(unit_of_work("show", "acme-globex", "--json").out)
    assert shown["vacant"] == [{"organisation": "globex", "role": "sponsor", "since": "2026-11-21"}]


def test_somebody_can_be_named_for_the_role(unit_of_work: Cadence) -> None:
    outcome = leave(unit_of_work, "june", "--to", "rosa", "--to", "role=dev", "--yes")
    assert "dev is alliance manager no longer" in outcome.out
    told = defined()["people"]
    assert (told["dev"]["role"], "role" in told["rosa"]) == ("sponsor", False)


# Leaving later -----------------------------------------------------------------------------------------------------


def test_for_a_day_to_come_it_is_announced_and_on_that_day_all_is_the_successors(unit_of_work: Cadence) -> None:
    """The hand-over is of 1 December; nobody has to do anything then."""
    an_action()
    assert leave(unit_of_work, "tom", "--to", "rosa", "--on", "2026-12-01", "--yes").status == 0
    told = defined()
    assert told["kpis"]["cells-delivered"]["owner"] == "tom"
    assert told["people"]["tom"] == {**TOM, "leaves": date(2026, 12, 1), "successor": "rosa"}
    for now, who in (("2026-11-30T23:59+01:00", "tom"), ("2026-12-01T00:00+01:00", "rosa")):
        assert unit_of_work("--now", now, "once").status == 0
        assert owners() == [who]
        named = {each["owner"] for each in json.loads(unit_of_work("--now", now, "kpi", "list", "--json").out)}
        assert named == {who, "uwe"}
        assert duties(unit_of_work, {"tom": "rosa", "rosa": "tom"}[who], "--now", now) in (
            [],
            ["reviews health-audit attendee", "successions tom successor"],
        )


def test_before_the_day_one_successor_is_named_and_not_several(unit_of_work: Cadence) -> None:
    before = FILE.read_bytes()
    outcome = leave(unit_of_work, "tom", "--on", "2026-12-01", "--to", "rosa", "--to", "kpis=dev", "--yes")
    assert (outcome.status, FILE.read_bytes()) == (1, before)
    assert "one successor, who takes everything" in outcome.err


def test_an_announced_hand_over_can_be_written_out_on_the_day(unit_of_work: Cadence) -> None:
    leave(unit_of_work, "tom", "--to", "rosa", "--on", "2026-12-01", "--yes")
    outcome = unit_of_work("--now", "2026-12-02T09:00+01:00", "person", "leave", "tom", "--to", "dev", "--yes")
    assert outcome.status == 0, outcome.err
    told = defined()
    assert told["people"]["tom"] == {**TOM, "leaves": date(2026, 12, 2)}
    assert told["kpis"]["cells-delivered"]["owner"] == "dev"


def test_who_was_to_follow_somebody_passes_that_on_too(unit_of_work: Cadence) -> None:
    leave(unit_of_work, "tom", "--to", "rosa", "--on", "2026-12-01", "--yes")
    assert leave(unit_of_work, "rosa", "--to", "dev", "--yes").status == 0
    assert defined()["people"]["tom"]["successor"] == "dev"


def test_the_day_is_the_partnerships_own(unit_of_work: Cadence, home: Path) -> None:
    """On 1 December at 08:00 in Berlin it is 02:00 in Detroit, and in Tokyo 16:00: each zone has its own midnight."""
    people = {"ines": INES, "marta": MARTA, "tom": {**TOM, "leaves": "2026-12-01", "successor": "dev"}, "dev": DEV}
    people |= {"june": JUNE, "uwe": UWE}
    zones = {"acme-globex": "America/Detroit", "acme-initech": "Asia/Tokyo"}
    for id, zone in zones.items():
        define(home, partnership=id, people=people, timezone=zone, organisations={"acme": INITECH, "globex": GLOBEX})
    now = ("--now", "2026-12-01T00:30+01:00")
    assert unit_of_work(*now, "once").status == 0
    listed = json.loads(unit_of_work(*now, "kpi", "list", "--json").out)
    found = {each["partnership"]: each["owner"] for each in listed if each["kpi"] == "cells-delivered"}
    assert found == {"acme-globex": "tom", "acme-initech": "dev"}


# Away --------------------------------------------------------------------------------------------------------------


def test_an_absence_is_said_listed_and_taken_back(unit_of_work: Cadence) -> None:
    said = unit_of_work("person", "away", "tom", "--from", "2026-12-21", "--until", "2027-01-02", "--by", "dev")
    assert said.status == 0 and "2026-12-21  2027-01-02  dev.patel@globex.example" in said.out
    listed = json.loads(unit_of_work("person", "away", "tom", "--json").out)
    assert [(each["from"], each["until"]) for each in listed["absences"]] == [("2026-12-21", "2027-01-02")]
    assert "no absence" in unit_of_work("person", "away", "tom", "--take-back", "2026-12-21").out
    assert unit_of_work("person", "away", "tom", "--take-back", "2026-12-21").status == 1


def test_an_absence_needs_its_last_day_which_is_not_before_the_first(unit_of_work: Cadence) -> None:
    assert unit_of_work("person", "away", "tom", "--from", "2026-12-21").status == 2
    assert unit_of_work("person", "away", "tom", "--from", "2026-12-21", "--until", "2026-12-20").status == 2
    assert unit_of_work("person", "away", "tom", "--until", "2026-11-20").status == 2
    assert unit_of_work("person", "away", "tom", "--from", "2026-11-20", "--until", "2026-12-20").status == 1


def test_an_address_is_changed_after_it_was_shown(unit_of_work: Cadence) -> None:
    call = ("person", "change", "tom", "--email", "t.reyes@globex.example")
    before = FILE.read_bytes()
    shown = unit_of_work(*call, "--dry-run")
    assert "+    email: t.reyes@globex.example" in shown.out and FILE.read_bytes() == before
    assert unit_of_work(*call).status == 2, "nobody can be asked here"
    assert unit_of_work(*call, "--yes").status == 0
    assert defined()["people"]["tom"]["email"] == "t.reyes@globex.example"
    assert "says so already" in unit_of_work(*call, "--yes").out
    assert unit_of_work("person", "change", "tom").status == 2


def test_everything_open_of_somebody_is_closed_after_it_was_shown(unit_of_work: Cadence) -> None:
    an_action()
    call = ("person", "close", "tom", "--because", "has left", "--by", "dev")
    shown = unit_of_work(*call, "--dry-run")
    assert "Send the drawings" in shown.out and "cells-delivered 2026-10, overdue" in shown.out
    assert unit_of_work(*call).status == 2, "nobody can be asked here"
    assert unit_of_work(*call, "--yes").status == 0
    assert "Nothing is open of tom" in unit_of_work(*call, "--yes").out
