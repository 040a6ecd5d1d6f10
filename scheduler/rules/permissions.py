"""Who may do what on the pages. An operator may do everything; what anybody else may is said here, by act.

Alliance managers do everything in their partnership, chairs and agenda owners what concerns their reviews, owners and
deputies what concerns their KPIs, sponsors decide; whoever is invited answers, and adds to the agenda. Where
competitors meet, counsel edits the joint agenda and adds to it, whether or not they are invited.
"""

from collections.abc import Collection

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Review, people_of

Person = str


class NotPermitted(UserError):
    """Somebody may not do what they ask for; the way out names who may."""


def managers(partnership: Partnership) -> frozenset[Person]:
    """The alliance managers of all sides, by key."""
    return _of_role(partnership, Role.ALLIANCE_MANAGER)


def sponsors(partnership: Partnership) -> frozenset[Person]:
    """The executive sponsors of all sides, by key."""
    return _of_role(partnership, Role.SPONSOR)


def who_runs(review: Review, partnership: Partnership) -> frozenset[Person]:
    """Who may move, skip, hold and edit a review: its chair, its agenda owner and deputy, and alliance managers."""
    return _named(review.chair, review.agenda_owner, review.deputy) | managers(partnership)


def who_edits(
    review: Review, partnership: Partnership, organisation: str | None, counsel: Collection[Person] | None
) -> frozenset[Person]:
    """Who may edit an agenda of a review, as far as they may see it: whoever runs it; the joint one (`organisation` is
    None) `counsel` as well, where competitors meet (None: they do not)."""
    return who_runs(review, partnership) | frozenset(counsel or () if organisation is None else ())


def who_adds(review: Review, counsel: Collection[Person] | None) -> frozenset[Person]:
    """Who may add to a review's agenda: whom it concerns, and `counsel` where competitors meet (None: they do not)."""
    return people_of(review) | frozenset(counsel or ())


def who_answers(review: Review, partnership: Partnership) -> frozenset[Person]:
    """Who may give a file to be read before a review: who is invited, and whoever runs it."""
    return frozenset(review.attendees) | who_runs(review, partnership)


def who_reports(kpi: Kpi, partnership: Partnership) -> frozenset[Person]:
    """Who may report a KPI, correct, acknowledge or excuse it: its owner and deputy, and the alliance managers who may
    see it."""
    seeing = {key for key in managers(partnership) if kpi.of is None or partnership.organisation_of(key) == kpi.of}
    return _named(kpi.owner, kpi.deputy) | seeing


def who_decides(review: Review, partnership: Partnership) -> frozenset[Person]:
    """Who may decide at a checkpoint or a formal review: sponsors, its chair, and alliance managers."""
    return _named(review.chair) | sponsors(partnership) | managers(partnership)


def who_ticks(owner: Person, review: Review, partnership: Partnership) -> frozenset[Person]:
    """Who may say that a step on the way to a checkpoint is done, or is not after all: its owner, and whoever runs the
    checkpoint."""
    return _named(owner) | who_runs(review, partnership)


def who_judges(
    judge: Person | None, internal: str | None, review: Review, partnership: Partnership
) -> frozenset[Person]:
    """Who may judge a criterion: its judge, and whoever runs the checkpoint; of one that rests on the own KPI of the
    organisation `internal`, of these only its people."""
    running = who_runs(review, partnership)
    if internal is not None:
        running = frozenset(key for key in running if partnership.organisation_of(key) == internal)
    return _named(judge) | running


def who_owns(owner: Person | None, partnership: Partnership) -> frozenset[Person]:
    """Who may speak of an action of the minutes, or of a decision that somebody carries out: its owner, and alliance
    managers."""
    return _named(owner) | managers(partnership)


def who_renews(partnership: Partnership) -> frozenset[Person]:
    """Who may say what was decided of a term, and that notice was sent: sponsors and alliance managers."""
    return sponsors(partnership) | managers(partnership)


def who_calls(partnership: Partnership) -> frozenset[Person]:
    """Who may call a formal review: sponsors and alliance managers."""
    return sponsors(partnership) | managers(partnership)


def check(person: Person | None, may: Collection[Person], partnership: Partnership, what: str) -> None:
    """Let an operator pass (`person` is None), and whoever is among those who `may`. Raises Refused, with `what` cannot
    be done and the names of who may do it."""
    if person is None or person in may:
        return
    names = [partnership.name_of(key) for key in sorted(may) if key in partnership.people]
    raise NotPermitted(
        f"You may not {what}", f"{' or '.join(names)} may" if names else "an operator of this program may"
    )


def _of_role(partnership: Partnership, role: Role) -> frozenset[Person]:
    return frozenset(key for key, each in partnership.people.items() if each.role is role)


def _named(*people: Person | None) -> frozenset[Person]:
    return frozenset(each for each in people if each)
