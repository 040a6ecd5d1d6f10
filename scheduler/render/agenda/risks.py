"""Risks to ask about: what the figures, the seats and the dates of a partnership warn of before anybody complains.

The standing questions of each kind of review (goals, culture and pace, commitment, value, governance) stand in its
template, where people can edit them; what is here follows from what is known. KPIs come already chosen for the
audience.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Model, Role
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.renewal import of_paper, of_term
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, say_count
from scheduler.render.wording import day_words, listed, period_words
from scheduler.rules.reminders.agreement import is_notice_asked
from scheduler.rules.reviews.scopes import Scope

from .attendance import People
from .kpi_lines import OverdueLine, target_words, value_words

DOCUMENT_DAYS = 120
"""Calendar days ahead of its expiry that a document is asked about: among the longer notices seen (30 to 180 days)."""
CANCEL_BY_DAYS = 180
"""Calendar days ahead of the cancel-by date that it is asked about: the longest notice commonly seen."""
_TOP_SEATS = {
    Model.JOINT_VENTURE: (Role.SPONSOR, Role.DIRECTOR),
    Model.CONSORTIUM: (Role.SPONSOR, Role.MEMBER, Role.COORDINATOR),
}
"""Who speaks for an organisation at the top: its sponsor; a joint venture's director and a consortium's member do,
too."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A fact that warns, and the question it puts to the review."""

    sign: str
    ask: str


def kpi_risks(kpis: Mapping[str, Kpi], owed: Mapping[str, Sequence[Measurement]], people: People) -> tuple[Risk, ...]:
    """What KPIs warn of; `owed` holds their periods, oldest first, by the same keys."""
    misses = [risk for key, kpi in kpis.items() if (risk := _missed_twice(kpi, owed.get(key, ())))]
    alone = [f"{kpi.name} ({people.name(kpi.owner)})" for kpi in kpis.values() if not kpi.deputy]
    if alone:
        sign = say("No deputy for %(kpis)s", kpis=listed(alone))
        misses.append(Risk(sign, say("Who reports when the owner is away?")))
    return tuple(misses)


def silence(lines: Iterable[OverdueLine]) -> tuple[Risk, ...]:
    """What unreported KPIs warn of: an owner who has let two periods or more go by."""
    return tuple(
        Risk(
            say_count(
                "%(kpi)s has not been reported for %(number)s period",
                "%(kpi)s has not been reported for %(number)s periods",
                line.periods,
                kpi=line.kpi,
            ),
            say("Does %(person)s lack the time, the data or the interest, and who helps?", person=line.owner),
        )
        for line in lines
        if line.periods > 1
    )


def standing_risks(scope: Scope, partnership: Partnership, recorded: Recorded, day: date) -> tuple[Risk, ...]:
    """What seats, dates and this review's own history warn of, as seen on the day of the review."""
    return (
        *_empty_seats(scope),
        *_expiring(partnership, day),
        *_ending(scope, partnership, day),
        *_unsteady(recorded),
    )


def _missed_twice(kpi: Kpi, owed: Sequence[Measurement]) -> Risk | None:
    last_two = [(each.kpi, each.reading, period_words(each.period)) for each in owed if each.reading][-2:]
    if len(last_two) < 2 or any(reading.met for _, reading, _ in last_two):
        return None
    said = [
        say("%(value)s in %(period)s", value=value_words(then, reading), period=period)
        for then, reading, period in last_two
    ]
    targets = [*dict.fromkeys(target_words(then) for then, _, _ in last_two)]
    target = say("%(first)s, then %(second)s", first=targets[0], second=targets[1]) if len(targets) > 1 else targets[0]
    return Risk(
        say(
            "%(kpi)s missed twice running: %(values)s, target %(target)s",
            kpi=kpi.name,
            values=listed(said),
            target=target,
        ),
        say("What changes before the third miss calls a formal review?"),
    )


def _empty_seats(scope: Scope) -> Iterator[Risk]:
    seats = _TOP_SEATS.get(scope.model, (Role.SPONSOR,))
    filled = {person.of for person in scope.people.values() if person.role in seats}
    empty = [organisation.name for key, organisation in scope.organisations.items() if key not in filled]
    if empty:
        yield Risk(
            say("No sponsor named at %(sides)s", sides=listed(empty)), say("Who speaks for that side, and from when?")
        )


def _expiring(partnership: Partnership, day: date) -> Iterator[Risk]:
    for document in partnership.agreement.documents:
        said_of_it = of_paper(partnership.renewals, document.kind, document.expires)
        if document.expires and said_of_it is None and (document.expires - day).days <= DOCUMENT_DAYS:
            said = {"document": known(document.words), "day": day_words(document.expires)}
            if document.expires < day:
                sign = say("The %(document)s expired on %(day)s", **said)
            else:
                sign = say("The %(document)s expires on %(day)s", **said)
            yield Risk(sign, say("Renew, replace or let it lapse?"))


def _ending(scope: Scope, partnership: Partnership, day: date) -> Iterator[Risk]:
    cancel_by = partnership.cancel_by if scope.layer is None else None
    said = of_term(partnership.renewals, partnership.agreement.ends)
    if cancel_by and said.decided and 0 <= (cancel_by - day).days <= CANCEL_BY_DAYS:
        if is_notice_asked(partnership.agreement, said):
            sign = say("Notice must leave by %(day)s, as was decided", day=day_words(cancel_by))
            yield Risk(sign, say("Who sends it, and when?"))
    elif cancel_by and said.notice is None and 0 <= (cancel_by - day).days <= CANCEL_BY_DAYS:
        sign = say_count(
            "Notice must leave by %(day)s, in %(number)s day",
            "Notice must leave by %(day)s, in %(number)s days",
            (cancel_by - day).days,
            day=day_words(cancel_by),
        )
        yield Risk(sign, say("Has each side decided to go on?"))
    elif scope.ends and 0 <= (scope.ends - day).days <= CANCEL_BY_DAYS:
        sign = say("The agreement ends on %(day)s", day=day_words(scope.ends))
        yield Risk(sign, say("What happens on the day after?"))


def _unsteady(recorded: Recorded) -> Iterator[Risk]:
    if recorded.moved_by_person and recorded.review.kind is not Kind.CHECKPOINT:
        sign = say("This review was moved by hand")
        if recorded.because:
            sign = say("This review was moved by hand: %(because)s", because=recorded.because)
        yield Risk(sign, say("Is the rhythm still right for both sides?"))
