"""What calls for a round out of turn: somebody else is sponsor of a side, or a review decided to relaunch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from scheduler.domain.definition.health_check import Occasion
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.version import Version
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.verdict import CourseDecision

RELAUNCH = "relaunch"


def occasions(
    rounds: Iterable[HealthRound],
    partnership: Partnership,
    versions: Sequence[Version],
    decisions: Mapping[str, CourseDecision],
) -> Iterator[Occasion]:
    """What has happened since a round was last opened or, out of turn, called off; nothing before there was one. The
    `partnership` is as it stands, its `versions` those on record, in their order."""
    since = _dealt_with_at(rounds)
    if since is None:
        return
    if _has_new_sponsor(partnership, _in_force(versions, since)):
        yield "sponsor"
    if any(each.decision == RELAUNCH and each.at > since for each in decisions.values()):
        yield "relaunch"


def _dealt_with_at(rounds: Iterable[HealthRound]) -> datetime | None:
    moments = [
        moment
        for each in rounds
        if (moment := each.opened_at or (each.skipped_at if each.is_extra else None)) is not None
    ]
    return max(moments, default=None)


def _in_force(versions: Sequence[Version], at: datetime) -> Partnership | None:
    """The definition of a moment, as it stood then; the first one for whatever was before."""
    taken_up = [each for each in versions if each.taken_up_at <= at] or [*versions[:1]]
    return taken_up[-1].definition.as_of(at) if taken_up else None


def _has_new_sponsor(now: Partnership, then: Partnership | None) -> bool:
    """Whether a side has a sponsor who was not sponsor of it then: somebody else, not another key or address."""
    if then is None:
        return False
    before = dict(_sponsors(then))
    known = {(person.of, key) for key, person in before.items()}
    known |= {(person.of, person.email.casefold()) for person in before.values()}
    return any(
        known.isdisjoint({(person.of, name) for name in (key, person.renamed_from, person.email.casefold())})
        for key, person in _sponsors(now)
        if person.of in {each.of for each in before.values()}
    )


def _sponsors(partnership: Partnership) -> Iterator[tuple[str, Person]]:
    return ((key, each) for key, each in partnership.people.items() if each.role is Role.SPONSOR)
