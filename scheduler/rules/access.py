"""Who reads: the one place that decides what may be seen.

A network-level KPI is shared by all partners. An actor-level KPI is internal to the organisation it is `of`: whatever
leaves the program passes here, and an actor-level KPI passes for that organisation alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from scheduler.domain.definition.vocabulary import Level, Role

if TYPE_CHECKING:
    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.definition.people import Person


@dataclass(frozen=True, slots=True)
class Audience:
    """The organisation that reads, by its key; None, the network level, for a reader of none or for everybody. The
    operator, who looks after the program, `sees_all`."""

    organisation: str | None = None
    sees_all: bool = False

    def is_of(self, organisations: Iterable[str]) -> bool:
        """Whether a partnership of these organisations is this audience's: everybody's but of another one's."""
        return self.organisation is None or self.organisation in organisations


JOINT = Audience()
"""Everybody of the partnership together."""
OPERATOR = Audience(sees_all=True)
"""Whoever looks after the program: on its machine nothing is hidden from them."""


def asked_for(organisation: str | None) -> Audience:
    """Who is to read what the operator asks for: an organisation, or without one the operator themselves."""
    return OPERATOR if organisation is None else Audience(organisation)


class _Measured(Protocol):
    @property
    def kpi(self) -> "Kpi": ...


M = TypeVar("M", bound=_Measured)


def audience_of(person: str, partnership: "Partnership") -> Audience:
    """What a person may see: their organisation's own; somebody of none (a neutral chair) the network level."""
    return Audience(partnership.organisation_of(person))


def internal_to(kpi: "Kpi | None") -> str | None:
    """The organisation that a KPI is internal to: an actor-level one names it, a network-level one may not."""
    return kpi.of if kpi else None


def may_see(kpi: "Kpi", audience: Audience) -> bool:
    """Whether this audience may learn of the KPI: its name, its figures, and that it exists. An actor-level KPI of no
    organisation, which no definition can say, reaches the operator alone."""
    if kpi.level is Level.ACTOR and kpi.of is None:
        return audience.sees_all
    return may_learn(internal_to(kpi), audience)


def may_hear(person: str, of: str | None, partnership: "Partnership") -> bool:
    """Whether a person may be told of a matter that is internal to the organisation `of` (None: to none)."""
    return is_open_to(partnership.organisation_of(person), of)


def is_open_to(organisation: str | None, of: str | None) -> bool:
    """Whether somebody of an organisation (None: of none) may be told of a matter that is internal to `of`."""
    return of is None or organisation == of


def may_learn(of: str | None, audience: Audience) -> bool:
    """Whether this audience may learn of a matter that is internal to the organisation `of` (None: to none)."""
    return audience.sees_all or of is None or of == audience.organisation


def may_be_said(of: str | None, readers: str | None, partnership: "Partnership") -> bool:
    """Whether a matter that is internal to the organisation `of` (None: to none) may be said where whoever has a mail
    address at the domain `readers` reads along; None is anybody. It may where all of them are of that organisation."""
    return of is None or {each.of for each in partnership.people.values() if _domain(each) == readers} == {of}


def is_operator(person: "Person", operators: Iterable[str]) -> bool:
    """Whether a person runs the program, and may be told a command of it: `operators` are the mail addresses of those
    who do."""
    return person.email.casefold() in {each.casefold() for each in operators}


def contact_for(person: str, partnership: "Partnership", operators: Collection[str]) -> str | None:
    """Who, by key, can do for a person what they cannot do themselves: an alliance manager of their own side, else
    one of the `operators`, an alliance manager first. None where there is neither."""
    others = {key: each for key, each in partnership.people.items() if key != person}
    managers = [key for key, each in others.items() if each.role is Role.ALLIANCE_MANAGER]
    side = partnership.organisation_of(person)
    own = (key for key in managers if partnership.organisation_of(key) == side)
    running = (key for key in (*managers, *others) if is_operator(others[key], operators))
    return next(own, next(running, None))


def _domain(person: "Person") -> str:
    return person.email.casefold().rpartition("@")[2]


def visible(measured: Iterable[M], audience: Audience) -> tuple[M, ...]:
    """Those of the measurements (or of whatever else bears a `kpi`) that this audience may see, in their order."""
    return tuple(each for each in measured if may_see(each.kpi, audience))
