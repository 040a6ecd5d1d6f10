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
from scheduler.domain.record.renewal import of_term
from scheduler.domain.record.review import Recorded
from scheduler.render.wording import counted, listed
from scheduler.rules.calendar.working_days import in_words
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
        misses.append(Risk(f"No deputy for {listed(alone)}", "Who reports when the owner is away?"))
    return tuple(misses)


def silence(lines: Iterable[OverdueLine]) -> tuple[Risk, ...]:
    """What unreported KPIs warn of: an owner who has let two periods or more go by."""
    return tuple(
        Risk(
            f"{line.kpi} has not been reported for {counted(line.periods, 'period')}",
            f"Does {line.owner} lack the time, the data or the interest, and who helps?",
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
    last_two = [(each.kpi, each.reading, each.period.name) for each in owed if each.reading][-2:]
    if len(last_two) < 2 or any(reading.met for _, reading, _ in last_two):
        return None
    figures = listed([f"{value_words(then, reading)} in {period}" for then, reading, period in last_two])
    targets = ", then ".join(dict.fromkeys(target_words(then) for then, _, _ in last_two))
    return Risk(
        f"{kpi.name} missed twice running: {figures}, target {targets}",
        "What changes before the third miss calls a formal review?",
    )


def _empty_seats(scope: Scope) -> Iterator[Risk]:
    seats = _TOP_SEATS.get(scope.model, (Role.SPONSOR,))
    filled = {person.of for person in scope.people.values() if person.role in seats}
    empty = [organisation.name for key, organisation in scope.organisations.items() if key not in filled]
    if empty:
        yield Risk(f"No sponsor named at {listed(empty)}", "Who speaks for that side, and from when?")


def _expiring(partnership: Partnership, day: date) -> Iterator[Risk]:
    for document in partnership.agreement.documents:
        if document.expires and (document.expires - day).days <= DOCUMENT_DAYS:
            tense = "expired" if document.expires < day else "expires"
            when = in_words(document.expires)
            yield Risk(f"The {document.words} {tense} on {when}", "Renew, replace or let it lapse?")


def _ending(scope: Scope, partnership: Partnership, day: date) -> Iterator[Risk]:
    cancel_by = partnership.cancel_by if scope.layer is None else None
    said = of_term(partnership.renewals, partnership.agreement.ends)
    if cancel_by and said.decided and 0 <= (cancel_by - day).days <= CANCEL_BY_DAYS:
        if is_notice_asked(partnership.agreement, said):
            yield Risk(f"Notice must leave by {in_words(cancel_by)}, as was decided", "Who sends it, and when?")
    elif cancel_by and said.notice is None and 0 <= (cancel_by - day).days <= CANCEL_BY_DAYS:
        left = counted((cancel_by - day).days, "day")
        yield Risk(f"Notice must leave by {in_words(cancel_by)}, in {left}", "Has each side decided to go on?")
    elif scope.ends and 0 <= (scope.ends - day).days <= CANCEL_BY_DAYS:
        yield Risk(f"The agreement ends on {in_words(scope.ends)}", "What happens on the day after?")


def _unsteady(recorded: Recorded) -> Iterator[Risk]:
    if recorded.moved_by_person and recorded.review.kind is not Kind.CHECKPOINT:
        because = f": {recorded.because}" if recorded.because else ""
        yield Risk(f"This review was moved by hand{because}", "Is the rhythm still right for both sides?")
