"""What people type: numbers with the decimal mark they grew up with, and a few words of their own."""

import pytest

from scheduler.domain.trouble import Fault
from scheduler.domain.typed import pointed, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.31", "0.31"),
        ("0,31", "0.31"),
        ("0,315", "0.315"),
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
@pytest.mark.parametrize("mark", [".", ","])
def test_a_number_is_understood_whichever_mark_its_writer_uses(typed: str, meant: str, mark: str) -> None:
    assert pointed(typed, mark) == meant


@pytest.mark.parametrize("typed", ["met", "=1+1", "nan", "1e400", "1.2.3", "1,23,4", "12.34,5", "", "٣,٥x"])
def test_what_is_no_number_stays_what_it_is(typed: str) -> None:
    assert pointed(typed) == typed


def test_what_means_one_thing_in_detroit_and_another_in_berlin_is_asked_again() -> None:
    for mark, typed, hint in ((".", "150,000", "150000 or 150.000"), (",", "150.000", "150000 or 150,000")):
        with pytest.raises(Fault, match="two ways") as asked:
            pointed(typed, mark)
        assert hint in asked.value.hint


def test_the_expected_mark_is_never_in_doubt() -> None:
    assert pointed("92.125") == "92.125"
    assert pointed("92,125", mark=",") == "92.125"


def test_words_are_kept_with_their_lines_and_without_blanks_around_them() -> None:
    assert words("  two lines\r\nand =HYPERLINK(1) \n") == "two lines\nand =HYPERLINK(1)"


@pytest.mark.parametrize(
    ("written", "says"),
    [(" \n", "empty"), ("x" * 2001, "2,001 characters"), ("a\x00b", "control"), ("a\u202eb", "control")],
)
def test_what_is_no_note_is_refused(written: str, says: str) -> None:
    with pytest.raises(Fault, match=says):
        words(written)
    assert words("x" * 2000) == "x" * 2000
