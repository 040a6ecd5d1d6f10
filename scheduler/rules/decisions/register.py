"""The register of decisions: what minutes enter into it, and how each decision stands on a day.

| the minutes of a review hold | these minutes gave before, in the same words | then                                 |
|------------------------------|----------------------------------------------|--------------------------------------|
| a decision                   | nothing                                      | it is entered, under the next number |
|                              | one that stands                              | it stays, and so does its number     |
|                              | one that corrected minutes withdrew          | it stands again, under its number    |
| nothing                      | one that stands                              | it is withdrawn, and kept with why   |

| the box of a decision, by its id | of any minutes of the partnership    | then                                |
|----------------------------------|--------------------------------------|-------------------------------------|
| is ticked                        | to be carried out                    | it is carried out                   |
| is not                           | carried out by these minutes' tick   | it is to be carried out again       |

Words that name another decision by its id, ``replaces acme-globex/operating/2026-11!2``, put this one in its place. Who
carries it out is whom the words name as they name the owner of an action, where the definition knows them.

A decision of minutes is a draft until objections to them have run out (`rules/minutes/objections.py`), and while
somebody objects to it; then it binds, until another one in its place does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from scheduler.domain.definition.people import Person
from scheduler.domain.record.decision import Decision, DecisionState
from scheduler.domain.record.filing import MinutesRecord, MinutesRecords
from scheduler.domain.record.minutes import Minutes, words_of
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.minutes.action_lines import Names, assigned, names_of
from scheduler.rules.minutes.filing import dropped_from, ticked_in
from scheduler.rules.minutes.objections import MinutesStanding, filing_of, is_binding, is_id_objected, standing

_REPLACES = re.compile(
    r"\b(?:replac|supersed|ersetz|remplac|reemplaz|sustitu)\w* \(?(?P<id>[^\s!()]+![1-9]\d{0,5})\b", re.IGNORECASE
)


# Entering ----------------------------------------------------------------------------------------------------------


def entered(
    review: Review, minutes: Minutes, people: Mapping[str, Person], known: Iterable[Decision], now: datetime
) -> tuple[Decision, ...]:
    """The decisions that change, or are new, where the minutes of a review say this. `known` are all of its
    partnership, `people` those of its definition."""
    before = {each.id: each for each in known}
    of_review = [each for each in before.values() if each.review == review.id]
    on_record = {each.words: each for each in of_review if each.is_of_minutes}
    number = max((each.number for each in of_review), default=0)
    after, said, names = dict(before), dict[str, str](), names_of(people)
    for says in minutes.decisions:
        said.setdefault(words_of(says), says)
    for words, says in said.items():
        if words in on_record:
            decision = _standing_again(on_record[words], review)
        else:
            number += 1
            decision = _entered(review, number, says, names, now)
        after[decision.id] = decision
        for id in _replaced_by(decision, after):
            after[id] = replace(after[id], superseded_by=decision.id, superseded_at=now)
    for words, each in on_record.items():
        if words not in said and each.withdrawn_at is None:
            after[each.id] = replace(each, withdrawn_at=now, withdrawn_because=dropped_from(review.id))
    after |= {id: _ticked(each, id in minutes.carried_out, review, now) for id, each in after.items()}
    return tuple(each for id, each in after.items() if before.get(id) != each)


def _entered(review: Review, number: int, says: str, names: Names, now: datetime) -> Decision:
    day = review.start.date()
    who = assigned(says, names, day).owner
    return Decision(
        id=f"{review.id}!{number}",
        partnership=review.partnership,
        review=review.id,
        scope=review.scope_id,
        kind=review.kind,
        says=says,
        decided_on=day,
        recorded_at=now,
        carried_out_by=who if who in names.values() else None,
    )


def _ticked(decision: Decision, is_ticked: bool, review: Review, now: datetime) -> Decision:
    """A decision as its box leaves it."""
    own = decision.carried_out_because == ticked_in(review.id)
    if is_ticked and decision.carried_out_at is None:
        return replace(decision, carried_out_at=now, carried_out_because=ticked_in(review.id))
    if own and not is_ticked:
        return replace(decision, carried_out_at=None, carried_out_said_by=None, carried_out_because=None)
    return decision


def _standing_again(decision: Decision, review: Review) -> Decision:
    if decision.withdrawn_because != dropped_from(review.id):
        return decision
    return replace(decision, withdrawn_at=None, withdrawn_because=None)


def _replaced_by(decision: Decision, known: Mapping[str, Decision]) -> Iterator[str]:
    """The decisions on record that the words of another one put it in the place of."""
    for found in _REPLACES.finditer(decision.says):
        earlier = known.get(found["id"])
        if earlier and not replaced_already(earlier, known) and may_replace(decision, earlier, known):
            yield earlier.id


def replaced_already(decision: Decision, known: Mapping[str, Decision]) -> bool:
    """Whether another decision, which was not withdrawn, is to take its place or has."""
    other = known.get(decision.superseded_by or "")
    return other is not None and other.withdrawn_at is None


def may_replace(decision: Decision, earlier: Decision, known: Mapping[str, Decision]) -> bool:
    """Whether a decision can take the place of an earlier one: of its partnership, and not the other way round."""
    after: Decision | None = decision
    while after is not None:
        if after.id == earlier.id:
            return False
        after = known.get(after.superseded_by or "")
    return decision.partnership == earlier.partnership


# How it stands -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Register:
    """The decisions of a partnership by their ids, the reviews that took them, and what became of their minutes."""

    decisions: Mapping[str, Decision]
    recorded: Mapping[str, Recorded]
    filings: MinutesRecords = field(default_factory=dict)

    def source(self, decision: Decision) -> Recorded | None:
        """The review that took a decision, where one did."""
        return self.recorded.get(decision.review or "")

    def minutes(self, decision: Decision, today: date) -> MinutesStanding | None:
        """How the minutes stand that a decision is in; None where it is in none, or their review is open again."""
        record = self.source(decision)
        if record is None or not decision.is_of_minutes:
            return None
        return standing(record, self.filings.get(record.id, MinutesRecord()), today)


def state_of(decision: Decision, register: Register, today: date) -> DecisionState:
    """How a decision stands on a civil date of its body's zone."""
    if decision.withdrawn_at is not None:
        return "withdrawn"
    if in_its_place(decision, register, today):
        return "superseded"
    return "binding" if _binds(decision, register, today) else "draft"


def in_its_place(decision: Decision, register: Register, today: date) -> Decision | None:
    """The decision that counts instead; None while that is a draft, or was withdrawn."""
    other = register.decisions.get(decision.superseded_by or "")
    is_there = other is not None and other.withdrawn_at is None
    return other if is_there and other and _binds(other, register, today) else None


def binding_from(decision: Decision, register: Register, today: date) -> date | None:
    """The first civil date on which a decision binds, where that is known on a day: not while its minutes are on their
    way, are objected to, or their review is open again."""
    if not decision.is_of_minutes:
        return decision.binding_from or decision.decided_on
    if register.source(decision) is None:
        return decision.decided_on
    minutes = register.minutes(decision, today)
    if minutes is None:
        return None
    if _waits_for(decision, minutes) is not None:
        return decision.decided_on if is_binding(minutes, decision.id, today) else None
    filing = filing_of(minutes, decision.id)
    until = filing.until if filing else minutes.until
    return until + timedelta(days=1) if until else decision.decided_on


def draft_because(decision: Decision, register: Register, today: date) -> str | None:
    """Why a decision of minutes does not bind on a day, where no day is known from which it will."""
    if not decision.is_of_minutes:
        return None
    minutes = register.minutes(decision, today)
    if minutes is None:
        return "its review is open again"
    return _waits_for(decision, minutes)


def _waits_for(decision: Decision, minutes: MinutesStanding) -> str | None:
    """What a decision of these minutes waits for, where that ends on no known day: an objection to another one of them
    does not concern it."""
    if is_id_objected(minutes, decision.id):
        return "somebody objects"
    filing = filing_of(minutes, decision.id)
    if filing is None:  # of before filings were kept: what is said of the whole is said of it
        return {"waiting": "its minutes are on their way", "objected": "somebody objects"}.get(minutes.state)
    return "its minutes are on their way" if filing.until and filing.sent_at is None else None


def _binds(decision: Decision, register: Register, today: date) -> bool:
    if not decision.is_of_minutes or register.source(decision) is None:
        return (decision.binding_from or decision.decided_on) <= today
    minutes = register.minutes(decision, today)
    return minutes is not None and is_binding(minutes, decision.id, today)
