"""The frame that every page stands in: navigation, search, who reads, in which zone, and what was done just now."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.languages import say
from scheduler.render.templating import rendered
from scheduler.render.wording import clock_words, day_words, offset_words
from scheduler.services.app import App
from scheduler.services.viewer import Viewer
from scheduler.web.pages import html
from scheduler.web.without_a_shell import without_a_shell

from . import paths
from .gate import Entrant
from .page import Asked, Done, Page, Shown

STYLE = "/static/site.css"
_STYLE_FILE = "web/site/site.css"
_ADMITTED = "'self'; img-src 'self'"


class ReaderClock:
    """Days and moments in words, on the clock of whoever reads."""

    def __init__(self, zone: str, now: datetime) -> None:
        self.zone, self._there = zone, ZoneInfo(zone)
        self.today = now.astimezone(self._there).date()

    def day(self, day: date) -> str:
        """``Tue 8 Dec 2026``."""
        return day_words(day)

    def when(self, moment: datetime, other: str | None = None) -> str:
        """``Tue 8 Dec 2026, 15:00``; with the clock of the `other` zone behind it where that shows another time."""
        here = moment.astimezone(self._there)
        told = f"{day_words(here.date())}, {clock_words(here)}"
        there = moment.astimezone(ZoneInfo(other)) if other else here
        if there.utcoffset() == here.utcoffset():
            return told
        day = "" if there.date() == here.date() else f"{day_words(there.date())}, "
        return f"{told} ({day}{clock_words(there)} {other})"

    def hour(self, moment: datetime) -> str:
        """``15:00``."""
        return clock_words(moment.astimezone(self._there))

    def time(self, moment: datetime) -> str:
        """``15:00 (UTC+1)``."""
        here = moment.astimezone(self._there)
        return f"{clock_words(here)} ({offset_words(here)})"


def framed(
    page: Page,
    asked: Asked,
    entrant: Entrant,
    shown: Shown[Any],
    *,
    at: str,
    said: Mapping[str, str],
    errors: Mapping[str, UserError | InvalidValue],
    status: int,
    done: Done | None = None,
    preview: Any = None,
) -> Response:
    """A page in its frame. `at` is its path; `said` what was typed into a form that was not taken, `errors` why; `done`
    what was done by the form that this page answers, with what is shown `once`; `preview` what was understood of one
    that is not kept yet."""
    told = {name: without_a_shell(each, is_operator=asked.viewer.is_operator) for name, each in errors.items()}
    known = {"facts": shown.facts, "said": said, "errors": told, "on": asked.on, "query": asked.query, **shown.more}
    known["preview"] = preview
    if done:
        known |= {"done": done.said(), "once": done.once}
    return _page(
        asked.app, entrant, asked.now, page.template, status, title=shown.title, at=at, viewer=asked.viewer,
        twin=paths.twin(at) if page.has_twin else None, **known,
    )  # fmt: skip


def nothing_here(app: App, entrant: Entrant, now: datetime) -> Response:
    """What is answered for what is not there, and for what is not this reader's."""
    return _page(app, entrant, now, "nothing.html.j2", 404, title=say("There is nothing here"))


def unclear(app: App, entrant: Entrant, now: datetime, asked_for: UserError) -> Response:
    """What is answered where an address asks for what cannot be."""
    fault = without_a_shell(asked_for, is_operator=entrant.viewer.is_operator)
    return _page(app, entrant, now, "unclear.html.j2", 422, title=say("This cannot be shown"), fault=fault)


def _page(app: App, entrant: Entrant, now: datetime, template: str, status: int, **known: Any) -> Response:
    viewer: Viewer = known.pop("viewer", entrant.viewer)
    query = known.get("query", {})
    kept = {"as": viewer.as_organisation, "on": query.get("on")}
    frame = {
        "viewer": viewer,
        "clock": ReaderClock(viewer.zone, now),
        "now": now,
        "paths": paths,
        "to": lambda path, **asked: paths.with_query(path, **{**kept, **asked}),
        "csrf": entrant.signed_in.csrf,
        "done": entrant.signed_in.session.said if status == 200 else None,
        "style": f"{STYLE}?v={style_of(tuple(app.settings.template_folders))[1]}",
        "at": "",
        "twin": None,
        "once": None,
        "on": None,
        "query": query,
        "errors": {},
        "said": {},
    }
    return html(_rendered(app, template, {**frame, **known}), _ADMITTED, status)


def outside(app: App, template: str, now: datetime, status: int = 200, **known: Any) -> Response:
    """A page of the same look for somebody who is not signed in."""
    style = f"{STYLE}?v={style_of(tuple(app.settings.template_folders))[1]}"
    values = {"viewer": None, "style": style, "paths": paths, "now": now, "said": {}, **known}
    values["errors"] = {name: without_a_shell(each) for name, each in known.get("errors", {}).items()}
    return html(_rendered(app, template, values), _ADMITTED, status)


def _rendered(app: App, template: str, values: Mapping[str, Any]) -> str:
    text = rendered(f"web/site/{template}", app.settings.template_folders, **values)
    if text.fault:
        app.log.error("template.failed", template=template, fault=text.fault)
    return text.text


def style_sheet(app: App, request: Request) -> Response:
    """The one style sheet, an operator's own before the shipped one. Its address changes with it, so it may be kept."""
    content, version = style_of(tuple(app.settings.template_folders))
    etag = f'"{version}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type="text/css")


@lru_cache(maxsize=8)
def style_of(folders: tuple[Path, ...]) -> tuple[bytes, str]:
    """The style sheet, and a digest of it."""
    found = next(path for folder in folders if (path := folder / _STYLE_FILE).is_file())
    content = found.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:16]
