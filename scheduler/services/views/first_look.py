"""What whoever starts the program wants to know first: what is governed, planned and overdue, and what waits."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.services.app import App

_FAR = datetime(2200, 1, 1, tzinfo=UTC)
"""Nothing is planned beyond."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Counts as of the last cycle. `next_review` is the id and the title of the first review to come, `next_at` its
    moment in its own zone; `last_at` the start of the last one that is planned."""

    partnerships: int
    planned: int
    next_review: str | None
    next_title: str | None
    next_at: datetime | None
    last_at: datetime | None
    overdue: int
    letters_due: int
    notices_waiting: int
    wrong_files: int


def first_look(app: "App", now: datetime) -> FirstLook:
    """How it all stands at `now`. Raises StoreError."""
    from scheduler.domain.definition.vocabulary import Status
    from scheduler.store import file_states, flags, notifications, outbox, partnerships, reviews

    with app.store.read() as db:
        coming = reviews.ids(db, since=now, until=_FAR, statuses=(Status.PLANNED,))
        first, last = (reviews.find(db, coming[n]) if coming else None for n in (0, -1))
        return FirstLook(
            partnerships=sum(each.ended_at is None for each in partnerships.briefs(db)),
            planned=len(coming),
            next_review=first.id if first else None,
            next_title=first.review.full_title if first else None,
            next_at=first.review.start if first else None,
            last_at=last.review.start if last else None,
            overdue=len(flags.open_kpis(db)),
            letters_due=outbox.counts(db).get("due", 0),
            notices_waiting=notifications.counts(db).get("waiting", 0),
            wrong_files=file_states.count_faulty(db),
        )
