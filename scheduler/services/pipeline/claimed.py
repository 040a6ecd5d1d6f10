"""Work that is claimed before it is begun, so that another daemon on the same database does other work."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from scheduler.services.app import App
from scheduler.store import StoreError, claims


@contextmanager
def taken(app: App, kind: claims.Kind, subjects: Collection[str]) -> Iterator[list[str]]:
    """Those of these that nobody else is at, claimed. Each claim ends in the transaction of its work (`claims.still`,
    `claims.release`); what is cut short is free again at once. Raises StoreError."""
    mine = _taken(app, kind, subjects)
    try:
        yield mine
    except Exception:
        with suppress(StoreError), app.store.write() as db:
            claims.release(db, kind, mine, app.by)
        raise


def _taken(app: App, kind: claims.Kind, subjects: Collection[str]) -> list[str]:
    with app.store.read() as db:
        ours = claims.ours(db, kind, subjects, app.by)
    if len(ours) == len(subjects):  # as the last cycle left them, which was cut off
        return list(subjects)
    with app.store.write() as db:
        return claims.take(db, kind, subjects, app.by)
