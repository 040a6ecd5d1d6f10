"""What an answer in words says, and what is asked back. It is Wednesday 2 December 2026."""

from datetime import date

import pytest

from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.letter_question import QuestionKind
from scheduler.rules.answers.answer_days import day_at_the_start
from scheduler.rules.answers.answer_lines import parts_of
from scheduler.rules.answers.understood import (
    Confirmed,
    Excused,
    Finished,
    GivenVerdict,
    NotHeld,
    Promised,
    PutOff,
    ReportedAs,
    Understood,
    WasHeld,
    understand,
)

TODAY = date(2026, 12, 2)
THURSDAY = date(2026, 12, 3)


def a(value: str, note: str | None = None) -> ReportedAs:
    return ReportedAs(value, note)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("42", a("42")),
        ("42\nTwo lines were down.", a("42", "Two lines were down.")),
        ("42, two lines down", a("42", "two lines down")),
        ("42, later than planned", a("42", "later than planned")),
        ("42, no. 4 is down", a("42", "no. 4 is down")),
        ("12 may be too low", a("12", "may be too low")),
        ("42 an der Linie 3 fehlt Material", a("42", "an der Linie 3 fehlt Material")),
        ("42 not yet final", a("42", "not yet final")),
        ("42 (two lines down)", a("42", "(two lines down)")),
        ("42. Two lines down", a("42", "Two lines down")),
        ("42 pieces two lines down", a("42", "two lines down")),
        ("-0,5", a("-0,5")),
        ("1.234,5", a("1.234,5")),
        ("12 345", a("12 345")),
        ("12'345.5", a("12'345.5")),
        ("٤٢", a("42")),
        ("۴۲", a("42")),
        ("٤٫٥", a("4.5")),
        ("١٬٢٣٤٫٥", a("1234.5")),
        ("४२", a("42")),
        ("４２．５　二ライン停止", a("42.5", "二ライン停止")),
        ("四十二", a("42")),
        ("四二", a("42")),
    ],
)
def test_a_number_at_the_beginning_is_the_value_and_the_rest_a_remark(said: str, meant: Understood) -> None:
    assert understand("value", said, TODAY, unit="pieces") == meant


@pytest.mark.parametrize(
    "said",
    [
        "1.234",
        "about 42",
        "~42",
        "40-45",
        "40 – 45",
        "42 or 43",
        "42 bis 45",
        "42k",
        "4,2 Mio",
        "4.2 million",
        "42 千",
        "12/11",
        "2026-12-01",
        "12 345 pieces short",
        "42 2 lines down",
        "42units",
        "0.41, later Thu",
        "0.41 later",
        "42\nlater Thu, because the meter is read then",
        "42, excuse: none",
        "later Thu, 0.41",
        "later Thu 0,41 %",
        "later Thu, 42 pieces",
        "excuse, 42",
        "\u202e24",
        "4\u202e2",
        "0.\u202e14",
        "0.\u206614\u2069",
        "0,\u200f14",
        "42, none yet",
        "42 noch vorläufig, später Donnerstag",
        "4 people are ill, later",
        "3 days later",
        "2 weeks please",
        "2 Wochen",
        "2 semanas",
        "3 日",
        "٣ أيام",
        "1 moment please",
        "11 Dec",
        "11. Dezember",
        "11 décembre",
        "11 de diciembre",
        "11 dicembre",
        "١١ ديسمبر",
        "12 May",
        "11.12.",
        "42 kg",
        "42 percent",
        "later Thu, 42 kg",
        "$42",
        "42 €",
        "see attachment",
        "yes",
    ],
)
def test_what_may_be_two_numbers_or_is_none_is_asked_back(said: str) -> None:
    with pytest.raises(InvalidValue) as asked:
        understand("value", said, TODAY, unit="pieces")
    assert asked.value.hint


@pytest.mark.parametrize(
    ("said", "unit", "meant"),
    [
        ("42 % two lines down", "%", a("42 %", "two lines down")),
        ("٤٢٪", "%", a("42 %")),
        ("４２％", "%", a("42 %")),
        ("€ 4 200,50", "EUR", a("4 200,50")),
        ("4200 EUR", "EUR", a("4200")),
        ("4200 €", "EUR per t", a("4200")),
        ("0.31 gwh", "GWh", a("0.31")),
    ],
)
def test_the_unit_is_no_part_of_the_value(said: str, unit: str, meant: Understood) -> None:
    assert understand("value", said, TODAY, unit=unit) == meant


@pytest.mark.parametrize(
    ("said", "unit", "meant"),
    [
        ("42 Tage", "days", a("42")),
        ("42 h two lines down", "hours", a("42", "two lines down")),
        ("42 percent", "%", a("42")),
        ("310 EUR", "EUR per t", a("310")),
        ("42 t", "tonnes", a("42")),
        ("310 MWh", None, a("310", "MWh")),
    ],
)
def test_another_spelling_of_the_unit_is_dropped(said: str, unit: str | None, meant: Understood) -> None:
    assert understand("value", said, TODAY, unit=unit) == meant


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("310 MWh", "GWh"),
        ("0.31\u00a0mwh", "GWh"),
        ("310 (MWh)", "GWh"),
        ("310 megawatt hours", "GWh"),
        ("42 t", "kg"),
        ("4.2 EUR", "million EUR"),
        ("310 €", "k€"),
        ("4200 USD", "EUR"),
        ("3 Tage später", "days"),
        ("3 weeks", "days"),
        ("3 days later", None),
    ],
)
def test_a_figure_in_another_unit_is_asked_back(said: str, unit: str | None) -> None:
    with pytest.raises(InvalidValue):
        understand("value", said, TODAY, unit=unit)


def test_a_day_in_figures_may_be_a_number_where_its_convention_says_so() -> None:
    assert understand("value", "11.12.", TODAY, convention="1,234.5") == a("11.12")


def test_how_somebody_writes_numbers_settles_what_could_be_two() -> None:
    assert understand("value", "1.234", TODAY, convention="1.234,5") == a("1.234")
    assert understand("value", "1 234 down", TODAY, convention="1 234,5") == a("1 234", "down")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("met", a("met")),
        ("Met, on line 3", a("met", "on line 3")),
        ("missed: line 3 is late", a("missed", "line 3 is late")),
        ("not met", a("missed")),
        ("nicht erreicht, weil Linie 3", a("missed", "weil Linie 3")),
        ("no, because of line 3", a("missed", "of line 3")),
        ("atteint", a("met")),
        ("達成", a("met")),
        ("未達", a("missed")),
        ("نعم", a("met")),
    ],
)
def test_a_milestone_is_met_or_missed(said: str, meant: Understood) -> None:
    assert understand("milestone", said, TODAY) == meant


@pytest.mark.parametrize(
    ("said", "until", "because"),
    [
        ("later Thu, because the ledger closes late", THURSDAY, "the ledger closes late"),
        ("Later Thursday: the ledger closes late", THURSDAY, "the ledger closes late"),
        ("später Donnerstag, weil die Bücher spät schließen", THURSDAY, "die Bücher spät schließen"),
        ("bis Freitag, weil krank", date(2026, 12, 4), "krank"),
        ("plus tard jeudi, parce que le livre ferme tard", THURSDAY, "le livre ferme tard"),
        ("más tarde 10 de diciembre, porque cierra tarde", date(2026, 12, 10), "cierra tarde"),
        ("later Dec 10, because of travel", date(2026, 12, 10), "of travel"),
        ("later 10 Dec: travel", date(2026, 12, 10), "travel"),
        ("later 2026-12-10 travel", date(2026, 12, 10), "travel"),
        ("later tomorrow, travel", THURSDAY, "travel"),
        ("später 10.12., Reise", date(2026, 12, 10), "Reise"),
        ("later 14/12 - travel", date(2026, 12, 14), "travel"),
        ("later 12/14 - travel", date(2026, 12, 14), "travel"),
        ("later Thu, 10 Dec, travel", date(2026, 12, 10), "travel"),
        ("後で 12月10日、決算のため", date(2026, 12, 10), "決算のため"),
        ("後で 木曜日、決算のため", THURSDAY, "決算のため"),
        ("later 5 Jan, because of the holidays", date(2027, 1, 5), "of the holidays"),
    ],
)
def test_a_promise_names_a_day_and_a_reason(said: str, until: date, because: str) -> None:
    assert understand("value", said, TODAY) == Promised(until, because)


@pytest.mark.parametrize(
    "said",
    ["later", "later because of travel", "later Thu", "later Wed, travel", "later 4/12, travel", "later 31.2., travel"],
)
def test_a_promise_without_a_day_or_a_reason_or_with_two_days_is_asked_back(said: str) -> None:
    with pytest.raises(InvalidValue):
        understand("value", said, TODAY)


def test_a_weekday_that_is_not_that_of_its_date_is_asked_back() -> None:
    with pytest.raises(InvalidValue, match="is no"):
        day_at_the_start("Fri, 10 Dec", TODAY)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("excuse, because the line burned down", Excused("the line burned down", None)),
        ("Excused until 18 Dec: strike", Excused("strike", date(2026, 12, 18))),
        ("entschuldigt bis 18.12., weil Streik", Excused("Streik", date(2026, 12, 18))),
        ("excusez, parce que grève", Excused("grève", None)),
    ],
)
def test_an_excuse_has_a_reason_and_may_have_a_last_day(said: str, meant: Understood) -> None:
    assert understand("value", said, TODAY) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("held", WasHeld(None)),
        ("Yes.", WasHeld(None)),
        ("ja", WasHeld(None)),
        ("はい", WasHeld(None)),
        ("held, all were there", WasHeld("all were there")),
        ("no: because of the strike", NotHeld("of the strike")),
        ("Nein, weil alle krank waren", NotHeld("alle krank waren")),
        ("cancelled: strike", NotHeld("strike")),
        ("fand nicht statt: Streik", NotHeld("Streik")),
    ],
)
def test_a_meeting_was_held_or_not_and_why(said: str, meant: Understood) -> None:
    assert understand("held", said, TODAY) == meant


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("held", "no idea"),
        ("held", "held off until March"),
        ("milestone", "met with Tom, will send it"),
        ("milestone", "no idea"),
        ("verdict", "yes but too late"),
        ("action", "done with this"),
        ("value", "excuse me, what is this?"),
    ],
)
def test_a_word_that_goes_on_in_a_sentence_is_asked_back(kind: QuestionKind, said: str) -> None:
    with pytest.raises(InvalidValue):
        understand(kind, said, TODAY)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("milestone", "yes, later Thu"),
        ("milestone", "met, missed"),
        ("milestone", "yes\nno"),
        ("milestone", "met, not yet"),
        ("milestone", "ja, nein"),
        ("milestone", "はい、未達"),
        ("milestone", "نعم، لا"),
        ("milestone", "later Thu, met"),
        ("milestone", "met, excuse: strike"),
        ("verdict", "yes, no"),
        ("verdict", "yes - partly"),
        ("verdict", "yes (no)"),
        ("held", "held, no"),
        ("held", "yes: no"),
        ("held", "no: held"),
        ("action", "done, later Thu"),
        ("action", "done, not yet"),
        ("action", "later Thu, done"),
        ("step", "erledigt, nein"),
    ],
)
def test_an_answer_that_may_say_two_things_is_asked_back(kind: QuestionKind, said: str) -> None:
    with pytest.raises(InvalidValue) as asked:
        understand(kind, said, TODAY)
    assert asked.value.hint


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [
        ("milestone", "yes, all is well", a("met", "all is well")),
        ("milestone", "met: see the report", a("met", "see the report")),
        ("milestone", "met, no. 4 as well", a("met", "no. 4 as well")),
        ("milestone", "met, no-one complained", a("met", "no-one complained")),
        ("milestone", "met, no problems\nN. Meyer has it", a("met", "no problems\nN. Meyer has it")),
        ("milestone", "no, not met", a("missed", "not met")),
        ("milestone", "non-atteint", a("missed")),
        ("held", "held, later than planned", WasHeld("later than planned")),
        ("held", "no, cancelled: strike", NotHeld("cancelled: strike")),
        ("verdict", "yes, met", GivenVerdict("met", "met")),
        ("action", "erledigt, Entschuldigung", Finished("Entschuldigung")),
    ],
)
def test_a_remark_that_says_the_same_or_goes_on_is_a_remark(kind: QuestionKind, said: str, meant: Understood) -> None:
    assert understand(kind, said, TODAY) == meant


@pytest.mark.parametrize("said", ["no", "nein", "perhaps", "42"])
def test_a_meeting_that_was_not_held_needs_a_reason(said: str) -> None:
    with pytest.raises(InvalidValue):
        understand("held", said, TODAY)


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [
        ("verdict", "yes", GivenVerdict("met", None)),
        ("verdict", "yes, see the audit", GivenVerdict("met", "see the audit")),
        ("verdict", "partly: two of three", GivenVerdict("partly", "two of three")),
        ("verdict", "nein, zu spät", GivenVerdict("missed", "zu spät")),
        ("action", "done", Finished(None)),
        ("action", "erledigt, am Montag", Finished("am Montag")),
        ("action", "later 10 Dec", PutOff(date(2026, 12, 10))),
        ("step", "fait", Finished(None)),
    ],
)
def test_a_verdict_an_action_and_a_step(kind: QuestionKind, said: str, meant: Understood) -> None:
    assert understand(kind, said, TODAY) == meant


def test_yes_confirms_what_was_asked_back_and_nothing_else() -> None:
    assert understand("value", "Yes!", TODAY, is_asked_back=True) == Confirmed()
    assert understand("value", "42", TODAY, is_asked_back=True) == a("42")
    with pytest.raises(InvalidValue):
        understand("value", "yes, but 43", TODAY, is_asked_back=True)


# Lines


def test_a_number_and_a_mark_say_to_which_question_a_line_is() -> None:
    lines = ["1: 42", "two lines down", "", "2) met", "(3) later Thu, travel", "#4: done", "5. held"]
    assert parts_of(lines, [1, 2, 3, 4, 5]) == {
        1: "42\ntwo lines down",
        2: "met",
        3: "later Thu, travel",
        4: "done",
        5: "held",
    }


@pytest.mark.parametrize("line", ["２：４２", "٢: 42", "2 : 42"])
def test_the_number_may_be_in_the_digits_of_any_script(line: str) -> None:
    assert parts_of([line], [1, 2]).keys() == {2}


def test_a_value_with_a_point_is_no_number_of_a_question() -> None:
    assert parts_of(["2.42"], [1, 2]) == {None: "2.42"}


def test_what_stands_before_any_number_belongs_to_none_of_several() -> None:
    assert parts_of(["here you are", "1: 42"], [1, 2]) == {None: "here you are", 1: "42"}


def test_a_number_that_is_answered_twice_and_otherwise_is_not_guessed() -> None:
    assert parts_of(["1: 0.3", "2: met", "1: 0.4"], [1, 2]) == {None: "1: 0.3\n1: 0.4", 2: "met"}
    assert parts_of(["1: 0.3", "1: 0.3"], [1, 2]) == {1: "0.3"}
    assert parts_of(["1: done", "at last", "", "1: done", "at last"], [1, 2]) == {1: "done\nat last"}


def test_a_number_that_was_not_asked_is_no_part_of_the_answer_before_it() -> None:
    assert parts_of(["2: no: because holiday", "99: held"], [1, 2]) == {2: "no: because holiday", None: "99: held"}
    assert parts_of(["2: held", "10:30 was early", "3. quarter too"], [1, 2]) == {
        2: "held\n10:30 was early\n3. quarter too"
    }


def test_a_number_with_nothing_behind_it_stands_without_words() -> None:
    assert parts_of(["2:"], [1, 2]) == {2: ""}


def test_of_one_question_every_line_is_its_answer() -> None:
    assert parts_of(["42", "two lines down"], [7]) == {7: "42\ntwo lines down"}
    assert parts_of(["7: 42"], [7]) == {7: "42"}
