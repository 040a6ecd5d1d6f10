"""Who reads: the one place that decides what may be seen.

A network-level KPI is shared by all partners. An actor-level KPI is internal to the organisation it is `of`: whatever
leaves the program passes here, and an actor-level KPI passes for that organisation alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from scheduler.domain.kpi import Kpi
from scheduler.domain.partnership import Partnership
from scheduler.domain.terms import Level


@dataclass(frozen=True, slots=True)
class Audience:
    """The organisation that reads, by its key; None, the network level, for a reader of none or for everybody."""

    organisation: str | None = None


JOINT = Audience()
"""Everybody of the partnership together."""


class _Measured(Protocol):
    @property
    def kpi(self) -> Kpi: ...


M = TypeVar("M", bound=_Measured)


def audience_of(person: str, partnership: Partnership) -> Audience:
    """What a person may see: their organisation's own; somebody of none (a neutral chair) the network level."""
    return Audience(partnership.organisation_of(person))


def may_see(kpi: Kpi, audience: Audience) -> bool:
    """Whether this audience may learn of the KPI: its name, its figures, and that it exists."""
    return kpi.level is Level.NETWORK or (kpi.of is not None and kpi.of == audience.organisation)


def visible(measured: Iterable[M], audience: Audience) -> tuple[M, ...]:
    """Those of the measurements (or of whatever else bears a `kpi`) that this audience may see, in their order."""
    return tuple(each for each in measured if may_see(each.kpi, audience))
