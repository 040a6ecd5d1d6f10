"""Ids as values: text that says of what it is the id.

    acme-globex                             a partnership, and the scope of its umbrella
    acme-globex/emea                        the scope of a layer
    acme-globex/emea/pipeline               a KPI
    acme-globex/emea/operating              a series
    acme-globex/emea/operating/2026-12      a review
    acme-globex/emea/operating/2026-12#3    an action that its minutes gave; ``#P3`` an item that they left unfinished
    acme-globex/emea/operating/2026-12!2    a decision that it took

An id is for ever, by the keys under which a thing came onto the record first. It is a `str` that parses itself, and
goes into the database, JSON and messages as it is. Nothing is checked: whether there is such a thing, the record
knows.
"""

from typing import Self


class Id(str):
    """The id of anything that belongs to a partnership."""

    __slots__ = ()

    @property
    def partnership(self) -> str:
        return self.partition("/")[0].partition("#")[0].partition("!")[0]


class ScopeId(Id):
    """``<partnership>`` or ``<partnership>/<layer>``."""

    __slots__ = ()

    @classmethod
    def of(cls, partnership: str, layer: str | None) -> Self:
        return cls(f"{partnership}/{layer}" if layer else partnership)

    @property
    def layer(self) -> str | None:
        return self.partition("/")[2] or None

    def kpi(self, key: str) -> "KpiId":
        return KpiId(f"{self}/{key}")

    def series(self, key: str) -> "SeriesId":
        return SeriesId(f"{self}/{key}")


class _Beneath(Id):
    """``<parent>/<key>``."""

    __slots__ = ()

    @property
    def parent(self) -> str:
        return self.rpartition("/")[0]

    @property
    def key(self) -> str:
        return self.rpartition("/")[2]


class _InScope(_Beneath):
    __slots__ = ()

    @property
    def scope(self) -> ScopeId:
        return ScopeId(self.parent)


class KpiId(_InScope):
    """``<scope>/<key of the KPI>``."""

    __slots__ = ()


class SeriesId(_InScope):
    """``<scope>/<key of the series>``; checkpoints and formal reviews have one too, by their kind."""

    __slots__ = ()

    def review(self, key: str) -> "ReviewId":
        return ReviewId(f"{self}/{key}")


class ReviewId(_Beneath):
    """``<series>/<period>``, of a formal review the day on which it was called; a checkpoint's is
    ``<scope>/checkpoint``, ``<scope>/checkpoint-2`` and so on, so its parent is the scope."""

    __slots__ = ()


class FromMinutesId(Id):
    """``<review>#<n>`` of an action, ``<review>#P<n>`` of an unfinished item, ``<review>#X<n>`` of a task of the exit
    that was decided there, ``<review>#C<n>`` of the action plan of a cure, ``<review>!<n>`` of a decision."""

    __slots__ = ()

    @property
    def number(self) -> int:
        return 0 if self.is_milestone else int(self.rpartition("!" if "!" in self else "#")[2].lstrip("PXC"))

    @property
    def is_of_exit(self) -> bool:
        return self.rpartition("#")[2].startswith("X")

    @property
    def is_milestone(self) -> bool:
        """Whether it is no number that follows, but the key of a paper's milestone: ``<partnership>/mou#M-<key>``."""
        return self.rpartition("#")[2].startswith("M-")

    @property
    def is_of_cure(self) -> bool:
        return self.rpartition("#")[2].startswith("C")

    @property
    def is_of_minutes(self) -> bool:
        """Whether it is the number of an action that minutes gave."""
        return self.rpartition("#")[2].isdecimal()
