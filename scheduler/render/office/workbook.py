"""Tables as a workbook for Excel and its like (the extra ``office``): numbers are numbers, with their units behind
them, dates are dates, and whatever anybody wrote is text, never a formula or a link."""

import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from scheduler.domain.errors import UserError
from scheduler.render.languages import is_right_to_left, say

from .extra import needed
from .sheet import Amount, Cell, Sheet
from .untrusted import held

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_ROWS, _LONGEST = 1_048_576, 32_767
"""Of a sheet and of a cell, as Excel has them."""
_DIGITS = 15
"""So many of a number Excel keeps; one with more is written as text, so that none is lost."""
_MOST_FORMATS, _LONGEST_UNIT, _MOST_DECIMALS = 150, 40, 10
"""Excel gives up at some 200 forms of numbers; past these, the unit stands in its column alone."""
_LINE, _TALLEST, _ACROSS = 15, 405, 220
"""Of a row in points, and the characters that a printed page has room for."""
_NO_FORMULAS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(sheets: Sequence[Sheet], title: str, at: datetime) -> bytes:
    """The sheets as .xlsx; `at` is when it is made, of which the day counts: on that day the same rows make the same
    bytes. Raises UserError where XlsxWriter is not installed, and for more rows than a sheet holds."""
    needed("xlsxwriter", "a workbook")
    from xlsxwriter import Workbook

    made = BytesIO()
    # A row is written as it comes and forgotten: of a large portfolio no more is in memory than of a small one.
    book = Workbook(made, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **_NO_FORMULAS})
    try:
        book.set_properties({"title": held(title)[:200], "created": datetime.combine(at.astimezone(UTC), time())})
        formats = _Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(say(sheet.name)[:31]), sheet, formats)
        book.close()
    except OSError as error:
        what = f"the workbook cannot be written: {error.strerror or error}"
        raise UserError(what, "make room among the temporary files") from None
    finally:
        if not book.fileclosed:
            with suppress(Exception):  # what went wrong before is told; this is for its temporary files
                book.close()
    return made.getvalue()


class _Formats:
    """How cells look, each form made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._numbers = book, dict[str, Any]()
        top = {"valign": "top"}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, **top})
        self.text = book.add_format({"text_wrap": True, **top})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", **top})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left", **top})

    def number(self, value: Decimal, unit: str | None) -> Any:
        decimals = min(max(-int(value.normalize().as_tuple().exponent), 0), _MOST_DECIMALS)
        form = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        counted = held(unit or "").replace('"', "")[:_LONGEST_UNIT]
        form += f'" {counted}"' if counted else ""
        if form not in self._numbers and len(self._numbers) >= _MOST_FORMATS:
            form = "General"
        if form not in self._numbers:
            self._numbers[form] = self._book.add_format({"num_format": form, "valign": "top"})
        return self._numbers[form]


def _write(page: Any, sheet: Sheet, formats: _Formats) -> None:
    if is_right_to_left():
        page.right_to_left()
    page.freeze_panes(1, 0)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, say(column.words), formats.head)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        if last >= _MOST_ROWS:
            raise UserError(f"these are more than {_MOST_ROWS - 1} rows, which no sheet holds", "name one partnership")
        lines = max(_lines(cell, column.width) for cell, column in zip(row, sheet.columns, strict=True))
        if lines > 1:  # Excel finds the height of a row by itself, others do not
            page.set_row(last, min(lines * _LINE, _TALLEST))
        for at, cell in enumerate(row):
            _put(page, last, at, cell, formats)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(max(round(sum(each.width for each in sheet.columns) / _ACROSS), 1), 0)


def _lines(cell: Cell, width: int) -> int:
    """In how many lines a cell's words stand; those of China and Japan are twice as wide."""
    if not isinstance(cell, str):
        return 1
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in cell)
    return 1 if len(cell) + wide <= width and "\n" not in cell else cell.count("\n") + 1 + (len(cell) + wide) // width


def _put(page: Any, row: int, at: int, cell: Cell, formats: _Formats) -> None:
    match cell:
        case None:
            return
        case bool():
            page.write_string(row, at, say("yes") if cell else say("no"), formats.text)
        case int():
            page.write_number(row, at, cell, formats.number(Decimal(cell), None))
        case Amount(value, unit):
            if not value.is_finite() or len(value.normalize().as_tuple().digits) > _DIGITS:
                page.write_string(row, at, f"{value:f}", formats.text)
            else:
                page.write_number(row, at, float(value), formats.number(value, unit))
        case datetime():
            page.write_datetime(row, at, cell.astimezone(UTC).replace(tzinfo=None, microsecond=0), formats.moment)
        case date():
            page.write_datetime(row, at, cell, formats.day)
        case str():
            words = held(cell)
            kept = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
            page.write_string(row, at, kept, formats.text)
