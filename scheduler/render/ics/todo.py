"""A due KPI in a calendar, twice: as a to-do, and as an all-day event for the many programs that show no to-dos.

Outlook, Google and most telephones ignore VTODO. Both entries bear the same words and the same SEQUENCE and change
together; each has a UID of its own, which depends on the KPI and its period alone: an entry moves and is never doubled.
"""

from datetime import UTC

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.review import uid
from scheduler.render.agenda.kpi_lines import target_words
from scheduler.render.languages import known, say, sentence
from scheduler.render.languages.local_forms import is_local
from scheduler.render.wording import day_words, figure, period_words
from scheduler.rules.access import internal_to

from .components import DAY, begun, line, on_day, paragraphs
from .model import Due, name_of, whole_name
from .serializer import Entry

_SUMMARIES = {
    "open": sentence("Due: %(kpi)s"),
    "overdue": sentence("Overdue: %(kpi)s"),
    "reported": sentence("Reported: %(kpi)s"),
    "excused": sentence("Excused: %(kpi)s"),
}
_URGENT, _NORMAL = 1, 5
"""PRIORITY runs from 1, the highest, to 9 (RFC 5545 3.8.1.9)."""


def due_entries(due: Due) -> tuple[Entry, Entry]:
    """The VTODO of a KPI's period and its all-day twin."""
    told = begun("VTODO", _todo_uid(due), due.sequence, due.created_at, due.changed_at)
    _tell(told, due)
    return _todo(told.another("VTODO"), due), _twin(told.another("VEVENT"), due)


def _todo(todo: Entry, due: Due) -> Entry:
    measurement = due.measurement
    # DUE must lie after DTSTART (RFC 5545 3.8.2.3), also for a KPI that is due on its period's last day.
    todo.add("DTSTART", min(measurement.period.last, due.date - DAY))
    todo.add("DUE", due.date)
    todo.add("PRIORITY", _URGENT if measurement.status == "overdue" else _NORMAL)
    todo.add("PERCENT-COMPLETE", 100 if measurement.status == "reported" else 0)
    match measurement.status:
        case "reported":
            todo.add("STATUS", "COMPLETED")
            done = measurement.reading.reported_at if measurement.reading else due.changed_at
            todo.add("COMPLETED", done.astimezone(UTC))
        case "excused":
            todo.add("STATUS", "CANCELLED")
        case _:
            todo.add("STATUS", "NEEDS-ACTION")
    return todo


def _twin(event: Entry, due: Due) -> Entry:
    event.add("UID", uid(f"due-day:{_identity(due)}"))
    on_day(event, due.date)
    event.add("STATUS", "CANCELLED" if due.measurement.status == "excused" else "CONFIRMED")
    event.add("RELATED-TO", _todo_uid(due), RELTYPE="SIBLING")
    return event


def _tell(entry: Entry, due: Due) -> None:
    """What both entries say. A KPI internal to one organisation stays hidden where a person shares a calendar."""
    entry.add("SUMMARY", _summary(due))
    entry.add("DESCRIPTION", paragraphs(_standing(due), _terms(due)))
    entry.add("CONTACT", name_of(due.partnership, due.measurement.asked))
    entry.add("CATEGORIES", ["KPI"])
    if internal_to(due.kpi):
        entry.add("CLASS", "PRIVATE")


def _summary(due: Due) -> str:
    measurement = due.measurement
    name = line(due.kpi.name) or measurement.key
    where = whole_name(due.partnership, measurement.layer)
    what = f"{name} {period_words(measurement.period)} – {where}"
    return say(_SUMMARIES[measurement.status], kpi=what)


def _standing(due: Due) -> str:
    """What was reported, or since when it is overdue, or why it is excused."""
    measurement = due.measurement
    match measurement.status:
        case "reported" if measurement.reading:
            return say("Reported: %(value)s.", value=_value(measurement.reading, due.kpi))
        case "overdue":
            return say("Overdue since %(day)s.", day=day_words(measurement.overdue_since))
        case "excused" if measurement.excuse:
            because = measurement.excuse.because
            if measurement.excuse.until is None:
                return say("Excused: %(because)s", because=because)
            return say("Excused, until %(day)s: %(because)s", day=day_words(measurement.excuse.until), because=because)
        case _:
            return ""


def _value(reading: Reading, kpi: Kpi) -> str:
    if kpi.target.kind == "yes":
        return known("met" if reading.met else "missed")
    value = figure(reading.value, kpi.unit)
    return say("%(value)s, target met", value=value) if reading.met else say("%(value)s, target missed", value=value)


def _terms(due: Due) -> str:
    measurement, kpi = due.measurement, due.kpi
    asked, because = name_of(due.partnership, measurement.asked), measurement.asked_because
    short = f"{kpi.target} {kpi.unit}" if kpi.unit else str(kpi.target)
    target = target_words(kpi) if is_local() else short
    every = known(f"each {kpi.every.value}")
    who = f"{asked} ({known(because)})" if because else asked
    return "\n".join(
        (
            say("Target: %(target)s, %(every)s", target=target, every=every),
            say("Asked: %(person)s", person=who),
            say("Due by the end of %(day)s (%(zone)s)", day=day_words(due.date), zone=due.zone),
            say("Decides: %(person)s", person=name_of(due.partnership, kpi.decides)),
        )
    )


def _identity(due: Due) -> str:
    return f"{due.measurement.id}/{due.measurement.period.label}"


def _todo_uid(due: Due) -> str:
    return uid(f"due:{_identity(due)}")
