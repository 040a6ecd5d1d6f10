"""What everybody hears of the exit of Acme and Globex, decided by Marta on Monday 28 December 2026."""

from dataclasses import replace
from datetime import date

from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.wind_down import ExitWord, WindDown, WordOnExit
from scheduler.rules.reminders.exit_notices import ended, notices
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, at, playbooks
from tests.sentences import COUNTERPART, said

PARTNERSHIP = a_partnership(agreement={"survives": ["Parts for ten years"]})
SCOPE = scopes(PARTNERSHIP, playbooks())[0]
SAID_ON, ENDS = date(2026, 12, 28), date(2027, 3, 28)
NAME = "Acme × Globex battery cells"


def word(says: WordOnExit = "begun", because: str = "Globex sells the plant") -> ExitWord:
    leaving = WindDown("acme-globex/checkpoint", SAID_ON, ENDS)
    return ExitWord("acme-globex", says, leaving, because, "marta", at("2026-12-28 10:00"))


def told(says: WordOnExit = "begun", until: date = SAID_ON) -> list[Notification]:
    return [*notices(word(says), SCOPE, PARTNERSHIP, until)]


def test_it_is_told_on_the_day_on_which_it_was_said_and_is_old_news_two_weeks_later() -> None:
    assert told(until=date(2026, 12, 27)) == []
    [notice] = told(until=date(2027, 1, 11))
    assert (notice.on, set(notice.people)) == (SAID_ON, set(SCOPE.people))
    assert told(until=date(2027, 1, 12)) == []


def test_each_word_has_a_sentence_without_a_command() -> None:
    [begun] = told()
    sentences = said(begun, COUNTERPART)
    assert sentences.title == f"{NAME}: exit is decided; it ends on Sun 28 Mar 2027"
    assert "Marta Bauer said so at acme-globex/checkpoint: Globex sells the plant" in sentences.lines
    assert any("What outlasts the end is on record" in line for line in sentences.lines)
    [moved] = told("ends")
    assert said(moved, COUNTERPART).title == f"{NAME}: it ends on Sun 28 Mar 2027 now"
    [back] = told("taken back")
    assert said(back, COUNTERPART).title == f"{NAME}: the exit is taken back"


def test_the_end_tells_the_first_tasks_that_nobody_has_done_and_how_many_more_there_are() -> None:
    task = Action(
        "acme-globex/checkpoint#X1", "acme-globex", "", "", "Give notice", "ines", None, at("2026-12-28 10:00")
    )
    five = [replace(task, says=f"Task {n}") for n in range(1, 6)]
    for undone, sentence in (
        ([], "All tasks of its exit are done."),
        ([task], "Nobody has said that this task of its exit is done, and nobody is reminded any more: "
                 "Inès Falk: Give notice."),
        (five, "Nobody has said that these tasks of its exit are done, and nobody is reminded any more: "
               "Inès Falk: Task 1; Inès Falk: Task 2; Inès Falk: Task 3; and 2 more."),
    ):  # fmt: skip
        [notice] = ended(word(), SCOPE, PARTNERSHIP, undone, date(2027, 3, 29))
        assert said(notice, COUNTERPART).lines[0] == sentence
    assert [*ended(word(), SCOPE, PARTNERSHIP, [], ENDS)] == []
