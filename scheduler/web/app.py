"""Requests in, answers out: the feeds, the forms, the API, whether the daemon does its work, its figures, and a word to
robots.

A token in an address is a secret: no answer, title or line of a log repeats one, no answer leads elsewhere, and one
that opens nothing is answered like any other address that is not there.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from scheduler.render.health_letter import PATH
from scheduler.render.ics.options import asked_for
from scheduler.render.languages import known, sentence, speaking
from scheduler.services.app import EventLog
from scheduler.services.failures import failure
from scheduler.services.views.installation.monitored import ProcessCounts
from scheduler.store.subscriptions import hashed

from . import agenda_page, api, site
from .conditional import is_unchanged, takes_gzip
from .feed_cache import FeedCache
from .forms import (
    action_form,
    answer_form,
    away_form,
    close_form,
    course_form,
    dispute_form,
    health_form,
    item_form,
    judge_form,
    lifecycle,
    mine_form,
    minutes_form,
    objection_form,
    renewal_form,
    report_form,
    request_form,
    resolve_form,
    step_form,
    vote_form,
)
from .forms.lifecycle import FormKind
from .manners import of_browser
from .mcp import endpoint as mcp_endpoint
from .mcp.rate import Rate
from .security import guarded
from .unit_of_work import UnitOfWork

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ALWAYS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
# A robots.txt that forbade the feeds would keep Google Calendar from reading them.
_ROBOTS = "User-agent: *\nDisallow:\n"
FORMS: Mapping[str, FormKind[Any]] = {
    "action": action_form.FORM,
    "answer": answer_form.FORM,
    "away": away_form.FORM,
    "close": close_form.FORM,
    "course": course_form.FORM,
    "dispute": dispute_form.FORM,
    "item": item_form.FORM,
    "judge": judge_form.FORM,
    "mine": mine_form.FORM,
    "minutes": minutes_form.FORM,
    "object": objection_form.FORM,
    "renewal": renewal_form.FORM,
    "report": report_form.FORM,
    "request": request_form.FORM,
    "resolve": resolve_form.FORM,
    "step": step_form.FORM,
    "vote": vote_form.FORM,
}
"""The forms behind signed links, by the first part of their path, which is the purpose of their links."""

_BY_THE_FRAMEWORK = (sentence("method not allowed"),)
"""What Starlette says of a request by itself."""
Answer = Callable[[Request], Awaitable[Response]]


def application(
    feed_cache: Callable[[], FeedCache],
    unit_of_work: Callable[[], UnitOfWork],
    is_working: Callable[[], bool | None],
    counts: ProcessCounts | None = None,
) -> ASGIApp:
    """`feed_cache` and `unit_of_work` give those of the app as it is now; `is_working` tells whether the daemon has
    completed a cycle lately; `counts` are those of its process."""
    counted = counts or ProcessCounts()

    def told(request: Request, status: int, words: str, more: Mapping[str, str] | None = None) -> Response:
        with speaking(of_browser(request, unit_of_work().app.settings.manner)):
            return _plain(status, f"{known(words)}\n", more)

    def absent(request: Request) -> Response:
        return told(request, 404, sentence("there is nothing here"))

    async def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException) or error.status_code == 404:
            return absent(request)
        return told(request, error.status_code, error.detail.lower(), error.headers)

    async def feed(request: Request) -> Response:
        answer = await _feed(feed_cache(), request) or absent(request)
        counted.feed_requests[answer.status_code] += 1
        return answer

    async def figures(request: Request) -> Response:
        from .metrics import metrics  # only who is watched needs the library's memory

        return await metrics(unit_of_work(), counted, request) or absent(request)

    async def health(_request: Request) -> Response:
        works = is_working()
        if works is None:
            return _plain(503, "no cycle was completed yet\n")
        if not works:
            return _plain(503, "no cycle was completed lately; the log says why\n")
        await feed_cache().ping()
        return _plain(200, "a cycle was completed lately, and the database answers\n")

    async def robots(_request: Request) -> Response:
        return _plain(200, _ROBOTS)

    async def agenda(request: Request) -> Response:
        return await agenda_page.agenda(unit_of_work(), request)

    async def take(request: Request) -> Response:
        return await api.readings(unit_of_work(), request)

    rate = Rate()

    async def assistants(request: Request) -> Response:
        return await mcp_endpoint.answer(rate, unit_of_work(), request)

    def mended(answer: Answer) -> Answer:
        return _mended(answer, lambda: feed_cache().log, told)

    async def health_check(request: Request) -> Response:
        return await health_form.serve(unit_of_work(), request)

    def form(purpose: str, kind: FormKind[Any]) -> Answer:
        return mended(lambda request: lifecycle.answer(kind, purpose, unit_of_work(), request))

    routes = [
        *(Route(f"/{path}/{{token}}", form(path, kind), methods=["GET", "POST"]) for path, kind in FORMS.items()),
        Route(f"/{PATH}/{{token}}", mended(health_check), methods=["GET", "POST"]),
        Route("/calendars/{token}.ics", mended(feed)),
        Route("/agendas/{token}", mended(agenda)),
        Route("/api/readings", mended(take), methods=["POST"]),
        Route(mcp_endpoint.PATH, mended(assistants), methods=["GET", "POST", "DELETE"]),
        Route("/healthz", mended(health)),
        Route("/metrics", mended(figures)),
        Route("/robots.txt", robots),
        *site.routes(unit_of_work, mended),
    ]
    made = Starlette(routes=routes, exception_handlers={HTTPException: refused})
    made.router.redirect_slashes = False
    return guarded(made)


def _mended(answer: Answer, log: Callable[[], EventLog], told: Callable[[Request, int, str], Response]) -> Answer:
    """A failure is `told` in a few words; its cause goes to the log, without the address."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except HTTPException:
            raise
        except ClientDisconnect:  # nobody is left to be answered
            return _plain(400, "the request broke off\n")
        except Exception as error:
            failed = failure(error)
            failed.log(log(), "web.failed")
            if failed.defect:
                return told(request, 500, sentence("something went wrong; the log has the details"))
            return told(request, 503, sentence("not available at the moment"))

    return answered


async def _feed(cache: FeedCache, request: Request) -> Response | None:
    """A calendar; None for an address that opens none."""
    token = request.path_params["token"]
    if not _TOKEN.fullmatch(token):
        return None
    copy = await cache.current(hashed(token), asked_for(request.scope["query_string"]))
    if copy is None:
        return None
    headers = {**_ALWAYS, "Last-Modified": copy.last_modified}
    body = copy.plain
    if cache.gzip:
        headers["Vary"] = "Accept-Encoding"
        if takes_gzip(request.headers.get("accept-encoding")):
            body = await cache.zipped(body)
            headers["Content-Encoding"] = "gzip"
    headers["ETag"] = body.etag
    asked = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if is_unchanged(body.etag, copy.since, *asked):
        headers.pop("Content-Encoding", None)
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = "text/calendar; charset=utf-8"
    headers["Content-Disposition"] = f'inline; filename="{copy.filename}"'
    headers["Content-Length"] = str(len(body.content))
    return Response(b"" if request.method == "HEAD" else body.content, headers=headers)


def _plain(status: int, words: str, more: Mapping[str, str] | None = None) -> Response:
    return Response(words, status, {**_ALWAYS, **(more or {})}, media_type="text/plain")
