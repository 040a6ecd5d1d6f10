"""`cadence partnership end`: only a person ends a partnership. It is Saturday 21 November 2026."""

import json
from pathlib import Path
from typing import Any

from scheduler.domain.record.minutes import Action
from scheduler.store import actions, notifications, open_store
from tests.builders import Written, at
from tests.cli.conftest import Cadence, define

END = ("partnership", "end", "acme-globex", "--because", "the agreement ran out")


def stored(cadence: Cadence) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in json.loads(cadence("reviews", "--json").out)}


def test_where_nobody_can_be_asked_it_needs_a_yes(installation: Cadence) -> None:
    before = stored(installation)
    outcome = installation(*END)
    assert (outcome.status, "say --yes" in outcome.err) == (2, True)
    assert stored(installation) == before


def test_what_is_to_come_is_cancelled_and_what_was_stays(installation: Cadence) -> None:
    before = stored(installation)
    outcome = installation(*END, "--yes", "--by", "marta")
    assert outcome.status == 0
    after = stored(installation)
    for id, review in before.items():
        if review["status"] == "planned":
            ended = (after[id]["status"], after[id]["sequence"], after[id]["because"])
            assert ended == ("cancelled", 1, "the agreement ran out")
        else:
            assert after[id] == review
    history = json.loads(installation("review", "show", "acme-globex/checkpoint", "--json").out)["history"]
    assert (history[-1]["action"], history[-1]["person"]) == ("cancel", "marta")


def test_after_the_end_no_place_asks_for_a_past_review_to_be_closed(installation: Cadence) -> None:
    assert "to be closed" in installation("show", "acme-globex").out
    installation(*END, "--yes")
    shown = installation("show", "acme-globex").out
    assert "to be closed" not in shown and "Next reviews" not in shown
    assert json.loads(installation("show", "acme-globex", "--json").out)["to_close"] == []
    assert json.loads(installation("status", "--json").out)["to_close"] == []


def test_it_lists_what_it_cancels(installation: Cadence) -> None:
    printed = installation(*END, "--yes").out
    assert "acme-globex/operating/2026-11  Mon 2026-11-23 15:00 Europe/Berlin" in printed


def test_nothing_is_owed_any_more_and_what_was_reported_stays(installation: Cadence) -> None:
    installation("kpi", "report", "acme-globex/cells-delivered", "0.31")
    installation(*END, "--yes")
    assert json.loads(installation("overdue", "--json").out) == []
    assert [each["value"] for each in json.loads(installation("kpi", "list", "--json").out)] == [0.31]
    assert "was ended on 2026-11-21" in installation("kpi", "report", "acme-globex/cells-delivered", "0.4").err


def test_its_file_is_not_taken_up_again_whatever_it_says(installation: Cadence, home: Path) -> None:
    installation(*END, "--yes")
    before = stored(installation)
    define(home, reviews={"pipeline": {"at": "09:00"}})
    assert installation("once").status == 0
    assert stored(installation) == before
    assert json.loads(installation("list", "--json").out)[0]["state"] == "ended"


def test_it_is_ended_once(installation: Cadence) -> None:
    installation(*END, "--yes")
    assert (installation(*END, "--yes").status, "already" in installation(*END, "--yes").err) == (1, True)


# What is left behind ------------------------------------------------------------------------------------------------

SURVIVING: Written = {
    "exit": "Tooling returns to its owner.",
    "survives": ["Confidentiality for five years"],
    "documents": [
        {"kind": "mou", "signed": "2026-05-04"},
        {"kind": "loan", "expires": "2026-11-20"},
        {"kind": "nda", "expires": "2026-12-21"},
    ],
}


def notices_in(home: Path) -> list[tuple[str, str, str | None]]:
    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.read() as db:
        return [(each.subject, each.state, each.person) for each in notifications.listing(db)]


def test_the_closing_summary_says_what_is_open_and_what_survives(installation: Cadence, home: Path) -> None:
    define(home, agreement={"effective": "2026-10-01", **SURVIVING})
    installation("once")
    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
        review = "acme-globex/operating/2026-10"
        undone = (f"{review}#1", "acme-globex", "acme-globex/operating", review, "Send the drawings", "tom", None)
        unread = (f"{review}#2", *undone[1:4], "Send the samples", "tom", None)
        filed_at = at("2026-10-21 09:00")
        actions.save(db, [Action(*undone, filed_at), Action(*unread, filed_at, unread="by EOM")])
    printed = installation(*END, "--yes").out
    assert "  acme-globex/operating/2026-10#1  tom: Send the drawings\n" in printed
    assert (
        '  acme-globex/operating/2026-10#2  tom, its date could not be read ("by EOM"): Send the samples\n' in printed
    )
    assert "  acme-globex/cells-delivered 2026-10  tom, due 2026-11-13\n" in printed
    assert "Exit plan\n  Tooling returns to its owner.\n" in printed
    assert "  Confidentiality for five years\n  the NDA until 2026-12-21: cadence goes on telling of it\n" in printed
    assert "loan" not in printed
    assert "MOU" not in printed


def test_a_partnership_with_nothing_open_says_no_more_than_what_it_cancels(installation: Cadence) -> None:
    installation("kpi", "report", "acme-globex/cells-delivered", "0.31")
    installation("kpi", "report", "acme-globex/landed-cost", "90")
    printed = installation(*END, "--yes").out
    assert not any(word in printed for word in ("Exit plan", "survives", "not done", "never reported"))


def test_what_waits_to_be_told_is_told_no_more(installation: Cadence, home: Path) -> None:
    before = notices_in(home)
    assert "waiting" in {state for _, state, _ in before}, "Tom is late with October"
    installation(*END, "--yes")
    assert "waiting" not in {state for _, state, _ in notices_in(home)}
    installation("once")
    assert "waiting" not in {state for _, state, _ in notices_in(home)}


def test_a_document_that_still_runs_is_spoken_of_until_it_expires(installation: Cadence, home: Path) -> None:
    """The playbook tells 90, 60, 30, 7 and 0 days ahead of 21 December: the alliance managers, at last the sponsors
    too."""
    define(home, agreement={"effective": "2026-10-01", **SURVIVING})
    installation("once")
    installation(*END, "--yes")

    def waiting() -> set[str | None]:
        nda = "acme-globex/documents/nda"
        return {person for subject, state, person in notices_in(home) if (subject, state) == (nda, "waiting")}

    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
        notifications.drop_all(db, "acme-globex")
    installation("--now", "2026-12-13T23:59+01:00", "once")
    assert waiting() == set()
    installation("--now", "2026-12-14T00:00+01:00", "once")
    assert waiting() == {"ines", "dev"}
    installation("--now", "2026-12-21T00:00+01:00", "once")
    assert waiting() == {"ines", "dev", "marta", "june"}
    assert {subject for subject, state, _ in notices_in(home) if state == "waiting"} == {"acme-globex/documents/nda"}


def test_on_a_terminal_it_asks_and_takes_no_for_an_answer(home: Path, at_a_terminal: Cadence) -> None:
    refused = at_a_terminal(*END, answers="n\n")
    assert (refused.status, "Nothing was changed." in refused.out) == (0, True)
    agreed = at_a_terminal(*END, answers="y\n")
    assert "acme-globex is ended" in agreed.out


def test_a_pause_says_what_lies_in_it_asks_and_is_resumed(installation: Cadence) -> None:
    pause = (
        "partnership",
        "pause",
        "acme-globex",
        "--from",
        "2026-12-01",
        "--until",
        "2027-01-31",
        "--because",
        "moved",
    )
    assert installation(*pause).status == 2, "nobody can be asked here"
    done = installation(*pause, "--yes", "--by", "dev")
    assert done.status == 0 and "acme-globex/operating/2026-12" in done.out
    assert "acme-globex/cells-delivered: 2026-12, 2027-01" in done.out
    assert installation(*pause, "--yes").status == 1
    then = ("--now", "2026-12-15T10:00+01:00")
    assert "paused     from 2026-12-01 to 2027-01-31: moved" in installation(*then, "show", "acme-globex").out
    assert json.loads(installation(*then, "list", "--json").out)[0]["paused"]["until"] == "2027-01-31"
    assert "paused        acme-globex" in installation(*then, "status").out
    assert (
        "is paused until 2027-01-09" in installation("partnership", "resume", "acme-globex", "--on", "2027-01-10").out
    )
    assert "not paused after all" in installation("partnership", "resume", "acme-globex").out
    assert installation("partnership", "resume", "acme-globex").status == 1
