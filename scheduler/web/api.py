"""The API: programs report readings as JSON, all of a request or none of it.

A value is taken as it is written, never by way of a float. Faults come as problem details (RFC 9457) with every fault
there is, each by the index of its reading.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.errors import BatchRefused, InvalidValue, NeedsConfirmation, NotTheirs, UnknownKpi, UserError
from scheduler.domain.user_input import pointed
from scheduler.services.app import App
from scheduler.services.cases import credentials
from scheduler.services.cases.kpis import Reported, ReportedValue, report_all
from scheduler.services.kpi_lookup import Limits
from scheduler.store import StoreError
from scheduler.store.tables import ApiTokenRow

from .pages import ALWAYS, limited
from .unit_of_work import UnitOfWork

MOST_READINGS = 1000
MOST_BYTES = 1024 * 1024
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]{43}) *")
_NEEDED, _FIELDS = ("kpi", "value"), ("kpi", "period", "value", "note", "by", "confirm")
_TITLES = {
    400: "This is no JSON that can be read",
    401: "A token is needed",
    403: "Not for this token",
    404: "There is no such KPI",
    409: "This is to be confirmed",
    413: "This is too much at once",
    415: "Readings are sent as JSON",
    422: "Nothing was recorded",
    503: "This cannot be recorded at the moment",
}


class _Number(str):
    """A number of JSON as it was written: unlike a text, it can be read in one way alone."""


class ProblemDetails(Exception):
    """What is answered instead: a status, a sentence, the way out, and the faults by index."""

    def __init__(self, status: int, detail: str, hint: str = "", faults: Sequence[dict[str, object]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        told = {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": detail}
        self.body = {**told, **({"hint": hint} if hint else {}), **({"faults": [*faults]} if faults else {})}


async def readings(unit_of_work: UnitOfWork, request: Request) -> Response:
    """Take the readings of a request."""
    try:
        token = await _token(unit_of_work, request)
        entries = _entries(await _json(request), token.decimal_point)
        limits = Limits(token.partnership, token.organisation)
        try:
            done, warnings = await unit_of_work.act(partial(_report, entries=entries, limits=limits, token=token))
        except BatchRefused as refused:
            raise _refusal(refused.faults) from None
        return _answer(200, {"recorded": [_recorded(each) for each in done], **warnings}, "application/json")
    except StoreError as trouble:
        unit_of_work.app.log.error("web.not_recorded", what=trouble.what, hint=trouble.hint)
        problem = ProblemDetails(503, "the database cannot be written to just now", "send it again in a minute")
    except ProblemDetails as told:
        problem = told
    return _answer(problem.status, problem.body, "application/problem+json")


def _report(
    app: App, now: datetime, entries: list[ReportedValue], limits: Limits, token: ApiTokenRow
) -> tuple[list[Reported], dict[str, object]]:
    """What is on record now, and what the program is warned of: once, that its texts could be read otherwise."""
    done = report_all(app, entries, now, limits)
    if token.warned_at or not token.decimal_point or not any(map(_is_open, entries)):
        return done, {}
    app.log.warning("api.decimal_point", token=token.id, name=token.name, what=_POINT)
    credentials.note_warning(app, token.id or 0, now)
    return done, {"warnings": [_POINT]}


# Who asks -----------------------------------------------------------------------------------------------------------


async def _token(unit_of_work: UnitOfWork, request: Request) -> ApiTokenRow:
    """The token that a request bears; its use is noted. Raises Problem 401, alike for what was revoked or never was."""
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    row = None
    if found:
        row = await unit_of_work.note(lambda app, now: credentials.opened_by(app, found[1], now))
    if row is None:
        raise ProblemDetails(
            401, "no good token came with it", "send Authorization: Bearer TOKEN (cadence token create NAME)"
        )
    if not row.reports:
        raise ProblemDetails(403, "this token reads, and reports nothing", "cadence token create NAME --may report")
    return row


_POINT = (
    "a text such as 100.250 can be read as two numbers; it goes on being read with a decimal point for this token, and "
    "is refused for new ones: send numbers as JSON numbers"
)


def _is_open(entry: ReportedValue) -> bool:
    """Whether a text would be refused of a new token."""
    try:
        pointed(entry.value) if not isinstance(entry.value, _Number) else None
    except InvalidValue:
        return True
    return False


# What is asked ------------------------------------------------------------------------------------------------------


async def _json(request: Request) -> object:
    """The document that was sent, its numbers as they were written. Raises Problem 413, 415, 400."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemDetails(415, "the body is not said to be JSON", "send Content-Type: application/json")
    try:
        body = await limited(request, MOST_BYTES)
    except HTTPException:
        raise ProblemDetails(413, "the body is larger than 1 MiB", "send it in several requests") from None
    try:
        return json.loads(
            body.decode("utf-8"), parse_int=_Number, parse_float=_Number, parse_constant=str, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        raise ProblemDetails(
            400, f"the body cannot be read: {str(error)[:200]}", "send one object, or a list of them"
        ) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _entries(document: object, has_point: bool) -> list[ReportedValue]:
    """The readings of a document, one or a list; where the program's texts have a decimal point, as numbers do. Raises
    Problem 413, 422."""
    written = document if isinstance(document, list) else [document]
    if len(written) > MOST_READINGS:
        raise ProblemDetails(
            413, f"it holds {len(written):,} readings, and {MOST_READINGS:,} are the most", "send it in parts"
        )
    entries, faults = [], []
    for index, each in enumerate(written):
        try:
            entries.append(_entry(each, has_point))
        except InvalidValue as fault:
            faults.append(_fault(index, 422, fault))
    if not written:
        raise ProblemDetails(422, "there is no reading in it", "send one object, or a list of them")
    if faults:
        raise ProblemDetails(422, f"{len(faults)} of {len(written)} readings cannot be taken", faults=faults)
    return entries


def _entry(said: object, has_point: bool) -> ReportedValue:
    if not isinstance(said, dict):
        raise InvalidValue("it is no object", f"its keys are {', '.join(_FIELDS)}; only kpi and value are needed")
    for key in said:
        if key not in _FIELDS:
            raise InvalidValue(f"it has an unknown key {key[:40]!r}", f"its keys are {', '.join(_FIELDS)}")
    for key in _NEEDED:
        if said.get(key) is None:
            raise InvalidValue(f"it has no {key}", "only period, note and by may be left out")
    confirmed = said.get("confirm", False)
    if not isinstance(confirmed, bool):
        raise InvalidValue(
            "its confirm is neither true nor false", "write true where a value far from all others is meant"
        )
    texts = {key: _text(key, value) for key, value in said.items() if value is not None and key != "confirm"}
    return ReportedValue(**texts, way="api", exact=has_point or isinstance(said["value"], _Number), confirmed=confirmed)


def _text(key: str, value: object) -> str:
    """A value may be a number or a boolean, too: met or missed."""
    if key == "value" and isinstance(value, bool):
        return "met" if value else "missed"
    if not isinstance(value, str):
        raise InvalidValue(f"its {key} is no text", "write it as a JSON string")
    if not value.isprintable() and any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        raise InvalidValue(f"its {key} holds half a character", "send it as UTF-8")
    return value


# What is answered ---------------------------------------------------------------------------------------------------


def _refusal(faults: Sequence[tuple[int, UserError]]) -> ProblemDetails:
    """Every fault; where all are of a kind, the answer is of that kind."""
    told = [_fault(index, _status(trouble), trouble) for index, trouble in faults]
    statuses = {_status(trouble) for _, trouble in faults}
    status = statuses.pop() if len(statuses) == 1 else 422
    return ProblemDetails(status, "nothing was recorded", "mend what is wrong, and send all of it again", told)


def _status(trouble: UserError) -> int:
    known = {UnknownKpi: 404, NotTheirs: 403, NeedsConfirmation: 409}
    return next((status for kind, status in known.items() if isinstance(trouble, kind)), 422)


def _fault(index: int, status: int, told: UserError | InvalidValue) -> dict[str, object]:
    return {"index": index, "status": status, "detail": told.what, "hint": told.hint}


def _recorded(done: Reported) -> dict[str, object]:
    """What is on record now; a value as text, exactly."""
    return {
        "kpi": done.reading.kpi,
        "period": done.reading.period,
        "value": f"{done.reading.value:f}",
        "met": done.reading.met,
        "corrects": f"{done.corrects.value:f}" if done.corrects else None,
        "is_new": done.is_new,
        "no_longer_overdue": done.is_settled,
    }


def _answer(status: int, body: dict[str, Any], media_type: str) -> Response:
    headers = {**ALWAYS, **({"WWW-Authenticate": "Bearer"} if status == 401 else {})}
    return Response(json.dumps(body, ensure_ascii=False), status, headers, media_type=media_type)
