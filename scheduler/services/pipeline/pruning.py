"""What only grows is kept small, a few rows a cycle: the bytes of old letters, and notices that only repeat. A key of
which no link can be good any more is let go of."""

from datetime import datetime, timedelta

from scheduler.services.app import App
from scheduler.store import notifications, outbox, secrets

MOST = 500
"""So many rows are looked at in a cycle; a record of years is tidied in some hours."""
SETTLED = timedelta(days=14)
"""A notice is no longer looked at one by one after this: a letter that comes back has come back by then."""


def tidy(app: App, now: datetime) -> None:
    """Raises StoreError."""
    old, settled = now - timedelta(days=app.settings.letter_days), now - SETTLED
    with app.store.read() as db:
        is_tidy = not outbox.has_old(db, old) and not notifications.has_repeats(db, settled)
        if is_tidy and not secrets.has_outlived(db, now):
            return
    with app.store.write() as db:
        forgotten = outbox.forget(db, old, now, MOST)
        joined = notifications.join_repeats(db, settled, MOST)
        keys = secrets.forget_outlived(db, now)
    if forgotten or joined:
        app.log.info("record.tidied", letters=forgotten, notices=joined)
    if keys:
        app.log.info("signing_key.forgotten", keys=keys)
