"""Will there be a quorum? The playbook's words for it, held against what the attendees have answered.

Read are the words that playbooks use: so many "of each side" or "per side" (owner, partner), perhaps of one role ("one
director of each owner"); "both", "all owners", "both sponsors"; a fraction of the members. Other words are left to
people: then only the answers are told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.rsvp import Says

from .agreement_facts import quorum_members

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_ROLES = tuple(role.words for role in Role)
_SIDE = "(?:side|owner|partner|member|party|organisation)"
_EACH = re.compile(rf"(\d|{'|'.join(_NUMBERS)})(?: ([a-z ]+?))? (?:of each|from each|of every|per) {_SIDE}")
_ALL = re.compile(r"(?:both|all)(?: (?:sides|owners|partners|members|parties|organisations))?")
_ALL_OF_A_ROLE = re.compile(r"(?:both|all) ([a-z ]+)s")


class Outlook(IntEnum):
    """How likely a quorum is, the worst first. `ENDANGERED`: only if somebody who may come does, or with nobody to
    spare after a refusal."""

    OUT_OF_REACH = 0
    ENDANGERED = 1
    OPEN = 2
    REACHED = 3

    @property
    def words(self) -> str:
        return ("out of reach", "endangered", "still open", "reached")[self]


class QuorumSeat(NamedTuple):
    """An attendee: of which organisation, in which role (in words), what they answered, and whether they are away."""

    name: str
    organisation: str | None
    role: str | None
    says: Says = Says.OPEN
    away: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outlook, None where the words for the quorum are not understood, and what it rests on, in words."""

    outlook: Outlook | None
    because: str

    @property
    def words(self) -> str:
        """``still open: Globex has not answered, Acme has accepted``"""
        return f"{self.outlook.words}: {self.because}" if self.outlook is not None else self.because


class _Need(NamedTuple):
    """How many of each organisation must come, of which role (None: any), and of how many organisations."""

    each: int
    role: str | None
    organisations: int


class _Side(NamedTuple):
    """An organisation's seats that count, by what was answered."""

    name: str
    needed: int
    yes: int
    maybe: int
    open: int
    declined: int
    away: int

    @property
    def outlook(self) -> Outlook:
        possible = self.yes + self.maybe + self.open
        if self.yes >= self.needed:
            return Outlook.REACHED
        if possible < self.needed:
            return Outlook.OUT_OF_REACH
        has_lost = bool(self.declined or self.away)
        is_close = self.yes + self.open < self.needed or (has_lost and possible == self.needed)
        return Outlook.ENDANGERED if is_close else Outlook.OPEN

    @property
    def words(self) -> str:
        answered = [
            (self.yes, "has accepted", "accepted"),
            (self.maybe, "may come", "may come"),
            (self.open, "has not answered", "not answered"),
            (self.declined, "has declined", "declined"),
            (self.away, "is away", "away"),
        ]
        given = [each for each in answered if each[0]]
        if not given:
            return f"nobody of {self.name} is expected"
        if self.needed == 1 and (self.yes or len(given) == 1):
            return f"{self.name} {given[0][1]}"
        return f"{self.name} ({', '.join(f'{count} {short}' for count, _, short in given)})"


def forecast(quorum: str, seats: Sequence[QuorumSeat], organisations: Sequence[str]) -> Forecast:
    """What the answers so far make of the quorum. `organisations` are those that meet; a seat of none of them, such as
    a neutral chair's, counts for none."""
    need = _need(" ".join(quorum.lower().split()), len(organisations))
    if need is None:
        return Forecast(None, _told(seats))
    sides = sorted((_side(name, need, seats) for name in organisations), key=lambda side: side.outlook)
    return Forecast(_together(sides, need.organisations), ", ".join(side.words for side in sides))


def _need(quorum: str, members: int) -> _Need | None:
    if found := _EACH.fullmatch(quorum):
        number = int(found[1]) if found[1].isdigit() else _NUMBERS[found[1]]
        role = (found[2] or "").removesuffix("s")
        return _Need(number, role or None, members) if role in ("", *_ROLES) else None
    if _ALL.fullmatch(quorum):
        return _Need(1, None, members)
    if found := _ALL_OF_A_ROLE.fullmatch(quorum):
        return _Need(1, found[1], members) if found[1] in _ROLES else None
    enough = quorum_members(quorum, members) if "," not in quorum else None
    return _Need(1, None, enough) if enough else None


def _side(name: str, need: _Need, seats: Iterable[QuorumSeat]) -> _Side:
    theirs = [seat for seat in seats if seat.organisation == name and need.role in (None, seat.role)]
    # Who has accepted comes, whatever the definition says of their absence: they know better.
    away = [seat for seat in theirs if seat.away and seat.says in (Says.OPEN, Says.TENTATIVE)]
    said = [seat.says for seat in theirs if seat not in away]
    return _Side(
        name,
        need.each,
        yes=said.count(Says.ACCEPTED),
        maybe=said.count(Says.TENTATIVE),
        open=said.count(Says.OPEN),
        declined=said.count(Says.DECLINED),
        away=len(away),
    )


def _together(sides: Sequence[_Side], needed: int) -> Outlook:
    """The outlook of the side that decides: with so many sides needed, the best ones count."""
    outlooks = sorted((side.outlook for side in sides), reverse=True)
    return outlooks[needed - 1] if 0 < needed <= len(outlooks) else Outlook.OUT_OF_REACH


def _told(seats: Iterable[QuorumSeat]) -> str:
    return ", ".join(f"{seat.name} {seat.says.words}" for seat in seats if seat.says is not Says.OPEN)
