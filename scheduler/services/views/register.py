"""The register over all reviews that a reader of pages may see: decisions, the last ones first, and what the minutes
left to do, what is due soonest first. As much is worked out as a page shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Literal

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.decision import DecisionState
from scheduler.domain.record.minutes import Action
from scheduler.rules.minutes.headings import folded
from scheduler.services.app import App
from scheduler.services.viewer import Viewer
from scheduler.services.views.actions import ActionStanding, promises
from scheduler.services.views.decisions import DecisionStanding, is_found, of_partnership
from scheduler.services.views.search import reach_of
from scheduler.store import actions, decisions, partnerships, reviews
from scheduler.store.tables import PartnershipRow

MOST = 50
"""So many are on a page."""
_FEW = 40
Shows = Literal["decisions", "actions"]
STATES: dict[Shows, tuple[str, ...]] = {
    "decisions": ("binding", "draft", "superseded", "withdrawn", "last time"),
    "actions": ("open", "overdue", "done"),
}
"""By what each can be chosen; ``last time`` are those of the last review of each series."""


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What of the register: the words that stand in each, of one partnership or all, in which state, those of the
    reader alone, and which page of it (from 1 on)."""

    shows: Shows = "decisions"
    words: str = ""
    partnership: str | None = None
    state: str | None = None
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class RegisterDecision:
    """A decision as it stands. `review_title` and `body` are in words; `carried_out_by` is a key, `carrier` the
    name; `replaced_by` the decision that counts instead, `superseded_by` the one that is to."""

    id: str
    partnership: str
    partnership_name: str
    review: str | None
    body: str
    says: str
    course: str | None
    decided_on: date
    state: DecisionState
    binding_from: date | None
    draft_because: str | None
    taken_by: str | None
    carried_out_by: str | None
    carrier: str | None
    carried_out_at: datetime | None
    carried_out_because: str | None
    replaced_by: str | None
    superseded_by: str | None
    withdrawn_because: str | None
    quorate: bool | None


@dataclass(frozen=True, slots=True)
class RegisterAction:
    """What is left to do: whose it is, by key and name, by when, and how it stands (``open``, ``overdue``, ``done``).
    `review` is the review that left it; of a milestone of a paper, which none left (`is_milestone`), the paper."""

    id: str
    partnership: str
    partnership_name: str
    review: str
    says: str
    owner: str | None
    owner_name: str | None
    owner_because: str | None
    due: date | None
    due_because: str | None
    state: str
    overdue_since: date | None
    done_at: datetime | None
    done_because: str | None
    is_milestone: bool


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register: what was `wanted`, what is found of it, and whether there is more."""

    wanted: RegisterFilter
    decisions: tuple[RegisterDecision, ...] = ()
    actions: tuple[RegisterAction, ...] = ()
    has_more: bool = False


def register(app: App, db: Connection, viewer: Viewer, wanted: RegisterFilter, now: datetime) -> RegisterPage:
    """Raises NotThere for a partnership that is not the reader's."""
    if wanted.partnership:
        viewer.audience(wanted.partnership)
    first = (wanted.page - 1) * MOST
    known = _Known(app, db, now)
    if wanted.shows == "actions":
        found = list(islice(_actions(known, viewer, wanted), first, first + MOST + 1))
        return RegisterPage(wanted, actions=tuple(found[:MOST]), has_more=len(found) > MOST)
    decided = list(islice(_decisions(known, viewer, wanted), first, first + MOST + 1))
    return RegisterPage(wanted, decisions=tuple(decided[:MOST]), has_more=len(decided) > MOST)


class _Known:
    """What of partnerships was worked out for a page, each once."""

    def __init__(self, app: App, db: Connection, now: datetime) -> None:
        self.app, self.db, self.now = app, db, now
        self._rows: dict[str, PartnershipRow | None] = {}
        self._decided: dict[str, dict[str, DecisionStanding]] = {}
        self._last: dict[str, set[str]] = {}

    def row(self, id: str) -> PartnershipRow | None:
        if id not in self._rows:
            self._rows[id] = partnerships.get(self.db, id)
        return self._rows[id]

    def decided(self, id: str) -> dict[str, DecisionStanding]:
        """The decisions of a partnership as they stand, by id."""
        if id not in self._decided:
            row = self.row(id)
            found = of_partnership(self.app, self.db, row, self.now) if row else ()
            self._decided[id] = {each.decision.id: each for each in found}
        return self._decided[id]

    def last_held(self, id: str) -> set[str]:
        """The last review of each series that was held."""
        if id not in self._last:
            held = (each for each in reviews.recorded(self.db, id).values() if each.status is Status.HELD)
            self._last[id] = set({each.review.series_id: each.id for each in held}.values())
        return self._last[id]


def _bears(words: str, *texts: str | None) -> bool:
    """Whether all the words stand in one of the texts, whatever case and accents they have."""
    text = folded(" ".join(filter(None, texts)))
    return all(word in text for word in folded(words).split())


# Decisions ---------------------------------------------------------------------------------------------------------


def _decisions(known: _Known, viewer: Viewer, wanted: RegisterFilter) -> Iterator[RegisterDecision]:
    # Names of bodies and people are found where not very many partnerships have to be read for them.
    is_wide = wanted.partnership is None and (viewer.is_operator or len(viewer.seats) > _FEW)
    for brief in decisions.newest(known.db, reach_of(viewer), wanted.partnership):
        if wanted.words and is_wide and not _bears(wanted.words, brief.id, brief.says, brief.course):
            continue
        if wanted.mine and brief.carried_out_by != viewer.person(brief.partnership):
            continue
        standing = known.decided(brief.partnership).get(brief.id)
        if standing and _is_in(wanted.state, standing, known) and (is_wide or is_found(standing, wanted.words)):
            yield _decision(standing, known)


def _is_in(state: str | None, standing: DecisionStanding, known: _Known) -> bool:
    if state == "last time":
        return standing.decision.review in known.last_held(standing.decision.partnership)
    return standing.state == state if state else standing.state != "withdrawn"


def _decision(standing: DecisionStanding, known: _Known) -> RegisterDecision:
    each, row = standing.decision, known.row(standing.decision.partnership)
    return RegisterDecision(
        id=each.id,
        partnership=each.partnership,
        partnership_name=row.name if row else each.partnership,
        review=each.review,
        body=standing.body,
        says=each.says,
        course=each.course,
        decided_on=each.decided_on,
        state=standing.state,
        binding_from=standing.binding_from,
        draft_because=standing.draft_because,
        taken_by=each.taken_by or standing.name(each.decided_by),
        carried_out_by=each.carried_out_by,
        carrier=standing.name(each.carried_out_by),
        carried_out_at=each.carried_out_at,
        carried_out_because=each.carried_out_because,
        replaced_by=standing.replaced_by,
        superseded_by=each.superseded_by,
        withdrawn_because=each.withdrawn_because,
        quorate=standing.quorate,
    )


# Actions -----------------------------------------------------------------------------------------------------------


def _actions(known: _Known, viewer: Viewer, wanted: RegisterFilter) -> Iterator[RegisterAction]:
    is_done = wanted.state == "done"
    listed = actions.by_due(known.db, reach_of(viewer), wanted.partnership, done=is_done)
    found = (each for each in listed if not wanted.words or _bears(wanted.words, each.id, each.says))
    for standing in _standing(known, found):
        mine = viewer.person(standing.action.partnership)
        owner = standing.commitment.owner if standing.commitment else standing.action.owner
        if (not wanted.mine or owner == mine) and (wanted.state != "overdue" or standing.is_overdue):
            yield _action(standing, known)


def _standing(known: _Known, listed: Iterable[Action]) -> Iterator[ActionStanding]:
    """These as they stand, in their order; some at once, since each partnership among them is read for it."""
    left = iter(listed)
    while some := list(islice(left, MOST + 1)):
        by_partnership = sorted(some, key=lambda each: each.partnership)
        standing = {each.action.id: each for each in promises(known.app, known.db, by_partnership, known.now)}
        yield from (standing[each.id] for each in some)


def _action(standing: ActionStanding, known: _Known) -> RegisterAction:
    each, promise, row = standing.action, standing.commitment, known.row(standing.action.partnership)
    owner = promise.owner if promise else each.owner
    people = known.app.in_force(row).people if row else {}
    named = people[owner].name if owner in people else owner
    return RegisterAction(
        id=each.id,
        partnership=each.partnership,
        partnership_name=row.name if row else each.partnership,
        review=each.review,
        says=each.says,
        owner=owner,
        owner_name=standing.name or named,
        owner_because=promise.owner_because if promise else None,
        due=promise.due if promise else each.due,
        due_because=promise.due_because if promise else None,
        state=standing.status,
        overdue_since=promise.overdue_since if promise and standing.is_overdue else None,
        done_at=each.done_at,
        done_because=each.done_because,
        is_milestone=each.is_milestone,
    )
