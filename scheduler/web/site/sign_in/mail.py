"""Signing in by a letter, as browsers see it: an address is typed in, then the code, or the link's button is pressed.

The link's page signs nobody in by itself, since mail scanners open every link.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.definition.people import is_email
from scheduler.domain.errors import UserError
from scheduler.render.languages import say, sentence
from scheduler.rules.identity import NotLetIn
from scheduler.services.cases.sign_in import by_mail
from scheduler.services.cases.sign_in.by_mail import LinkRequest
from scheduler.services.cases.sign_in.entry import MAIL, TooMany
from scheduler.services.cases.sign_in.entry import let_in as enter
from scheduler.store import StoreError
from scheduler.store.sign_ins import SignInAttempt
from scheduler.web.pages import FormLimits, check_form, fields
from scheduler.web.site import frame, paths
from scheduler.web.unit_of_work import UnitOfWork

from . import answers, start

_LIMITS = FormLimits(most_bytes=4096, most_fields=5)
CODE = f"{paths.SIGN_IN}/code"
_NOT_POSSIBLE = NotLetIn("No letters with links are sent from here", "sign in by another way")
_NOT_ASKED = NotLetIn("No letter was asked for in this browser", "ask for one, and type its code in here")


async def ask(work: UnitOfWork, request: Request) -> Response:
    """An address was typed in: the answer is the same whoever's it is, and a letter leaves after it. Raises
    HTTPException for a body that is no form, StoreError."""
    check_form(request, _LIMITS)
    said = await fields(request, _LIMITS)
    back = answers.back_to(said.get("next"))
    email = said.get("email", "").strip()
    if not by_mail.is_possible(work.app):
        return await answers.refused(work, _NOT_POSSIBLE)
    if not is_email(email):
        fault = UserError(sentence("This is no mail address"), sentence("write it like ines.falk@acme.example"))
        return await start.page(work, back, said, {"email": fault}, 422)
    if key := work.app.settings.web.sign_in.provider_of(email):
        title = start.ways(work.app).providers[key]
        fault = UserError(f"Addresses at {email.rpartition('@')[2]} sign in at {title}", "use its button above")
        return await start.page(work, back, said, {"email": fault}, 422)
    browser, former = answers.new_browser(request, work.app.settings), answers.former(request, work.app.settings)
    try:
        asked = await work.note(lambda app, now: by_mail.ask(app, email, browser, back, now, former))
    except TooMany as many:
        return await answers.refused(work, many, 429)
    answers.after_the_answer(_send(work, asked))
    return answers.remembering(answers.to(CODE), work.app.settings, browser)


async def _send(work: UnitOfWork, asked: LinkRequest) -> None:
    try:
        letter = await work.note(lambda app, now: by_mail.letter(app, asked, now))
    except (StoreError, UserError) as fault:
        work.app.log.warning("sign_in.letter_not_sent", what=fault.what)
        return
    if letter:
        await answers.outside(lambda: by_mail.send(work.app, letter))


async def code(work: UnitOfWork, request: Request) -> Response:
    """The page that waits for a code, and what is typed there. Raises as `ask` does."""
    browser = answers.browser_of(request, work.app.settings)
    if browser is None:
        return await answers.refused(work, _NOT_ASKED)
    if request.method != "POST":
        return await _code_page(work)
    check_form(request, _LIMITS)
    typed = (await fields(request, _LIMITS)).get("code", "")
    try:
        found = await work.note(lambda app, now: by_mail.by_code(app, typed, browser, now))
        return await _enter(work, request, found)
    except NotLetIn as why:
        return await _code_page(work, why)


async def _code_page(work: UnitOfWork, why: UserError | None = None) -> Response:
    status, errors = (422, {"code": why}) if why else (200, {})
    known: dict[str, Any] = {"title": say("Look into your mail"), "letters": by_mail.MOST_LETTERS, "errors": errors}
    return await work.read(lambda app, _db, now: frame.outside(app, "sign_in_code.html.j2", now, status, **known))


async def link(work: UnitOfWork, request: Request) -> Response:
    """The page of a letter's link, and its button. Raises as `ask` does."""
    secret = request.path_params["secret"]
    browser = answers.browser_of(request, work.app.settings)
    try:
        if request.method != "POST":
            is_own = await work.read(lambda _app, db, now: by_mail.is_of_browser(db, secret, browser, now))
            known: dict[str, Any] = {"title": say("Sign in"), "is_own": is_own}
            return await work.read(lambda app, _db, now: frame.outside(app, "sign_in_link.html.j2", now, **known))
        check_form(request, _LIMITS)
        if browser is None:
            return await answers.refused(work, _NOT_ASKED)
        found = await work.note(lambda app, now: by_mail.by_link(app, secret, browser, now))
        return await _enter(work, request, found)
    except NotLetIn as why:
        return await (
            answers.refused(work, why) if request.method == "POST" else answers.link_refused(work, request, why)
        )


async def _enter(work: UnitOfWork, request: Request, found: SignInAttempt) -> Response:
    """Raises NotLetIn for somebody who is nobody here any more."""
    settings, name = work.app.settings, request.headers.get("user-agent")
    former = answers.former(request, settings)
    signed_in = await work.note(lambda app, now: enter(app, found.email or "", MAIL, name, now, former))
    return answers.let_in(signed_in, settings, found.back)
