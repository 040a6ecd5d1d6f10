"""What somebody of one side said of a term or a document that runs out, or took back, told once to the alliance
managers of all sides, but for whoever said it."""

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.domain.definition.document import paper_words
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import RenewalFacts
from scheduler.rules.calendar.wall_clock import zone

from .definition_changes import heard_by

_HEARD = timedelta(days=14)
"""So long after it was said people are told: later that is old news."""


def notices(partnership: Partnership, today: date) -> Iterator[Notification]:
    """The last word on each term and document; `today` is the civil date in the partnership's zone."""
    last = {(each.document, each.ends, each.kind): each for each in partnership.renewals}
    for word in last.values():
        at, by, because = word.said_at, word.by, word.because
        if word.taken_back_at:
            at, by, because = word.taken_back_at, word.taken_back_by, word.taken_back_because
        on = at.astimezone(zone(partnership.zone)).date()
        if not on <= today <= on + _HEARD:
            continue
        facts: RenewalFacts = {
            "asks": "said" if word.counts else "taken back",
            "name": partnership.name,
            "document": paper_words(word.document) if word.document else None,
            "ends": word.ends.isoformat(),
            "says": word.says,
            "on": word.on.isoformat(),
            "until": word.until.isoformat() if word.until else None,
            "who": partnership.name_of(by) if by else None,
            "because": because,
        }
        yield Notification(
            partnership=partnership.partnership,
            about="renewal",
            subject=f"{partnership.partnership}/renewals/{word.document or 'agreement'}-{word.ends}",
            period="",
            rung=word.says if word.counts else "taken-back",
            occasion=at.isoformat(),
            on=on,
            people=tuple(key for key in heard_by(partnership, today) if key != by),
            facts=facts,
        )
