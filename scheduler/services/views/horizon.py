"""What lies ahead of partnerships over two years: terms and windows for notice, documents, checkpoints, amendments."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.domain.record.renewal import Word
from scheduler.rules.horizon import HorizonLine

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True, slots=True)
class HorizonPaper:
    """A paper of the agreement by its kind, `of` in words, and the day on which it `expires`; `is_settled` is whether
    it was said already what becomes of it."""

    kind: str
    of: str
    expires: date
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class PartnershipHorizon:
    """The lines of a partnership. `ends` is the last day of the term about which something can be said on record, one
    of these `words`; None where there is none. `papers` are those of which it can be said what becomes of them, the
    settled ones last."""

    id: str
    name: str
    lines: tuple[HorizonLine, ...]
    ends: date | None
    words: tuple[Word, ...] = ()
    papers: tuple[HorizonPaper, ...] = ()

    @property
    def next_open(self) -> date | None:
        """The first date by which somebody has to act."""
        return min((each.next_open for each in self.lines if each.next_open), default=None)

    @property
    def next_line(self) -> HorizonLine | None:
        """What that date is of."""
        return next((each for each in self.lines if each.next_open and each.next_open == self.next_open), None)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Partnerships from `today`, in UTC, until a civil date: first where somebody has to act soonest."""

    today: date
    until: date
    partnerships: tuple[PartnershipHorizon, ...]


def horizon(app: "App", partnership: str | None, now: datetime, audience: "Audience") -> Horizon:
    """Of that partnership, or of all of the audience's that go on. Raises `UserError`."""
    from scheduler.services import lookup

    with app.store.read() as db:
        rows = lookup.partnerships_of(app, db, partnership, audience.organisation)
        return _horizon(app, db, (row for row in rows if not row.ended_at), now)


def of_these(app: "App", db: "Connection", ids: Collection[str], now: datetime) -> Horizon:
    """Of the partnerships of these ids that go on; whoever calls knows that their reader may see them."""
    from scheduler.store import partnerships

    rows = (partnerships.get(db, id) for id in ids)
    return _horizon(app, db, (row for row in rows if row and not row.ended_at), now)


def of_partnership(app: "App", db: "Connection", row: "PartnershipRow", now: datetime) -> PartnershipHorizon:
    """Of one partnership. Partners share all that stands here."""
    from scheduler.domain.definition.agreement import after
    from scheduler.domain.record.renewal import of_paper
    from scheduler.rules import horizon as rules
    from scheduler.rules.reminders.agreement import running
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.services.cases import renewals
    from scheduler.store import reviews

    in_force = app.in_force(row)
    definition = in_force.as_of(now)
    today = now.astimezone(ZoneInfo(definition.zone)).date()
    until = after(today, rules.MONTHS_AHEAD)
    checkpoints = reviews.checkpoints(db, row.id)
    lines = rules.horizon(definition, in_force.agreement, scopes(definition, app.playbooks), checkpoints, today, until)
    term = renewals.term_of(definition, today)
    words = term.choices if term else ()
    papers = [
        HorizonPaper(each.kind, each.words, each.expires, bool(of_paper(definition.renewals, each.kind, each.expires)))
        for each, _ in running(definition.agreement.documents, today)
        if each.expires
    ]
    papers.sort(key=lambda each: (each.is_settled, each.expires))
    return PartnershipHorizon(
        row.id, definition.name, lines, term.ends if term and words else None, words, tuple(papers)
    )


def _horizon(app: "App", db: "Connection", rows: "Iterator[PartnershipRow]", now: datetime) -> Horizon:
    from scheduler.domain.definition.agreement import after
    from scheduler.rules.horizon import MONTHS_AHEAD

    today = now.date()
    found = [of_partnership(app, db, row, now) for row in rows]
    soonest = sorted(found, key=lambda each: (each.next_open or date.max, each.name))
    return Horizon(today, after(today, MONTHS_AHEAD), tuple(soonest))


def as_json(found: Horizon) -> dict[str, Any]:
    """The horizon as `horizon --json` shows it, and its page's twin."""
    return asdict(found)
