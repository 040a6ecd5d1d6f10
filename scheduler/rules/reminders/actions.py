"""Open actions as they stand: who answers for each and by when, and whom the ladder tells of it.

Minutes may name no owner, somebody nobody knows, or no date. Then the agenda owner of their review answers for it, by
the next review of its series or, where there is none, within 10 working days. That is worked out whenever it is asked,
so it follows the plan; the record keeps what was written. The due day itself is not overdue. The ladder counts working
days of the owner's organisation from the due day or, where the minutes were filed, the date was given or the action was
handed on later than that, from the day on which it was: nobody can do what they have not been told. Whoever it is
handed to hears so at once.

Where the minutes name a date that could not be read, it is due on no day, and no ladder begins, until somebody gives
it one: whoever answers for it is asked, and the agenda owner of its review.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from scheduler.domain.definition.document import paper_words
from scheduler.domain.definition.partnership import RESERVED
from scheduler.domain.definition.people import Person, zone_of
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.ids import SeriesId
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import Ending, Notification
from scheduler.domain.record.notification_facts import ActionFacts, DueFrom, EndingFacts, OwnerFrom, ended
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.text import one_line
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.escalation import Climbed, ConcernedPeople, climbed, told
from scheduler.rules.reviews.scopes import Scope

UNDATED = 10
"""Working days in which an action without a date is to be done where no next review sets one: those of an action plan
in KPI-default clauses."""
_DAY = timedelta(days=1)
_LONGEST_TITLE = 200
_OFF = (Status.SKIPPED, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Commitment:
    """An open action as it stands. `owner` is the key of the person who answers for it; `deputy` that of who stands in
    where it is an agenda owner's. `due` is None while its date could not be read. `owner_from` and `due_from` say where
    they are known from; `presides` is the key of who answers for the minutes. `of` is the review that it comes
    from, where that is on record."""

    action: Action
    owner: str
    due: date | None
    deputy: str | None = None
    owner_from: OwnerFrom = "minutes"
    due_from: DueFrom = "minutes"
    presides: str | None = None
    of: Recorded | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        return self.action.id

    @property
    def owner_because(self) -> str | None:
        """Why it is not answered for by whom the minutes name; None where it is."""
        if self.owner_from == "nobody_on_record":
            return f"{self.action.owner} is nobody on record"
        return "no owner is named" if self.owner_from == "nobody_named" else None

    @property
    def due_because(self) -> str | None:
        """Why it is due then, where the minutes name no date."""
        why = {
            "unread": f'its date could not be read: "{_short(self.action.unread or "")}"',
            "next_review": "no date is named: the next review of its series",
            "working_days": f"no date is named: {UNDATED} working days",
        }
        return why.get(self.due_from)

    @property
    def overdue_since(self) -> date | None:
        """The first date on which it is overdue, whether or not that has come; None where it is due on no day."""
        return self.due + _DAY if self.due else None


def commitments(
    actions: Iterable[Action], scopes: Iterable[Scope], recorded: Mapping[str, Recorded]
) -> dict[str, tuple[Commitment, ...]]:
    """The open actions of a partnership by the id of their scope, as minutes ordered them; `scopes` begin with the
    umbrella, which answers for a layer that is gone."""
    parts = list(scopes)
    by_id = {scope.id: scope for scope in parts}
    found: dict[str, list[Commitment]] = {scope.id: [] for scope in parts}
    for action in actions:
        if action.is_open:
            scope = by_id.get(SeriesId(action.series).scope, parts[0])
            found[scope.id].append(commitment(action, scope, recorded))
    return {id: tuple(each) for id, each in found.items()}


def commitment(action: Action, scope: Scope, recorded: Mapping[str, Recorded]) -> Commitment:
    """One open action; `recorded` are the partnership's reviews."""
    record = recorded.get(action.review)
    presides, stands_in = _presiding(scope, record)
    is_known = action.owner in scope.people
    owner = action.owner if is_known and action.owner else presides
    due, due_from = _due(action, owner, scope, recorded)
    if is_known:
        return Commitment(action, owner, due, None, "minutes", due_from, presides, record)
    owner_from: OwnerFrom = "nobody_on_record" if action.owner else "nobody_named"
    return Commitment(action, owner, due, stands_in, owner_from, due_from, presides, record)


def owners_zone(commitment: Commitment, scope: Scope) -> ZoneInfo:
    """The zone in which its days begin and end."""
    return zone_of(scope.people[commitment.owner], scope.organisations, scope.timezone)


OVER_ALL = (Kind.CHECKPOINT, Kind.FORMAL_REVIEW, Kind.HEALTH_AUDIT, Kind.STRATEGY)
"""Reviews of the whole partnership, or of a layer: what is overdue anywhere in it is their business."""


def comes_back(commitment: Commitment, review: Review, scope: Scope, now: datetime) -> bool:
    """Whether an open action of an earlier review stands on the agenda of this one: those of its own series, to a
    health audit also those of checkpoints and formal reviews, which may have no next one, and to a review of the whole
    scope what is overdue in any of its series, to a checkpoint and a formal review all that minutes left open in them;
    the tasks of an exit, and the action plan of a cure, on all but those of pipeline reviews; to an operating review
    the milestones of papers that are due by then."""
    action = commitment.action
    if action.series == review.series_id or (_is_of_course(action) and _speaks_of_course(review, action)):
        return True
    if action.is_milestone and review.kind is Kind.OPERATING:
        return _speaks_of_paper(review, action) and _is_due_by(commitment, review)
    special = {scope.id.series(key) for key in RESERVED}
    if review.kind is Kind.HEALTH_AUDIT and action.series in special:
        return True
    is_of_all = action.is_of_minutes and review.kind in (Kind.CHECKPOINT, Kind.FORMAL_REVIEW)
    return may_speak_of(review, action) and (is_of_all or is_overdue(commitment, scope, now))


def may_speak_of(review: Review, action: Action) -> bool:
    """Whether the minutes of a review may say that an action is done, or give it another date: wherever it may stand
    on the agenda."""
    if _is_of_course(action):
        return _speaks_of_course(review, action)
    if action.is_milestone and review.kind is Kind.OPERATING:
        return _speaks_of_paper(review, action)
    return action.series == review.series_id or (
        review.kind in OVER_ALL and SeriesId(action.series).scope == review.scope_id
    )


def _speaks_of_paper(review: Review, action: Action) -> bool:
    """The milestones of a paper are business of the umbrella's reviews."""
    return SeriesId(action.series).scope == review.scope_id


def _is_due_by(commitment: Commitment, review: Review) -> bool:
    return commitment.due is not None and commitment.due <= review.start.date()


def _is_of_course(action: Action) -> bool:
    return action.is_of_exit or action.is_of_cure


def _speaks_of_course(review: Review, action: Action) -> bool:
    """The tasks of an exit, and the action plan of a cure, stand on every agenda of their scope, but for those of
    pipeline reviews."""
    return review.kind is not Kind.PIPELINE and SeriesId(action.series).scope == review.scope_id


def is_overdue(commitment: Commitment, scope: Scope, now: datetime) -> bool:
    return commitment.due is not None and now.astimezone(owners_zone(commitment, scope)).date() > commitment.due


def next_overdue(commitments: Iterable[Commitment], scope: Scope, now: datetime) -> datetime | None:
    """The next moment after `now`, in UTC, at which one of these becomes overdue."""
    dated = ((each, each.overdue_since) for each in commitments)
    turns = (moment(on, time(), owners_zone(each, scope).key).astimezone(UTC) for each, on in dated if on)
    return min((turn for turn in turns if turn > now), default=None)


def settlements(actions: Iterable[Action], people: Mapping[str, Person]) -> dict[tuple[str, str], Ending]:
    """How actions came to their end, by the subject and period of their notices."""
    return {(a.id, ""): Ending(_end(a, people), a.done_by) for a in actions if not a.is_open}


def _end(action: Action, people: Mapping[str, Person]) -> EndingFacts:
    person = people.get(action.done_by or "")
    return ended("done", person.name if person else None, action.done_because or None)


# Who and when ------------------------------------------------------------------------------------------------------


def _presiding(scope: Scope, record: Recorded | None) -> tuple[str, str | None]:
    """The agenda owner of the review that an action comes from, and who stands in."""
    review = record.review if record else None
    owner, deputy = (review.agenda_owner, review.deputy) if review else ("", None)
    if owner in scope.people:
        return owner, deputy if deputy in scope.people else None
    return (deputy if deputy in scope.people else scope.default_agenda_owner), None


def _due(action: Action, owner: str, scope: Scope, recorded: Mapping[str, Recorded]) -> tuple[date | None, DueFrom]:
    if action.unread is not None:
        return None, "unread"
    if action.due is not None:
        return action.due, "minutes"
    record = recorded.get(action.review)
    since = record.review.start if record else action.opened_at
    following = (
        each.review.start
        for each in recorded.values()
        if each.review.series_id == action.series and each.review.start > since and each.status not in _OFF
    )
    if coming := min(following, default=None):
        return coming.date(), "next_review"
    return scope.calendar_of(owner).add(since.date(), UNDATED), "working_days"


# Whom it tells -----------------------------------------------------------------------------------------------------


def notices(commitment: Commitment, scope: Scope, until: date) -> Iterator[Notification]:
    """Every step of an open action up to `until`, a civil date where its owner lives."""
    action = commitment.action
    given = (action.opened_at, action.due_given_at, action.handed_at)
    filed_on = max(filter(None, given)).astimezone(owners_zone(commitment, scope)).date()
    if action.handed_at or action.is_of_exit or action.is_milestone:  # those stand in no minutes that somebody read
        yield from _handed(commitment, scope, action.handed_at or action.opened_at, until)
    if commitment.due is None:
        if filed_on <= until:
            yield _question(commitment, scope, filed_on)
        return
    start = max(commitment.due, filed_on)
    for step in climbed(scope.playbook.actions, start, scope.calendar_of(commitment.owner), until):
        is_known = step.on >= filed_on  # a reminder of before the minutes were filed is left out
        if is_known and (step.on > start or start == commitment.due):
            yield _notice(commitment, commitment.due, scope, step)


UNREAD, HANDED = "date_not_read", "handed_on"
"""The rungs that are no playbook's: a date that could not be read is asked for; and an action was handed on."""


def _handed(commitment: Commitment, scope: Scope, at: datetime, until: date) -> Iterator[Notification]:
    """Its new owner hears that it is theirs."""
    action, on = commitment.action, at.astimezone(owners_zone(commitment, scope)).date()
    if on <= until and commitment.owner == action.owner:
        yield Notification(
            partnership=action.partnership,
            about="action",
            subject=action.id,
            period="",
            rung=HANDED,
            occasion=at.isoformat(),
            on=on,
            people=(commitment.owner,),
            facts=_facts(commitment, scope, "taken_over"),
            by=commitment.due,
            asked=(commitment.owner,),
        )


def _question(commitment: Commitment, scope: Scope, on: date) -> Notification:
    """Whoever answers for it, and for the minutes, is asked by when it is to be done."""
    action = commitment.action
    people = tuple(dict.fromkeys((commitment.owner, commitment.presides or commitment.owner)))
    return Notification(
        partnership=action.partnership,
        about="action",
        subject=action.id,
        period="",
        rung=UNREAD,
        occasion=on.isoformat(),
        on=on,
        people=people,
        facts=_facts(commitment, scope, "date"),
        asked=people,
        deputy=commitment.deputy,
    )


def giving_a_date(commitment: Commitment) -> str:
    """The command that gives an action its date."""
    return f"cadence action due {commitment.id} YYYY-MM-DD"


def _facts(
    commitment: Commitment, scope: Scope, asks: Literal["done", "date", "taken_over"], *, late: bool = False
) -> ActionFacts:
    action = commitment.action
    handed_by = scope.people.get(action.handed_by or "")
    facts: ActionFacts = {
        "asks": asks,
        "action": _short(action.says),
        "owner": scope.people[commitment.owner].name,
        "owner_from": commitment.owner_from,
        "named": action.owner if commitment.owner_from == "nobody_on_record" else None,
        "due": commitment.due.isoformat() if commitment.due else None,
        "due_from": commitment.due_from,
        "days": UNDATED,
        "unread": _short(action.unread) if action.unread is not None else None,
        "review": action.review,
        "of_exit": action.is_of_exit,
        "of_paper": paper_of(action),
        "handed_by": handed_by.name if handed_by else None,
        "because": action.handed_because,
        "handed_on": since.isoformat() if (since := handed_on(commitment, scope)) else None,
        "of_cure": action.is_of_cure,
        "owner_key": commitment.owner,
        "late": late,
    }
    if commitment.of:
        review, on = commitment.of.review, commitment.of.held_on or commitment.of.review.start.date()
        facts |= {"review_title": review.title, "review_on": on.isoformat()}
    return facts


def handed_on(commitment: Commitment, scope: Scope) -> date | None:
    """The day on which it was handed to who answers for it, where they live; None where it is theirs from the first."""
    at, is_theirs = commitment.action.handed_at, commitment.owner == commitment.action.owner
    return at.astimezone(owners_zone(commitment, scope)).date() if at and is_theirs else None


def paper_of(action: Action) -> str | None:
    """The paper of which an action is a milestone, in words; None for any other."""
    return paper_words(SeriesId(action.review).key) if action.is_milestone else None


def _notice(commitment: Commitment, due: date, scope: Scope, step: Climbed) -> Notification:
    action = commitment.action
    concerned = ConcernedPeople(commitment.owner, commitment.deputy, scope.people[commitment.owner].of)
    return Notification(
        partnership=action.partnership,
        about="action",
        subject=action.id,
        period="",
        rung=step.rung.name,
        occasion=step.occasion,
        on=step.on,
        people=told(step, concerned, scope),
        facts=_facts(commitment, scope, "done", late=step.on > due),
        agenda=step.rung.agenda,
        late=step.on > due,
        by=due,
        asked=(commitment.owner,),
        deputy=commitment.deputy,
    )


def _short(says: str) -> str:
    words = one_line(says)
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"
