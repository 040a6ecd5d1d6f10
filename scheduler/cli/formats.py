"""How reviews, measurements and flags look from outside: as JSON objects whose keys others rely on, and in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scheduler.rules.calendar.wall_clock import when as when

if TYPE_CHECKING:
    from scheduler.domain.record.measurement import Excuse, Flag, Measurement, Reading
    from scheduler.domain.record.notification import Notified
    from scheduler.domain.record.review import Recorded
    from scheduler.store.tables import ApiTokenRow, SubscriptionRow

Object = dict[str, Any]


def review(record: "Recorded") -> Object:
    """A review as `reviews --json` lists it. People are named by their keys, moments have their zone's offset."""
    plan = record.review
    return {
        "id": plan.id,
        "uid": plan.uid,
        "partnership": plan.partnership,
        "layer": plan.layer,
        "series": plan.series,
        "kind": plan.kind,
        "model": plan.model,
        "title": plan.title,
        "period": plan.period,
        "start": plan.start,
        "end": plan.end,
        "timezone": plan.timezone,
        "nominal_date": plan.nominal_date,
        "moved_because": plan.moved_because,
        "moved_by_person": record.moved_by_person,
        "status": record.status,
        "because": record.because,
        "sequence": record.sequence,
        "agenda_owner": plan.agenda_owner,
        "deputy": plan.deputy,
        "chair": plan.chair,
        "attendees": plan.attendees,
        "quorum": plan.quorum,
        "place": plan.place,
        "clocks": dict(plan.clocks),
        "minutes": record.minutes is not None,
    }


def measurement(owed: "Measurement") -> Object:
    """A KPI's period as `kpi list --json` lists it; `organisation` is whose own an actor-level KPI is. `target` is what
    it was judged against, null where that is not on record."""
    kpi, reading = owed.kpi, owed.reading
    return {
        "id": owed.id,
        "kpi": owed.key,
        "name": kpi.name,
        "partnership": owed.partnership,
        "layer": owed.layer,
        "level": kpi.level,
        "organisation": kpi.of,
        "owner": kpi.owner,
        "deputy": kpi.deputy,
        "asked": owed.asked,
        "asked_because": owed.asked_because,
        "period": owed.period.label,
        "period_start": owed.period.first,
        "period_end": owed.period.last,
        "due": owed.due,
        "overdue_since": owed.overdue_since,
        "status": owed.status,
        "value": reading.value if reading else None,
        "target": str(owed.judged_by) if owed.judged_by else None,
        "met": reading.met if reading else None,
        "unit": kpi.unit,
        "reported_at": reading.reported_at if reading else None,
        "reported_by": reading.by if reading else None,
        "reported_way": reading.way if reading else None,
        "note": reading.note if reading else None,
        "excuse": owed.excuse.because if owed.excuse else None,
        "excused_until": owed.excuse.until if owed.excuse else None,
        "acknowledged": owed.excuse is not None and owed.excuse.kind == "acknowledged",
        "held_until": owed.held_until,
    }


def reading(value: "Reading", counts: bool) -> Object:
    """A value that was reported, as `kpi show --json` lists it; of those of one period, the last `counts`."""
    return {
        "value": value.value,
        "met": value.met,
        "counts": counts,
        "reported_at": value.reported_at,
        "reported_by": value.by,
        "way": value.way,
        "note": value.note,
    }


def excuse(given: "Excuse") -> Object:
    return {
        "kind": given.kind,
        "because": given.because,
        "until": given.until,
        "given_at": given.given_at,
        "given_by": given.by,
    }


def overdue(flag: "Flag", notified: Sequence["Notified"]) -> Object:
    """An overdue KPI as `overdue --json` lists it; `told` are those who were told, `untold` those whose letter still
    waits or could not be delivered, in the order of the steps."""
    owed = flag.measurement
    return {
        "id": owed.id,
        "kpi": owed.key,
        "name": owed.kpi.name,
        "partnership": owed.partnership,
        "layer": owed.layer,
        "level": owed.kpi.level,
        "organisation": owed.kpi.of,
        "owner": owed.kpi.owner,
        "deputy": owed.kpi.deputy,
        "asked": owed.asked,
        "asked_because": owed.asked_because,
        "period": owed.period.label,
        "period_start": owed.period.first,
        "period_end": owed.period.last,
        "due": owed.due,
        "overdue_since": owed.overdue_since,
        "working_days_overdue": flag.working_days_overdue,
        "rung": flag.rung,
        "told": [
            {"person": each.person, "rung": each.rung, "on": each.on, "told_at": each.at}
            for each in notified
            if each.delivered == "told"
        ],
        "untold": [
            {
                "person": each.person,
                "rung": each.rung,
                "on": each.on,
                "state": each.delivered,
                "because": each.because,
            }
            for each in notified
            if each.delivered != "told"
        ],
        "agenda": next((step.agenda for step in reversed(flag.reached) if step.agenda), None),
        "held_until": owed.held_until,
        "held_because": owed.excuse.because if owed.excuse and owed.held_until else None,
        "next_rung": flag.next.rung if flag.next else None,
        "next_on": flag.next.on if flag.next else None,
        "next_tells": flag.next.tell if flag.next else (),
    }


def opened(row: "SubscriptionRow | ApiTokenRow") -> Object:
    """What lets somebody in, as JSON; the hash of its token is nobody's business."""
    return row.model_dump(exclude={"token_hash"})


def minute(moment: "datetime | None") -> str:
    """``2026-12-24 09:05 UTC``; nothing for none."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
