"""What only grows is kept small, a few rows a cycle: what is old is let go of (`purging`), notices that only repeat
become one. A key of which no link can be good any more goes, and so does what files hold of answers that were mixed,
and what letters asked a quarter ago."""

from collections.abc import Callable
from datetime import datetime, timedelta

from scheduler.services.app import App
from scheduler.services.pipeline.purging import purge_some
from scheduler.store import health_checks, letter_questions, repeats, secrets

MOST = 500
"""So many rows are looked at in a cycle; a record of years is tidied in some hours."""
SETTLED = timedelta(days=14)
"""A notice is no longer looked at one by one after this: a letter that comes back has come back by then."""


def tidy(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> None:
    """`between` is called after each piece. Raises StoreError."""
    purge_some(app, now, between)
    _scrub(app)
    settled = now - SETTLED
    with app.store.read() as db:
        looks = (
            repeats.has_any(db, settled),
            secrets.has_outlived(db, now),
            letter_questions.are_old(db, now),
        )
        if not any(looks):
            return
    with app.store.write_found(lambda db: repeats.concerned(db, settled, MOST)) as db:
        joined = repeats.join(db, settled, MOST)
        keys = secrets.forget_outlived(db, now)
        letter_questions.forget(db, now)
    if joined:
        app.log.info("record.tidied", notices=joined)
    if keys:
        app.log.info("signing_key.forgotten", keys=keys)


def _scrub(app: App) -> None:
    """Once a round of the health check is over, the files hold nothing any more of how its answers came in. Where
    somebody was reading meanwhile, the next cycle tries again."""
    with app.store.read() as db:
        over = health_checks.to_scrub(db)
    if over and app.store.scrub(*health_checks.TABLES):
        with app.store.write(*over) as db:
            health_checks.note_scrubbed(db, over)
