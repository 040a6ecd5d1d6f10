"""The page of a health check: some statements to be rated, one or two questions, on a telephone in five minutes.

It differs from the other forms. Its link is no signed one, since whoever has the database could make such a link for
anybody (`services/pipeline/health_letters`). What it takes is not said back by name, nothing of it goes to the log, and
no cycle is woken by it. What was sent can be changed by a key that is in a cookie of the one browser, for as long as
the round is open; elsewhere it is final.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.definition.health_check import HealthCheck
from scheduler.domain.definition.people import manner_of
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.manner import Manner
from scheduler.render.health_letter import PATH
from scheduler.render.languages import sentence, speaking
from scheduler.render.wording import end_of_day_words
from scheduler.services.app import App
from scheduler.services.cases.health_checks import AlreadyAnswered, answer, asked_by
from scheduler.services.pipeline.health_letters import closes_at
from scheduler.services.still_theirs import Gone
from scheduler.store import StoreError, health_checks
from scheduler.store.health_checks import Answer
from scheduler.web import manners
from scheduler.web.pages import FormLimits, check_form, fields, is_recorded, page, recorded
from scheduler.web.unit_of_work import UnitOfWork
from scheduler.web.without_a_shell import without_a_shell

from .lifecycle import Said, Wrong, clock_of, remark

COOKIE = "cadence-health"
"""The cookie of the key by which a browser may change what it sent; it travels to the one address alone."""
LIMITS = FormLimits(most_fields=30)
CANNOT_SAY = "cannot"
_LENGTH = 43


@dataclass(frozen=True)
class Statement:
    """A statement that is rated: `chosen` is "1" to "5", "cannot", or empty."""

    key: str
    asks: str
    chosen: str


@dataclass(frozen=True)
class AreaOfPage:
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class HealthPage:
    """The page as it is shown. Where it `is_answered`, it asks nothing unless this browser `can_change` it."""

    partnership: str
    side: str
    until: str
    fewest: int
    areas: tuple[AreaOfPage, ...]
    in_words: tuple[Statement, ...]
    is_answered: bool
    can_change: bool
    seconds: int
    """How long the browser keeps its key."""


async def serve(unit_of_work: UnitOfWork, request: Request) -> Response:
    """In the manner of whoever is asked. Raises HTTPException for a body that is no form, StoreError where the database
    cannot be used."""
    token, otherwise = request.path_params["token"], manners.of_browser(request, unit_of_work.app.settings.manner)
    with speaking(await unit_of_work.read(lambda app, db, now: _manner(app, db, now, token, otherwise))):
        return await _serve(unit_of_work, request)


def _manner(app: App, db: Connection, now: datetime, token: str, otherwise: Manner) -> Manner:
    """`otherwise` for a link that opens nothing."""
    try:
        asked = asked_by(app, db, token, now)
    except Gone:
        return otherwise
    return manner_of(asked.partnership.people[asked.person], asked.partnership.organisations, app.settings.manner)


async def _serve(unit_of_work: UnitOfWork, request: Request) -> Response:
    token, browser = request.path_params["token"], _browser(request)
    try:
        if request.method != "POST":
            return await _page(unit_of_work, token, browser, None, {}, is_recorded(request))
        check_form(request, LIMITS)
        form = await unit_of_work.read(lambda app, db, now: _shown(app, db, now, token, browser, None))
        said = await fields(request, LIMITS)
        try:
            terms = await unit_of_work.read(lambda app, db, now: _terms(app, db, now, token))
            answers = _answers(terms, said)
            key = browser if form.can_change and browser else health_checks.new_secret()
            await unit_of_work.note(lambda app, now: answer(app, token, key, answers, now))
        except StoreError:
            later = UserError(sentence("This cannot be kept at the moment"), sentence("send it again in a minute"))
            return await _page(unit_of_work, token, browser, said, {"": later}, status=503)
        except AlreadyAnswered:
            return await _page(unit_of_work, token, browser, None, {}, status=409)
        except Wrong as wrong:
            return await _page(unit_of_work, token, browser, said, {wrong.field: wrong.told}, status=422)
        answered = recorded()
        secure, path = unit_of_work.app.settings.web.is_private, f"/{PATH}/{token}"
        answered.set_cookie(COOKIE, key, form.seconds, path=path, secure=secure, httponly=True, samesite="lax")
        return answered
    except Gone as gone:
        return page(unit_of_work.app, "gone.html.j2", 410, was_good=True, is_agenda=False, ask=gone.ask)


def _browser(request: Request) -> str:
    """The key that the browser has; empty where it has none, or what is none of ours."""
    found = request.cookies.get(COOKIE, "")
    return found if len(found) == _LENGTH else ""


async def _page(
    unit_of_work: UnitOfWork,
    token: str,
    browser: str,
    said: Said | None,
    errors: Mapping[str, UserError | InvalidValue],
    is_fresh: bool = False,
    status: int = 200,
) -> Response:
    form = await unit_of_work.read(lambda app, db, now: _shown(app, db, now, token, browser, said))
    known = {"recorded": is_fresh, "not_kept": status == 409}
    told = {name: without_a_shell(each) for name, each in errors.items()}
    return page(unit_of_work.app, "health.html.j2", status, form=form, errors=told, **known)


def _shown(app: App, db: Connection, now: datetime, token: str, browser: str, said: Said | None) -> HealthPage:
    """Raises Gone for a link that opens nothing, alike whether it never did or does no more."""
    asked = asked_by(app, db, token, now)
    round, terms = asked.round, asked.round.terms
    is_answered = health_checks.is_spent(db, token)
    given = health_checks.given_by(db, asked.holder, browser) if browser and is_answered else ()
    chosen = _chosen(given) if said is None else said
    here = clock_of(asked.partnership, asked.person)
    return HealthPage(
        partnership=asked.partnership.name,
        side=asked.partnership.organisations[asked.holder.side].name,
        until=end_of_day_words(round.closes_on, round.timezone, here),
        fewest=terms.fewest,
        areas=tuple(
            AreaOfPage(area.title, tuple(Statement(q.key, q.asks, chosen.get(q.key, "")) for q in area.questions))
            for area in terms.areas
        ),
        in_words=tuple(Statement(q.key, q.asks, chosen.get(q.key, "")) for q in terms.in_words),
        is_answered=is_answered,
        can_change=bool(given),
        seconds=int((closes_at(round) - now).total_seconds()) + 1,
    )


def _chosen(given: tuple[Answer, ...]) -> dict[str, str]:
    """What was answered, as the fields of the form have it."""
    return {
        each.question: each.words if each.words is not None else str(each.value) if each.value else CANNOT_SAY
        for each in given
    }


def _terms(app: App, db: Connection, now: datetime, token: str) -> HealthCheck:
    return asked_by(app, db, token, now).round.terms


def _answers(terms: HealthCheck, said: Said) -> list[Answer]:
    """What a form says. Raises Wrong for a statement that is not rated."""
    found = []
    for question in (each for area in terms.areas for each in area.questions):
        chosen = said.get(question.key, "")
        if chosen not in ("1", "2", "3", "4", "5", CANNOT_SAY):
            raise Wrong(question.key, InvalidValue(sentence("Choose one"), sentence("“cannot say” is an answer, too")))
        found.append(Answer(question.key, None if chosen == CANNOT_SAY else int(chosen)))
    in_words = ((question.key, remark(said, question.key)) for question in terms.in_words)
    return [*found, *(Answer(key, words=words) for key, words in in_words if words)]
