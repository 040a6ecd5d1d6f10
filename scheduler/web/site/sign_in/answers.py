"""What all ways of signing in answer with: the cookie of the browser that began, the session's cookie, the way back."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.errors import UserError
from scheduler.render.languages import say
from scheduler.services.app import App
from scheduler.services.cases.sessions import SignedIn
from scheduler.services.cases.sign_in.entry import GOOD_FOR
from scheduler.settings import Settings
from scheduler.store.subscriptions import new_token
from scheduler.web.pages import ALWAYS
from scheduler.web.site import frame, gate, paths
from scheduler.web.unit_of_work import UnitOfWork
from scheduler.web.without_a_shell import without_a_shell

T = TypeVar("T")
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_PATH = re.compile(r"/(?!/)[!-\[\]-~]{0,999}")
"""A path of this site in printable ASCII: two slashes, or one and a backslash, would lead to another one."""
_running: set[asyncio.Task[None]] = set()


def check_host(request: Request, app: App) -> None:
    """Raises HTTPException 404 for a host that pages are not served for."""
    if not gate.is_own_host(request, app.settings):
        raise HTTPException(404)


def back_to(wanted: str | None) -> str:
    """The page that is led back to: the one that was asked for, where it is one of ours."""
    is_ours = bool(wanted and _PATH.fullmatch(wanted)) and not (wanted or "").startswith(paths.SIGN_IN)
    return wanted if wanted and is_ours else paths.NOW


def browser_of(request: Request, settings: Settings) -> str | None:
    """The secret that a browser keeps while it signs in; None for none."""
    kept = request.cookies.get(_cookie_name(settings), "")
    return kept if _SECRET.fullmatch(kept) else None


def new_browser(request: Request, settings: Settings) -> str:
    """The same, or a new one."""
    return browser_of(request, settings) or new_token()


def remembering(response: Response, settings: Settings, browser: str) -> Response:
    """The answer, with the secret that the browser is to keep until it has signed in."""
    gate.keep(response, settings, _cookie_name(settings), browser, int(GOOD_FOR.total_seconds()))
    return response


def let_in(signed_in: SignedIn, settings: Settings, back: str | None) -> Response:
    """To the page that was asked for, signed in."""
    response = to(back_to(back))
    gate.keep(response, settings, gate.cookie_name(settings), signed_in.token)
    gate.keep(response, settings, _cookie_name(settings), "", 0)
    return response


def to(path: str) -> Response:
    return Response(status_code=303, headers={**ALWAYS, "Location": path})


def former(request: Request, settings: Settings) -> str | None:
    """The secret of the session that the browser has had so far."""
    return request.cookies.get(gate.cookie_name(settings))


async def refused(work: UnitOfWork, why: UserError, status: int = 403) -> Response:
    """A page that says why somebody is not let in, and the way out."""
    return await work.read(
        lambda app, _db, now: frame.outside(
            app,
            "sign_in_refused.html.j2",
            now,
            status,
            title=say("This has not signed you in"),
            why=without_a_shell(why),
        )
    )


async def link_refused(work: UnitOfWork, request: Request, why: UserError) -> Response:
    """A link that was opened signs nobody in: whoever is signed in already, as by the same link a minute ago, is led to
    their pages; anybody else is told why."""
    if await work.read(lambda app, db, now: gate.entrant(app, db, now, request)):
        return to(paths.NOW)
    return await refused(work, why)


async def outside(work: Callable[[], T]) -> T:
    """Ask somebody else's server, in a thread of its own: whoever asks it waits, and nobody besides."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), work)


def after_the_answer(work: Coroutine[Any, Any, None]) -> None:
    """Go on with something that nobody waits for, beside the connection."""
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4, "sign-in")


def _cookie_name(settings: Settings) -> str:
    return f"{gate.cookie_name(settings)}-asks"
