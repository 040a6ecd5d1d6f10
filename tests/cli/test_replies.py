"""`cadence replies`, and where answers are told. It is Saturday 21 November 2026; the review is on 18 December."""

import json
from pathlib import Path
from typing import Any

import pytest

from scheduler.store import open_store, rsvps
from tests.builders import INITECH, at, written
from tests.cli.conftest import Cadence, define
from tests.render.letters_in import INES, OPERATING, TOKEN, a_letter

ID = "acme-globex/operating/2026-12"
GOLDEN = Path(__file__).parents[1] / "render" / "incoming_mail" / "golden" / "replies"


@pytest.fixture
def invited(installation: Cadence, home: Path) -> Cadence:
    """Call cadence where people were invited to the operating review of December."""
    with open_store(f"sqlite:///{home / 'data' / 'cadence.db'}") as store, store.write() as db:
        rsvps.remember_token(db, TOKEN, OPERATING)
    return installation


def saved(home: Path, name: str, *arguments: Any, **said: Any) -> str:
    said.setdefault("stamp", at("2026-11-20 10:00"))
    (home / name).write_bytes(a_letter(*arguments, **said))
    return name


def shown(cadence: Cadence, *arguments: str) -> Any:
    outcome = cadence(*arguments, "--json")
    assert outcome.status == 0, outcome.err
    return json.loads(outcome.out)


def test_letters_saved_as_files_are_taken_in_once(invited: Cadence, home: Path) -> None:
    dev, ines = saved(home, "dev.eml", "DECLINED"), saved(home, "ines.eml", who=INES)
    wrong = saved(home, "wrong.eml", token="0" * 32)
    first = invited("replies", "import", dev, ines, wrong)
    assert (first.status, first.out) == (
        0,
        "2 taken in\n1 bore a wrong token, or came from somebody who is not the attendee\n",
    )
    again = invited("replies", "import", dev, ines, wrong)
    assert (again.status, again.out) == (0, "3 had been dealt with before\n")
    earlier = saved(home, "new.eml", "TENTATIVE", stamp=at("2026-11-19 10:00"))
    assert shown(invited, "replies", "import", earlier) == {"stale": 1}


def test_review_show_tells_who_answered_what_and_what_it_makes_of_the_quorum(invited: Cadence, home: Path) -> None:
    letter = saved(home, "ines.eml", who=INES, more="COMMENT:With the figures")
    counter = saved(
        home, "dev.eml", method="COUNTER", more="DTSTART;TZID=Eastern Standard Time:20261221T100000\nDURATION:PT1H"
    )
    invited("replies", "import", letter, counter)
    page = invited("review", "show", ID).out
    assert "  quorum        one of each side\n" in page
    assert "  by answers    endangered: Globex Cells Inc may come, Acme Motors SE has accepted\n" in page
    assert "  Fri 2026-11-20 09:00  Inès Falk accepted: With the figures\n" in page
    assert "Dev Patel may come, proposes another time\n    proposes Mon 21 Dec 2026, 16:00-17:00 in Berlin; " in page
    assert "Mon 21 Dec 2026, 10:00-11:00 in Detroit\n" in page
    found = shown(invited, "review", "show", ID)
    assert found["quorum_forecast"].startswith("endangered: ")
    assert {each["email"]: (each["says"], each["comment"]) for each in found["answers"]} == {
        INES: ("accepted", "With the figures"),
        "dev.patel@globex.example": ("tentative", None),
    }


def test_another_time_that_is_proposed_is_weighed_as_a_move_is(invited: Cadence, home: Path) -> None:
    """At 20:00 in Berlin Inès has gone home; Christmas is a day off; the afternoon of the 21st suits all."""
    for day, name in (("20261221T190000Z", "a"), ("20261225T150000Z", "b"), ("20261221T150000Z", "c")):
        stamp = at(f"2026-11-20 10:{'abc'.index(name)}0")
        invited("replies", "import", saved(home, f"{name}.eml", method="COUNTER", more=f"DTSTART:{day}", stamp=stamp))
        [answer] = shown(invited, "review", "show", ID)["answers"]
        page = invited("review", "show", ID).out
        if name == "c":
            assert answer["proposed_against"] == [] and answer["better_start"] is None
            way = f"cadence review move {ID} --to 2026-12-21T16:00"
            assert f"    nothing speaks against it: {way}\n" in page
            assert invited(*way.split()[1:], "--dry-run").status == 0
        else:
            assert answer["proposed_against"] and answer["better_against"] == []
            assert all(f"    against it: {line}\n" in page for line in answer["proposed_against"])
            assert "    the first start that suits all: " in page
    assert shown(invited, "review", "show", ID, "--for", "acme")["answers"][0]["proposed_against"] is None


def test_a_time_that_is_over_is_said_to_be_over(invited: Cadence, home: Path) -> None:
    invited("replies", "import", saved(home, "dev.eml", method="COUNTER", more="DTSTART:20261101T150000Z"))
    [answer] = shown(invited, "review", "show", ID)["answers"]
    assert "lies in the past" in answer["proposed_against"][0]


def test_after_a_move_an_answer_is_one_to_an_earlier_time(invited: Cadence, home: Path) -> None:
    invited("replies", "import", saved(home, "dev.eml"))
    invited("review", "move", ID, "--to", "2026-12-22T15:00")
    assert "Dev Patel answered for an earlier time\n" in invited("review", "show", ID).out
    [answer] = shown(invited, "review", "show", ID)["answers"]
    assert answer["for_an_earlier_time"] is True


def test_a_comment_cannot_steer_the_terminal(invited: Cadence, home: Path) -> None:
    invited("replies", "import", saved(home, "dev.eml", more="COMMENT:\x1b[2J\x9b1mgone\u202e"))
    assert all(character.isprintable() or character == "\n" for character in invited("review", "show", ID).out)


def test_without_answers_nothing_is_said_of_them(invited: Cadence) -> None:
    assert "nswer" not in invited("review", "show", ID).out
    assert shown(invited, "review", "show", ID)["quorum_forecast"] is None


def test_status_counts_what_became_of_all_letters(invited: Cadence, home: Path) -> None:
    assert shown(invited, "status")["replies"] == {}
    assert invited("replies", "status").out == "No letter has come yet.\n"
    wrong, cancels = saved(home, "b.eml", token="0" * 32), saved(home, "c.eml", method="CANCEL")
    invited("replies", "import", saved(home, "a.eml"), wrong, cancels)
    assert shown(invited, "status")["replies"] == {"forged": 1, "no answer": 1, "taken": 1}
    assert "replies       1 forged, 1 no answer, 1 taken\n" in invited("status").out
    assert "1 taken in, the last Sat 2026-11-21 08:00 UTC\n" in invited("replies", "status").out
    assert shown(invited, "replies", "status")["taken"]["letters"] == 1


def test_a_file_of_fifty_megabytes_is_counted_and_not_read(invited: Cadence, home: Path) -> None:
    with (home / "large.eml").open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert invited("replies", "import", "large.eml").out == "1 were larger than 1 MiB\n"


def test_a_file_that_is_not_there_is_said_with_the_way_out_and_those_before_it_count(
    invited: Cadence, home: Path
) -> None:
    outcome = invited("replies", "import", saved(home, "dev.eml"), "nowhere.eml")
    assert outcome.status == 1
    assert "nowhere.eml cannot be read: No such file or directory" in outcome.err
    assert "Traceback" not in outcome.err


def test_plan_tells_of_somebody_expected_in_two_partnerships_at_once(installation: Cadence, home: Path) -> None:
    """Dev's other operating review is at the same hour of the same days; his agreement with Initech began that day
    too."""
    people = {key: dict(person) for key, person in written()["people"].items()}
    for person in people.values():
        if person["of"] == "acme":
            person |= {"of": "initech", "email": person["email"].replace("acme", "initech")}
    other = {"initech": {**INITECH, "country": "DE", "region": "BY", "timezone": "Europe/Berlin"}}
    organisations = {**other, "globex": written()["organisations"]["globex"]}
    define(
        home, partnership="initech-globex", organisations=organisations, people=people,
        kpis={"cells-delivered": written()["kpis"]["cells-delivered"]},
    )  # fmt: skip
    planned = {each["review"]: each["notes"] for each in shown(installation, "plan", "initech-globex")}
    assert (
        "overlaps with acme-globex/operating/2026-12: Dev Patel cannot be at both; "
        "Fri 2026-12-18 16:00 Europe/Berlin is free for all" in (planned["initech-globex/operating/2026-12"])
    )
    told = installation("plan", "initech-globex", "--all").out
    assert "note      initech-globex/operating/2026-12 overlaps with acme-globex/operating/2026-12: Dev Patel" in told


def test_what_a_person_has_to_read_is_listed_until_somebody_has_read_it(invited: Cadence, home: Path) -> None:
    assert invited("replies", "list").out == "No letter waits to be read.\n"
    alias = "d.patel@globexcells.example"
    letter = saved(home, "dev.eml", "DECLINED", sender=f"Dev Patel <{alias}>", who=alias)
    assert invited("replies", "import", letter).out == "1 to be read by a person: cadence replies list\n"
    page = invited("replies", "list").out
    assert "Dev Patel about Operating review of Fri 18 Dec 2026\n" in page
    assert f"Its calendar says: declined. The mail is from {alias}. It does not count as an answer: {alias} is" in page
    assert "also:" in page and "cadence replies done ID" in page
    [row] = shown(invited, "replies", "list")
    assert (row["person"], row["of"], row["says"], row["closed_as"]) == ("dev", "globex", "declined", None)
    assert shown(invited, "replies", "list", "--partnership", "nobody") == []
    assert "to be read    1 letter waits for a person: cadence replies list\n" in invited("status").out
    assert invited("replies", "done", "1").out == "1 letter is off the list.\n"
    assert invited("replies", "done", "1").status == invited("replies", "done", "2").status == 1
    assert invited("replies", "list").out == "No letter waits to be read.\n"
    [row] = shown(invited, "replies", "list", "--all")
    assert row["closed_as"] == "read"


def test_the_words_of_a_stranger_cannot_steer_the_terminal(invited: Cadence, home: Path) -> None:
    head = f"From: \x1b[31mDev <{INES}>\r\nTo: c+{TOKEN}@acme.example\r\n\r\n"
    (home / "words.eml").write_bytes(head.encode() + b"I am \x1b[2Jlate\x9b31m\r\n")
    invited("replies", "import", "words.eml")
    page = invited("replies", "list").out
    assert "late" in page and "\x1b" not in page and "\x9b" not in page
