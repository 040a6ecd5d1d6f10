"""The life of a form behind a signed link: GET shows it and changes nothing, since mail scanners follow every link;
POST records what it says; what is wrong comes back beside its field, with all that was typed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.errors import InvalidValue, UserError, WrongDay, WrongLastDay
from scheduler.domain.manner import Manner
from scheduler.domain.user_input import words
from scheduler.render.languages import say, sentence, speaking
from scheduler.render.signed_links import BadLink, ExpiredLink
from scheduler.render.wording import clock_words, day_words, offset_words
from scheduler.services.app import App
from scheduler.services.cases.confirmations import Act, WrongCode, confirmed
from scheduler.services.still_theirs import Gone
from scheduler.store import StoreError
from scheduler.web import manners
from scheduler.web.pages import FormLimits, check_form, fields, is_recorded, page, recorded
from scheduler.web.unit_of_work import UnitOfWork
from scheduler.web.without_a_shell import without_a_shell

from .code_step import CODE, code_step, is_typed, send_code

F = TypeVar("F")
Said = Mapping[str, str]

_UNREADABLE = sentence("This is no date"), sentence("write year-month-day, like 2026-12-24")
NO_LAST_DAY = sentence("Name the last day"), sentence("or choose that it has no end")
"""What is told where something was signed that ends, and no day was typed."""


class Wrong(Exception):
    """What is wrong with a field; "" is the form as a whole."""

    def __init__(self, field: str, told: UserError | InvalidValue) -> None:
        super().__init__(told.what)
        self.field, self.told = field, told


class NotYetKept(Exception):
    """What was said is shown as it was understood, before it is kept: nothing is recorded."""


class NotKept(Exception):
    """The one word of a form is on record already, and what was sent now is another: it is not kept."""


class HistoryLine(NamedTuple):
    """Something on record: what it says, who said it when, and what they added."""

    says: str
    by: str
    at: str
    note: str | None


class FormKind(NamedTuple, Generic[F]):
    """A kind of form.

    `shown` is the form as it stands, with what was typed where something was; `taken` records what a form says. Both
    raise BadLink or Gone for a link that opens it no more, `taken` also Wrong, NotYetKept where it first shows what it
    understood, and NotKept for a second, different word where one is on record; the same once more is nothing new.
    """

    template: str
    shown: Callable[[App, Connection, datetime, str, Said | None], F]
    taken: Callable[[App, datetime, str, Said], object]
    act: Callable[[App, Connection, datetime, str, Said], Act | None] | None = None
    """For a form whose word wants a code: what is to be confirmed, None where it would change nothing. Raises as
    `taken`."""
    limits: FormLimits = FormLimits()


async def answer(kind: "FormKind[F]", purpose: str, unit_of_work: UnitOfWork, request: Request) -> Response:
    """What is posted is read only behind a link that opens the form: one of that `purpose`, in the manner of whoever it
    is of. Raises HTTPException for a body that is no form, StoreError where the database cannot be used."""
    with speaking(await _manner(purpose, unit_of_work, request)):
        return await _answer(kind, unit_of_work, request)


async def _manner(purpose: str, unit_of_work: UnitOfWork, request: Request) -> Manner:
    token, otherwise = request.path_params["token"], manners.of_browser(request, unit_of_work.app.settings.manner)
    return await unit_of_work.read(lambda app, db, now: manners.of_link(app, db, purpose, token, now, otherwise))


async def _answer(kind: "FormKind[F]", unit_of_work: UnitOfWork, request: Request) -> Response:
    token = request.path_params["token"]
    try:
        if request.method != "POST":
            return await _page(kind, unit_of_work, token, None, {}, is_recorded(request))
        check_form(request, kind.limits)
        await unit_of_work.read(lambda app, db, now: kind.shown(app, db, now, token, None))
        said = await fields(request, kind.limits)
        try:
            act = await unit_of_work.read(lambda app, db, now: kind.act and kind.act(app, db, now, token, said))
            if act and not is_typed(said):
                await _send(unit_of_work, act)
                return await _page(kind, unit_of_work, token, {**said, CODE: ""}, {})
            await unit_of_work.act(lambda app, now: _take(kind, app, now, token, said, act))
            return recorded()
        except StoreError as trouble:
            unit_of_work.app.log.error("web.not_recorded", what=trouble.what, hint=trouble.hint)
            later = UserError(sentence("This cannot be recorded at the moment"), sentence("send it again in a minute"))
            return await _page(kind, unit_of_work, token, said, {"": later}, status=503)
        except NotYetKept:
            return await _page(kind, unit_of_work, token, said, {})
        except NotKept:
            return await _page(kind, unit_of_work, token, None, {}, status=409)
        except Wrong as wrong:
            return await _page(kind, unit_of_work, token, said, {wrong.field: wrong.told}, status=422)
    except Gone as gone:
        return page(unit_of_work.app, "gone.html.j2", 410, was_good=True, is_agenda=False, ask=gone.ask)
    except ExpiredLink:
        return page(unit_of_work.app, "gone.html.j2", 410, was_good=True, is_agenda=False, ask="")
    except BadLink:
        return page(unit_of_work.app, "gone.html.j2", 404, was_good=False, is_agenda=False, ask="")


async def _send(unit_of_work: UnitOfWork, act: Act) -> None:
    with refusal_at(""):
        await send_code(unit_of_work, act)


def _take(kind: "FormKind[F]", app: App, now: datetime, token: str, said: Said, act: Act | None) -> None:
    """Raises as `taken` does."""
    if act is None:
        kind.taken(app, now, token, said)
        return
    try:
        with confirmed(app, act, said[CODE], now):
            kind.taken(app, now, token, said)
    except WrongCode as wrong:
        raise Wrong(CODE, wrong) from None


async def _page(
    kind: "FormKind[F]",
    unit_of_work: UnitOfWork,
    token: str,
    said: Said | None,
    errors: Mapping[str, UserError | InvalidValue],
    is_fresh: bool = False,
    status: int = 200,
) -> Response:
    form = await unit_of_work.read(lambda app, db, now: kind.shown(app, db, now, token, said))
    code = code_step(unit_of_work.app, said) if kind.act else None
    known = {"recorded": is_fresh, "not_kept": status == 409}
    told = {name: without_a_shell(each) for name, each in errors.items()}
    return page(unit_of_work.app, kind.template, status, form=form, errors=told, code=code, **known)


@contextmanager
def refusal_at(field: str, hint: str | None = None) -> Iterator[None]:
    """What a use case refuses is told at a field, with a `hint` of one's own where one is given. Raises Wrong;
    StoreError as it comes."""
    try:
        yield
    except StoreError:
        raise
    except UserError as refused:
        raise Wrong(field, UserError(refused.what, hint) if hint else refused) from None


@contextmanager
def days_at(field: str, last: str) -> Iterator[None]:
    """What a use case says of a day is told at its field, or at that of the `last` day. Raises Wrong."""
    try:
        yield
    except WrongLastDay as wrong:
        raise Wrong(last, wrong) from None
    except WrongDay as wrong:
        raise Wrong(field, wrong) from None


def day_of(said: Said, field: str, unnamed: tuple[str, str] = _UNREADABLE) -> date:
    """The date in a field; `unnamed` is what is told, with the way out, where there is none. Raises Wrong."""
    written = said.get(field, "").strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Wrong(field, InvalidValue(*(_UNREADABLE if written else unnamed))) from None


def remark(said: Said, field: str) -> str | None:
    """The words in a field; None for none. Raises Wrong."""
    written = said.get(field, "")
    try:
        return words(written) if written.strip() else None
    except InvalidValue as fault:
        raise Wrong(field, fault) from None


def name_of(partnership: Partnership, person: str | None, unnamed: str | None = None) -> str:
    """What somebody who said something is called, also after they have left; `unnamed` is who it was where nobody is
    named: the operator where that is not said."""
    known = partnership.people.get(person or "")
    return known.name if known else person or unnamed or say("the operator")


def clock_of(partnership: Partnership, person: str) -> str:
    """The IANA zone of a person's clock."""
    return zone_of(partnership.people[person], partnership.organisations, partnership.zone).key


def moment_words(partnership: Partnership, person: str, moment: datetime) -> str:
    """``Fri 4 Dec 2026, 09:12 (UTC-5)``, on the clock of a person."""
    there = moment.astimezone(ZoneInfo(clock_of(partnership, person)))
    return say(
        "%(day)s, %(time)s (%(zone)s)", day=day_words(there.date()), time=clock_words(there), zone=offset_words(there)
    )
