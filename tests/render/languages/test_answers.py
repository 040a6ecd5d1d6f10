"""What a letter says can be answered is understood when it is answered so, in the words of each language."""

import re
from datetime import date

import pytest

from release.catalogues import TRANSLATED
from scheduler.domain.manner import Manner
from scheduler.domain.record.letter_question import QuestionKind
from scheduler.render.languages import known, speaking
from scheduler.render.notifications.answering import ways_of
from scheduler.rules.answers.understood import form_of, understand

TODAY = date(2026, 11, 30)
_QUOTED = re.compile(r"„(.+?)“|« (.+?) »|«(.+?)»|「(.+?)」|\"(.+?)\"")


def answers(words: str) -> list[str]:
    """What stands in quotation marks, with a reason."""
    return [next(filter(None, each)).replace("…", "so it is") for each in _QUOTED.findall(words)]


@pytest.mark.parametrize("language", [*TRANSLATED, "en"])
@pytest.mark.parametrize("kind", ["value", "milestone", "held", "verdict", "action", "step"])
def test_the_answers_that_a_letter_names_are_understood(language: str, kind: QuestionKind) -> None:
    with speaking(Manner(language)):
        named = [each for way in (*ways_of([kind]), form_of(kind)) for each in answers(known(way))]
    assert len(named) >= 2
    for said in named:
        understand(kind, said, TODAY)  # raises InvalidValue for what it does not understand


def test_why_an_answer_is_not_taken_is_told_in_the_readers_language() -> None:
    with speaking(Manner("ja")):
        assert known('"後で金曜日" begins with no number') == "「後で金曜日」は数値で始まっていません"
        assert known(form_of("step")) == "「完了」とお答えください"
