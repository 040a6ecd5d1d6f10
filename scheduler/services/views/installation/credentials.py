"""What lets somebody in without a password, and what was closed: subscriptions, tokens of programs, signed links."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.store.secrets import SigningKey as SigningKey
    from scheduler.store.tables import ApiTokenRow as ApiTokenRow
    from scheduler.store.tables import LinkRevocationRow as LinkRevocationRow
    from scheduler.store.tables import SubscriptionRow as SubscriptionRow


def subscriptions(app: "App") -> "Sequence[SubscriptionRow]":
    """Subscriptions to calendars, the oldest first, those that were revoked among them."""
    from scheduler.store import subscriptions as store

    with app.store.read() as db:
        return store.listing(db)


def tokens(app: "App") -> "Sequence[ApiTokenRow]":
    """Tokens of programs, the oldest first, those that were revoked among them."""
    from scheduler.store import api_tokens

    with app.store.read() as db:
        return api_tokens.listing(db)


def revoked_links(app: "App") -> "Sequence[LinkRevocationRow]":
    """Each time that links were closed: whose, in which partnership, when, by whom."""
    from scheduler.store import link_revocations

    with app.store.read() as db:
        return link_revocations.listing(db)


def signing_keys(app: "App") -> "list[SigningKey]":
    """The keys that open links, the one that signs first; never their values."""
    from scheduler.store import secrets

    with app.store.read() as db:
        return secrets.keys(db)


def as_json(row: "SubscriptionRow | ApiTokenRow") -> dict[str, Any]:
    """What lets somebody in, as JSON; the hash of its token is nobody's business."""
    return row.model_dump(exclude={"token_hash"})


def revocation_as_json(row: "LinkRevocationRow") -> dict[str, Any]:
    """A revocation as `link list --json` shows it."""
    return row.model_dump()
