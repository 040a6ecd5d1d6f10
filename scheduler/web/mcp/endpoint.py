"""The endpoint: `POST /mcp`, one request in, one answer out, for whoever bears a token that reads.

Nothing is kept between two requests but how often a token asked. A request that a browser sends for another site is
refused by its `Origin`, and one to a name that is not this program's by its `Host`: no page elsewhere can ask in the
name of somebody who happens to be on this machine (DNS rebinding).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.services.app import App
from scheduler.store import StoreError
from scheduler.store.tables import ApiTokenRow
from scheduler.web.pages import ALWAYS, host_of, limited
from scheduler.web.site import gate, programs, shell
from scheduler.web.site.page import Page
from scheduler.web.unit_of_work import UnitOfWork

from . import messages, tools
from .messages import NOT_ALLOWED, PARSE_ERROR, TOO_OFTEN, Json, Refused, Server
from .rate import Rate

PATH = "/mcp"
MOST_BYTES = 64 * 1024


async def answer(rate: Rate, work: UnitOfWork, request: Request) -> Response:
    """What an assistant's request is answered."""
    id: str | int | None = None
    try:
        _check(request, work.app)
        token = await _token(work, request)
        said = messages.request_of(await _document(request), _headers(request))
        id = said.id
        if id is None:  # a notification: a client says that it is ready, or that it waits no longer
            return Response(status_code=202, headers=ALWAYS)
        result = await work.read(partial(_result, said, token=token, rate=rate))
        return _json(200, messages.succeeded(id, result))
    except Refused as refused:
        return _json(refused.status, messages.failed(id, refused))
    except StoreError as trouble:
        work.app.log.error("web.not_read", what=trouble.what, hint=trouble.hint)
        return _json(503, messages.failed(id, Refused(NOT_ALLOWED, "not available at the moment", 503)))


def _result(said: messages.Request, app: App, db: Connection, now: datetime, *, token: ApiTokenRow, rate: Rate) -> Json:
    if not rate.take(token.id or 0, now):
        raise Refused(TOO_OFTEN, "this token asks too often: wait a minute", 429)

    def read(page: Page, id: str = "", /, **query: object) -> Any:
        asked = {name: str(value) for name, value in query.items() if value not in (None, "")}
        return shell.facts_for(page, app, db, now, programs.reader(app, db, token, page), {"id": id}, asked)

    return Server([*tools.listed()], lambda name, arguments: tools.called(name, arguments, read)).answer(said)


def _check(request: Request, app: App) -> None:
    """That it is a POST of JSON to this program, and not from a page of another site. Raises HTTPException."""
    if not gate.is_own_host(request, app.settings):
        raise HTTPException(404)
    if request.method != "POST":
        raise HTTPException(405, "this is asked by POST", {"Allow": "POST"})
    origin = request.headers.get("origin")
    if origin is not None and host_of(origin) != request.headers.get("host", "").lower():
        raise HTTPException(403, "this comes from another site")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send it as application/json")
    accepts = request.headers.get("accept", "*/*").lower()
    if not any(kind in accepts for kind in ("application/json", "application/*", "*/*")):
        raise HTTPException(406, "it is answered as application/json")


async def _token(work: UnitOfWork, request: Request) -> ApiTokenRow:
    """The token that it bears. Raises Refused."""
    try:
        found = await programs.token(work, request)
    except programs.NoEntry as refused:
        raise Refused(NOT_ALLOWED, f"{refused.what}: {refused.hint}", refused.status) from None
    if found is None:
        raise Refused(NOT_ALLOWED, "no token came with it: send Authorization: Bearer TOKEN", 401)
    return found


def _headers(request: Request) -> Mapping[str, str]:
    """Those that say what the body does. Raises Refused for one that comes twice: two readers could read two."""
    names = [name.decode("latin-1").lower() for name, _ in request.headers.raw]
    for name in ("mcp-protocol-version", "mcp-method", "mcp-name"):
        if names.count(name) > 1:
            raise Refused(messages.HEADER_MISMATCH, f"the header {name} comes twice")
    return request.headers


async def _document(request: Request) -> object:
    """The JSON of the body. Raises Refused for what is none, HTTPException for what is too long."""
    try:
        return json.loads(await limited(request, MOST_BYTES))
    except (ValueError, RecursionError):
        raise Refused(PARSE_ERROR, "the body is no JSON that can be read") from None


def _json(status: int, body: Json) -> Response:
    headers = {**ALWAYS, **({"WWW-Authenticate": "Bearer"} if status == 401 else {})}
    headers |= {"Retry-After": "60"} if status == 429 else {}
    # Half a character, which JSON can say and UTF-8 cannot, goes back as it came: as its escape.
    said = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(said, status, headers, media_type="application/json")
