"""Signed links: an address that lets one person do one thing, and needs no password and no row in the database.

Whoever holds the address may do what it says, so it says little: a purpose, a few names, and until when. It is signed
with HMAC-SHA256 (RFC 2104) under a key that only this installation has. A link of one purpose opens nothing of another.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from scheduler.domain.trouble import Trouble

REPORT, JUDGE, AGENDA = "report", "judge", "agenda"
MOST_CHARACTERS = 2000
"""A token of ours is some 200 characters long; nothing longer is looked at."""


class BadLink(Trouble):
    """The link was not signed here for this purpose: foreign, cut off, or changed on its way."""


class ExpiredLink(BadLink):
    """The link was good, and its time is over."""


def signed(secret: str, purpose: str, payload: Mapping[str, str | None], expires: datetime | None) -> str:
    """A token of A-Z, a-z, 0-9, "-", "_" and "." that carries `payload`, readable by whoever has it, until the second
    of `expires`; without it, for ever."""
    until = int(expires.timestamp()) if expires else None
    token = _serializer(secret, purpose).dumps({"payload": dict(payload), "until": until})
    return token if isinstance(token, str) else token.decode()


def opened(secret: str, purpose: str, token: str, now: datetime) -> dict[str, str | None]:
    """What a token carries, at an aware moment. Raises BadLink, and ExpiredLink from the second on in which it
    expires."""
    try:
        if len(token) > MOST_CHARACTERS:
            raise BadData("too long")
        found: dict[str, Any] = _serializer(secret, purpose).loads(token)
    except (BadData, UnicodeError):
        raise BadLink("this link was not made here, or not all of it arrived", "copy it whole, or ask anew") from None
    until = found["until"]
    if until is not None and now.timestamp() >= until:
        raise ExpiredLink("this link has expired", "ask for a new one")
    payload: dict[str, str | None] = found["payload"]
    return payload


def report_link(url: str, secret: str, kpi: str, period: str, person: str, expires: datetime) -> str:
    """The address of the form on which a person reports a period of a KPI. `url` is the site's, without a slash at its
    end; `kpi` is ``<partnership>[/<layer>]/<key>``."""
    payload = {"partnership": kpi.partition("/")[0], "kpi": kpi, "period": period, "person": person}
    return f"{url}/report/{signed(secret, REPORT, payload, expires)}"


def judge_link(url: str, secret: str, checkpoint: str, criterion: str, person: str, expires: datetime) -> str:
    """The address of the form on which a person judges a criterion of the success at 90 days. `checkpoint` is the id
    of its review."""
    payload = {"checkpoint": checkpoint, "criterion": criterion, "person": person}
    return f"{url}/judge/{signed(secret, JUDGE, payload, expires)}"


def agenda_link(url: str, secret: str, review_id: str, organisation: str | None) -> str:
    """The address of a review's agenda as an organisation sees it; None: as all partners do. It does not expire, and
    is the same each time, since invitations carry it."""
    return f"{url}/agendas/{signed(secret, AGENDA, {'review': review_id, 'organisation': organisation}, None)}"


def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    # The library's own default is SHA-1.
    signer = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret, salt=f"cadence.{purpose}", signer_kwargs=signer)
