"""Everything an agenda shows, gathered and already chosen for its audience.

The joint part of every agenda is the network level alone, whoever reads. The brief of one organisation adds
`internal`: its own actor-level KPIs, and nobody else's. Templates get a `Briefing` and nothing more, so none can show
what was not meant for it.
"""

from dataclasses import dataclass, fields

from scheduler.domain.definition.vocabulary import Model
from scheduler.render.wording import day_words
from scheduler.rules.access import Audience

from .action_items import ActionLine, action_lines, overdue_risks, undated_risks, unfinished_lines
from .added_lines import AddedLine, MinutesLine, added_lines, minutes_line
from .agenda_facts import AgendaFacts
from .agreement_facts import Arrangement, arrangement
from .attendance import local_date
from .checkpoint_lines import TrackLine, track_line
from .competition_lines import GuardLines, guard_lines
from .figures import Figures, Internal, internal, joint_figures
from .health_lines import HealthLines, health_lines
from .items import Weight, balance
from .pre_read_lines import ReadLine, pre_read_lines
from .risks import standing_risks
from .sketch import Sketch
from .what_is_decided import WhatIsDecided, what_is_decided
from .when_and_who import WhenAndWhere, WhoComes, when_and_where, who_comes


@dataclass(frozen=True, kw_only=True)
class Briefing(Sketch, WhenAndWhere, WhoComes, WhatIsDecided):
    """A review's agenda as values. `minutes` is the review's length; `as_of` the day of the figures."""

    id: str
    model: Model
    organisations: tuple[str, ...]
    leverage: tuple[str, ...]
    minutes: int
    balance: tuple[Weight, ...]
    figures: Figures
    actions: tuple[ActionLine, ...]
    unfinished: tuple[str, ...]
    track: tuple[TrackLine, ...]
    arrangement: Arrangement
    internal: Internal | None
    as_of: str
    topics: tuple[str, ...]
    """Those of the annual forward agenda for this meeting."""
    added: tuple[AddedLine, ...]
    """The items that people who are invited added."""
    to_read: tuple[ReadLine, ...]
    """The files that all partners may read before."""
    health: HealthLines | None
    """What the last health check found."""
    minutes_before: MinutesLine | None
    """How the minutes of the meeting before stand."""
    guard: GuardLines | None
    """What is said where competitors meet."""


def briefing(facts: AgendaFacts, sketch: Sketch, audience: Audience) -> Briefing:
    """The briefing of one review for one audience; `sketch` is the review's."""
    scope, partnership, review, people = facts.scope, facts.partnership, facts.review, facts.people
    parts = sketch, when_and_where(facts), who_comes(facts), what_is_decided(facts)
    actions = action_lines(facts.commitments, scope, people, facts.now)
    standing = standing_risks(scope, partnership, facts.recorded, facts.day)
    return Briefing(
        **{each.name: getattr(part, each.name) for part in parts for each in fields(part)},
        id=review.id,
        model=review.model,
        organisations=tuple(organisation.name for organisation in scope.organisations.values()),
        leverage=tuple(kind.value for kind in partnership.leverage),
        minutes=sum(item.minutes for item in sketch.items),
        balance=balance(sketch.items),
        figures=joint_figures(facts, (*overdue_risks(actions), *undated_risks(actions), *standing)),
        actions=actions,
        unfinished=unfinished_lines(facts.unfinished, facts.commitments),
        track=tuple(track_line(step, stands, people.name) for step, stands in facts.track),
        arrangement=arrangement(scope, partnership, facts.day, review.quorum),
        internal=internal(facts, audience),
        as_of=day_words(local_date(facts.now, review.timezone)),
        topics=facts.topics,
        added=added_lines(facts.added, people.with_side),
        to_read=pre_read_lines(facts),
        health=health_lines(facts),
        minutes_before=minutes_line(facts.last, facts.minutes_before, facts.now, people.name),
        guard=guard_lines(facts),
    )
