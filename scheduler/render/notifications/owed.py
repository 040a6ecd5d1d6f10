"""What is owed of a KPI's period, as the template of its kind is given it: as it stands when a letter is written."""

from dataclasses import dataclass

from scheduler.domain.record.measurement import Flag, Measurement
from scheduler.render.agenda.kpi_lines import Names, target_words
from scheduler.render.ics.components import line


@dataclass(frozen=True, slots=True)
class ReaderOf:
    """Who reads of a KPI, by their key, and how people are named to them."""

    key: str
    name: Names


@dataclass(frozen=True, slots=True)
class Excused:
    """An excuse by its `kind`, who gave it, until when (an ISO date), and whether that has passed."""

    kind: str
    by: str | None
    until: str
    is_over: bool
    because: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed of a KPI's period, for the template of its kind: who is `asked` to report it, perhaps with why;
    whether that is the reader, and whether they can. Days are ISO dates; `overdue_since` and `days_late`, in working
    days after the due day, are None where it is not overdue. `is_brief` where it stands behind a longer matter of the
    same KPI."""

    asked: str
    asked_because: str | None
    is_asked: bool
    may_report: bool
    due: str
    overdue_since: str | None
    days_late: int | None
    target: str
    excuse: Excused | None
    is_brief: bool


def owed_by(owed: Measurement, flag: Flag | None, reader: ReaderOf, *, is_brief: bool) -> Owed:
    """What is owed, as its reader is told; `flag` is its own where it is overdue."""
    return Owed(
        asked=reader.name(owed.asked),
        asked_because=owed.asked_because,
        is_asked=reader.key == owed.asked,
        may_report=_may_report(owed, reader),
        due=owed.due.isoformat(),
        overdue_since=owed.overdue_since.isoformat() if flag else None,
        days_late=flag.working_days_overdue if flag else None,
        target=target_words(owed.kpi),
        excuse=_excused(owed, reader),
        is_brief=is_brief,
    )


def _excused(owed: Measurement, reader: ReaderOf) -> Excused | None:
    excuse = owed.excuse
    if excuse is None or excuse.until is None:
        return None
    by, is_over = reader.name(excuse.by) if excuse.by else None, not owed.held_until
    return Excused(excuse.kind, by, excuse.until.isoformat(), is_over, line(excuse.because, 500))


def _may_report(owed: Measurement, reader: ReaderOf) -> bool:
    return reader.key in (owed.asked, owed.kpi.owner, owed.kpi.deputy)
