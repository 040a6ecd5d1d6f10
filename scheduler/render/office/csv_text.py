"""Tables as CSV: UTF-8 with a mark at its beginning, by which Excel knows that it is; days and moments in ISO 8601,
numbers with a point and without their units."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from .sheet import Amount, Sheet

CSV = "text/csv; charset=utf-8"
_BEGINS_A_FORMULA = re.compile(r"""(\A|[;\t\r\n]"*)(?=[=+\-@\t\r＝＋－＠])""")
"""What a spreadsheet program takes for the beginning of a formula (OWASP: CSV injection), where a cell begins, or where
one would that reads semicolons, tabs or line ends as borders of cells."""


def csv_of(sheet: Sheet) -> bytes:
    """A sheet under the keys of its columns."""
    return csv_bytes([each.key for each in sheet.columns], sheet.rows)


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    made = StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(heads)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return made.getvalue().encode("utf-8-sig", "replace")


def _written(cell: object) -> object:
    match cell:
        case bool():
            return "yes" if cell else "no"
        case Amount():
            return f"{cell.value:f}"
        case date():
            return cell.isoformat()
        case str():
            return _BEGINS_A_FORMULA.sub(r"\1'", cell)
        case _:
            return cell
