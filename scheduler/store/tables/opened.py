"""What lets people and programs in from outside."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, false, text, true
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Moment, Name

from .columns import refers


class SubscriptionRow(SQLModel, table=True):
    """A calendar that somebody has subscribed to: of a person (`email`, in lower case), of a `partnership` as an
    `organisation` sees it (None: as all its partners do), or with neither the whole portfolio.

    The token of its address is kept as its SHA-256 alone. A revoked one stays, so that its end is on record. `clocks`
    are those of standing reviews that it marks, as people write them. `invited`: whether a person's shows the reviews,
    too, to which a mail has invited them. `reports`: whose KPIs due it shows, own | all | none. `first_read_at` is when
    its present address was first read, and so what it has shown since.
    """

    __tablename__ = "subscription"
    __table_args__ = (refers("subscription", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(sa_type=Name, unique=True, index=True)
    email: str | None = Field(default=None, sa_type=Name)
    partnership: str | None = Field(default=None, sa_type=Name)
    organisation: str | None = None
    clocks: str = Field(default="none", sa_column_kwargs={"server_default": text("'all'")})
    invited: bool = Field(default=False, sa_column_kwargs={"server_default": true()})
    created_at: datetime = Field(sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    reports: str = Field(default="own", sa_column_kwargs={"server_default": text("'own'")})
    first_read_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiTokenRow(SQLModel, table=True):
    """A token that lets a program in: of one `partnership`, or of all; as an `organisation` of it, or with neither as
    the operator. Kept as its SHA-256 alone; a revoked one stays, so that its end is on record.

    Whoever bears it `reports` readings, `reads` what pages show, or both. One of no organisation reads what is internal
    to any only where it says `actor_level`.

    `decimal_point` is that its program was written when a text such as ``100.250`` was read with a decimal point, and
    goes on being read so; it was told so once, at `warned_at`.
    """

    __tablename__ = "api_token"
    __table_args__ = (refers("api_token", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(sa_type=Name, unique=True, index=True)
    name: str
    partnership: str | None = Field(default=None, sa_type=Name)
    organisation: str | None = None
    created_at: datetime = Field(sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    decimal_point: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    warned_at: datetime | None = Field(default=None, sa_type=Moment)
    reports: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    reads: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    actor_level: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class LinkRevocationRow(SQLModel, table=True):
    """A person's word that the signed links given out until then open nothing more: those of one person (`email`, in
    lower case), else of everybody; of one `partnership`, else of all. Only ever added to."""

    __tablename__ = "link_revocation"
    __table_args__ = (refers("link_revocation", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str | None = Field(default=None, sa_type=Name)
    email: str | None = Field(default=None, sa_type=Name)
    by: str | None = None
    at: datetime = Field(sa_type=Moment)


class ConfirmationRow(SQLModel, table=True):
    """A code that was sent to a person (`email`, in lower case) for one `act`, kept as a keyed hash alone; `tries` is
    how many codes that were none were typed. `used_at` is when it was spent. Let go of after a day."""

    __tablename__ = "confirmation"
    __table_args__ = (refers("confirmation", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name)
    email: str = Field(sa_type=Name, index=True)
    act: str = Field(sa_type=Name)
    code_hash: str
    tries: int = 0
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """Somebody who has signed in with a browser, by mail address in lower case, and by which `way`; the browser's
    secret is kept as its SHA-256 alone. `seen_at` is when it was last used, `expires_at` the moment after which it is
    good for nothing, however much it was used. `browser` is what it called itself. `said` is what is to be shown on its
    next page, once. One that has ended stays for a while, so that its end can be seen."""

    __tablename__ = "session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(sa_type=Name, unique=True, index=True)
    email: str = Field(sa_type=Name, index=True)
    way: str
    browser: str | None = None
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    said: str | None = Field(default=None, sa_type=Text)


class SignInRow(SQLModel, table=True):
    """A sign-in that somebody has begun: by which `way`, the hash of the secret by which it goes on (the state that
    a provider brings back, or what the link of a letter has), and of the one that the browser keeps meanwhile.

    `email` is the address that was typed in, in lower case, whoever it is of; where a letter went there, `code_hash` is
    a keyed hash of its code, and `tries` how many others were typed. `back` is the page that was asked for. `used_at`
    is when it was gone through with: it can be once.
    """

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    way: str
    secret_hash: str = Field(sa_type=Name, unique=True, index=True)
    browser_hash: str | None = Field(default=None, sa_type=Name, index=True)
    email: str | None = Field(default=None, sa_type=Name, index=True)
    code_hash: str | None = None
    back: str | None = Field(default=None, sa_type=Text)
    tries: int = 0
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class OpenIdAccountRow(SQLModel, table=True):
    """An account at an OpenID provider, by its issuer and `sub`, and the mail address that it signed in with first: the
    account is pinned to that person."""

    __tablename__ = "openid_account"
    __table_args__ = (UniqueConstraint("issuer", "email", name="uq_openid_account_email"),)

    issuer: str = Field(primary_key=True, sa_type=Name)
    subject: str = Field(primary_key=True, sa_type=Name)
    email: str = Field(sa_type=Name, index=True)
    pinned_at: datetime = Field(sa_type=Moment)


class SecretRow(SQLModel, table=True):
    """A secret of this installation that never leaves it: the key that links are signed with (``links``), and those
    before it that still open what they signed (``links:…``), each since `retired_at`. `made_at` is NULL where it was
    not kept."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True, sa_type=Name)
    value: str
    made_at: datetime | None = Field(default=None, sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)
