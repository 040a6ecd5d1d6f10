"""Workbooks and CSV: numbers and dates are what they are, and whatever anybody wrote is text."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from release.catalogues import TRANSLATED
from scheduler.domain.errors import UserError
from scheduler.domain.manner import Manner
from scheduler.render.languages import speaking
from scheduler.render.office import extra, workbook
from scheduler.render.office.csv_text import csv_of
from scheduler.render.office.sheet import Amount, Cell, Column, Sheet
from tests.builders import at

NOW = at("2026-11-21 09:00")
TABS = (("kpis", "KPIs"), ("actions", "Actions"), ("decisions", "Decisions"))
FORMULAS = [
    "=HYPERLINK(\"http://evil.example\")", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1+1",
    "http://evil.example", "mailto:x@evil.example", "{=1}", "_x0041_",
]  # fmt: skip


def sheet(*cells: Cell) -> Sheet:
    columns = [Column(f"c{at}", "Value") for at in range(len(cells))]
    return Sheet("kpis", "KPIs", columns, [cells])


def opened(content: bytes) -> Any:
    return load_workbook(BytesIO(content))


def row(*cells: Cell) -> Any:
    page = opened(workbook.workbook([sheet(*cells)], "A title", NOW)).active
    return next(page.iter_rows(min_row=2))


def test_numbers_are_numbers_with_their_unit_and_as_many_decimals_as_were_reported() -> None:
    made = row(Amount(Decimal("0.310"), "GWh"), Amount(Decimal("150000"), "EUR"), Amount(Decimal("-1.5"), "%"), 3)
    assert [(cell.data_type, cell.value, cell.number_format) for cell in made] == [
        ("n", 0.31, '#,##0.00" GWh"'),
        ("n", 150000, '#,##0" EUR"'),
        ("n", -1.5, '#,##0.0" %"'),
        ("n", 3, "#,##0"),
    ]


def test_a_number_of_more_digits_than_excel_keeps_stays_whole_as_text() -> None:
    [kept, cut] = row(Amount(Decimal("123456789012345")), Amount(Decimal("1234567890123456789")))
    assert (kept.data_type, kept.value) == ("n", 123456789012345)
    assert (cut.data_type, cut.value) == ("s", "1234567890123456789")


def test_a_unit_is_anybodys_words_and_breaks_no_form_of_a_number() -> None:
    [cell] = row(Amount(Decimal(1), 'x" [Red];0;;@' + "y" * 300))
    assert cell.value == 1 and cell.number_format.count('"') == 2 and len(cell.number_format) < 60


def test_there_are_never_more_forms_of_numbers_than_excel_bears() -> None:
    made = opened(workbook.workbook([sheet(*(Amount(Decimal(1), f"u{n}") for n in range(400)))], "A title", NOW))
    assert len({cell.number_format for cell in next(made.active.iter_rows(min_row=2))}) <= 151


def test_dates_are_dates_and_moments_are_told_in_utc() -> None:
    there = datetime(2026, 12, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    [day, moment, nothing] = row(date(2026, 12, 18), there, None)
    assert day.is_date and day.value == datetime(2026, 12, 18) and day.number_format == "yyyy-mm-dd"
    assert moment.is_date and moment.value == datetime(2026, 11, 30, 23, 30)
    assert nothing.value is None


@pytest.mark.parametrize("words", FORMULAS)
def test_no_words_become_a_formula_or_a_link_in_a_workbook(words: str) -> None:
    content = workbook.workbook([sheet(words)], words, NOW)
    [cell] = next(opened(content).active.iter_rows(min_row=2))
    assert cell.data_type == "s" and cell.hyperlink is None
    assert cell.value.replace("_x005F_", "_").replace("_x000D_", "\r") == words
    with ZipFile(BytesIO(content)) as archive:
        pages = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in pages and b"<hyperlink" not in pages


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\x00b\ud800\ufffe\u202e", "a�b���"),
        ("x" * 40_000, "x" * 32_766 + "…"),
        ("two\nlines", "two\nlines"),
        ("مرحبا", "مرحبا"),
        (" ", " "),
    ],
)
def test_words_are_whole_but_for_what_no_file_holds(words: str, shown: str) -> None:
    assert row(words)[0].value == shown


def test_the_head_stays_in_sight_and_can_be_filtered_by() -> None:
    page = opened(workbook.workbook([sheet("x", "y")], "A title", NOW)).active
    assert (page.title, page.freeze_panes, page.auto_filter.ref) == ("KPIs", "A2", "A1:B2")
    assert page.column_dimensions["A"].width > 10


def test_a_table_without_rows_is_one() -> None:
    empty = Sheet("kpis", "KPIs", [Column("c", "Value")], [])
    assert opened(workbook.workbook([empty], "A title", NOW)).active.max_row == 1


def test_it_is_in_the_readers_language_and_from_their_side() -> None:
    with speaking(Manner("ar")):
        page = opened(workbook.workbook([sheet(True, False)], "A title", NOW)).active
    assert page.sheet_view.rightToLeft and page["A1"].value == "القيمة"
    with speaking(Manner("de")):
        page = opened(workbook.workbook([sheet(True, False)], "A title", NOW)).active
    assert [cell.value for cell in page[2]] == ["ja", "nein"] and page["A1"].value == "Wert"


@pytest.mark.parametrize("language", TRANSLATED)
def test_its_tabs_can_bear_their_names_in_every_language(language: str) -> None:
    with speaking(Manner(language)):
        made = opened(workbook.workbook([Sheet(*each, [Column("c", "Value")], []) for each in TABS], "A title", NOW))
    assert len(set(made.sheetnames)) == 3


def test_a_row_is_as_high_as_its_words_are_long() -> None:
    page = opened(
        workbook.workbook([Sheet("k", "KPIs", [Column("c", "Value", 40)], [["x" * 90], ["計" * 50], ["x"]])], "A", NOW)
    ).active
    assert [page.row_dimensions[at].height for at in (2, 3, 4)] == [45, 45, None]


def test_the_same_rows_make_the_same_bytes_all_day() -> None:
    first, later, tomorrow = (
        workbook.workbook([sheet("x", Amount(Decimal(1)))], "A title", NOW + after)
        for after in (timedelta(), timedelta(hours=5), timedelta(1))
    )
    assert first == later != tomorrow


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_ROWS", 3)
    many = Sheet("kpis", "KPIs", [Column("c", "Value")], (["x"] for _ in range(3)))
    with pytest.raises(UserError, match="more than 2 rows"):
        workbook.workbook([many], "A title", NOW)


def test_where_the_extra_is_not_installed_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="XlsxWriter, which is not installed") as refused:
        workbook.workbook([sheet("x")], "A title", NOW)
    assert refused.value.hint == "pip install 'governance-cadence[office]'"


# CSV ---------------------------------------------------------------------------------------------------------------


def read(*cells: Cell) -> list[str]:
    text = csv_of(sheet(*cells)).decode("utf-8-sig")
    _, values = csv.reader(StringIO(text, newline=""))
    return values


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＠x"])
def test_no_text_becomes_a_formula_in_a_csv(text: str) -> None:
    assert read(text) == [f"'{text}"] or read(text) == [f"'{text[0]}'{text[1:]}"]
    assert read("Acme", Amount(Decimal(-1)), "a-b") == ["Acme", "-1", "a-b"]


@pytest.mark.parametrize("border", [";", "\t", "\n", ';"'])
def test_nor_where_a_program_takes_another_sign_for_the_border_of_cells(border: str) -> None:
    [shown] = read(f"x{border}=1+1")
    assert "=1+1" in shown and f"{border}=" not in shown


def test_a_csv_is_utf_8_with_a_mark_and_plain_values() -> None:
    content = csv_of(
        sheet(
            "Inès", Amount(Decimal("1E+3"), "EUR"), True, None, date(2026, 12, 1), datetime(2026, 12, 1, 9, tzinfo=UTC)
        )
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1] == "Inès,1000,yes,,2026-12-01,2026-12-01T09:00:00+00:00"
