"""What all pages share: who asks is known before anything is looked up, a page is shown in one frame, and what is done
is taken from its own forms alone.

What is not there and what somebody may not see are answered alike. A page is looked up, and written, in one reading of
the database, in the manner of its reader; its JSON twin is English, as programs have it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from pydantic import TypeAdapter
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.languages import sentence, speaking
from scheduler.rules.permissions import NotPermitted
from scheduler.services import past
from scheduler.services.app import App
from scheduler.services.cases import sessions
from scheduler.services.viewer import NotThere, Viewer
from scheduler.store import StoreError, partnerships
from scheduler.web.forms.lifecycle import Wrong
from scheduler.web.pages import ALWAYS, check_form, fields
from scheduler.web.unit_of_work import UnitOfWork

from . import frame, gate, paths, programs
from .gate import Entrant
from .page import Acting, Asked, Done, Download, Page, Preview, Shown

Answer = Callable[[Request], Awaitable[Response]]
CSRF, ACT = "csrf", "act"
_FIRST_DAY = date(1970, 1, 1)
"""No record begins before; and a day of the year 1 has none before it to reckon with."""


class _Faults(NamedTuple):
    """What is wrong with what was typed, beside its fields, and how that is answered; or what was `done`, where the
    answer to a form shows what no other page may."""

    said: Mapping[str, str]
    errors: Mapping[str, UserError | InvalidValue]
    status: int
    done: Done | None = None
    preview: Any = None
    """What was understood, where nothing is wrong and nothing is kept yet."""


_NONE = _Faults({}, {}, 200)


class _NotSignedIn(Exception):
    """Nobody is signed in with this browser."""


@dataclass(frozen=True)
class _Made:
    """An answer that was made in a reading of the database, and whose it is."""

    response: Response | Download
    entrant: Entrant


def answer(page: Page, unit_of_work: Callable[[], UnitOfWork]) -> Answer:
    """The page as people see it, and what they do on it."""

    async def answered(request: Request) -> Response:
        work = unit_of_work()
        _check_host(request, work.app)
        try:
            if request.method == "POST":
                return await _post(page, work, request)
            return await _get(page, work, request, _NONE)
        except _NotSignedIn:
            return _to_sign_in(request)

    return answered


def twin(page: Page, unit_of_work: Callable[[], UnitOfWork]) -> Answer:
    """The page as programs read it: the same value of the same view, for the same reader."""

    async def answered(request: Request) -> Response:
        work = unit_of_work()
        _check_host(request, work.app)

        def made(app: App, db: Connection, now: datetime) -> Response | Download:
            reader = programs.reader(app, db, token, page) if token else _entrant(app, db, now, request)
            shown = _shown(page, _asked(app, db, now, reader, _params(request), request.query_params))
            return shown if isinstance(shown, Download) else _json(200, shown.facts)

        try:
            token = await programs.token(work, request)
            found = await work.read(made)
            return await run_in_threadpool(_download, found) if isinstance(found, Download) else found
        except programs.NoEntry as refused:
            return _json(refused.status, {"error": refused.what, "hint": refused.hint})
        except _NotSignedIn:
            return _json(401, {"error": "sign in first"})
        except NotThere:
            return _json(404, {"error": "there is nothing here"})
        except UserError as fault:
            return _json(422, {"error": fault.what, "hint": fault.hint})

    return answered


def facts_for(
    page: Page,
    app: App,
    db: Connection,
    now: datetime,
    reader: Viewer,
    params: Mapping[str, str],
    query: Mapping[str, str],
) -> Any:
    """What a page shows a program that asks otherwise than by its path. Raises NotThere, UserError."""
    shown = _shown(page, _asked(app, db, now, reader, params, query))
    if isinstance(shown, Download):
        raise NotThere
    return shown.facts


async def _get(page: Page, work: UnitOfWork, request: Request, faults: _Faults) -> Response:
    def made(app: App, db: Connection, now: datetime) -> _Made:
        entrant = _entrant(app, db, now, request)
        with speaking(entrant.manner):
            return _Made(_made(page, app, db, now, entrant, request, faults), entrant)

    done = await work.read(made)
    session = done.entrant.signed_in
    await _note_use(work, session)
    if isinstance(done.response, Download):
        return await _downloaded(work, done.response, done.entrant)
    if session.session.said and done.response.status_code == 200:
        await work.note(lambda app, _now: sessions.told(app, session.session.id))
    return done.response


def _made(
    page: Page, app: App, db: Connection, now: datetime, entrant: Entrant, request: Request, faults: _Faults
) -> Response | Download:
    try:
        asked = _asked(app, db, now, entrant, _params(request), request.query_params)
        shown = _shown(page, asked)
    except NotThere:
        return frame.nothing_here(app, entrant, now)
    except UserError as fault:
        return frame.unclear(app, entrant, now, fault)
    return shown if isinstance(shown, Download) else _framed(page, asked, entrant, shown, request, faults)


async def _downloaded(work: UnitOfWork, file: Download, entrant: Entrant) -> Response:
    """A file, made where it holds up nobody else."""
    try:
        return await run_in_threadpool(_download, file)
    except UserError as fault:
        told = fault
    with speaking(entrant.manner):
        return await work.read(lambda app, _db, now: frame.unclear(app, entrant, now, told))


async def _note_use(work: UnitOfWork, session: sessions.SignedIn) -> None:
    def noted(app: App, now: datetime) -> None:
        if sessions.is_to_be_noted(session, now):
            sessions.note_use(app, session.session.id, now)

    await work.note(noted)


async def _post(page: Page, work: UnitOfWork, request: Request) -> Response:
    check_form(request, page.limits)
    entrant = await work.read(lambda app, db, now: _entrant(app, db, now, request))
    said = await fields(request, page.limits)
    if not entrant.signed_in.is_own_form(said.get(CSRF, "")):
        raise HTTPException(403, sentence("this form was not sent from a page of yours; load the page again"))
    act = page.acts.get(said.get(ACT, ""))
    if act is None:
        raise HTTPException(400, sentence("this page does no such thing"))
    try:
        params = _params(request)
        if entrant.viewer.as_organisation or request.query_params.get("as"):
            raise NotPermitted(
                sentence("You are looking as an organisation does"), sentence("leave that view to do something")
            )
        if request.query_params.get("on"):
            raise NotPermitted(
                sentence("You are looking at a day that is past"), sentence("show today to do something")
            )
        session = entrant.signed_in.session
        done: Done = await work.act(
            lambda app, now: act(Acting(app, now, entrant.viewer, params, said, session.id, session.way))
        )
    except StoreError as trouble:
        work.app.log.error("web.not_recorded", what=trouble.what, hint=trouble.hint)
        later = UserError("This cannot be recorded at the moment", "send it again in a minute")
        return await _get(page, work, request, _Faults(said, {"": later}, 503))
    except NotThere:
        with speaking(entrant.manner):
            return await work.read(lambda app, _db, now: frame.nothing_here(app, entrant, now))
    except Preview as shown:
        with speaking(entrant.manner):
            understood = shown.understood()
        return await _get(page, work, request, _Faults(said, {}, 200, preview=understood))
    except Wrong as wrong:
        return await _get(page, work, request, _Faults(said, {wrong.field: wrong.told}, 422))
    except NotPermitted as refused:
        return await _get(page, work, request, _Faults(said, {"": refused}, 403))
    except (UserError, InvalidValue) as fault:
        return await _get(page, work, request, _Faults(said, {"": fault}, 422))
    if done.once:
        return await _get(page, work, request, _NONE._replace(done=done))
    with speaking(entrant.manner):
        said_once = done.said()
    if said_once:
        await work.note(lambda app, _now: sessions.tell_once(app, entrant.signed_in.session.id, said_once))
    return Response(status_code=303, headers={**ALWAYS, "Location": done.to or _same(request)})


def _entrant(app: App, db: Connection, now: datetime, request: Request) -> Entrant:
    found = gate.entrant(app, db, now, request)
    if found is None:
        raise _NotSignedIn
    return found


def _params(request: Request) -> dict[str, str]:
    """What the path says. Raises NotThere for an id with a NUL, which no text of PostgreSQL holds."""
    params = {key: str(value) for key, value in request.path_params.items()}
    if any("\0" in each for each in params.values()):
        raise NotThere
    return params


def _asked(
    app: App,
    db: Connection,
    now: datetime,
    reader: Entrant | Viewer,
    params: Mapping[str, str],
    asked_for: Mapping[str, str],
) -> Asked:
    """Raises UserError for a day that is none, or is to come; NotThere for what no database keeps."""
    query = dict(asked_for)
    if any("\0" in each for each in (*query.values(), *params.values())):
        raise NotThere
    known, session = (reader.viewer, reader.signed_in.session) if isinstance(reader, Entrant) else (reader, None)
    viewer = known.looking_as(query.get("as"))
    return Asked(
        app,
        db,
        now,
        viewer,
        params,
        query,
        _past_day(query.get("on"), now),
        *((session.id, session.way) if session else ()),
    )


def _shown(page: Page, asked: Asked) -> Shown[Any] | Download:
    """What a page shows, of a partnership on a past day on its record as it was then. Raises as `Page.show` does."""
    if asked.on is None or page.past is None:
        return page.show(asked)
    partnership = page.past(asked.params)
    audience, at = asked.audience(partnership), past.end_of(asked.on, asked.viewer.zone)
    if not partnerships.is_there(asked.db, partnership):
        raise NotThere
    with past.as_it_stood(asked.app, asked.db, partnership, audience, at) as then:
        params = {name: then.ids.get(value, value) for name, value in asked.params.items()}
        return page.show(replace(asked, app=then.app, db=then.db, now=then.now, params=params, on=None))


def _past_day(written: str | None, now: datetime) -> date | None:
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise UserError(f"{written[:40]!r} is no day", "write year-month-day, like ?on=2026-06-30") from None
    if day > now.date():
        raise UserError(sentence("Nobody knows yet how it will look"), sentence("name a day that is past"))
    if day < _FIRST_DAY:
        raise UserError("Nothing is on record of a day so long ago", f"name one from {_FIRST_DAY} on")
    return day if day < now.date() else None


def _framed(
    page: Page, asked: Asked, entrant: Entrant, shown: Shown[Any], request: Request, faults: _Faults
) -> Response:
    known = {"said": faults.said, "errors": faults.errors, "done": faults.done, "preview": faults.preview}
    return frame.framed(page, asked, entrant, shown, at=request.url.path, status=faults.status, **known)


def _same(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _to_sign_in(request: Request) -> Response:
    """Signing in leads back to a page that was asked for; what was posted is lost, and was not done."""
    wanted = _same(request) if request.method == "GET" else paths.NOW
    return RedirectResponse(f"{paths.SIGN_IN}?next={quote(wanted, safe='')}", 303, ALWAYS)


def _check_host(request: Request, app: App) -> None:
    if not gate.is_own_host(request, app.settings):
        raise HTTPException(404)


def _json(status: int, value: object) -> Response:
    kind: Any = type(value)
    return Response(_adapter(kind).dump_json(value), status, ALWAYS, media_type="application/json")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """How values of a kind are written; made once for each, which takes longer than a page does."""
    return TypeAdapter(kind)


def _download(file: Download) -> Response:
    """As a file to be saved: a browser that showed it all the same would run nothing of it."""
    headers = {
        **ALWAYS,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    content = file.content if isinstance(file.content, bytes) else file.content()
    return Response(content, 200, headers, media_type=file.media_type)
