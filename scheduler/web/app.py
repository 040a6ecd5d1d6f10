"""Requests in, answers out: the feeds, the forms, the API, whether the daemon does its work, and a word to robots.

A token in an address is a secret: no answer, title or line of a log repeats one, no answer leads elsewhere, and one
that opens nothing is answered like any other address that is not there.
"""

import re
from collections.abc import Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from scheduler.render.ics.options import asked_for
from scheduler.services.failures import failure
from scheduler.store.subscriptions import hashed

from . import agenda_page, api
from .conditional import is_unchanged, takes_gzip
from .feed_cache import FeedCache
from .forms import (
    action_form,
    answer_form,
    away_form,
    close_form,
    course_form,
    dispute_form,
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

Answer = Callable[[Request], Awaitable[Response]]


def application(
    feed_cache: Callable[[], FeedCache], unit_of_work: Callable[[], UnitOfWork], is_working: Callable[[], bool | None]
) -> ASGIApp:
    """`feed_cache` and `unit_of_work` give those of the app as it is now; `is_working` tells whether the daemon has
    completed a cycle lately."""

    async def feed(request: Request) -> Response:
        token, cache = request.path_params["token"], feed_cache()
        if not _TOKEN.fullmatch(token):
            return _absent()
        copy = await cache.current(hashed(token), asked_for(request.scope["query_string"]))
        if copy is None:
            return _absent()
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

    async def report(request: Request) -> Response:
        return await lifecycle.answer(report_form.FORM, unit_of_work(), request)

    async def judge(request: Request) -> Response:
        return await lifecycle.answer(judge_form.FORM, unit_of_work(), request)

    async def step(request: Request) -> Response:
        return await lifecycle.answer(step_form.FORM, unit_of_work(), request)

    async def dispute(request: Request) -> Response:
        return await lifecycle.answer(dispute_form.FORM, unit_of_work(), request)

    async def away(request: Request) -> Response:
        return await lifecycle.answer(away_form.FORM, unit_of_work(), request)

    async def action(request: Request) -> Response:
        return await lifecycle.answer(action_form.FORM, unit_of_work(), request)

    async def item(request: Request) -> Response:
        return await lifecycle.answer(item_form.FORM, unit_of_work(), request)

    async def close(request: Request) -> Response:
        return await lifecycle.answer(close_form.FORM, unit_of_work(), request)

    async def file_minutes(request: Request) -> Response:
        return await lifecycle.answer(minutes_form.FORM, unit_of_work(), request)

    async def object_to_minutes(request: Request) -> Response:
        return await lifecycle.answer(objection_form.FORM, unit_of_work(), request)

    async def course(request: Request) -> Response:
        return await lifecycle.answer(course_form.FORM, unit_of_work(), request)

    async def mine(request: Request) -> Response:
        return await lifecycle.answer(mine_form.FORM, unit_of_work(), request)

    async def answer_invitation(request: Request) -> Response:
        return await lifecycle.answer(answer_form.FORM, unit_of_work(), request)

    async def request_review(request: Request) -> Response:
        return await lifecycle.answer(request_form.FORM, unit_of_work(), request)

    async def renewal(request: Request) -> Response:
        return await lifecycle.answer(renewal_form.FORM, unit_of_work(), request)

    async def resolve(request: Request) -> Response:
        return await lifecycle.answer(resolve_form.FORM, unit_of_work(), request)

    async def vote(request: Request) -> Response:
        return await lifecycle.answer(vote_form.FORM, unit_of_work(), request)

    async def agenda(request: Request) -> Response:
        return await agenda_page.agenda(unit_of_work(), request)

    async def take(request: Request) -> Response:
        return await api.readings(unit_of_work(), request)

    def mended(answer: Answer) -> Answer:
        """A failure is told in a few words; its cause goes to the log, without the address."""

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except HTTPException:
                raise
            except ClientDisconnect:  # nobody is left to be answered
                return _plain(400, "the request broke off\n")
            except Exception as error:
                failed = failure(error)
                failed.log(feed_cache().log, "web.failed")
                if failed.defect:
                    return _plain(500, "something went wrong; the log has the details\n")
                return _plain(503, "not available at the moment\n")

        return answered

    routes = [
        Route("/calendars/{token}.ics", mended(feed)),
        Route("/report/{token}", mended(report), methods=["GET", "POST"]),
        Route("/judge/{token}", mended(judge), methods=["GET", "POST"]),
        Route("/step/{token}", mended(step), methods=["GET", "POST"]),
        Route("/dispute/{token}", mended(dispute), methods=["GET", "POST"]),
        Route("/away/{token}", mended(away), methods=["GET", "POST"]),
        Route("/action/{token}", mended(action), methods=["GET", "POST"]),
        Route("/item/{token}", mended(item), methods=["GET", "POST"]),
        Route("/close/{token}", mended(close), methods=["GET", "POST"]),
        Route("/minutes/{token}", mended(file_minutes), methods=["GET", "POST"]),
        Route("/course/{token}", mended(course), methods=["GET", "POST"]),
        Route("/mine/{token}", mended(mine), methods=["GET", "POST"]),
        Route("/answer/{token}", mended(answer_invitation), methods=["GET", "POST"]),
        Route("/request/{token}", mended(request_review), methods=["GET", "POST"]),
        Route("/renewal/{token}", mended(renewal), methods=["GET", "POST"]),
        Route("/object/{token}", mended(object_to_minutes), methods=["GET", "POST"]),
        Route("/resolve/{token}", mended(resolve), methods=["GET", "POST"]),
        Route("/vote/{token}", mended(vote), methods=["GET", "POST"]),
        Route("/agendas/{token}", mended(agenda)),
        Route("/api/readings", mended(take), methods=["POST"]),
        Route("/healthz", mended(health)),
        Route("/robots.txt", robots),
    ]
    made = Starlette(routes=routes, exception_handlers={HTTPException: _refused})
    made.router.redirect_slashes = False
    return guarded(made)


def _absent() -> Response:
    return _plain(404, "there is nothing here\n")


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException) or error.status_code == 404:
        return _absent()
    return _plain(error.status_code, f"{error.detail.lower()}\n", error.headers or {})


def _plain(status: int, words: str, more: Mapping[str, str] | None = None) -> Response:
    return Response(words, status, {**_ALWAYS, **(more or {})}, media_type="text/plain")
