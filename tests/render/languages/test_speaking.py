"""A sentence is said in the language of whoever it is rendered for, and of nobody else."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from scheduler.domain.errors import InvalidValue
from scheduler.domain.languages import language_tag
from scheduler.domain.manner import AS_EVER, Manner, preferred
from scheduler.render.languages import known, say, say_as, say_count, speaking, spoken
from scheduler.render.templating import rendered
from scheduler.render.wording import clock_words, day_words, figure, listed, span_words

FRIDAY = date(2026, 12, 18)


def test_what_is_said_to_nobody_in_particular_is_english() -> None:
    assert spoken() == AS_EVER
    assert say("Due on %(day)s.", day="today") == "Due on today."
    assert [say_count("%(number)s day", "%(number)s days", each) for each in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert say_as("a target", "yes") == "yes"
    assert known("Tom's own title") == "Tom's own title"


def test_who_has_no_language_is_spoken_to_as_everybody_is_so_that_nothing_is_worked_out_twice() -> None:
    with speaking(Manner(None, "1.234,5", "31.12.2026")):
        assert spoken() == AS_EVER


def test_a_sentence_without_values_stands_as_it_is_also_with_a_percent_sign() -> None:
    assert say("100% of it") == "100% of it"


def test_a_language_is_spoken_until_the_end_of_what_is_said_within_also_where_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), speaking(Manner("de")):
        assert spoken().language == "de"
        1 / 0  # noqa: B018
    assert spoken() == AS_EVER


def test_a_generator_that_is_used_up_within_speaks_as_its_reader_does() -> None:
    def days() -> Iterator[str]:
        yield day_words(FRIDAY)

    with speaking(Manner("fr")):
        assert list(days()) == ["ven. 18 déc. 2026"]


@pytest.mark.parametrize(
    ("manner", "day", "clock", "number", "list_of"),
    [
        (Manner(), "Fri 18 Dec 2026", "14:05", "1,234.5 EUR", "a, b and c"),
        (Manner("en"), "Fri 18 Dec 2026", "14:05", "1,234.5 EUR", "a, b and c"),
        (Manner("en-US"), "Fri, Dec 18, 2026", "2:05\u202fPM", "1,234.5 EUR", "a, b, and c"),
        (Manner("de"), "Fr., 18. Dez. 2026", "14:05", "1.234,5 EUR", "a, b und c"),
        (Manner("de-CH"), "Fr., 18. Dez. 2026", "14:05", "1'234.5 EUR", "a, b und c"),
        (Manner("fr"), "ven. 18 déc. 2026", "14:05", "1\u202f234,5 EUR", "a, b et c"),
        (Manner("es"), "vie, 18 dic 2026", "14:05", "1.234,5 EUR", "a, b y c"),
        (Manner("ja"), "2026年12月18日(金)", "14:05", "1,234.5 EUR", "a、b、c"),
        (
            Manner("ar"),
            "الجمعة، 18 ديسمبر 2026",
            "2:05 م",
            "1,234.5 EUR",
            "\u2068a\u2069 و\u2068b\u2069 و\u2068c\u2069",
        ),
        (Manner("de", "1,234.5", "2026-12-31"), "Fr. 2026-12-18", "14:05", "1,234.5 EUR", "a, b und c"),
        (Manner("en", "1 234,5", "31.12.2026"), "Fri 18.12.2026", "14:05", "1 234,5 EUR", "a, b and c"),
        (Manner(None, "1.234,5", "31.12.2026"), "Fri 18 Dec 2026", "14:05", "1,234.5 EUR", "a, b and c"),
    ],
    ids=str,
)
def test_days_times_figures_and_lists_have_the_form_of_the_language_or_that_which_is_asked_for(
    manner: Manner, day: str, clock: str, number: str, list_of: str
) -> None:
    with speaking(manner):
        assert day_words(FRIDAY) == day
        assert clock_words(datetime(2026, 12, 18, 14, 5)) == clock
        assert figure(Decimal("1234.50"), "EUR") == number
        assert listed(["a", "b", "c"]) == list_of


def test_a_span_is_told_with_the_forms_of_the_language() -> None:
    with speaking(Manner("de")):
        assert [span_words("1 month"), span_words("12 months"), span_words("3 weeks")] == [
            "1 Monat",
            "12 Monate",
            "3 Wochen",
        ]
    assert span_words("12 months") == "12 months"


@pytest.mark.parametrize(
    ("written", "tag"), [("de", "de"), ("DE_ch", "de-CH"), ("ja-jpan-jp", "ja-Jpan-JP"), ("es-419", "es-419")]
)
def test_a_language_is_known_by_its_tag(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize("written", ["", "klingon", "xx", "German", "de-", "de-Germany"])
def test_a_language_without_words_is_refused_with_those_that_there_are(written: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        language_tag(written)
    assert "de (German)" in refused.value.hint


def test_a_region_that_is_not_known_with_a_language_goes_by_the_language() -> None:
    with speaking(Manner("de-ZZ")):
        assert day_words(FRIDAY) == "Fr., 18. Dez. 2026"


def test_what_a_person_says_comes_before_what_their_organisation_does_each_by_itself() -> None:
    assert preferred(Manner("fr"), Manner("de", "1.234,5"), Manner("en", None, "2026-12-31")) == Manner(
        "fr", "1.234,5", "2026-12-31"
    )


def test_names_within_a_sentence_from_the_right_to_the_left_keep_their_own_direction() -> None:
    with speaking(Manner("ar")):
        assert say("never translated: %(name)s", name="Acme (EU)") == "never translated: \u2068Acme (EU)\u2069"
    with speaking(Manner("de")):
        assert say("never translated: %(name)s", name="Acme (EU)") == "never translated: Acme (EU)"


def test_names_that_stand_apart_stay_so_on_their_way_through_a_template(tmp_path: Path) -> None:
    for name in ("a.txt.j2", "a.md.j2", "a.html.j2"):
        (tmp_path / name).write_text("{{ words }}", encoding="utf-8")
    with speaking(Manner("ar")):
        words = say("never translated: %(name)s", name="2026-W44")
        texts = [rendered(f"a.{kind}.j2", [tmp_path], words=words).text for kind in ("txt", "md", "html")]
    assert texts == [words] * 3
    assert "\u2068" in words


@pytest.mark.parametrize("hostile", ["a\u2068b", "a\u2069b\u2068", "\u202ea", "a\u2067b"])
def test_a_mark_of_direction_that_is_not_closed_turns_nothing(hostile: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text("{{ words }}", encoding="utf-8")
    for language in (None, "de", "ar"):
        with speaking(Manner(language)):
            text = rendered("a.txt.j2", [tmp_path], words=hostile).text
        assert not set(text) & set("\u2066\u2067\u2068\u2069\u202d\u202e")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a.txt.j2", "By <b>|x"), ("a.html.j2", "By &lt;b&gt;|x"), ("a.md.j2", r"By \<b>\|x")],
)
def test_what_a_template_says_has_its_values_escaped_as_what_it_prints(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / name).write_text('{{ say("By %(who)s", who=who) }}', encoding="utf-8")
    assert rendered(name, [tmp_path], who="<b>|x").text == shown


def test_words_of_the_record_that_a_template_says_are_escaped_too(tmp_path: Path) -> None:
    (tmp_path / "a.html.j2").write_text("{{ known(title) }}", encoding="utf-8")
    with speaking(Manner("de")):
        assert rendered("a.html.j2", [tmp_path], title="<script>").text == "&lt;script&gt;"


@pytest.mark.parametrize("name", ["a.txt.j2", "a.html.j2", "a.md.j2"])
def test_a_value_that_is_not_there_is_a_fault_as_ever(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{{ say("By %(who)s", who=nobody) }}', encoding="utf-8")
    with pytest.raises(UndefinedError):
        rendered(name, [tmp_path])


def test_a_page_says_which_language_it_is_in_and_its_direction(tmp_path: Path) -> None:
    (tmp_path / "a.html.j2").write_text("<html {{ in_language() }}>", encoding="utf-8")
    said = []
    for language in (None, "de-CH", "ar"):
        with speaking(Manner(language)):
            said.append(rendered("a.html.j2", [tmp_path]).text)
    assert said == ['<html lang="en">', '<html lang="de-CH">', '<html lang="ar" dir="rtl">']


def test_names_in_a_row_on_a_page_are_parted_as_the_language_does_and_escaped_once(tmp_path: Path) -> None:
    (tmp_path / "a.html.j2").write_text("{{ [name, known(role)] | commas }}", encoding="utf-8")
    said = []
    for language in (None, "fr", "ja"):
        with speaking(Manner(language)):
            said.append(rendered("a.html.j2", [tmp_path], name="R&D", role="alliance manager").text)
    assert said == [
        "R&amp;D, alliance manager",
        "R&amp;D, responsable d&#39;alliance",
        "R&amp;D、アライアンスマネージャー",
    ]


def test_a_figure_that_a_template_says_has_the_marks_of_its_reader(tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text('{{ say("the sides are %(gap)s apart", gap=gap) }}', encoding="utf-8")
    said = []
    for language in (None, "de"):
        with speaking(Manner(language)):
            said.append(rendered("a.txt.j2", [tmp_path], gap=Decimal("1.50")).text)
    assert said == ["the sides are 1.50 apart", "die Seiten liegen 1,5 auseinander"]


def test_a_name_and_its_label_are_read_in_the_order_of_the_sentence_around_them() -> None:
    with speaking(Manner("ar")):
        both = say("%(review)s %(label)s", review="خط الفرص", label="2026-W41")
        assert both == "\u2068خط الفرص\u2069 \u20682026-W41\u2069"
        assert say("%(what)s: %(lacks)s", what=both, lacks="Cells") == f"{both}: \u2068Cells\u2069"
        for odd in ("\u2068Cells", "\u2068Cells\u2069\u2069\u2068", "Cells\u2069"):
            assert say("never translated: %(name)s", name=odd).endswith(": \u2068Cells\u2069")
        assert say("never translated: %(name)s", name="A\u2069\u202eB").endswith(": \u2068A\u202eB\u2069")
        mixed = "Cells, \u20682026-10\u2069"
        assert say("%(what)s: %(lacks)s", what=mixed, lacks="Cells").startswith(f"\u2068{mixed}\u2069")


def test_german_asks_of_a_meeting_of_any_gender() -> None:
    """Der Checkpoint, das Audit, die Besprechung: one sentence asks of all of them."""
    with speaking(Manner("de")):
        assert say("was it held?") == "hat der Termin stattgefunden?"
        asked = say(
            "It was to be on %(day)s, and nobody has closed it: %(held)s, or %(skipped)s",
            day="x",
            held="a",
            skipped="b",
        )
        assert "ihn abgeschlossen" in asked
