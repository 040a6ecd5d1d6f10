"""Is there a quorum? One rule, by what attendees have answered (will there be?) and by who was there (was there?).

Each seat says whether somebody comes: "accepted" is there, "declined" is not, "open" is not known yet. A seat whose
holder sends somebody else is filled by them. What has to be there is counted by the outlook that is worst.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from scheduler.domain.definition.quorum import Including, Quorum, Share, read
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.rsvp import Says

from .scope import Scope


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
    """Somebody who is expected: of which organisation (its name), in which role, what they answered, whether they are
    away, and whether they act for the investor. `is_guest`: came without being expected, and counts for their side
    alone. `sends_somebody`: does not come, and somebody else sits in the seat."""

    name: str
    organisation: str | None
    role: Role | None
    says: Says = Says.OPEN
    away: bool = False
    is_investors: bool = False
    is_guest: bool = False
    sends_somebody: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outlook, None where the words for the quorum are not understood, and what it rests on, in words."""

    outlook: Outlook | None
    told: tuple[str, ...]
    """A clause for each side, or each seat."""

    @property
    def because(self) -> str:
        return ", ".join(self.told)

    @property
    def words(self) -> str:
        """``still open: Globex has not answered, Acme has accepted``"""
        return f"{self.outlook.words}: {self.because}" if self.outlook is not None else self.because


class _Group(NamedTuple):
    """Seats that count together, by what was answered."""

    name: str
    needed: int
    yes: int
    maybe: int
    open: int
    declined: int
    away: int
    sent: int = 0

    @property
    def outlook(self) -> Outlook:
        sure = self.yes + self.sent
        possible = sure + self.maybe + self.open
        if sure >= self.needed:
            return Outlook.REACHED
        if possible < self.needed:
            return Outlook.OUT_OF_REACH
        has_lost = bool(self.declined or self.away)
        is_close = sure + self.open < self.needed or (has_lost and possible == self.needed)
        return Outlook.ENDANGERED if is_close else Outlook.OPEN

    @property
    def words(self) -> str:
        answered = [
            (self.yes, "has accepted", "accepted"),
            (self.sent, "sends a stand-in", "sending a stand-in"),
            (self.maybe, "may come", "may come"),
            (self.open, "has not answered", "not answered"),
            (self.declined, "has declined", "declined"),
            (self.away, "is away", "away"),
        ]
        given = [each for each in answered if each[0]]
        if not given:
            return f"nobody of {self.name} is expected"
        if self.needed == 1 and (self.yes or self.sent or len(given) == 1):
            return f"{self.name} {given[0][1]}"
        return f"{self.name} ({', '.join(f'{count} {short}' for count, _, short in given)})"


def is_investors(scope: Scope, organisation: str | None) -> bool:
    """Whether an organisation (its key) holds the stake of an equity alliance."""
    equity = scope.requirements.equity
    return equity is not None and equity.holder == organisation


def forecast(quorum: str, seats: Sequence[QuorumSeat], organisations: Sequence[str]) -> Forecast:
    """What the answers so far make of the quorum, as a review has it in words. `organisations` are those that meet; a
    seat of none of them, such as a neutral chair's, counts for no side."""
    rule = read(quorum)
    if rule is None:
        return Forecast(None, tuple(_told(seats)))
    demands = [*_demands(rule, seats, organisations)]
    words = (each for _, of_demand in demands for each in of_demand)
    return Forecast(min(outlook for outlook, _ in demands), tuple(words))


def is_quorate(quorum: str, seats: Sequence[QuorumSeat], organisations: Sequence[str]) -> bool | None:
    """Whether there was a quorum, where each seat says who was there; None: it is not known, for want of who was there,
    or because the words for the quorum cannot be read."""
    return {Outlook.REACHED: True, Outlook.OUT_OF_REACH: False}.get(forecast(quorum, seats, organisations).outlook)  # type: ignore[arg-type]  # None is no key


def _demands(
    rule: Quorum, seats: Sequence[QuorumSeat], organisations: Sequence[str]
) -> Iterator[tuple[Outlook, list[str]]]:
    """Each thing that is asked for: how likely it is, and what that rests on."""
    if rule.seats is not None:
        yield _of_seats(rule.seats, seats)
    else:
        needed = rule.share.of(len(organisations)) if rule.share else len(organisations)
        groups = [_side(name, rule.per_side or 1, rule.of, seats) for name in organisations]
        groups.sort(key=lambda group: group.outlook)
        yield _together(groups, needed), [group.words for group in groups]
    if rule.including is not None:
        yield _including(rule.including, seats)


def _of_seats(share: Share, seats: Sequence[QuorumSeat]) -> tuple[Outlook, list[str]]:
    expected = [seat for seat in seats if not seat.is_guest]
    group = _group("of those invited", share.of(len(expected)), expected)
    answered = (
        (group.yes, "accepted"),
        (group.sent, "sending a stand-in"),
        (group.maybe, "may come"),
        (group.open, "not answered"),
    )
    lost = ((group.declined, "declined"), (group.away, "away"))
    told = ", ".join(f"{count} {short}" for count, short in (*answered, *lost) if count)
    return group.outlook, [f"{told or 'nobody'} of {len(expected)} invited"]


def _including(wanted: Including, seats: Iterable[QuorumSeat]) -> tuple[Outlook, list[str]]:
    theirs = [seat for seat in seats if seat.role is wanted.role and (wanted.of is None or seat.is_investors)]
    group = _group(wanted.words, 1, theirs)
    return group.outlook, [group.words if theirs else f"{wanted.words} is not among those invited"]


def _side(name: str, needed: int, roles: tuple[Role, ...], seats: Iterable[QuorumSeat]) -> _Group:
    return _group(name, needed, (s for s in seats if s.organisation == name and (not roles or s.role in roles)))


def _group(name: str, needed: int, seats: Iterable[QuorumSeat]) -> _Group:
    sent, theirs = _parted(seats)
    # Who has accepted comes, whatever the definition says of their absence: they know better.
    away = [seat for seat in theirs if seat.away and seat.says in (Says.OPEN, Says.TENTATIVE)]
    said = [seat.says for seat in theirs if seat not in away]
    return _Group(
        name,
        needed,
        yes=said.count(Says.ACCEPTED),
        maybe=said.count(Says.TENTATIVE),
        open=said.count(Says.OPEN),
        declined=said.count(Says.DECLINED),
        away=len(away),
        sent=sent,
    )


def _parted(seats: Iterable[QuorumSeat]) -> tuple[int, list[QuorumSeat]]:
    """How many seats somebody else sits in, and the others."""
    all_of_them = [*seats]
    others = [seat for seat in all_of_them if not seat.sends_somebody]
    return len(all_of_them) - len(others), others


def _together(groups: Sequence[_Group], needed: int) -> Outlook:
    """The outlook of the side that decides: with so many sides needed, the best ones count."""
    outlooks = sorted((group.outlook for group in groups), reverse=True)
    return outlooks[needed - 1] if 0 < needed <= len(outlooks) else Outlook.OUT_OF_REACH


def _told(seats: Iterable[QuorumSeat]) -> Iterator[str]:
    yield from (f"{seat.name} {seat.says.words}" for seat in seats if seat.says is not Says.OPEN)
