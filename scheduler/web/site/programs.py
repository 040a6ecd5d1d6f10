"""Programs read what pages show as JSON, with a token that says that it may, and what it may see."""

import re

from sqlalchemy import Connection
from starlette.requests import Request

from scheduler.services.app import App
from scheduler.services.cases import credentials
from scheduler.services.program_viewer import ProgramViewer, program_viewer
from scheduler.services.viewer import NotThere
from scheduler.store.tables import ApiTokenRow
from scheduler.web.unit_of_work import UnitOfWork

from . import paths
from .page import Page

_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]{43}) *")
_OF_PEOPLE = (
    paths.NOW, paths.CALENDAR, paths.ME, paths.SESSIONS, paths.SEARCH, paths.STATUS, paths.ADD, paths.SIGN_IN
)  # fmt: skip
"""What a person has before them, or an operator: no program is either."""


class NoEntry(Exception):
    """A token that lets nobody read, how that is answered, and the way out."""

    def __init__(self, status: int, what: str, hint: str) -> None:
        super().__init__(what)
        self.status, self.what, self.hint = status, what, hint


def is_for_programs(page: Page) -> bool:
    """Whether a program may read what a page shows."""
    return page.has_twin and page.path not in _OF_PEOPLE


async def token(work: UnitOfWork, request: Request) -> ApiTokenRow | None:
    """The token that a request bears, its use noted; None for one that bears none, as a browser's. Raises NoEntry,
    alike for a token that was revoked or never was."""
    said = request.headers.get("authorization")
    if said is None:
        return None
    found = _BEARER.fullmatch(said)
    row = await work.note(lambda app, now: credentials.opened_by(app, found[1], now)) if found else None
    if row is None:
        raise NoEntry(401, "no good token came with it", "send Authorization: Bearer TOKEN (cadence token create NAME)")
    if not row.reads:
        raise NoEntry(403, "this token reports, and reads nothing", "cadence token create NAME --may read")
    return row


def reader(app: App, db: Connection, token: ApiTokenRow, page: Page) -> ProgramViewer:
    """Who looks by a token. Raises NotThere for a page that is a person's own."""
    if not is_for_programs(page):
        raise NotThere
    return program_viewer(app, db, token)
