"""KPIs, actions and decisions for spreadsheet programs: a workbook of all three, or one of them as CSV."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from threading import Lock

from scheduler.domain.manner import AS_EVER
from scheduler.render.languages import speaking, spoken
from scheduler.render.office.csv_text import CSV
from scheduler.render.office.workbook import XLSX
from scheduler.rules.access import Audience
from scheduler.services.viewer import NotThere
from scheduler.services.views import spreadsheets as view
from scheduler.services.views.sheets import KEYS
from scheduler.store import partnerships

from .page import Asked, Download, Page, of_its_id

_ONE_AT_A_TIME = Lock()
"""Of those that take a while, so that they leave time to everybody else."""


def download(asked: Asked, name: str, whose: Sequence[tuple[str, Audience]], of: str, *, later: bool) -> Download:
    """The table `of` these partnerships as CSV; all three as a workbook in the reader's language where none is named.
    It is made `later`, by a reading of its own, where it may take a while. Raises NotThere for a table that is none."""
    key = next((each for each in KEYS if each == of), None)
    if of and key is None:
        raise NotThere
    app, now = asked.app.for_another_thread() if later else asked.app, asked.now
    readers = spoken() if key is None else AS_EVER

    def made() -> bytes:
        with _ONE_AT_A_TIME if later else nullcontext(), speaking(readers), app.store.read() as db:
            return view.as_csv(app, db, whose, now, key) if key else view.as_workbook(app, db, whose, now)

    content: Callable[[], bytes] | bytes = made if later else made()
    return Download(f"{name}-{key}.csv", CSV, content) if key else Download(f"{name}.xlsx", XLSX, content)


def _of_one(asked: Asked) -> Download:
    id = asked.params["id"]
    audience, row = asked.audience(id), partnerships.get(asked.db, id)
    if row is None or not audience.is_of(asked.app.in_force(row).organisations):
        raise NotThere
    # At once: as of a past day, there is nothing left to look it up in afterwards.
    return download(asked, id, [(id, audience)], asked.query.get("of", ""), later=False)


PAGE = Page("/partnerships/{id}/sheets", "partnership.html.j2", _of_one, has_twin=False, past=of_its_id)
