"""Minutes as people write them: by hand, in word processors, in four languages. They are of Tuesday 8 December 2026.

Inès Falk is of Acme, Dev Patel and Tom Reyes of Globex.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.record.minutes import LineNotRead, Minutes, Task
from scheduler.rules.minutes.parser import read
from tests.builders import a_partnership

PEOPLE = a_partnership().people
DAY = date(2026, 12, 8)
DECEMBER_18 = date(2026, 12, 18)


def minutes(text: str) -> Minutes:
    return read(text, PEOPLE, DAY, a_partnership().sides)


def told(text: str) -> list[tuple[int | None, str]]:
    """What is not understood: the number of its line, and its last words."""
    return [(each.line, each.says.rpartition(": ")[2]) for each in minutes(text).not_understood]


GERMAN = """\
Protokoll des Lenkungskreises

Teilnehmer: Inès Falk, Dev Patel
Tagesordnung
1. Zahlen
2. Beschlüsse
3. Nächste Schritte

TOP 1: Zahlen
Die Zahlen sind gut.

TOP 2: Beschlüsse
•\tZwei Schichten ab Mai
•\tBudget eingefroren

TOP 3: Nächste Schritte
•\tDev: Zeichnungen senden bis 18. Dezember 2026
•\tInès Falk: Prognose, spätestens 15.01.2027

Offene Punkte
•\tBudget 2027

Nächste Sitzung
12. Januar 2027
"""
FRENCH = """\
Compte rendu

Présents : Inès, Dev
Ordre du jour :
- chiffres
- décisions

1. Chiffres
- la ligne est arrêtée

2. Décisions prises
- Deux équipes à partir de mai

3. Actions
| Action | Qui | Échéance |
|---|---|---|
| Envoyer les plans | Dev | 18 décembre 2026 |
| Prévision | Inès | 15 janvier |

4. Points en suspens
- Budget 2027

5. Prochaine réunion
- 12 janvier
"""
SPANISH = """\
ACTA

Orden del día
1. Cifras
2. Acuerdos

Acuerdos
1. Dos turnos a partir de mayo
2. Presupuesto congelado

Tareas:
- Dev: enviar los planos hasta el 18 de diciembre de 2026
- preparar la previsión, responsable: Inès, a más tardar el 15 de enero

Temas pendientes
- Presupuesto 2027
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_german_minutes_are_read(ends: str) -> None:
    assert minutes(GERMAN.replace("\n", ends)) == Minutes(
        ("Zwei Schichten ab Mai", "Budget eingefroren"),
        (Task("Zeichnungen senden", "dev", DECEMBER_18), Task("Prognose", "ines", date(2027, 1, 15))),
        ("Budget 2027",),
    )


def test_french_minutes_are_read() -> None:
    assert minutes(FRENCH) == Minutes(
        ("Deux équipes à partir de mai",),
        (Task("Envoyer les plans", "dev", DECEMBER_18), Task("Prévision", "ines", date(2027, 1, 15))),
        ("Budget 2027",),
    )


def test_spanish_minutes_are_read() -> None:
    assert minutes(SPANISH) == Minutes(
        ("Dos turnos a partir de mayo", "Presupuesto congelado"),
        (
            Task("enviar los planos", "dev", DECEMBER_18),
            Task("preparar la previsión", "ines", date(2027, 1, 15)),
        ),
        ("Presupuesto 2027",),
    )


def test_what_the_topics_of_an_agenda_say_is_nothing_decided() -> None:
    found = minutes("Agenda\n1. Figures\n2. Decisions\n3. Next steps\n4. Any other business\n- Figures\n- Actions\n")
    assert (found.decisions, found.tasks, found.unfinished) == ((), (), ())
    assert len(found.outside) == 6


def test_numbered_headings_are_headings_and_the_next_number_ends_a_section() -> None:
    found = minutes("1. Welcome\n2. Decisions\n- Two shifts\n3. Risks\n- Strike\n4. Next steps\n- Dev: call\n")
    assert found == Minutes(("Two shifts",), (Task("call", "dev"),))
    assert found.passed_over == ("Welcome", "Risks", "Strike")


def test_a_numbered_heading_of_other_words_ends_the_section_of_a_numbered_heading_above() -> None:
    text = "2. Decisions and actions\n2.1 Decisions\n- Two shifts\n2.2 Actions\n- Dev: call\n3. Sundries\n- cake\n"
    assert minutes(text) == Minutes(("Two shifts",), (Task("call", "dev"),))
    assert minutes("## 1. Actions\n1. Dev: call\n2. Tom: write\n").tasks == (Task("call", "dev"), Task("write", "tom"))


def test_a_numbering_of_its_own_beneath_a_numbered_heading_is_a_list() -> None:
    assert minutes("1. Decisions\n1. Two shifts\n2. Budget frozen\n").decisions == ("Two shifts", "Budget frozen")
    assert minutes("2. Decisions\n   a) Two shifts\n   b) Budget\n3. Risks\n   a) Strike\n").decisions == (
        "Two shifts", "Budget"
    )  # fmt: skip


def test_an_outline_ends_a_section_where_its_bullets_end() -> None:
    found = minutes("- Decisions\n    - Two shifts\n- Risks\n    - Strike\n- Next steps\n    - Dev: call\n")
    assert found == Minutes(("Two shifts",), (Task("call", "dev"),))
    assert found.passed_over == ("Risks", "Strike")


def test_after_an_outline_the_section_around_it_goes_on() -> None:
    text = "## 2. Decisions and actions\n- Decided:\n  - Two shifts\n- Dev: call\n- Prices\n"
    assert minutes(text).decisions == ("Two shifts",) and minutes(text).tasks == (Task("call", "dev"),)
    assert told(text) == [(5, "Prices")]


def test_a_heading_without_marks_ends_a_section_also_without_a_gap() -> None:
    """Nothing beneath it is filed as a decision, and both are told with their lines."""
    text = "Decisions\n- Two shifts\nRisks\n- The line is down\n"
    assert minutes(text).decisions == ("Two shifts",)
    assert told(text) == [(3, "Risks"), (4, "The line is down")]


@pytest.mark.parametrize("status", ["  erledigt", "erledigt", "  Offen"])
def test_words_of_a_section_that_say_how_it_stands_with_a_bullet_open_none(status: str) -> None:
    found = minutes(f"Maßnahmen\n- Zeichnungen senden\n{status}\n- Presse bestellen\n")
    assert found.tasks == (Task(f"Zeichnungen senden {status.strip()}"), Task("Presse bestellen"))


def test_a_line_goes_on_beneath_one_that_had_no_room_for_its_first_word() -> None:
    long = "Dev: send the drawings of the 4680 to the plant in the north,"
    (task,) = minutes(f"## Actions\n- {long}\nBerlin and Munich\n").tasks
    assert task.says.endswith("north, Berlin and Munich")


def test_a_line_without_a_gap_that_may_belong_to_a_bullet_or_not_is_told_wherever_it_stands() -> None:
    assert told("- [ ] Dev: call\nMunich\n") == [(2, "Munich")]


def test_a_date_at_the_beginning_of_a_line_is_no_numbered_item() -> None:
    assert minutes("## Maßnahmen\n- Dev: Zeichnungen bis\n18. Dezember\n").tasks == (
        Task("Zeichnungen", "dev", DECEMBER_18),
    )
    assert minutes("## Actions\n11. call\n12. March figures\n").tasks == (Task("call"), Task("March figures"))


@pytest.mark.parametrize("line", ["~~~~~~~~~", "*********", "_________", "=========", "---------"])
def test_an_underlined_title_is_a_heading_whatever_underlines_it(line: str) -> None:
    assert minutes(f"Decisions\n{line}\n- Two shifts\n\nRisks\n{line}\n- Strike\n").decisions == ("Two shifts",)


@pytest.mark.parametrize(
    "head", ["<u>Decisions</u>", "**[Decisions]{.underline}**", "**1\\. Decisions** {#decisions}", "##Decisions"]
)
def test_headings_that_other_programs_export_are_headings(head: str) -> None:
    assert minutes(f"{head}\n\n\\- Two shifts\n\n## Next\n- x\n").decisions == ("Two shifts",)


def test_boxes_that_other_programs_escape_are_boxes() -> None:
    assert minutes("* \\[ \\] Dev: call\n* \\[x\\] Tom: write\n").tasks == (
        Task("call", "dev"), Task("write", "tom", done=True)
    )  # fmt: skip


def test_characters_of_no_width_and_accents_of_their_own_count_for_nothing() -> None:
    assert minutes("\ufeffBeschlu\u0308sse\n•\u00a0Zwei\u200b Schichten\n") == Minutes(("Zwei Schichten",))


@pytest.mark.parametrize("bullet", ["•Two shifts", "1.Two shifts", "1.\tTwo shifts"])
def test_bullets_that_lost_their_blank_are_bullets(bullet: str) -> None:
    assert minutes(f"Decisions\n{bullet}\n").decisions == ("Two shifts",)


def test_a_number_with_a_fraction_is_no_bullet() -> None:
    assert told("Decisions\n1.5 million\n") == [(2, "1.5 million")]


def test_a_table_that_is_pasted_with_tabs_or_without_outer_bars_is_one() -> None:
    for mark in ("\t", " | "):
        rows = [("Action", "Owner", "Due"), ("Send the drawings", "Dev Patel", "18 Dec"), ("Call", "Tom", "")]
        found = minutes("\n".join(mark.join(row) for row in rows))
        assert found.tasks == (Task("Send the drawings", "dev", DECEMBER_18), Task("Call", "tom"))


def test_a_table_drawn_with_lines_between_its_rows_is_one() -> None:
    drawn = "+------+-----+\n| Task | Who |\n+======+=====+\n| Call | Dev |\n+------+-----+\n| Write | Tom |\n"
    assert minutes(drawn).tasks == (Task("Call", "dev"), Task("Write", "tom"))


@pytest.mark.parametrize(
    "heads",
    [("Maßnahme", "Wer", "Bis wann"), ("Tâche", "Qui", "Échéance"), ("Tarea", "Responsable", "Fecha límite")],
)
def test_the_headings_of_a_table_are_known_in_each_language(heads: tuple[str, ...]) -> None:
    table = f"| {' | '.join(heads)} |\n|---|---|---|\n| X | Dev | 2026-12-18 |\n"
    assert minutes(table).tasks == (Task("X", "dev", DECEMBER_18),)


@pytest.mark.parametrize(
    "due",
    [
        "bis 18. Dezember", "bis zum 18. Dezember 2026", "bis Fr, 18.12.", "bis spätestens 18.12.2026",
        "spätestens am 18. Dez.", "fällig 18.12.2026", "Frist: 18.12.2026", "(bis 18. Dez.)", ", 18. Dezember",
        "d'ici le 18 décembre", "d’ici au 18 déc.", "jusqu'au vendredi 18 décembre 2026", "au plus tard le 18 dec",
        "échéance : 18 décembre", "(18 décembre)",
        "hasta el 18 de diciembre", "hasta el viernes 18 de diciembre de 2026", "a más tardar el 18 dic",
        "fecha límite: 18 de diciembre", "vence el 18 de diciembre",
    ],
)  # fmt: skip
def test_a_due_date_is_found_in_each_language(due: str) -> None:
    (task,) = minutes(f"- [ ] Dev: X {due}").tasks
    assert (task.says, task.due, task.unread) == ("X", DECEMBER_18, None)


@pytest.mark.parametrize(
    ("written", "due"),
    [("12. März 2027", date(2027, 3, 12)), ("3 mars", date(2027, 3, 3)), ("1er août 2027", date(2027, 8, 1))],
)
def test_months_are_known_in_each_language(written: str, due: date) -> None:
    assert minutes(f"- [ ] X, {written}").tasks == (Task("X", None, due),)


@pytest.mark.parametrize(
    "written",
    [
        "bis Freitag", "bis Ende Januar", "bis KW 51", "bis nächste Woche", "bis morgen", "d'ici vendredi",
        "d'ici fin janvier", "d'ici la semaine prochaine", "hasta el viernes", "hasta finales de enero", "bis 18.12",
        "bis 12/03/2027", "vom 14. bis 18. Dezember", "avant le 18 décembre", "antes del 18 de diciembre",
        "avant le 18/12", "vor dem 18.12",
    ],
)  # fmt: skip
def test_what_names_no_one_day_is_told_and_no_date_is_taken_in_any_language(written: str) -> None:
    found = minutes(f"- [ ] Dev: X {written}")
    (task,) = found.tasks
    assert task.due is None and task.unread and task.says == f"X {written}"
    assert len(found.unplaced) == 1


@pytest.mark.parametrize(
    "words", ["X, verantwortlich: Dev", "X (responsable : Dev)", "X, encargado: Dev", "X (pilote : Dev)"]
)
def test_an_owner_is_named_in_each_language(words: str) -> None:
    assert minutes(f"- [ ] {words}").tasks == (Task("X", "dev"),)


def test_beneath_a_heading_that_names_several_a_line_says_itself_what_it_is_or_is_told() -> None:
    text = "## Decisions and actions\n- Two shifts\n- Dev: call\n- write by 18 Dec\n- Decided: freeze\n- [ ] ask\n"
    found = minutes(text)
    assert found.decisions == ("freeze",)
    assert found.tasks == (Task("call", "dev"), Task("write", None, DECEMBER_18), Task("ask"))
    assert [each.line for each in found.not_understood] == [2]


def test_what_is_yet_to_be_decided_is_no_decision() -> None:
    found = minutes("## Decisions needed\n- Approve the budget\n\n## Decisions\n- Two shifts\n")
    assert found.decisions == ("Two shifts",) and found.passed_over == ("Approve the budget",)


def test_a_line_that_says_when_one_meets_next_is_known_to_be_nothing_to_do() -> None:
    found = minutes("## Actions\n- Dev: call\n**Next meeting:** 17 Nov\n")
    assert found == Minutes((), (Task("call", "dev"),))
    assert found.passed_over == ("Next meeting: 17 Nov",)


def test_an_arrow_leads_from_an_owner_or_to_one() -> None:
    text = "## Actions\n- Dev → call\n- write -> Tom\n"
    assert minutes(text).tasks == (Task("call", "dev"), Task("write", "tom"))


def test_actions_under_a_heading_of_finished_ones_are_done() -> None:
    assert minutes("## Completed actions\n- Tom: report\n").tasks == (Task("report", "tom", done=True),)


def test_each_line_that_is_not_read_is_told_with_its_number_as_editors_count() -> None:
    text = "# Minutes\r\n\r\n- talk\x0b- more talk\r\n## Decisions\r\nTom came late.\r\n### Risks\r\n- Strike\r\n"
    found = minutes(text)
    assert found.outside == (LineNotRead(3, "talk"), LineNotRead(3, "more talk"))
    assert found.not_understood == (
        LineNotRead(5, "no bullet, so it is not read: Tom came late."),
        LineNotRead(7, 'under "Risks", so it is not read: Strike'),
    )


def test_a_bold_line_with_nothing_beneath_it_may_be_what_was_decided_and_is_told() -> None:
    assert told("## Decisions\n**Two shifts**\n**Budget frozen**\n") == [(2, "Two shifts"), (3, "Budget frozen")]
    text = "Decisions\n**Two shifts**\n**Budget frozen**\n\n## Actions\n- Dev: call\n"
    assert told(text) == [(2, "Two shifts"), (3, "Budget frozen")]
    assert minutes(text).tasks == (Task("call", "dev"),)


def test_the_headings_of_a_table_that_are_repeated_are_no_action() -> None:
    table = "| Action | Owner |\n|---|---|\n| Call {} | Dev |\n"
    assert minutes(table.format(1) + table.format(2)).tasks == (Task("Call 1", "dev"), Task("Call 2", "dev"))
    tabs = "Task\tWho\nWrite\tTom\n"
    assert minutes(table.format(1) + tabs).tasks == (Task("Call 1", "dev"), Task("Write", "tom"))


PIECES = [
    "## Decisions", "Decisions", "**Actions**", "Next steps:", "## Decisions and actions", "- Decided:", "## Parked",
    "1. Decisions", "2. Next steps", "### Acme Motors", "- Decisions", "## Completed actions", "Next meeting",
    "### Risks", "Risks", "3. Risks", "Agenda", "", "- [ ] Dev: {} by 18 Dec", "- {}", "  - {}", "- [x] Tom: {}",
    "Decided: {}", "- Action: Dev to {}", "| Action | Owner |\n|---|---|\n| {} | Dev |", "| Colour |\n|---|\n| {} |",
    "- {} (unfinished)", "1. {}", "2. {}", "a) {}", "• {}", "> - {}", "Action\tWho\n{}\tDev",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_whatever_stands_in_a_bullet_a_row_or_a_label_is_read_or_told(pieces: list[str]) -> None:
    """However headings and lists follow each other: nothing is lost in silence, and each told line is its own."""
    marked = [piece.replace("{}", f"word{n}") for n, piece in enumerate(pieces)]
    text = "\n".join(marked)
    found = minutes(text)
    told = [*found.not_understood, *found.outside]
    said = " ".join(
        [*found.decisions, *found.unfinished, *(task.says for task in found.tasks), *(each.says for each in told)]
    )
    lines = text.split("\n")
    for n, piece in enumerate(pieces):
        if "{}" in piece:
            assert f"word{n}" in said
            assert all(
                f"word{n}" in lines[each.line - 1] for each in told if each.says.endswith(f"word{n}") and each.line
            )


@pytest.mark.parametrize(
    "above", ["## Beschlüsse\n- Zweite Presse wird gekauft\n\n", "## Open items\n- Zweite Presse\n\n"]
)
@pytest.mark.parametrize(
    "heads", [("Maßnahme", "Wer", "Bis wann"), ("Action", "Owner", "Due"), ("Tâche", "Qui", "Échéance")]
)
def test_a_table_of_actions_is_read_as_actions_whatever_section_it_stands_in(
    above: str, heads: tuple[str, ...]
) -> None:
    table = f"| {' | '.join(heads)} |\n|---|---|---|\n| Muster schicken | Dev | 2026-12-18 |\n"
    found = minutes(above + table)
    assert found.tasks == (Task("Muster schicken", "dev", DECEMBER_18),)
    assert [*found.decisions, *found.unfinished] in (["Zweite Presse wird gekauft"], ["Zweite Presse"])


def test_what_somebody_does_by_a_day_is_an_action_among_what_was_decided() -> None:
    table = "## Decisions\n| What | Who | By when |\n|---|---|---|\n| Send samples | Dev | 2026-12-18 |\n"
    assert minutes(table).tasks == (Task("Send samples", "dev", DECEMBER_18),) and not minutes(table).decisions


@pytest.mark.parametrize("heading", ["Decisions", "Decisions and actions"])
def test_a_table_of_decisions_is_read_as_decisions_and_who_and_when_beside_them_are_told(heading: str) -> None:
    table = f"## {heading}\n| Decision | Owner | Due |\n|---|---|---|\n| A second press | Dev | 2026-12-18 |\n"
    assert minutes(table).decisions == ("A second press",) and not minutes(table).tasks
    assert told(table) == [(2, "Decision | Owner | Due")]
    assert not told("## Decisions\n| Decision | Status |\n|---|---|\n| A second press | done |\n")
