"""The page on which one chooses how to sign in; whom the proxy names, or who is signed in, is led on at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.errors import UserError
from scheduler.render.languages import say
from scheduler.rules.identity import NotLetIn
from scheduler.services.app import App
from scheduler.services.cases.sign_in import by_mail, first_run
from scheduler.services.cases.sign_in.entry import PROXY
from scheduler.services.cases.sign_in.entry import let_in as enter
from scheduler.web.site import frame, gate, paths
from scheduler.web.unit_of_work import UnitOfWork

from . import answers, proxy


@dataclass(frozen=True)
class Ways:
    """The ways in: providers by key, each with what people know it by; whether letters are sent; whether this is the
    machine itself, on which a first run prints a link."""

    providers: Mapping[str, str]
    by_mail: bool
    by_proxy: bool
    on_this_machine: bool


def ways(app: App) -> Ways:
    openid = app.settings.web.sign_in.openid
    titles = {key: each.title or key for key, each in openid.items()}
    has_proxy = app.settings.web.sign_in.header is not None
    return Ways(titles, by_mail.is_possible(app), has_proxy, first_run.is_possible(app.settings))


async def show(work: UnitOfWork, request: Request) -> Response:
    """Raises StoreError."""
    back = answers.back_to(request.query_params.get("next"))
    if await work.read(lambda app, db, now: gate.entrant(app, db, now, request)):
        return answers.to(back)
    if why := proxy.why_not(request, work.app.settings):
        work.app.log.warning("sign_in.refused", way=PROXY, why=why)
    is_out = "signed_out" in request.query_params
    said = proxy.address_of(request, work.app.settings)
    if said and not is_out:  # or who signs out would be signed in again at once
        return await _by_proxy(work, request, said, back)
    return await page(work, back, {}, {}, is_out=is_out, is_known=said is not None)


async def _by_proxy(work: UnitOfWork, request: Request, said: str, back: str) -> Response:
    browser, former = request.headers.get("user-agent"), answers.former(request, work.app.settings)
    try:
        signed_in = await work.note(lambda app, now: enter(app, said, PROXY, browser, now, former))
    except NotLetIn as why:
        return await answers.refused(work, why)
    return answers.let_in(signed_in, work.app.settings, back)


async def page(
    work: UnitOfWork,
    back: str,
    said: Mapping[str, str],
    errors: Mapping[str, UserError],
    status: int = 200,
    *,
    is_out: bool = False,
    is_known: bool = False,
) -> Response:
    """The page, with what was typed where something was, and what is wrong with it; `is_out` for whoever has just
    signed out, `is_known` where the proxy would say who they are."""

    def made(app: App, _db: Connection, now: datetime) -> Response:
        known: dict[str, Any] = {"ways": ways(app), "back": back, "said": said, "errors": errors}
        known |= {"title": say("Sign in"), "is_out": is_out, "is_known": is_known}
        return frame.outside(app, "sign_in.html.j2", now, status, **known)

    return await work.read(made)


def place(back: str) -> str:
    """The page, from which one is led back."""
    return paths.with_query(paths.SIGN_IN, next=back if back != paths.NOW else None)
