"""The success written before signing, as an agenda shows it: each criterion with its verdict and the evidence for it,
one verdict over all, and what was decided.

A person's judgement shows who gave it and when, beside the figures. Where a criterion's KPI is internal to an
organisation that is not reading, the sentence stands (it is in the signed success) without target, figures or evidence:
all that its partners learn is the verdict that this organisation gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.domain.definition.kpi import Criterion
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.verdict import Course, CourseDecision, Judged, Judgement, Verdict
from scheduler.render.languages import known, say, sentence
from scheduler.render.wording import day_words, listed
from scheduler.rules.access import Audience, may_see
from scheduler.rules.kpis.verdicts import overruled, verdict_on
from scheduler.rules.reviews.launch_steps import LaunchStep, StepStanding
from scheduler.rules.reviews.scopes import Scope

from .attendance import local_date
from .kpi_lines import Names, latest_by_period, target_words, value_words


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion on the checkpoint's agenda. `judge` is whoever judges it where no figure does; `judged` says who has
    done so and when, and `because` on what evidence."""

    id: str
    says: str
    target: str | None
    verdict: Verdict
    judge: str | None
    evidence: str
    judged: str | None = None
    because: str | None = None
    overrules: Verdict | None = None
    """What its readings say, where the judgement says otherwise."""
    replaces: tuple[str, ...] = ()
    """Earlier judgements: verdict, by whom, and when; the latest first."""


@dataclass(frozen=True, slots=True)
class DecisionInWords:
    """A decision in words; `taken` says by whom and when, `replaces` which one it took the place of."""

    course: Course
    because: str
    taken: str
    replaces: "DecisionInWords | None" = None

    @property
    def replaced(self) -> "tuple[DecisionInWords, ...]":
        """The decisions that this one and those before it took the place of, the latest first."""
        return (self.replaces, *self.replaces.replaced) if self.replaces else ()


class TrackLine(NamedTuple):
    """A step on the way to a checkpoint: what it says, its day, its owner by name, and how it stands, in words."""

    says: str
    due: str
    owner: str
    stands: str
    is_done: bool


_STANDS: Mapping[StepStanding, str] = {
    "today": sentence("today"),
    "late": sentence("late"),
    "done": sentence("done"),
    "done late": sentence("done late"),
}
"""A step that lies ahead, or of which nothing is on record, needs no word."""


def track_line(step: LaunchStep, standing: StepStanding, name: Names) -> TrackLine:
    """``done on Mon 16 Nov 2026`` where somebody has said so; a day that is still to come needs no word."""
    stands = _STANDS.get(standing)
    words = say("done on %(day)s", day=day_words(step.done_on)) if step.done_on else say(stands) if stands else ""
    is_done = step.done_on is not None or standing in ("done", "done late")
    return TrackLine(known(step.says), day_words(step.on), name(step.owner), words, is_done)


@dataclass(frozen=True, slots=True)
class CheckpointOutcome:
    """What a checkpoint comes to: the verdict over all criteria, the decision once it is taken, and the one that
    started these 90 days anew, where they are not the first."""

    verdict: Judged
    decision: DecisionInWords | None
    relaunch: DecisionInWords | None


def criterion_line(
    criterion: Criterion,
    scope: Scope,
    readings: Sequence[Reading],
    judgement: Judgement | None,
    audience: Audience,
    name: Names,
    periods: Mapping[str, str],
) -> CriterionLine:
    """One criterion with its verdict, as this audience may see it. `readings` are those that count, oldest first;
    `periods` are the names of its KPI's periods, by label."""
    kpi = scope.kpis.get(criterion.kpi or "")
    judge = name(criterion.owner) if criterion.owner else None
    judged = _taken(judgement, scope, name) if judgement else None
    if kpi is None or not may_see(kpi, audience):
        whose = scope.organisations.get(kpi.of or "") if kpi else None
        side = (whose.name if whose else say("the side that measures it")) if kpi else None
        verdict = verdict_on(criterion, None, (), judgement)
        because = judgement.evidence if judgement and kpi is None else None
        replaces = _replaced(judgement, scope, name)
        return CriterionLine(
            criterion.id, criterion.says, None, verdict, judge or side, "", judged, because, None, replaces
        )
    measured = kpi.model_copy(update={"target": criterion.target or kpi.target})
    known = latest_by_period(readings)
    said = ((value_words(measured, each), periods.get(each.period, each.period)) for each in known[-3:])
    figures = listed([say("%(value)s in %(period)s", value=value, period=period) for value, period in said])
    return CriterionLine(
        id=criterion.id,
        says=criterion.says,
        target=f"{kpi.name} {target_words(measured)}",
        verdict=verdict_on(criterion, kpi, known, judgement),
        judge=judge,
        evidence=figures or say("no reading yet: %(person)s owes one", person=name(kpi.owner)),
        judged=judged,
        because=judgement.evidence if judgement else None,
        overrules=overruled(criterion, kpi, known, judgement),
        replaces=_replaced(judgement, scope, name),
    )


def decided(decision: CourseDecision, scope: Scope, name: Names) -> DecisionInWords:
    before = decided(decision.replaces, scope, name) if decision.replaces else None
    return DecisionInWords(decision.decision, decision.because, _taken(decision, scope, name), before)


def _replaced(judgement: Judgement | None, scope: Scope, name: Names) -> tuple[str, ...]:
    """The verdicts that a judgement took the place of; what was said with them stays with the readers it was for."""
    before = judgement.replaces if judgement else None
    if before is None:
        return ()
    return (f"{known(before.verdict)}, {_taken(before, scope, name)}", *_replaced(before, scope, name))


def _taken(said: Judgement | CourseDecision, scope: Scope, name: Names) -> str:
    """``Inès Falk, Wed 30 Dec 2026``: the date where the scope's reviews are held."""
    day, who = local_date(said.at, scope.timezone), name(said.by)
    if isinstance(said, CourseDecision):
        day, who = said.on or day, said.taken_by or who
    return f"{who}, {day_words(day)}"
