"""Which words open which section, in four languages, and which only resemble them."""

import pytest

from scheduler.rules.minutes.heading_words import WORDS, Section
from scheduler.rules.minutes.headings import label_of, section_of, section_of_line


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Beschlüsse", "decisions"), ("BESCHLUESSE", "decisions"), ("Entscheidungen des Lenkungskreises", "decisions"),
        ("Maßnahmen", "actions"), ("Massnahmen", "actions"), ("Nächste Schritte bis Januar", "actions"),
        ("Offene Punkte", "unfinished"), ("Vertagt auf Januar", "unfinished"), ("Offene Maßnahmen", "carried"),
        ("Décisions prises", "decisions"), ("Relevé de décisions", "decisions"), ("Prochaines étapes", "actions"),
        ("À faire", "actions"), ("Points en suspens", "unfinished"), ("Actions en cours", "carried"),
        ("Acuerdos de la reunión", "decisions"), ("Próximos pasos", "actions"), ("Temas pendientes", "unfinished"),
        ("Unfinished business", "unfinished"), ("Agreed next steps", "actions"), ("Completed actions", "done"),
        ("Actions taken", "done"), ("Agreed at the meeting", "decisions"),
    ],
)  # fmt: skip
def test_a_heading_is_known_in_each_language_by_its_first_words(heading: str, section: Section) -> None:
    assert section_of(heading) == section


@pytest.mark.parametrize(
    "heading",
    ["3. {}", "3.1 {}", "IV. {}", "b) {}", "TOP 3: {}", "zu TOP 3. {}", "Item 4 – {}", "Point 2 : {}", "§ {}"],
)
def test_numbering_before_a_heading_counts_for_nothing(heading: str) -> None:
    assert section_of(heading.format("Beschlüsse")) == section_of_line(heading.format("Beschlüsse")) == "decisions"


@pytest.mark.parametrize("heading", ["Resolved issues", "Agreed prices", "Parked cars", "Acuerdo de licencia"])
def test_a_word_that_describes_another_noun_opens_nothing(heading: str) -> None:
    assert section_of(heading) is None


@pytest.mark.parametrize("heading", ["Decisions needed", "Entscheidungsbedarf", "Décisions à prendre", "Next meeting"])
def test_what_is_yet_to_be_decided_and_what_holds_no_items_is_known_as_that(heading: str) -> None:
    assert section_of(heading) == "other"


@pytest.mark.parametrize(
    "heading", ["Decisions and new actions", "Actions & decisions", "Beschlüsse und Maßnahmen", "Acuerdos y tareas"]
)
def test_a_heading_that_names_two_is_of_several(heading: str) -> None:
    assert section_of(heading) == "several"


def test_a_heading_that_names_one_of_them_and_another_thing_is_of_the_one() -> None:
    assert section_of("Decisions and their reasons") == "decisions"
    assert section_of("Decisions and resolutions") == "decisions"


@pytest.mark.parametrize("line", ["Decisions were few", "Tareas de mañana en la planta", "Agreed.", "Actions speak"])
def test_a_line_that_says_more_is_no_heading(line: str) -> None:
    assert section_of_line(line) is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Beschluss: zwei Schichten", ("decisions", "zwei Schichten")),
        ("Beschluss Nr. 12: zwei Schichten", ("decisions", "zwei Schichten")),
        ("Décision n° 3 : deux équipes", ("decisions", "deux équipes")),
        ("Acuerdo 4: dos turnos", ("decisions", "dos turnos")),
        ("Tarea: llamar", ("actions", "llamar")),
        ("Offen: Budget", ("unfinished", "Budget")),
        ("Next meeting: 12 January", ("other", "12 January")),
    ],
)
def test_a_label_on_the_line_itself_says_what_it_is(line: str, says: tuple[Section, str]) -> None:
    assert label_of(line) == says


@pytest.mark.parametrize("line", ["Decided:", "Decided:so", "Dev: call", "Decisions of Dev: call"])
def test_other_labels_say_nothing(line: str) -> None:
    assert label_of(line) is None


def test_no_words_stand_in_two_sections() -> None:
    listed = [phrase.casefold() for phrases in WORDS.values() for phrase in set(phrases)]
    assert len(listed) == len(set(listed))
