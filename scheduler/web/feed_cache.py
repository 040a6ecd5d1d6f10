"""FeedCache of feeds as they are sent: kept in memory, and sent again for as long as nothing they show has changed.

While nobody has written to the database, a request costs no question to it. After a write, one short question tells
whether a copy still stands; only where it does not is the feed built anew, one at a time, in a thread of its own.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

from scheduler.domain.errors import UserError
from scheduler.render.ics.options import AS_SUBSCRIBED, Asked
from scheduler.services.app import App
from scheduler.services.lru_cache import LruCache
from scheduler.store.changes import CommitWatch
from scheduler.store.subscriptions import USE_IS_NOTED
from scheduler.store.tables import SubscriptionRow

from .feeds import Edition, Feeds

COPY_BYTES = 64 * 1024 * 1024
_SECOND = timedelta(seconds=1)
_LEVEL = 6


@dataclass(frozen=True)
class FeedBody:
    """Bytes to be sent, and the entity tag of exactly these (RFC 9110 8.8.3)."""

    content: bytes
    etag: str


@dataclass(frozen=True)
class Copy:
    """A feed as it is sent. `since` is the second from which these were its bytes, as far as this process knows;
    `last_modified` says it as HTTP does."""

    filename: str
    edition: Edition
    plain: FeedBody
    since: datetime
    last_modified: str


@dataclass(frozen=True)
class _Kept:
    """A copy, the subscription that it was sent for, and the state of the database for which both were found right."""

    copy: Copy
    subscription: SubscriptionRow
    found_right: tuple[int | None, date]


Key = tuple[str, Asked]
"""The hash of a token, and what the address asks for."""


class FeedCache:
    """The copies of an app's feeds. For one event loop; `clock` tells the time."""

    def __init__(self, app: App, clock: Callable[[], datetime]) -> None:
        self.gzip = app.settings.web.gzip
        self.log = app.log
        self._feeds, self._clock = Feeds(app), clock
        self._changes = CommitWatch(app.store.url)
        self._kept: LruCache[Key, _Kept] = LruCache(COPY_BYTES, weigh=lambda kept: len(kept.copy.plain.content))
        self._zipped: LruCache[str, FeedBody] = LruCache(COPY_BYTES, weigh=lambda body: len(body.content))
        self._building = asyncio.Lock()
        self._noted: dict[str, datetime] = {}
        self._notes: set[asyncio.Task[None]] = set()

    async def current(self, token_hash: str, asked: Asked = AS_SUBSCRIBED) -> Copy | None:
        """The copy that stands; None where the token opens nothing. Raises StoreError."""
        now, key = self._clock().astimezone(UTC), (token_hash, asked)
        state = self._changes.count(), now.date()
        kept = self._kept.get(key)
        if kept is None or state[0] is None or kept.found_right != state:
            kept = await self._found(key, state, now)
        if kept is None:
            return None
        self._note_use(kept.subscription, now)
        return kept.copy

    async def zipped(self, body: FeedBody) -> FeedBody:
        """The same bytes compressed, with a tag of their own."""
        kept = self._zipped.get(body.etag)
        return kept or self._zipped.keep(body.etag, await asyncio.to_thread(_zipped, body.content))

    async def ping(self) -> None:
        """Go to the database and back. Raises StoreError."""
        await asyncio.to_thread(self._feeds.ping)

    async def settle(self) -> None:
        """Wait until every use that is to be written down is."""
        await asyncio.gather(*self._notes)

    def close(self) -> None:
        self._changes.close()

    async def _found(self, key: Key, state: tuple[int | None, date], now: datetime) -> _Kept | None:
        wanted = await asyncio.to_thread(self._feeds.wanted, key[0], now.date())
        if wanted is None:
            self._kept.forget(key)
            return None
        kept = self._kept.get(key)
        if kept is None or kept.copy.edition != wanted.edition:
            async with self._building:
                kept = self._kept.get(key)  # somebody who wanted the same may have been here before
                if kept is None or kept.copy.edition != wanted.edition:
                    kept = await self._built(key, wanted.subscription, kept, now)
        return self._kept.keep(key, replace(kept, subscription=wanted.subscription, found_right=state))

    async def _built(self, key: Key, subscription: SubscriptionRow, before: _Kept | None, now: datetime) -> _Kept:
        edition, ics = await asyncio.to_thread(self._feeds.build, subscription, now.date(), key[1])
        filename = f"{subscription.partnership or 'partnership-reviews'}.ics"
        since = now.replace(microsecond=0)
        if before:
            # Last-Modified counts in seconds: two states of one second would be taken for the same.
            same = before.copy.plain.content == ics
            since = before.copy.since if same else max(since, before.copy.since + _SECOND)
        copy = Copy(filename, edition, FeedBody(ics, _tag(ics)), since, format_datetime(since, usegmt=True))
        return _Kept(copy, subscription, (None, edition.day))

    def _note_use(self, subscription: SubscriptionRow, now: datetime) -> None:
        """Have the use written down, unless that was done lately; nobody waits for it."""
        address = subscription.token_hash
        last = self._noted.get(address) or (subscription.last_used_at if subscription.first_read_at else None)
        if last is None or now - last >= USE_IS_NOTED:
            self._noted[address] = now
            task = asyncio.get_running_loop().create_task(self._write_use(subscription, now))
            self._notes.add(task)
            task.add_done_callback(self._notes.discard)

    async def _write_use(self, subscription: SubscriptionRow, now: datetime) -> None:
        try:
            await asyncio.to_thread(self._feeds.note_use, subscription, now)
        except UserError as trouble:
            self.log.warning("web.use_not_noted", subscription=subscription.id, what=trouble.what)


def _zipped(content: bytes) -> FeedBody:
    zipped = gzip.compress(content, _LEVEL, mtime=0)  # with a time in it, the same feed would never be the same bytes
    return FeedBody(zipped, _tag(zipped))


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
