"""Signing in at a provider, as browsers see it: sent there by a link, and come back by the provider's answer."""

from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.errors import UserError
from scheduler.rules.identity import NotLetIn
from scheduler.services.cases.sign_in import by_openid
from scheduler.services.cases.sign_in.entry import TooMany
from scheduler.services.cases.sign_in.entry import let_in as enter
from scheduler.store import StoreError
from scheduler.transports import openid
from scheduler.transports.openid import ProviderFault
from scheduler.web.unit_of_work import UnitOfWork

from . import answers

_SAYS_NO = NotLetIn("Your provider did not sign you in", "try again there, or sign in by another way")
_ANOTHERS = NotLetIn("Another provider answers than the one that was asked", "sign in again")


async def go(work: UnitOfWork, request: Request) -> Response:
    """To the provider. Raises StoreError."""
    key, settings = request.path_params["key"], work.app.settings
    browser, back = answers.new_browser(request, settings), answers.back_to(request.query_params.get("next"))
    try:
        known = by_openid.provider(settings, key)
        found = await answers.outside(lambda: openid.endpoints(known))
        state = await work.note(lambda app, now: by_openid.start(app, key, browser, back, now))
    except TooMany as many:
        return await answers.refused(work, many, 429)
    except StoreError:
        raise
    except UserError as fault:
        return await _failed(work, key, fault)
    place = by_openid.asking(work.app, key, known, found, state, browser)
    return answers.remembering(answers.to(place), settings, browser)


async def come_back(work: UnitOfWork, request: Request) -> Response:
    """The provider's answer, brought by the browser. Raises StoreError."""
    key, settings, said = request.path_params["key"], work.app.settings, request.query_params
    browser, way = answers.browser_of(request, settings) or "", by_openid.way_of(key)
    try:
        known = by_openid.provider(settings, key)
        state = said.get("state", "")
        begun = await work.note(lambda app, now: by_openid.come_back(app, key, state, browser, now))
        found = await answers.outside(lambda: openid.endpoints(known))
        if said.get("iss", known.issuer) != known.issuer or (found.names_itself and "iss" not in said):
            raise _ANOTHERS  # RFC 9207, 2.4
        if not said.get("code"):
            raise _SAYS_NO
        now = await work.read(lambda _app, _db, now: now)
        claims = await answers.outside(
            lambda: by_openid.trade(work.app, key, known, found, said["code"], state, browser, now)
        )
        email = await work.note(lambda app, now: by_openid.person_of(app, key, claims, now))
        name, former = request.headers.get("user-agent"), answers.former(request, settings)
        signed_in = await work.note(lambda app, now: enter(app, email, way, name, now, former))
    except NotLetIn as why:
        work.app.log.warning("sign_in.refused", way=way, why=why.what)
        return await answers.refused(work, why)
    except StoreError:
        raise
    except UserError as fault:
        return await _failed(work, key, fault)
    return answers.let_in(signed_in, settings, begun.back)


async def _failed(work: UnitOfWork, key: str, fault: UserError) -> Response:
    """The log has the cause: a stranger is not told how this program is set up."""
    if isinstance(fault, NotLetIn):
        return await answers.refused(work, fault, 404)
    is_theirs = isinstance(fault, ProviderFault)
    work.app.log.warning("sign_in.provider_failed", provider=key, what=fault.what, hint=fault.hint)
    what = "Your provider does not answer as it should" if is_theirs else "This way in is not set up"
    return await answers.refused(work, UserError(what, "try again in some minutes, or sign in by another way"), 502)
