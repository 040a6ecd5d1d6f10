"""A table fits the terminal: columns wrap between words, then those that may go do, then ids wrap, then rows are lists;
nothing is ever cut within a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cli.table import columns_of, laid_out, wrapped_at

HEADS = ("when", "review", "title", "chair")
ROWS = [
    ("Wed 2026-12-02 18:30", "acme-globex/pipeline/2026-W49", "Pipeline review", "ines"),
    ("Fri 2026-12-11 09:00", "acme-globex/checkpoint", "90-day success checkpoint", "dev"),
]


def shown(width: int | None, may_go: tuple[str, ...] = ("chair",)) -> str:
    layout = laid_out(HEADS, ROWS, width, may_go)
    return "\n".join([*filter(None, [layout.heads]), *(line for row in layout.rows for line in row)])


def test_where_there_is_room_each_column_is_as_wide_as_its_widest_cell() -> None:
    assert shown(None) == shown(200) == shown(85)
    assert shown(85).splitlines()[1:] == [
        "Wed 2026-12-02 18:30  acme-globex/pipeline/2026-W49  Pipeline review            ines",
        "Fri 2026-12-11 09:00  acme-globex/checkpoint         90-day success checkpoint  dev",
    ]


def test_else_columns_wrap_between_words_and_a_moment_is_one() -> None:
    assert shown(83).splitlines()[1:] == [
        "Wed 2026-12-02 18:30  acme-globex/pipeline/2026-W49  Pipeline review          ines",
        "Fri 2026-12-11 09:00  acme-globex/checkpoint         90-day success           dev",
        "                                                     checkpoint",
    ]


def test_then_the_columns_that_may_go_do_and_are_named() -> None:
    layout = laid_out(HEADS, ROWS, 68, ("chair",))
    assert layout.left_out == ("chair",) and layout.heads and "chair" not in layout.heads
    assert "2026-W49" in shown(68) and "acme-globex/pipeline/2026-W49" in shown(68)


def test_a_column_in_which_nothing_stands_goes_first_and_is_not_missed() -> None:
    layout = laid_out(("id", "value", "says"), [("a", "", "yes and no")], 13, ("says",))
    assert layout.left_out == () and layout.heads == "id  says"


def test_then_ids_wrap_after_a_stroke() -> None:
    assert shown(54).splitlines()[1:4] == [
        "Wed 2026-12-02 18:30  acme-globex/  Pipeline     ines",
        "                      pipeline/     review",
        "                      2026-W49",
    ]


def test_then_each_row_is_a_list() -> None:
    assert shown(30).splitlines()[:6] == [
        "when    Wed 2026-12-02 18:30",
        "review  acme-globex/pipeline/",
        "        2026-W49",
        "title   Pipeline review",
        "chair   ines",
        "",
    ]


def test_wide_letters_take_two_columns_and_marks_upon_letters_none() -> None:
    assert (columns_of("株式会社"), columns_of("Ine\u0300s"), columns_of("Inès")) == (8, 4, 4)
    layout = laid_out(("name", "x"), [("株式", "1"), ("abcd", "2")], None)
    assert [row[0] for row in layout.rows] == ["株式  1", "abcd  2"]


_TEXT = st.text(alphabet="ab 株/-1", max_size=30).map(lambda text: " ".join(text.split()))


@given(st.lists(st.tuples(_TEXT, _TEXT, _TEXT), min_size=1, max_size=4), st.integers(1, 60))
def test_every_word_stands_whole_whatever_the_width(rows: list[tuple[str, str, str]], width: int) -> None:
    layout = laid_out(("one", "two", "three"), rows, width)
    said = " ".join(line for row in layout.rows for line in row)
    for row in rows:
        for cell in row:
            assert all(part in said for word in cell.split() for part in word.split("/"))


@given(_TEXT, st.integers(1, 20))
def test_what_is_wrapped_says_the_same(text: str, width: int) -> None:
    lines = wrapped_at(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(columns_of(line) <= width or " " not in line for line in lines)


@pytest.mark.parametrize("width", range(28, 120, 7))
def test_no_line_of_a_table_is_wider_than_the_terminal(width: int) -> None:
    layout = laid_out(HEADS, ROWS, width, ("chair", "title"))
    if layout.heads:
        assert all(
            columns_of(line) <= width
            for row in [(layout.heads,), *layout.rows]
            for one in row
            for line in one.splitlines()
        )
