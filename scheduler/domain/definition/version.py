"""A definition as it once was: what it said, and from which moment on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .partnership import Partnership

VersionKind = Literal["first", "edit", "correction", "upgrade"]


@dataclass(frozen=True)
class Version:
    """A definition that was taken up at `taken_up_at`, a moment in UTC.

    The `first` version of a partnership counts as in force from the beginning, an `edit` from the moment at which it
    was taken up, a `correction` from the beginning of `since`, a civil date where each KPI's owner lives. `upgrade` is
    the definition that was on record when versions began to be kept: in force from the beginning, and `taken_up_at` is
    then the newest moment that was on record. `past_days` says how many days before it was taken up a first version
    still asks for.
    """

    definition: Partnership
    taken_up_at: datetime
    kind: VersionKind = "edit"
    since: date | None = None
    past_days: int | None = None
