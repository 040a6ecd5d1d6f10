"""`cadence action`, and what becomes of minutes: it is Saturday 21 November 2026.

The pipeline review of ISO week 47 lay before cadence was started; Inès Falk of Acme owns its agenda. That of week 48 is
on Wednesday the 25th, that of week 49 on Wednesday 2 December.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cadence, Outcome

OVER, NEXT, AFTER_NEXT = (f"acme-globex/pipeline/2026-W{week}" for week in (47, 48, 49))
MINUTES = """# Minutes

## Decisions
- Two shifts from May

## Next steps
- [ ] Dev: send the samples by Fri 20 Nov 2026
- Tom Reyes - call the plant (4 December)
- Press shop: order the second press
- [ ] book a room

Somebody brings cake.

## Parked
- Budget 2027
"""


@pytest.fixture
def file(installation: Cadence, home: Path) -> Any:
    """File minutes of a review."""

    def filed(text: str = MINUTES, id: str = OVER) -> Outcome:
        (home / "minutes.md").write_text(text, encoding="utf-8")
        return installation("review", "hold", id, "--minutes", "minutes.md", "--by", "ines")

    return filed


def listed(cadence: Cadence, *arguments: str) -> list[dict[str, Any]]:
    outcome = cadence("action", "list", "--json", *arguments)
    assert outcome.status == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)
    return found


def agenda(cadence: Cadence, id: str) -> str:
    outcome = cadence("agenda", id)
    assert outcome.status == 0, outcome.err
    return outcome.out


# Filing ------------------------------------------------------------------------------------------------------------


def test_holding_a_review_prints_what_was_read_out_of_its_minutes(file: Any) -> None:
    outcome = file()
    assert outcome.status == 0, outcome.err
    assert outcome.out.splitlines() == [
        f"{OVER} was held; its minutes are filed.",
        "Decisions",
        f"  {OVER}!1  Two shifts from May",
        "Actions",
        f"  {OVER}#1  send the samples (dev; by Fri 20 Nov 2026)",
        f"  {OVER}#2  call the plant (tom; by Fri 4 Dec 2026)",
        f"  {OVER}#3  order the second press (Press shop is nobody on record: ines answers for it; "
        "no date is named: the next review of its series, Wed 25 Nov 2026)",
        f"  {OVER}#4  book a room (no owner is named: ines answers for it; "
        "no date is named: the next review of its series, Wed 25 Nov 2026)",
        "Unfinished, for the next agenda",
        f"  {OVER}#P1  Budget 2027",
        "Not understood",
        "  line 12: no bullet, so it is not read: Somebody brings cake.",
        "They go out to everybody who was to attend or was there.",
    ]


def test_minutes_in_which_nothing_is_found_say_where_the_form_is_told(file: Any) -> None:
    assert "docs/minutes.md tells how they are written" in file("We talked.\n").out


def test_corrected_minutes_keep_what_is_done_and_say_what_they_closed(installation: Cadence, file: Any) -> None:
    file()
    installation("action", "done", f"{OVER}#1", "--by", "dev")
    printed = file("## Actions\n- Dev: send the samples by 20 Nov 2026\n- Uwe: book a room by 27 Nov\n").out
    assert f"  {OVER}#2  call the plant: no longer in the minutes of {OVER}" in printed
    assert [(each["id"], each["owner"], each["due"]) for each in listed(installation)] == [
        (f"{OVER}#4", "uwe", "2026-11-27")
    ]
    (first, *_) = listed(installation, "--all")
    assert (first["status"], first["done_by"]) == ("done", "dev")


def test_minutes_that_are_refused_leave_no_actions(installation: Cadence, file: Any) -> None:
    assert file(id=AFTER_NEXT).status == 1
    assert listed(installation, "--all") == []


def test_hostile_minutes_neither_steer_the_terminal_nor_come_to_life_in_the_agenda(
    installation: Cadence, file: Any
) -> None:
    printed = file("- [ ] \x1b[31m{{ 7*7 }} <script>alert(1)</script> | x\n").out
    assert "\x1b" not in printed
    (action,) = listed(installation)
    assert action["says"] == "[31m{{ 7*7 }} <script>alert(1)</script> | x"
    assert "{{ 7\\*7 }} \\<script>alert(1)\\</script> \\| x" in agenda(installation, NEXT)


# Listing -----------------------------------------------------------------------------------------------------------


def test_actions_are_listed_with_who_answers_for_them_by_when_and_since_when_they_are_overdue(
    installation: Cadence, file: Any
) -> None:
    file()
    drawings, plant, press, room = listed(installation, "--partnership", "acme-globex")
    assert (drawings["answers"], drawings["due_by"], drawings["status"]) == ("dev", "2026-11-20", "overdue")
    assert drawings["overdue_since"] == "2026-11-21"
    assert (plant["status"], plant["overdue_since"]) == ("open", None)
    assert (press["owner"], press["answers"]) == ("Press shop", "ines")
    assert press["answers_because"] == "Press shop is nobody on record"
    assert (room["owner"], room["due"], room["due_by"]) == (None, None, "2026-11-25")


def test_the_list_is_a_table_for_people(installation: Cadence, file: Any) -> None:
    file()
    printed = installation("action", "list").out
    assert f"{OVER}#1  dev    2026-11-20  overdue  send the samples" in printed
    assert "overdue since 2026-11-21" in printed
    assert "no owner is named; no date is named: the next review of its series" in printed


def test_where_nothing_is_to_be_done_it_says_so(installation: Cadence) -> None:
    assert installation("action", "list").out == "Nothing is left to do.\n"
    assert listed(installation) == []


def test_a_partnership_that_is_none_is_told(installation: Cadence) -> None:
    outcome = installation("action", "list", "--partnership", "acme-globx")
    assert (outcome.status, "did you mean acme-globex?" in outcome.err) == (1, True)


def test_status_counts_what_is_open_and_overdue(installation: Cadence, file: Any) -> None:
    assert "actions" not in installation("status").out.split("No definition")[0].replace("overdue KPIs and actions", "")
    file()
    assert "actions       4 open, 1 overdue; see cadence action list" in installation("status").out
    found = json.loads(installation("status", "--json").out)
    assert (found["actions_open"], found["actions_overdue"]) == (4, 1)


def test_of_an_ended_partnership_nothing_is_overdue(installation: Cadence, file: Any) -> None:
    file()
    installation("partnership", "end", "acme-globex", "--because", "sold", "--yes")
    assert {each["status"] for each in listed(installation)} <= {"open"}


# Closing -----------------------------------------------------------------------------------------------------------


def test_an_action_is_done_by_a_persons_word_with_what_is_to_be_known(installation: Cadence, file: Any) -> None:
    file()
    outcome = installation(
        "action", "done", f"{OVER}#1", "--because", "sent on Monday", "--by", "Dev.Patel@globex.example"
    )
    assert (outcome.status, outcome.out) == (0, f"{OVER}#1 is done: send the samples\n")
    (done, *_) = listed(installation, "--all")
    assert (done["status"], done["done_by"], done["done_because"]) == ("done", "dev", "sent on Monday")
    assert done["done_at"].startswith("2026-11-21T")


def test_what_is_done_already_is_not_done_again(installation: Cadence, file: Any) -> None:
    file()
    installation("action", "done", f"{OVER}#1", "--because", "sent")
    outcome = installation("action", "done", f"{OVER}#1")
    assert (outcome.status, f"{OVER}#1 is done already: sent" in outcome.err) == (1, True)


@pytest.mark.parametrize(
    ("id", "said"),
    [
        (f"{OVER}#9", f"did you mean {OVER}#"),
        ("acme-globx/pipeline/2026-W47#1", "did you mean acme-globex?"),
        ("", "there is no partnership"),
    ],
)
def test_an_action_that_is_none_is_told_with_the_way_out(installation: Cadence, file: Any, id: str, said: str) -> None:
    file()
    outcome = installation("action", "done", id)
    assert outcome.status == 1
    assert said in outcome.err


# The next agenda ---------------------------------------------------------------------------------------------------


def test_open_actions_and_unfinished_items_come_back_in_the_next_agenda_of_the_series(
    installation: Cadence, file: Any
) -> None:
    file()
    text = agenda(installation, NEXT)
    assert "- [ ] Dev Patel: send the samples (due Fri 20 Nov 2026; overdue since Sat 21 Nov 2026)" in text
    assert "- [ ] Tom Reyes: call the plant (due Fri 4 Dec 2026)" in text
    assert "- [ ] Budget 2027" in text
    assert "send the samples" not in agenda(installation, "acme-globex/operating/2026-12")


def test_what_is_done_or_ticked_does_not_come_back(installation: Cadence, file: Any) -> None:
    file()
    installation("action", "done", f"{OVER}#1")
    text = agenda(installation, NEXT)
    assert "send the samples" not in text
    assert "call the plant" in text


def test_where_the_next_review_is_skipped_what_the_last_one_left_still_comes(installation: Cadence, file: Any) -> None:
    file()
    installation("review", "skip", NEXT, "--because", "Thanksgiving")
    text = agenda(installation, AFTER_NEXT)
    assert "send the samples" in text
    assert "- [ ] Budget 2027" in text


def test_the_agenda_filled_in_is_the_best_of_minutes(installation: Cadence, file: Any) -> None:
    """A week later: one ticked, one given another date, one new, the budget still parked."""
    file()
    text = agenda(installation, NEXT)
    text = text.replace("- [ ] Dev Patel: send", "- [x] Dev Patel: send")
    text = text.replace("(due Fri 4 Dec 2026)", "(due Fri 11 Dec 2026)")
    text = text.replace("- Decided:\n- [ ]\n", "- Decided: Three shifts\n- [ ] June: sign by 1 Dec\n")
    printed = installation("--now", "2026-11-25T17:00+01:00", "once").out
    assert "1 change to the schedule," in printed
    outcome = _filed_later(installation, text)
    assert "  Three shifts" in outcome.out
    assert f"  {OVER}#1  send the samples: ticked in the minutes of {NEXT}" in outcome.out
    assert "  Budget 2027" in outcome.out
    assert "Not understood" not in outcome.out
    standing = {each["id"]: (each["owner"], each["due"]) for each in listed(installation)}
    assert standing == {
        f"{OVER}#2": ("tom", "2026-12-11"),
        f"{OVER}#3": ("Press shop", None),
        f"{OVER}#4": (None, None),
        f"{NEXT}#1": ("june", "2026-12-01"),
    }


def _filed_later(cadence: Cadence, text: str) -> Outcome:
    Path("minutes.md").write_text(text, encoding="utf-8")
    outcome = cadence("--now", "2026-11-25T17:00+01:00", "review", "hold", NEXT, "--minutes", "minutes.md")
    assert outcome.status == 0, outcome.err
    return outcome


def test_overdue_actions_are_among_the_risks_of_the_next_agenda(installation: Cadence, home: Path) -> None:
    later = ("--now", "2026-11-24T09:00+01:00")
    (home / "minutes.md").write_text("- [ ] Uwe: count the cells by 23 Nov\n", encoding="utf-8")
    id = "acme-globex/operating/2026-11"
    held = installation(*later, "review", "hold", id, "--minutes", "minutes.md")
    assert held.status == 0, held.err
    text = installation(*later, "agenda", "acme-globex/operating/2026-12").out
    assert "- Uwe Brandt is overdue since Tue 24 Nov 2026 with an action: count the cells." in text


def test_actions_of_a_checkpoint_come_back_in_the_next_health_audit(installation: Cadence, home: Path) -> None:
    later = ("--now", "2027-01-05T09:00+01:00")
    (home / "minutes.md").write_text("- [ ] Dev: agree the dashboard\n", encoding="utf-8")
    held = installation(*later, "review", "hold", "acme-globex/checkpoint", "--minutes", "minutes.md")
    assert held.status == 0, held.err
    audit = installation(*later, "agenda", "acme-globex/health-audit/2027-Q1")
    assert "Dev Patel: agree the dashboard" in audit.out


# Dates that could not be read --------------------------------------------------------------------------------------

UNREAD = "## Actions\n- Dev: send A by 01/02/2027\n- Dev: send B by end of January\n"
"""Two dates that name no one day."""


def test_a_date_that_could_not_be_read_is_said_with_its_words_wherever_the_action_is(
    installation: Cadence, file: Any
) -> None:
    printed = file(UNREAD).out
    a, b = (f"cadence action due {OVER}#{n} YYYY-MM-DD" for n in (1, 2))
    assert f'send A by 01/02/2027 (dev; its date could not be read: "by 01/02/2027": {a})' in printed
    said = agenda(installation, NEXT)
    assert "- [ ] Dev Patel: send B by end of January (date not read: by end of January)" in said
    assert "cadence action" not in said  # every side reads it, and nobody of another company runs commands here
    table = installation("action", "list").out
    assert f'its date could not be read: "by end of January"; {b}' in table
    for each in (printed, said, table):
        assert "no date" not in each.replace("so no date is taken", "")


def test_a_date_that_could_not_be_read_makes_nothing_overdue_on_a_guessed_day(installation: Cadence, file: Any) -> None:
    file(UNREAD)
    first, _ = listed(installation, "--partnership", "acme-globex")
    assert (first["unread"], first["due"], first["due_by"]) == ("by 01/02/2027", None, None)
    later = json.loads(installation("--now", "2027-06-30T12:00+02:00", "action", "list", "--json").out)
    assert {(each["status"], each["overdue_since"]) for each in later} == {("open", None)}


def test_a_date_that_a_person_gives_ends_the_doubt(installation: Cadence, file: Any) -> None:
    file(UNREAD)
    outcome = installation("action", "due", f"{OVER}#2", "2027-01-29", "--by", "dev")
    assert (outcome.status, outcome.out) == (0, f"{OVER}#2 is due by Fri 29 Jan 2027: send B by end of January\n")
    _, second = listed(installation)
    assert (second["unread"], second["due"], second["due_by"]) == (None, "2027-01-29", "2027-01-29")
    assert (second["due_given_by"], second["due_given_at"][:10]) == ("dev", "2026-11-21")
    assert "send B by end of January (due Fri 29 Jan 2027)" in agenda(installation, NEXT)
    again = installation("action", "due", f"{OVER}#2", "2027-01-29")
    assert again.status == 0 and listed(installation)[1]["due_given_by"] == "dev"


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2100-01-01", "9999-12-31"])
def test_an_action_is_due_in_no_year_that_calendars_do_not_know(installation: Cadence, file: Any, day: str) -> None:
    file(UNREAD)
    outcome = installation("action", "due", f"{OVER}#2", day)
    assert outcome.status == 2 and f"in the year {int(day[:4])}; try one from 1990 to 2099" in outcome.err
    assert listed(installation)[1]["unread"] == "by end of January"


def test_what_is_done_is_given_no_date(installation: Cadence, file: Any) -> None:
    file(UNREAD)
    installation("action", "done", f"{OVER}#1")
    outcome = installation("action", "due", f"{OVER}#1", "2027-01-29")
    assert (outcome.status, f"{OVER}#1 is done already" in outcome.err) == (1, True)


def test_a_date_that_could_not_be_read_is_among_the_risks_of_the_next_review(installation: Cadence, home: Path) -> None:
    (home / "minutes.md").write_text("- [ ] Uwe: count the cells by EOM\n", encoding="utf-8")
    later = ("--now", "2026-11-24T09:00+01:00")
    installation(*later, "review", "hold", "acme-globex/operating/2026-11", "--minutes", "minutes.md")
    found = installation(*later, "agenda", "acme-globex/operating/2026-12").out
    assert 'The date of an action of Uwe Brandt could not be read ("by EOM"): count the cells by EOM' in found
