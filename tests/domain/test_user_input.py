"""What people type: numbers with the decimal mark they grew up with, and a few words of their own."""

from decimal import Decimal

import pytest

from scheduler.domain.definition.target import number
from scheduler.domain.errors import InvalidValue
from scheduler.domain.user_input import CONVENTIONS, as_written, pointed, without_unit, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.31", "0.31"),
        ("0,31", "0.31"),
        ("0,315", "0.315"),
        ("1234,5", "1234.5"),
        (" 92,5 ", "92.5"),
        ("-2,5", "-2.5"),
        ("150000", "150000"),
        ("150 000", "150000"),
        ("150\u202f000,5", "150000.5"),
        ("150'000.5", "150000.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
    ],
)
@pytest.mark.parametrize("convention", [None, *CONVENTIONS])
def test_what_means_one_thing_is_understood_whatever_the_convention(
    typed: str, meant: str, convention: str | None
) -> None:
    assert pointed(typed, convention) == meant


@pytest.mark.parametrize(
    "typed", ["met", "=1+1", "nan", "1e400", "1.2.3", "1,23,4", "12.34,5", "1 2", "12 34", "1'00", "", "٣,٥x"]
)
def test_what_is_no_number_stays_what_it_is(typed: str) -> None:
    assert pointed(typed) == typed


@pytest.mark.parametrize(
    ("typed", "whole", "decimal"),
    [
        ("1.240", "1240", "1.24"),
        ("1,240", "1240", "1.24"),
        ("100.250", "100250", "100.25"),
        ("-1,000", "-1000", "-1.0"),
    ],
)
def test_what_means_one_thing_in_detroit_and_another_in_berlin_is_asked_again(
    typed: str, whole: str, decimal: str
) -> None:
    with pytest.raises(InvalidValue, match="two ways") as asked:
        pointed(typed)
    assert f"write {whole} or {decimal}, " in asked.value.hint and "numbers:" in asked.value.hint
    assert (pointed(whole), Decimal(pointed(decimal))) == (whole, Decimal(decimal))


@pytest.mark.parametrize("typed", ["0.240", "0,240", "1234.567", "1,2400", "12.34", "1,234,567", "1 240,500"])
def test_only_one_to_three_digits_a_mark_and_three_more_leave_it_open(typed: str) -> None:
    assert pointed(typed)


@pytest.mark.parametrize(
    ("convention", "point", "comma"),
    [("1,234.5", "92.125", "92125"), ("1.234,5", "92125", "92.125"), ("1 234,5", None, "92.125"),
     ("1'234.5", "92.125", None)],
)  # fmt: skip
def test_a_convention_settles_what_its_own_marks_mean(convention: str, point: str | None, comma: str | None) -> None:
    """In ``1 234,5`` a point stands for nothing: whoever types it may mean either."""
    for typed, meant in (("92.125", point), ("92,125", comma)):
        if meant is None:
            with pytest.raises(InvalidValue, match="two ways"):
                pointed(typed, convention)
        else:
            assert pointed(typed, convention) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("９", "9"), ("٣", "3"), ("−٣", "-3"), ("1٬000", "1000"), ("٤٫٥", "4.5"), ("１，２３４．５", "1234.5"),
     ("四十二", "42"), ("४२", "42"), ("٠٫٢٤٠", "0.24")],
)  # fmt: skip
def test_the_digits_of_any_script_are_those_of_ours(typed: str, meant: str) -> None:
    assert number(pointed(typed)) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1_000", "١٫٢٫٣", "一〇十", "Ⅸ"])
def test_digits_and_marks_that_no_convention_has_are_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="is not a number"):
        number(pointed(typed))


@pytest.mark.parametrize("typed", ["1 234 567,5", "1\u202f234\u202f567,5", "1'234'567.5", "1’234’567,5", "−12,5", "+3"])
def test_spaces_apostrophes_and_minus_signs_of_spreadsheets_are_understood(typed: str) -> None:
    assert number(pointed(typed)) in (Decimal("1234567.5"), Decimal("-12.5"), 3)


@pytest.mark.parametrize("value", ["92.125", "0.5", "1234.567", "-1.240", "7", "100.000"])
@pytest.mark.parametrize("convention", [None, *CONVENTIONS])
def test_a_value_that_is_shown_to_be_corrected_is_read_back_as_it_was(value: str, convention: str | None) -> None:
    assert number(pointed(as_written(Decimal(value), convention), convention)) == Decimal(value)


def test_a_unit_may_stand_behind_its_number_and_no_other_one() -> None:
    assert (without_unit("2,2 %", "%"), without_unit("0.31 gwh", "GWh"), without_unit("5", None)) == (
        "2,2",
        "0.31",
        "5",
    )
    for unit in ("GWh", None):
        with pytest.raises(InvalidValue, match="is a percentage, and it"):
            without_unit("2,2 %", unit)


@pytest.mark.parametrize(
    ("typed", "says", "hint"),
    [
        ("2.2000000000000002", "16 digits after the point, and 10 are the most", "round it: 2.2"),
        ("1" * 16, "16 digits before the point, and 15 are the most", "0.31"),
        ("1.2E+05", "1.2E+05", "without an exponent"),
    ],
)
def test_what_is_too_long_is_refused_by_a_sentence_that_says_the_limit(typed: str, says: str, hint: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        number(pointed(typed))
    assert says in refused.value.what and hint in refused.value.hint


def test_words_are_kept_with_their_lines_and_without_blanks_around_them() -> None:
    assert words("  two lines\r\nand =HYPERLINK(1) \n") == "two lines\nand =HYPERLINK(1)"


@pytest.mark.parametrize(
    ("written", "says"),
    [(" \n", "empty"), ("x" * 2001, "2,001 characters"), ("a\x00b", "control"), ("a\u202eb", "control")],
)
def test_what_is_no_note_is_refused(written: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        words(written)
    assert words("x" * 2000) == "x" * 2000
