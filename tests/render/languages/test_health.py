"""What a health check writes to people is in their language: who asks, the reminder, the result, the end of a round."""

from dataclasses import replace

import pytest

from scheduler.domain.manner import Manner
from scheduler.render.health_letter import AreaNews, HealthLetter, HealthLetterText, HealthNews, news_text, text_of
from scheduler.render.languages import speaking
from scheduler.render.notifications.sentences import Means
from tests.render.agendas import FOLDERS
from tests.render.languages.brackets import in_brackets, outside

ASKED = HealthLetter(
    reader="Лена",
    name="Альфа",
    side="Бета",
    period="2027-H1",
    because=None,
    rated=10,
    in_words=2,
    until="2027-06-01",
    fewest=3,
    link="https://cadence.example/health/x",
    is_again=True,
)
LETTERS = [
    replace(ASKED, because=because, in_words=count)
    for because in (None, "sponsor", "relaunch", "Спор")
    for count in (0, 1, 2)
]
NEWS = [
    HealthNews(kind, "Лена", "Альфа", "2027-H1", "2027-06-01", "Ей", page, "Кто", 3, areas, "Ольга", "Спор", was_open)
    for kind in ("reminder", "result", "skipped")
    for page in ("https://cadence.example/p", None)
    for areas in ((AreaNews("Strategic value", "red", "Спор"), AreaNews("Strategic value", "green", "Мир")), ())
    for was_open in (True, False)
]  # fmt: skip
LINK = r"https?://\S+|<[^>]*>|2027-H1"


@pytest.mark.parametrize("of", [*LETTERS, *NEWS], ids=lambda of: f"{type(of).__name__}")
def test_no_word_of_it_stands_outside_of_the_catalogues(
    of: HealthLetter | HealthNews, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    with in_brackets(monkeypatch, sentences):
        text = written(of)
    assert [outside(each, LINK) for each in (text.subject, text.plain, text.html)] == [[], [], []]


def written(of: HealthLetter | HealthNews) -> HealthLetterText:
    if isinstance(of, HealthNews):
        return news_text(of, FOLDERS)
    return text_of(of, Means(has_shell=False, has_form=True, contact="Помощь"), FOLDERS)


def test_the_letter_that_a_reminder_names_bears_that_name() -> None:
    with speaking(Manner("de")):
        asked = text_of(ASKED, Means(has_shell=False, has_form=True, contact=""), FOLDERS)
    assert asked.subject == "Gesundheitscheck von Альфа: fünf Minuten, ohne Ihren Namen"
    assert '<html lang="de">' in asked.html
