"""What is read out of minutes, form by form. They are those of Tuesday 8 December 2026.

Inès Falk, Marta Bauer and Uwe Brandt are of Acme; Dev Patel, June Okafor and Tom Reyes of Globex.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.people import Person
from scheduler.domain.record.minutes import Minutes, Task
from scheduler.rules.minutes.parser import MOST, MOST_CHARACTERS, MOST_LINES, read
from tests.builders import a_partnership, a_person

PEOPLE = a_partnership().people
SIDES = a_partnership().sides
DAY = date(2026, 12, 8)
DECEMBER_18 = date(2026, 12, 18)


def minutes(markdown: str, people: dict[str, Person] = PEOPLE, day: date = DAY) -> Minutes:
    return read(markdown, people, day, SIDES)


def tasks(markdown: str) -> list[tuple[str, str | None, date | None]]:
    return [(task.says, task.owner, task.due) for task in minutes(markdown).tasks]


def says(markdown: str) -> list[str]:
    return [task.says for task in minutes(markdown).tasks]


def action(words: str, day: date = DAY, people: dict[str, Person] = PEOPLE) -> Task:
    """What `words` say as the one action of the minutes."""
    (task,) = minutes(f"- [ ] {words}", people, day).tasks
    return task


# Sections ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "# Decisions",
        "###### decision",
        "## 3. Decisions",
        "## 🎯 Decisions taken today",
        "## Decisions ##",
        "**Decisions**",
        "**Decided:**",
        "__Resolved__",
        "**RESOLVED**:",
        "Decided:",
        "Decisions of the board:",
        "Decisions\n=========",
        "Decisions\n---",
        "> ## Decisions",
        "- Decided:",
        "Decisions",
        "Decisions taken",
        "DECIDED",
    ],
)
def test_a_heading_a_bold_line_a_line_that_says_nothing_else_or_a_line_with_a_colon_opens_a_section_by_its_first_words(
    head: str,
) -> None:
    assert minutes(f"{head}\n\n  - Two shifts\n").decisions == ("Two shifts",)


@pytest.mark.parametrize("head", ["## Our decisions", "Decisions were few", "## Undecided", "## Decisional matters"])
def test_what_only_resembles_a_heading_opens_none(head: str) -> None:
    found = minutes(f"{head}\n\n- Two shifts\n")
    assert found == Minutes() and found.passed_over == ("Two shifts",)


@pytest.mark.parametrize("head", ["Action", "Actions", "New actions", "Action items", "Next steps", "To do", "TO-DOs"])
def test_below_actions_each_bullet_is_one_with_or_without_a_box(head: str) -> None:
    found = minutes(f"## {head}\n- one\n* [ ] two\n+ three\n1. four\n2) [x] five\n").tasks
    assert [(task.says, task.done) for task in found] == [
        ("one", False), ("two", False), ("three", False), ("four", False), ("five", True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head", ["Unfinished", "Deferred to January", "Parked", "Parking lot", "Carried over", "Open items", "Open points"]
)
def test_below_unfinished_each_bullet_comes_back_with_or_without_a_box(head: str) -> None:
    found = minutes(f"### {head}\n- Budget\n- [ ] Vision\n- [x] Name\n")
    assert found.unfinished == ("Budget", "Vision")


def test_below_unfinished_a_box_with_an_owner_or_a_date_is_an_action() -> None:
    found = minutes("## Parked\n- [ ] Dev: budget\n- [ ] vision by 18 Dec\n- [ ] Board: name\n- Dev: talk\n")
    assert [task.says for task in found.tasks] == ["budget", "vision"]
    assert found.unfinished == ("Board: name", "Dev: talk")


def test_an_unticked_box_makes_an_action_wherever_it_stands_and_a_plain_bullet_elsewhere_nothing() -> None:
    assert says("- [ ] first\n\n## Discussion\n- talk\n- [ ] second\n\n## Decided\n- [ ] third\n") == [
        "first", "second", "third"
    ]  # fmt: skip


def test_a_ticked_box_below_decisions_is_a_decision() -> None:
    assert minutes("## Decisions\n- [x] Two shifts\n").decisions == ("Two shifts",)


@pytest.mark.parametrize(
    ("line", "read_as"),
    [
        ("Decided: two shifts", Minutes(decisions=("two shifts",))),
        ("**Decision 3:** two shifts", Minutes(decisions=("two shifts",))),
        ("- Resolved: two shifts", Minutes(decisions=("two shifts",))),
        ("- Action: Dev to call", Minutes(tasks=(Task("call", "dev"),))),
        ("Parked: the budget", Minutes(unfinished=("the budget",))),
    ],
)
def test_a_label_on_the_line_itself_needs_no_section(line: str, read_as: Minutes) -> None:
    assert minutes(line) == read_as


def test_an_unfinished_item_that_came_back_stays_one_until_it_is_ticked() -> None:
    text = "## Open actions from last time\n- [ ] Budget 2027 (unfinished)\n- [x] Vision (unfinished)\n"
    assert minutes(text).unfinished == ("Budget 2027",)
    assert all(task.done for task in minutes(text).tasks)


def test_the_places_that_an_agenda_offers_are_nothing_until_they_are_filled_in() -> None:
    empty = "## Decisions and new actions (who: what, by when)\n\n- Decided:\n- [ ]\n- Unfinished:\n"
    assert minutes(empty) == Minutes()
    filled = empty.replace("Decided:", "Decided: one\n- Decided: two").replace("[ ]", "[ ] Dev: three")
    assert minutes(filled.replace("Unfinished:", "Unfinished:\n  - four\n  - five")) == Minutes(
        ("one", "two"), (Task("three", "dev"),), ("four", "five")
    )


def test_a_heading_of_other_words_ends_a_section_unless_it_is_deeper() -> None:
    text = "## Actions\n### Acme\n- one\n\n**Globex**\n\n- two\n\n## Talk\n- three\n"
    assert says(text) == ["one", "two"]
    assert minutes(text).passed_over == ("three",)
    assert says("**Actions**\n- one\n\n**Talk**\n\n- two\n") == ["one"]
    assert says("Actions:\n- one\n\n#### Talk\n- two\n") == ["one"]


def test_what_stands_in_an_organisations_own_part_of_an_agenda_is_not_read() -> None:
    """Inès files Acme's brief as it is: what Acme noted for itself must not come back to Globex as an action."""
    brief = (
        "## Internal: Acme Motors SE\n- What we will not give: the price\n- [ ] Uwe: find a second source by 18 Dec\n\n"
        "Action: Marta talks to the board\n\n**Decisions**\n- We can live with 92\n\n### Parked\n- the price\n"
    )
    assert minutes(brief) == Minutes((), (), (), ())
    assert says(f"{brief}\n## Actions\n- send the drawings") == ["send the drawings"]
    assert says("## Actions\n- Internal: ask our own people") == ["ask our own people"]


def test_an_action_from_last_time_is_known_as_one() -> None:
    found = minutes("## Open actions from last time\n- [ ] old\n\n## Actions\n- [ ] new\n").tasks
    assert [(task.says, task.carried) for task in found] == [("old", True), ("new", False)]


def test_a_section_of_bullets_may_be_an_outline() -> None:
    found = minutes("- Decisions:\n  - Two shifts\n- Actions:\n  - Dev: call\n  - Tom: write\n")
    assert found.decisions == ("Two shifts",)
    assert [task.owner for task in found.tasks] == ["dev", "tom"]


# Bullets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("- [ ] Dev: drawings", ["drawings"]),
        ("  * [ ] nested\n+ [] no blank\n1. [ ] numbered\n2) [  ] wide", ["nested", "no blank", "numbered", "wide"]),
        ("- [ ]\n- [ ]   ", []),
        ("- [ ] twice\n- [ ] twice", ["twice"]),
        ("- [ ] **Dev**: __two__ drawings", ["two drawings"]),
        ("> - [ ] quoted\r\n- [ ] after a Windows line end\r\n", ["quoted", "after a Windows line end"]),
        ("a sentence with - [ ] inside\n[ ] no bullet\n-[ ] no blank", []),
        ("- [link](https://acme.example)\n- [Dev] x", []),
        ("", []),
    ],
)
def test_unticked_tasks_are_found_however_they_are_bulleted(markdown: str, expected: list[str]) -> None:
    assert says(markdown) == expected


@pytest.mark.parametrize("mark", ["x", "X", "✓", "-", " x "])
def test_a_ticked_box_is_done(mark: str) -> None:
    (task,) = minutes(f"- [{mark}] Dev: drawings").tasks
    assert task == Task("drawings", "dev", done=True)


def test_a_bullet_beneath_another_is_a_detail_unless_it_has_a_box_an_owner_or_a_date() -> None:
    text = "## Actions\n- Dev: drawings\n  - of the 4680\n  - Tom: of the 2170\n  - send by 18 Dec\n  - [ ] check\n"
    assert says(text) == ["drawings", "of the 2170", "send", "check"]


def test_a_line_that_goes_on_belongs_to_its_bullet_and_one_after_a_gap_does_not() -> None:
    found = minutes("## Actions\n- Dev: drawings of\n  the 4680 by\n  18 Dec\n\nTom came late.\n")
    assert found.tasks == (Task("drawings of the 4680", "dev", DECEMBER_18),)
    assert found.unplaced == ("no bullet, so it is not read: Tom came late.",)


@pytest.mark.parametrize(
    "markdown",
    [
        "```\n- [ ] code\n```",
        "~~~ python\n- [ ] code\n~~~~",
        "```\n- [ ] code that never ends",
        "<!-- a comment\n- [ ] inside\n-->",
    ],
)
def test_code_and_comments_hold_no_actions(markdown: str) -> None:
    assert minutes(markdown) == Minutes()


def test_what_follows_code_and_comments_is_read() -> None:
    assert says("```\na\n```\n- [ ] one\n<!-- figures: x -->\n- [ ] two\n<!--\nb\n-->\n- [ ] three") == [
        "one", "two", "three"
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["none", "None.", "n/a", "---"])
def test_a_bullet_that_says_there_is_nothing_is_nothing(words: str) -> None:
    assert minutes(f"## Actions\n- {words}\n\n## Decisions\n- {words}\n\n## Parked\n- {words}") == Minutes()


def test_the_same_words_for_two_people_are_two_actions_and_for_one_they_are_one() -> None:
    assert tasks("- [ ] Dev: report\n- [ ] Tom: report\n- [ ] Dev: Report! by 18 Dec\n") == [
        ("Report!", "dev", DECEMBER_18), ("report", "tom", None)
    ]  # fmt: skip


def test_of_the_same_words_what_stands_later_counts() -> None:
    (task,) = minutes("- [ ] Dev: drawings by 18 Dec\n\n## Review of actions\n- [x] drawings\n").tasks
    assert task == Task("drawings", "dev", DECEMBER_18, done=True)


# Owners ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Dev: send the drawings",
        "DEV: send the drawings",
        "dev : send the drawings",
        "**Dev Patel:** send the drawings",
        "dev.patel@globex.example: send the drawings",
        "@dev: send the drawings",
        "Dev Patel - send the drawings",
        "Dev – send the drawings",
        "Dev to send the drawings",
        "Dev will send the drawings",
        "@dev send the drawings",
        "@Dev Patel send the drawings",
        "send the drawings @dev",
        "send the drawings @dev.patel@globex.example",
        "send the drawings (Dev)",
        "send the drawings (@dev)",
        "send the drawings [Dev Patel]",
        "send the drawings, Dev",
        "send the drawings - Dev Patel",
        "owner: dev, send the drawings",
        "send the drawings, owner: Dev Patel",
        "send the drawings (owner: dev)",
        "send the drawings | Responsible: dev",
    ],
)
def test_an_owner_is_found_in_each_form(words: str) -> None:
    assert action(words) == Task("send the drawings", "dev")


def test_accents_count_for_nothing() -> None:
    assert action("Ines Falk: call").owner == action("INÈS: call").owner == "ines"


@pytest.mark.parametrize("name", ["Ghost", "Press shop", "Dev and Tom", "Dr. Who"])
def test_an_owner_that_is_nobody_known_stays_as_words(name: str) -> None:
    assert action(f"{name}: send it") == Task("send it", name)
    assert action(f"send it, owner: {name}") == Task("send it", name)


def test_a_mention_of_nobody_known_stays_as_words() -> None:
    assert action("send it @ghost") == Task("send it", "ghost")


@pytest.mark.parametrize(
    "words",
    [
        "call the plant (urgent)",
        "call the plant - quickly",
        "call the plant at 10:30",
        "read https://acme.example/a",
        "note: the line is down",
        "figures for 2027: prepare them",
        "ask plant@acme.example",
        "Ghost to call the plant",
    ],
)
def test_what_is_no_name_is_no_owner(words: str) -> None:
    assert action(words) == Task(words)


def test_a_first_name_that_two_bear_names_neither_and_a_whole_name_names_its_own() -> None:
    people = {**PEOPLE, "tom2": a_person(name="Tom Lang", email="tom.lang@acme.example"), "tom": PEOPLE["tom"]}
    two = {"tr": people["tom"], "tl": people["tom2"]}
    assert action("Tom: call", people=two) == Task("call", "Tom")
    assert action("Tom Lang: call", people=two) == Task("call", "tl")
    assert action("Tom: call", people=people).owner == "tom"  # a key comes before first names


# Dates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "due",
    [
        "by 18 Dec",
        "by Fri 18 Dec 2026",
        "by Friday, 18 December",
        "by the 18th of December",
        "by Dec 18",
        "by December 18th, 2026",
        "by 18. Dec.",
        "by 18.12.",
        "by 18.12.26",
        "due 2026-12-18",
        "due: 2026-12-18",
        "due date: Fri 18 Dec",
        "due on 18 Dec",
        "until 18.12.2026",
        "till 18 dec",
        "deadline 18 Dec",
        "(18 December)",
        "(by 18 Dec)",
        "(due: Mon 18 Dec)",
        ", 18 Dec",
        "- 18 Dec 2026",
        "by 18 Dec.",
    ],
)
def test_a_due_date_is_found_in_each_form(due: str) -> None:
    found = action(f"Dev: send it {due}")
    assert (found.says.rstrip("."), found.owner, found.due) == ("send it", "dev", DECEMBER_18)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("8 Dec", date(2026, 12, 8)),
        ("7 Dec", date(2026, 12, 7)),
        ("9 Oct", date(2026, 10, 9)),
        ("8 Oct", date(2027, 10, 8)),
        ("1 Jan", date(2027, 1, 1)),
        ("29 Feb", date(2028, 2, 29)),
        ("7 Dec 2026", date(2026, 12, 7)),
    ],
)
def test_a_date_without_a_year_is_the_next_one_or_lies_shortly_before_the_review(written: str, due: date) -> None:
    assert action(f"send it by {written}").due == due


def test_a_wrong_weekday_changes_nothing() -> None:
    assert action("send it by Mon 18 Dec").due == DECEMBER_18


@pytest.mark.parametrize("written", ["31 Feb", "32 Dec", "2026-13-01", "18 Dec 0001", "2026-02-30"])
def test_a_date_that_no_calendar_has_is_told_and_stays_in_the_words(written: str) -> None:
    found = minutes(f"- [ ] Dev: send it by {written}")
    assert found.tasks == (Task(f"send it by {written}", "dev", unread=f"by {written}"),)
    assert found.unplaced == (f"by {written} is no date: Dev: send it by {written}",)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("by 12/18/2026", DECEMBER_18),
        ("by 18/12/2026", DECEMBER_18),
        ("by 2026/12/18", DECEMBER_18),
        ("by 18-Dec-2026", DECEMBER_18),
        ("no later than 18 Dec", DECEMBER_18),
        ("by 18 Dec 26", DECEMBER_18),
        ("by 18 Dec '27", date(2027, 12, 18)),
        ("by 02/02/2027", date(2027, 2, 2)),
        ("(18.12.2026)", DECEMBER_18),
    ],
)
def test_a_date_that_can_mean_one_day_is_read_however_it_is_written(written: str, due: date) -> None:
    assert action(f"Dev: send it {written}") == Task("send it", "dev", due)


@pytest.mark.parametrize(
    "written",
    [
        "by Friday", "by end of January", "by the end of the month", "by mid-January", "by next week", "by EOM",
        "by COB", "by January", "by May 2027", "by Q1", "by week 51", "by KW 51", "by W51", "by 18.12", "by 12/18",
        "by tomorrow", "by the 18th", "by 18-20 Dec", "by month-end",
    ],
)  # fmt: skip
def test_what_names_no_one_day_is_told_and_no_date_is_taken(written: str) -> None:
    found = minutes(f"- [ ] Dev: send it {written}")
    assert found.tasks == (Task(f"send it {written}", "dev", unread=written),)
    assert found.unplaced == (f"{written} is not read as one day, so no date is taken: Dev: send it {written}",)


def test_a_date_that_can_be_read_in_two_ways_is_told_with_both() -> None:
    found = minutes("- [ ] Dev: send it by 01/02/2027")
    assert [(task.due, task.unread) for task in found.tasks] == [(None, "by 01/02/2027")]
    assert found.unplaced == (
        "by 01/02/2027 can be read as Sat 2 Jan 2027 and as Mon 1 Feb 2027, so no date is taken: "
        "Dev: send it by 01/02/2027",
    )


@pytest.mark.parametrize(
    "words", ["rewrite section (4.2.)", "install the firmware, 2.4.12", "see chapter 4.2.", "install 2.4.12 - 1.2."]
)
def test_the_number_of_a_section_or_of_a_version_is_no_date(words: str) -> None:
    found = minutes(f"- [ ] {words}")
    assert found.tasks == (Task(words.rstrip("."), None),) or found.tasks == (Task(words),)
    assert found.unplaced == ()


@pytest.mark.parametrize("words", ["meet the plant on 18 Dec", "before 18 Dec 2026 nothing moves", "ready 2026-12-18"])
def test_a_date_that_is_not_taken_as_the_due_date_is_told(words: str) -> None:
    found = minutes(f"- [ ] {words}")
    assert [task.says for task in found.tasks] == [words] and found.tasks[0].unread
    assert "is not taken as its date (that would be: by " in found.unplaced[0]


@pytest.mark.parametrize(
    "words",
    ["cut cost by 18.12 EUR", "send the figures of 31 Dec to all", "raise it by 5 points", "by Friday", "by May 2027"],
)
def test_what_is_no_due_date_stays_in_the_words(words: str) -> None:
    found = action(words)
    assert (found.says, found.owner, found.due) == (words, None, None)


def test_of_two_dates_the_last_counts() -> None:
    assert action("book by 10 Dec what must arrive by 18 Dec").due == DECEMBER_18


@pytest.mark.parametrize("words", ["Dev:", "by 18 Dec", "(Dev) by 18 Dec"])
def test_an_owner_or_a_date_with_nothing_to_do_is_told(words: str) -> None:
    found = minutes(f"- [ ] {words}")
    assert found.tasks == ()
    assert found.unplaced == (f"it names an owner or a date, and nothing to do: {words}",)


# As people write them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["### Risks", "**Risks**", "Risks:", "Risks", "What we talked about:"])
def test_beneath_a_deeper_heading_of_other_words_nothing_becomes_a_decision_and_every_line_is_told(head: str) -> None:
    found = minutes(f"## Decisions\n- Two shifts\n\n{head}\n\n- The line is down\n- [x] Strike\n")
    assert found.decisions == ("Two shifts",)
    under = head.strip("#*: ") + (":" if head.endswith(":") else "")
    assert found.unplaced[-2:] == tuple(
        f'under "{under}", so it is not read: {line}' for line in ("The line is down", "Strike")
    )


def test_beneath_one_that_names_a_side_or_a_person_the_section_goes_on() -> None:
    text = "## Decisions\n### Globex Cells Inc\n- one\n### Acme Motors\n- two\n**Dev**\n\n- three\n### Risks\n- four\n"
    found = minutes(text)
    assert found.decisions == ("one", "two", "three") and len(found.unplaced) == 1


def test_an_unticked_box_is_an_action_also_beneath_a_heading_of_other_words() -> None:
    assert says("## Decisions\n### Risks\n- [ ] Dev: call the plant\n") == ["call the plant"]


@pytest.mark.parametrize("bullet", ["•\t", "• ", "·       ", "– ", "o\t", "§\t", "\uf0b7\t", "▪ ", "(1) ", "a) "])
def test_bullets_that_word_processors_paste_are_bullets(bullet: str) -> None:
    found = minutes(f"Decisions\n{bullet}Two shifts\n{bullet}Budget frozen\n\nAction items:\n{bullet}Dev – call\n")
    assert found.decisions == ("Two shifts", "Budget frozen")
    assert found.tasks == (Task("call", "dev"),) and found.unplaced == ()


@pytest.mark.parametrize(
    ("box", "done"), [("☐", False), ("□", False), ("⬜", False), ("☑", True), ("☒", True), ("✅", True)]
)
@pytest.mark.parametrize("bullet", ["", "- ", "• ", "1. "])
def test_boxes_that_are_drawn_are_boxes(bullet: str, box: str, done: bool) -> None:
    assert minutes(f"Talk.\n\n{bullet}{box} Dev: drawings\n").tasks == (Task("drawings", "dev", done=done),)


def test_a_table_whose_headings_say_what_is_what_is_read_row_by_row() -> None:
    found = minutes(
        "## Actions\n\n| # | Action | Owner | Due | Status |\n|---|:---|---|---|---|\n"
        "| 1 | Send the drawings | Dev Patel | 18 Dec | open |\n| 2 | Call the plant | Press shop | 2026-12-18 | |\n"
        "| 3 | Forecast | inès | end of January | done |\n| | | | | |\n"
    )
    assert found.tasks == (
        Task("Send the drawings", "dev", DECEMBER_18),
        Task("Call the plant", "Press shop", DECEMBER_18),
        Task("Forecast", "ines", done=True, unread="end of January"),
    )
    assert found.unplaced == (
        "by end of January is not read as one day, so no date is taken: 3 | Forecast | inès | end of January | done",
    )


def test_a_table_of_actions_needs_no_section_and_one_of_decisions_does() -> None:
    assert says("| What | Who | When |\n|---|---|---|\n| Call | Dev | 18 Dec |\n") == ["Call"]
    assert minutes("## Decided\n| Decision |\n|---|\n| Two shifts |\n").decisions == ("Two shifts",)
    figures = minutes("| KPI | Target |\n|---|---|\n| Cells | 0.3 |\n")
    assert figures == Minutes() and figures.passed_over == ("Cells | 0.3",)


def test_a_table_in_a_section_whose_columns_are_not_known_is_told_row_by_row() -> None:
    found = minutes("## Actions\n| Topic | Colour |\n|---|---|\n| Cells | red |\n")
    assert found.tasks == ()
    assert found.unplaced == (
        "a table whose columns are not known is not read: Topic | Colour",
        "in a table, so it is not read: Cells | red",
    )


def test_a_table_of_actions_beneath_a_heading_of_other_words_is_told_with_that_heading() -> None:
    table = "| Action | Owner | Due |\n|---|---|---|\n| Buy a pump | Dev | 2027-01-04 |\n"
    assert minutes(f"## Next steps\n\n### Risks\n\n{table}").unplaced == (
        'under "Risks", so this table is not read: Action | Owner | Due',
        "in a table, so it is not read: Buy a pump | Dev | 2027-01-04",
    )
    assert minutes(f"## Next steps\n\n{table}").tasks == (Task("Buy a pump", "dev", date(2027, 1, 4)),)


def test_what_stands_in_no_section_is_kept_line_by_line_and_figures_of_the_agenda_are_not() -> None:
    text = (
        "<!-- figures: who -->\n- Chair: Inès\n<!-- end figures: who -->\n## Talk\n- the plant\n[ ] no bullet\n"
        "## Decisions\n- one\n"
    )
    assert minutes(text).passed_over == ("the plant [ ] no bullet",)
    assert minutes("[ ] no bullet\n").passed_over == ("[ ] no bullet",)


def test_details_and_lines_that_only_head_others_are_told() -> None:
    found = minutes("## Decisions\n- Budget:\n  - two million\n## Actions\n- Dev: drawings\n  - of the 4680\n")
    assert found.decisions == ()
    assert [why.partition(",")[0] for why in found.unplaced] == [
        "it only heads what follows", "a detail of what stands above it", "a detail of what stands above it"
    ]  # fmt: skip


# Hostile text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["{{ 7*7 }}", "{% raw %}", "<script>alert(1)</script>", "=1+1", "'; DROP TABLE action;--", "[[[[(((("]
)
def test_text_stays_text(words: str) -> None:
    assert action(words) == Task(words)


def test_control_characters_and_marks_that_turn_the_reading_direction_are_gone() -> None:
    assert action("a\x1b[31m\x07b\u202ec\x00").says == "a [31m b c"


MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "piece",
    [
        "[", "- [ ] [[((", "**a", "> ", "# ", "by ", "(due ", "@a ", "Dev, ", "\t", "``", "<!--", "\0", "owner: ",
        "- [ ] a (Dev) by 18 Dec\n", "- a\n", "a\n",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_and_bounded(piece: str) -> None:
    found = minutes("## Actions\n- " + piece * (MEGABYTE // len(piece)))
    assert len(found.tasks) <= MOST
    assert all(len(task.says) <= MOST_CHARACTERS for task in found.tasks)


def test_more_than_a_person_can_do_is_told_and_not_read() -> None:
    found = minutes("## Actions\n" + "".join(f"- item {n}\n" for n in range(MOST + 3)))
    assert len(found.tasks) == MOST
    assert found.unplaced == (f"3 more than {MOST} of a kind: they are not read",)


def test_more_lines_than_minutes_have_are_told_and_not_read() -> None:
    text = "talk\n" * (MOST_LINES - 1) + "- [ ] in time\n- [ ] too late\n"
    assert says(text) == ["in time"]
    assert minutes(text).unplaced == ("it has 10,001 lines: those after the first 10,000 are not read",)


@given(st.text(max_size=200), st.sampled_from(["", "- ", "- [ ] ", "## Actions\n- ", "## Parked\n", "> "]))
def test_whatever_is_written_is_read_without_fail_onto_single_lines(text: str, before: str) -> None:
    found = minutes(before + text)
    said = [*found.decisions, *found.unfinished, *(task.says for task in found.tasks)]
    assert all(words.isprintable() or not words.isascii() for words in said)
    assert all("\n" not in words and words.strip() == words and words for words in said)


# Dates that could not be read --------------------------------------------------------------------------------------


def test_the_words_of_a_date_that_could_not_be_read_are_kept_as_they_are_written() -> None:
    assert action("Dev: send it by EOM").unread == "by EOM"
    assert action("Dev: send the figures of 31 Dec to all").unread == "31 Dec"
    assert action("Dev: send it").unread is None
    assert action("Dev: send it by 18 Dec").unread is None


def test_of_the_same_action_twice_the_date_that_can_be_read_counts() -> None:
    table = "| Action | Owner | Due |\n|---|---|---|\n| Call | Dev | EOM |\n"
    assert minutes(table).tasks == (Task("Call", "dev", unread="EOM"),)
    assert minutes(f"{table}| Call | Dev | 18 Dec |\n").tasks == (Task("Call", "dev", DECEMBER_18),)
    assert minutes(f"{table}| Call | Dev | |\n").tasks == (Task("Call", "dev", unread="EOM"),)


def test_the_line_of_an_agenda_that_says_what_was_not_read_makes_up_no_date_when_it_is_read_again() -> None:
    notes = "date not read: by 31 Jan or so; a date is given by cadence action due acme-globex/pipeline/2026-W50#1 YYYY"
    assert action(f"Dev Patel: send it ({notes})") == Task("send it", "dev")
    assert action(f"Dev Patel: send it ({notes}; due 18 Dec 2026)") == Task("send it", "dev", DECEMBER_18)
