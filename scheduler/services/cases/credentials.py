"""What opens something without a password: links in letters, addresses of calendars, tokens of programs. They are given
out, renewed and closed by a person, and their use is noted.

An address or a token is shown once, where it is given out; what is kept is its hash.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.kpi_lookup import Limits, calls
from scheduler.store import api_tokens, link_revocations, members, partnerships, secrets, subscriptions
from scheduler.store.holding import hold_all, take_turn
from scheduler.store.secrets import SigningKey
from scheduler.store.subscriptions import USE_IS_NOTED, hashed, new_token
from scheduler.store.tables import ApiTokenRow, SubscriptionRow

# Links -------------------------------------------------------------------------------------------------------------


def revoke_links(app: App, email: str | None, partnership: str | None, by: str | None, now: datetime) -> list[str]:
    """Close all links that were given out until now: of a person, of everybody in a partnership, or of the one in the
    other; return the partnerships that it concerns. Raises UserError for who or what is unknown."""
    with app.store.write_found(lambda db: _concerned(db, email, partnership)) as db:
        concerned = _concerned(db, email, partnership)
        link_revocations.revoke(
            db, concerned, now, email=email, partnership=partnership, by=_teller(app, db, concerned, by)
        )
    return concerned


def _concerned(db: Connection, email: str | None, partnership: str | None) -> list[str]:
    if partnership:
        lookup.partnership(db, partnership)
    if email is None:
        return [partnership] if partnership else []
    way_out = "the links of who is in no definition any more are closed already; cadence show ID lists the people"
    theirs = members.partnerships_of(db, _known(db, email, way_out))
    if partnership and partnership not in theirs:
        raise UserError(f"{email} is not in {partnership}", f"they are in {', '.join(theirs)}")
    return [partnership] if partnership else theirs


def _teller(app: App, db: Connection, concerned: list[str], by: str | None) -> str | None:
    """Who says so: a person of the first partnership that knows them."""
    if by is None:
        return None
    definitions = [app.in_force(lookup.partnership(db, id)) for id in concerned]
    known = next((each for each in definitions if by in each.people), definitions[0])
    return lookup.person(known, by)


def _known(db: Connection, email: str, way_out: str) -> str:
    """A mail address that some partnership knows, in lower case. Raises UserError."""
    known = members.emails(db)
    if email.casefold() not in known:
        raise lookup.unknown("person with the mail address", email, known, way_out)
    return email.casefold()


class Rotated(NamedTuple):
    """The keys that open links from now on, the one that signs first, and how many were dropped."""

    keys: list[SigningKey]
    dropped: int


def rotate_signing_key(app: App, now: datetime, *, at_once: bool = False) -> Rotated:
    """Sign links with another key from now on. The one before opens those that it signed until none can be good any
    more; nobody is told anything because of it. `at_once` drops it, and all before it: every link that was given out
    opens nothing, and whatever shows links is written anew."""
    dropped = 0
    with app.store.write() as db:
        if at_once:
            hold_all(db)
        take_turn(db, "signing key")
        secrets.rotate(db, now)
        if at_once:
            dropped = secrets.drop_retired(db)
            partnerships.retell(db, partnerships.ids(db), now)
        rotated = Rotated(secrets.keys(db), dropped)
    app.log.warning("signing_key.rotated", at_once=at_once)
    return rotated


# Subscriptions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subscription:
    """A subscription that was opened or renewed, with the `token` of its address, which is not on record."""

    row: SubscriptionRow
    token: str


def subscribe(
    app: App,
    email: str | None,
    partnership: str | None,
    organisation: str | None,
    now: datetime,
    *,
    clocks: str = "none",
    invited: bool = False,
    reports: str = "own",
) -> Subscription:
    """Open a calendar: of a person over all partnerships, of a partnership as an organisation sees it or as all do, or
    of the whole portfolio, which shows nobody's reports. Raises UserError for who or what is unknown, and where no
    calendars are served."""
    _served(app)
    token = new_token()
    with app.store.write() as db:
        if email is not None:
            email = _known(db, email, "cadence show ID lists a partnership's people")
        if partnership:
            definition = app.in_force(lookup.partnership(db, partnership))
            organisation = lookup.organisation(definition, organisation) if organisation else None
        shown = {"email": email, "partnership": partnership, "organisation": organisation}
        id = subscriptions.add(db, token, now, **shown, clocks=clocks, invited=invited, reports=reports)
        return Subscription(_open_subscription(db, id), token)


# Of these three `owner` is the person, by mail address, whose own subscriptions alone are meant; None: anybody's.


def change_subscription(
    app: App,
    id: int,
    *,
    clocks: str | None = None,
    invited: bool | None = None,
    reports: str | None = None,
    owner: str | None = None,
) -> SubscriptionRow:
    """Have a subscription show something else from now on, at the same address; None leaves a part of the choice as it
    is. Raises UserError, too, where that part is not for such a subscription."""
    with app.store.write() as db:
        row = _open_subscription(db, id, owner, to_change=True)
        if invited is not None and row.email is None:
            raise UserError(
                f"subscription {id} is no person's: it shows all reviews", "leave out what was said of invitations"
            )
        if reports is not None and row.email is None and row.partnership is None:
            raise UserError(f"subscription {id} is the portfolio's: it shows reviews alone", "leave --reports out")
        subscriptions.change(
            db,
            id,
            clocks=row.clocks if clocks is None else clocks,
            invited=row.invited if invited is None else invited,
            reports=row.reports if reports is None else reports,
        )
        return _open_subscription(db, id)


def renew_subscription(app: App, id: int, *, owner: str | None = None) -> Subscription:
    """Give a subscription a new address; the old one leads nowhere at once. Raises UserError."""
    _served(app)
    token = new_token()
    with app.store.write() as db:
        row = _open_subscription(db, id, owner, to_change=True)
        subscriptions.rotate(db, id, token)
    return Subscription(row, token)


def end_subscription(app: App, id: int, now: datetime, *, owner: str | None = None) -> SubscriptionRow:
    """Its address leads nowhere from now on. Raises UserError."""
    with app.store.write() as db:
        row = _open_subscription(db, id, owner, to_change=True)
        subscriptions.revoke(db, id, now)
    return row


def note_subscription_read(app: App, id: int, now: datetime) -> None:
    """Remember that a subscription was read. Raises StoreError."""
    with app.store.write() as db:
        subscriptions.note_use(db, id, now)


def _served(app: App) -> None:
    """Raises UserError where no calendars are served, or nobody could say under which address."""
    web = app.settings.web
    if web.address is None and web.public_url is None:
        raise UserError(
            "no calendars are served: web.listen is off", "name a place there, or the web.public_url of another"
        )


def _open_subscription(
    db: Connection, id: int, owner: str | None = None, *, to_change: bool = False
) -> SubscriptionRow:
    row = subscriptions.get(db, id, to_change=to_change)
    if row is None or (owner is not None and row.email != owner.casefold()):
        hint = "cadence calendar list shows them all" if owner is None else "load the page again"
        raise UserError(f"there is no subscription {id}", hint)
    if row.revoked_at:
        what = f"subscription {id} was revoked on {row.revoked_at.date()}"
        raise AlreadyDone(what, "open a new one" + (": cadence calendar subscribe" if owner is None else ""))
    return row


# Tokens ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ApiToken:
    """A token that was created, with its `secret`, which is not on record; and a reading that it may report today,
    where there is one."""

    row: ApiTokenRow
    secret: str
    example: tuple[str, str] | None
    """A KPI and the label of its oldest period that has ended and waits."""


def create_token(
    app: App,
    name: str,
    partnership: str | None,
    organisation: str | None,
    now: datetime,
    *,
    reports: bool = True,
    reads: bool = False,
    actor_level: bool = False,
) -> ApiToken:
    """Let a program report readings, read what pages show, or both: of one partnership or all, as an organisation sees
    them or as no partner. One of no organisation reports of every level, and reads what all partners may see, or with
    `actor_level` everything. Raises UserError for a partnership that there is not, an organisation that no partnership
    has, and what does not go together."""
    if actor_level and (organisation or not reads):
        what = "an organisation reads what is internal to it anyway" if organisation else "such a token reads nothing"
        raise UserError(what, "leave --actor-level out" if organisation else "say --may read as well")
    secret = new_token()
    with app.store.write() as db:
        if partnership is not None or organisation is not None:
            for _ in lookup.partnerships_of(app, db, partnership, organisation):
                pass
        id = api_tokens.add(
            db, secret, name, now, partnership=partnership, organisation=organisation, reports=reports, reads=reads,
            actor_level=actor_level,
        )  # fmt: skip
        row = _good_token(db, id)
        return ApiToken(row, secret, _example(app, db, row, now) if reports else None)


def end_token(app: App, id: int, now: datetime) -> ApiTokenRow:
    """Nothing is taken from it from now on; what it reported stays. Raises UserError."""
    with app.store.write() as db:
        row = _good_token(db, id)
        api_tokens.revoke(db, id, now)
    return row


def opened_by(app: App, secret: str, now: datetime) -> ApiTokenRow | None:
    """The token that a program shows, its use noted; None for one that was revoked or never was."""
    with app.store.read() as db:
        row = api_tokens.opened_by(db, hashed(secret))
    if row and (row.last_used_at is None or now - row.last_used_at >= USE_IS_NOTED):
        with app.store.write() as db:
            api_tokens.note_use(db, row.id or 0, now)
    return row


def note_warning(app: App, token: int, now: datetime) -> None:
    """Remember that a program was warned of how it writes numbers: it is told once. Raises StoreError."""
    with app.store.write() as db:
        api_tokens.note_warning(db, token, now)


def _good_token(db: Connection, id: int) -> ApiTokenRow:
    row = api_tokens.get(db, id)
    if row is None:
        raise UserError(f"there is no token {id}", "cadence token list shows them all")
    if row.revoked_at:
        what = f"token {id} was revoked on {row.revoked_at.date()}"
        raise AlreadyDone(what, "create a new one: cadence token create")
    return row


def _example(app: App, db: Connection, token: ApiTokenRow, now: datetime) -> tuple[str, str] | None:
    limits = Limits(token.partnership, token.organisation)
    for row in lookup.partnerships(db, token.partnership):
        if row.ended_at or not limits.admit(app.in_force(row)):
            continue
        for call in calls(app, db, row, now).values():
            waiting = (each for each in call.periods if call.has_ended(each) and each.status in ("open", "overdue"))
            if limits.show(call.kpi) and (waits := next(waiting, None)):
                return call.id, waits.period.label
    return None
