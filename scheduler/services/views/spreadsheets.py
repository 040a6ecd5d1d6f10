"""KPIs, actions and decisions as files for spreadsheet programs: one workbook of all three, or one table as CSV."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from scheduler.render.office.csv_text import csv_of
from scheduler.render.office.workbook import workbook
from scheduler.services.views.sheets import Key, sheets

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App


def as_workbook(
    app: "App", db: "Connection", whose: "Sequence[tuple[str, Audience]]", now: datetime, of: Key | None = None
) -> bytes:
    """The table `of` these partnerships, or all three. Raises UserError where XlsxWriter is not installed."""
    found = [each for each in sheets(app, db, whose, now) if of in (None, each.key)]
    return workbook(found, ", ".join(id for id, _ in whose[:5]), now)


def as_csv(app: "App", db: "Connection", whose: "Sequence[tuple[str, Audience]]", now: datetime, of: Key) -> bytes:
    """The table `of` these partnerships, in English: programs read it."""
    return next(csv_of(each) for each in sheets(app, db, whose, now) if each.key == of)
