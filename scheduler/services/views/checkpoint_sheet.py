"""How a 90-day checkpoint stands on a day: its launch track, criteria, verdict and decision, as a page and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.verdict import Judged
from scheduler.render.agenda.checkpoint_lines import CheckpointOutcome, CriterionLine, DecisionInWords
from scheduler.render.reasons import MovedByHand, moved_by_hand, remark_words
from scheduler.rules.calendar.wall_clock import when
from scheduler.rules.reviews.launch_steps import StepStanding

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.scopes import Scope
    from scheduler.services.app import App
    from scheduler.services.views.launch_track import StepLine


@dataclass(frozen=True)
class Sheet:
    """A checkpoint on `today`, the date where it is held; `criteria` are as the reader may see them."""

    record: "Recorded"
    scope: "Scope"
    definition: "Partnership"
    criteria: list[CriterionLine]
    outcome: CheckpointOutcome
    today: date
    track: "tuple[StepLine, ...]"
    """The steps that the plan has, as the playbook orders them."""

    @property
    def day(self) -> date:
        return self.record.review.start.date()


def checkpoint(app: "App", id: str, now: datetime, audience: "Audience") -> Sheet:
    """The checkpoint of that id, or of a partnership or layer the last one, as this audience may see it: all partners
    together, or one organisation. Raises `UserError`."""
    from scheduler.services import lookup

    with app.store.read() as db:
        return sheet(app, db, lookup.checkpoint(db, id), audience.organisation, now)


def sheet(app: "App", db: "Connection", record: "Recorded", organisation: str | None, now: datetime) -> Sheet:
    """The checkpoint at `now`, as all partners may see it or, with an organisation, as its people may."""
    from scheduler.rules.access import JOINT, Audience
    from scheduler.rules.calendar.wall_clock import zone
    from scheduler.services import lookup
    from scheduler.services.briefings import briefing
    from scheduler.services.state import state_of
    from scheduler.services.views.launch_track import of_checkpoint

    known = state_of(app, db, lookup.partnership(db, record.review.partnership), now)
    audience = JOINT
    if organisation is not None:
        audience = Audience(lookup.organisation(known.partnership, organisation))
    scope, brief = known.scope_of(record.review), briefing(known, record, audience)
    if scope is None or brief is None or brief.outcome is None:
        what = f"the definition no longer has the layer {record.review.layer}"
        raise UserError(what, f"its history: cadence review show {record.id}")
    own = {line.id: line for line in (brief.internal.criteria if brief.internal else ())}
    criteria = [own.get(line.id, line) for line in brief.criteria]
    today = now.astimezone(zone(record.review.timezone)).date()
    track = tuple(of_checkpoint(known, record))
    return Sheet(record.as_of(now), scope, known.partnership, criteria, brief.outcome, today, track)


def page(found: Sheet) -> Iterator[str]:
    record, review = found.record, found.record.review
    yield f"{review.title}: {found.scope.name}"
    yield f"  {record.id}, {record.status}"
    yield f"  {when(review.start)} - {review.end:%H:%M} {review.timezone}, {_distance(found)}"
    if remark := record.remark:
        yield f"  {remark}"
    yield f"  agenda owner  {named(found.definition, review.agenda_owner)}"
    if relaunch := found.outcome.relaunch:
        yield f"  relaunched    by {relaunch.taken}: {relaunch.because}"
    yield "Launch track"
    yield from _track(found)
    yield "The success written before signing"
    for line in found.criteria:
        yield from _criterion(line)
    yield f"Verdict over all: {found.outcome.verdict}"
    yield from _decision(found)


def _track(found: Sheet) -> Iterator[str]:
    from scheduler.services.views.launch_track import in_full

    for step in found.track:
        said = in_full(step)
        yield f"  {step.due}  {step.state:<12}  {step.says}, by {step.owner_name}{f': {said}' if said else ''}"


def _criterion(line: CriterionLine) -> Iterator[str]:
    judge = f" by {line.judge}" if line.verdict == "to be judged" and line.judge else ""
    judged = f", judged by {line.judged}" if line.judged else ""
    yield f"  {line.id}: {line.says}"
    yield f"    {line.verdict}{judge}{judged}"
    if line.overrules:
        yield f"    overrules its readings, which say: {line.overrules}"
    yield from (f"    replaces  {before}" for before in line.replaces)
    if line.target:
        yield f"    target    {line.target}"
    if line.evidence:
        yield f"    evidence  {line.evidence}"
    if line.because:
        yield f"    {'and' if line.evidence else 'evidence':<8}  {line.because}"


def _decision(found: Sheet) -> Iterator[str]:
    from scheduler.rules.reviews.checkpoint import decides_from

    if taken := found.outcome.decision:
        yield f"Decision: {taken.course}, by {taken.taken}: {taken.because}"
        yield from (f"  replaces  {each.course}, by {each.taken}: {each.because}" for each in taken.replaced)
        return
    opens = decides_from(found.record.review)
    yield f"Decision: none yet{f', possible from {opens}' if opens > found.today else ''}"
    if who := decides(found.definition):
        yield f"  when the sides disagree: {who}"


def _distance(found: Sheet) -> str:
    days = (found.day - found.today).days
    counted = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return "today" if days == 0 else f"in {counted}" if days > 0 else f"{counted} ago"


def _place_in_time(on: date, today: date) -> str:
    return "today" if on == today else "past" if on < today else "ahead"


def named(definition: "Partnership", key: str) -> str:
    """The name of a person; whatever else stands there as it is written."""
    person = definition.people.get(key)
    return person.name if person else key


def decides(definition: "Partnership") -> str | None:
    """Whom the agreement names to decide when the sides disagree."""
    return definition.decided_by


@dataclass(frozen=True, slots=True)
class TrackStep:
    """A step of the launch track, due `on` a civil date; `owner` and `done_by` are a key and a name."""

    key: str
    on: date
    says: str
    stands: str
    state: StepStanding
    owner: str
    owner_name: str
    done_on: date | None
    done_by: str | None
    because: str | None


@dataclass(frozen=True, slots=True)
class CheckpointDossier:
    """A checkpoint as JSON and its page have it: what its `Sheet` says, in plain values. `decides` is whom the
    agreement names to decide when the sides disagree, `decides_from` the first day of a decision."""

    id: str
    partnership: str
    partnership_name: str
    layer: str | None
    scope_name: str
    title: str
    status: Status
    start: datetime
    timezone: str
    today: date
    days_left: int
    remark: str
    moved: MovedByHand | None
    agenda_owner: str
    agenda_owner_name: str
    track: tuple[TrackStep, ...]
    criteria: tuple[CriterionLine, ...]
    verdict: Judged
    decision: DecisionInWords | None
    relaunch: DecisionInWords | None
    decides: str | None
    decides_from: date


def facts_of(found: Sheet) -> CheckpointDossier:
    from scheduler.rules.reviews.checkpoint import decides_from

    review, outcome = found.record.review, found.outcome
    return CheckpointDossier(
        id=found.record.id,
        partnership=review.partnership,
        partnership_name=found.definition.name,
        layer=review.layer,
        scope_name=found.scope.name,
        title=review.title,
        status=found.record.status,
        start=review.start,
        timezone=review.timezone,
        today=found.today,
        days_left=(found.day - found.today).days,
        remark=remark_words(found.record, review.timezone),
        moved=moved_by_hand(found.record),
        agenda_owner=review.agenda_owner,
        agenda_owner_name=named(found.definition, review.agenda_owner),
        track=tuple(_step(step, found.today) for step in found.track),
        criteria=tuple(found.criteria),
        verdict=outcome.verdict,
        decision=outcome.decision,
        relaunch=outcome.relaunch,
        decides=decides(found.definition),
        decides_from=decides_from(review),
    )


def _step(step: "StepLine", today: date) -> TrackStep:
    stands, done = _place_in_time(step.due, today), (step.done_on, step.done_by, step.because)
    return TrackStep(step.key, step.due, step.says, stands, step.state, step.owner, step.owner_name, *done)


def as_dict(found: Sheet) -> dict[str, Any]:
    """A checkpoint as `checkpoint show --json` has it."""
    return asdict(facts_of(found))
