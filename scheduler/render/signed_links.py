"""Signed links: an address that lets one person do one thing, and needs no password and no row in the database.

Whoever holds the address may do what it says, so it says little: a purpose, a few names, and until when. It is signed
with HMAC-SHA256 (RFC 2104) under a key that only this installation has. A link of one purpose opens nothing of another.

Each is somebody's: it bears a seal of who they were when it was made, their address, their side, and how often links of
theirs had been revoked. Where the seal that they would get today is another, the link is no longer theirs.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from scheduler.domain.errors import UserError
from scheduler.domain.ids import KpiId

REPORT, JUDGE, STEP, AGENDA, AWAY = "report", "judge", "step", "agenda", "away"
DISPUTE = "dispute"
OBJECT, MINUTES, ACTION = "object", "minutes", "action"
ITEM = "item"
RENEWAL = "renewal"
VOTE, RESOLVE = "vote", "resolve"
COURSE = "course"
REQUEST, ANSWER, MINE = "request", "answer", "mine"
CLOSE = "close"
MOST_CHARACTERS = 2000
"""A token of ours is some 200 characters long; nothing longer is looked at."""


class BadLink(UserError):
    """The link was not signed here for this purpose: foreign, cut off, or changed on its way."""


class ExpiredLink(BadLink):
    """The link was good, and its time is over."""


def signed(secret: str, purpose: str, payload: Mapping[str, str | None], expires: datetime | None) -> str:
    """A token of A-Z, a-z, 0-9, "-", "_" and "." that carries `payload`, readable by whoever has it, until the second
    of `expires`; without it, for ever."""
    until = int(expires.timestamp()) if expires else None
    token = _serializer(secret, purpose).dumps({"payload": dict(payload), "until": until})
    return token if isinstance(token, str) else token.decode()


def opened(secrets: str | Sequence[str], purpose: str, token: str, now: datetime) -> dict[str, str | None]:
    """What a token carries that was signed with any of these keys, at an aware moment. Raises BadLink, and ExpiredLink
    from the second on in which it expires."""
    keys = (secrets,) if isinstance(secrets, str) else secrets
    found = next((read for key in keys if (read := _read(key, purpose, token)) is not None), None)
    if found is None:
        raise BadLink("this link was not made here, or not all of it arrived", "copy it whole, or ask anew")
    until = found["until"]
    if until is not None and now.timestamp() >= until:
        raise ExpiredLink("this link has expired", "ask for a new one")
    payload: dict[str, str | None] = found["payload"]
    return payload


def _read(secret: str, purpose: str, token: str) -> dict[str, Any] | None:
    try:
        if len(token) > MOST_CHARACTERS:
            raise BadData("too long")
        found: dict[str, Any] = _serializer(secret, purpose).loads(token)
    except (BadData, UnicodeError):
        return None
    return found


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a link is: a `person` by their key, or a `subscription` by its number; in a feed of their own both.

    The seals are those that they have when it is made.
    """

    person: str | None = None
    seal: str | None = None
    subscription: int | None = None
    subscription_seal: str | None = None

    @property
    def payload(self) -> dict[str, str | None]:
        said = {
            "person": self.person,
            "seal": self.seal,
            "subscription": None if self.subscription is None else str(self.subscription),
            "subscription_seal": self.subscription_seal,
        }
        return {name: value for name, value in said.items() if value is not None}


def person_seal(email: str, organisation: str | None, revoked: int) -> str:
    """The seal of a person with that address, of that organisation, whose links were `revoked` so many times.

    Another address is another reader, as it is with the links by which passwords are reset: nobody knows who reads
    what came to the old one.
    """
    return _digest(email.casefold(), organisation or "", str(revoked))


def subscription_seal(token_hash: str) -> str:
    """The seal of a subscription, which ends with its address."""
    return _digest(token_hash)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=9).hexdigest()


def report_link(
    url: str, secret: str, kpi: str, period: str, person: str, expires: datetime, seal: str | None = None
) -> str:
    """The address of the form on which a person reports a period of a KPI. `url` is the site's, without a slash at its
    end; `kpi` is ``<partnership>[/<layer>]/<key>``."""
    payload = {"partnership": KpiId(kpi).partnership, "kpi": kpi, "period": period}
    return f"{url}/report/{signed(secret, REPORT, payload | Holder(person, seal).payload, expires)}"


def judge_link(
    url: str, secret: str, checkpoint: str, criterion: str, person: str, expires: datetime, seal: str | None = None
) -> str:
    """The address of the form on which a person judges a criterion of the success at 90 days. `checkpoint` is the id
    of its review."""
    payload = {"checkpoint": checkpoint, "criterion": criterion}
    return f"{url}/judge/{signed(secret, JUDGE, payload | Holder(person, seal).payload, expires)}"


def step_link(url: str, secret: str, checkpoint: str, step: str, words: int, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder ticks a step on the way to a checkpoint. `words` is how many were on
    record of it when the link was made: it is good for one more."""
    payload = {"checkpoint": checkpoint, "step": step, "words": str(words)}
    return f"{url}/step/{signed(secret, STEP, payload | holder.payload, expires)}"


def close_link(url: str, secret: str, review: str, words: int, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder closes a review. `words` is how often it had been closed or opened
    again when the link was made: it is good for one more."""
    return f"{url}/close/{signed(secret, CLOSE, {'review': review, 'words': str(words), **holder.payload}, expires)}"


def dispute_link(
    url: str, secret: str, partnership: str, about: str, subject: str, version: str, holder: Holder, expires: datetime
) -> str:
    """The address of the form on which its holder says that something is not right: `about` "reading", of which
    `subject` is ``<kpi>:<period>`` and `version` the moment at which it was reported (ISO), or "change" and
    "settle", of which `subject` is the number of a change or of a dispute and `version` empty."""
    payload = {"partnership": partnership, "about": about, "subject": subject, "version": version}
    return f"{url}/dispute/{signed(secret, DISPUTE, payload | holder.payload, expires)}"


def away_link(url: str, secret: str, partnership: str, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder, a person of that partnership, says when they are away."""
    return f"{url}/away/{signed(secret, AWAY, {'partnership': partnership, **holder.payload}, expires)}"


def objection_link(url: str, secret: str, review: str, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder reads the minutes of a review, and objects to them."""
    return f"{url}/object/{signed(secret, OBJECT, {'review': review, **holder.payload}, expires)}"


def minutes_link(url: str, secret: str, review: str, filed: int, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder files the minutes of a review. `filed` is how often they were filed
    when the link was made: it is good for one filing more."""
    payload = {"review": review, "filed": str(filed)}
    return f"{url}/minutes/{signed(secret, MINUTES, payload | holder.payload, expires)}"


def renewal_link(
    url: str, secret: str, partnership: str, ends: str, holder: Holder, expires: datetime, document: str | None = None
) -> str:
    """The address of the form on which its holder says what was decided about the term that `ends` on that day (an ISO
    date), that notice was sent, or what was signed; with a `document`, what becomes of the paper of that kind."""
    of = {"document": document} if document else {}
    payload = {"partnership": partnership, "ends": ends, **of, **holder.payload}
    return f"{url}/renewal/{signed(secret, RENEWAL, payload, expires)}"


def course_link(url: str, secret: str, review: str, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder says what a checkpoint or a formal review decided."""
    return f"{url}/course/{signed(secret, COURSE, {'review': review} | holder.payload, expires)}"


def action_link(url: str, secret: str, action: str, asked: tuple[str, str], holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder says that an action is done, hands it on, or gives it another date.
    `asked` is who answered for it and by which day (ISO, or empty) when the link was made: where either is another, it
    is closed."""
    payload = {"action": action, "owner": asked[0], "due": asked[1]}
    return f"{url}/action/{signed(secret, ACTION, payload | holder.payload, expires)}"


def vote_link(url: str, secret: str, proposal: str, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder votes on a proposal for their party."""
    return f"{url}/vote/{signed(secret, VOTE, {'proposal': proposal, **holder.payload}, expires)}"


def item_link(url: str, secret: str, review: str, holder: Holder) -> str:
    """The address of the form on which its holder adds an item to the agenda of a review.

    It is the same each time; until when it is good follows from the review's own clock, which may be moved.
    """
    return f"{url}/item/{signed(secret, ITEM, {'review': review, **holder.payload}, None)}"


def request_link(url: str, secret: str, partnership: str, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder asks for a formal review, for their organisation."""
    return f"{url}/request/{signed(secret, REQUEST, {'partnership': partnership, **holder.payload}, expires)}"


def answer_link(url: str, secret: str, review: str, holder: Holder) -> str:
    """The address of the form on which its holder says whether they come to a review.

    It is the same each time; until when it is good follows from the review's own start, which may be moved.
    """
    return f"{url}/answer/{signed(secret, ANSWER, {'review': review, **holder.payload}, None)}"


def mine_link(url: str, secret: str, partnership: str, holder: Holder, expires: datetime) -> str:
    """The address of the page on which its holder, or whoever reads along in a chat, has the forms sent to them."""
    return f"{url}/mine/{signed(secret, MINE, {'partnership': partnership, **holder.payload}, expires)}"


def resolve_link(url: str, secret: str, deadlock: str, holder: Holder, expires: datetime) -> str:
    """The address of the form on which its holder says what was decided of a deadlock."""
    return f"{url}/resolve/{signed(secret, RESOLVE, {'deadlock': deadlock, **holder.payload}, expires)}"


def agenda_link(url: str, secret: str, review_id: str, holder: Holder) -> str:
    """The address of a review's agenda as all partners see it, for its holder.

    It is the same each time, since calendars carry it; until when it is good follows from the review's own end, which
    may be moved.
    """
    return f"{url}/agendas/{signed(secret, AGENDA, {'review': review_id, **holder.payload}, None)}"


@lru_cache(maxsize=16)
def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    # The library's own default is SHA-1.
    signer = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret, salt=f"cadence.{purpose}", signer_kwargs=signer)
