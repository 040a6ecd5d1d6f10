"""The form on which a person reports one period of one KPI, or says by when they will."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.people import numbers_of
from scheduler.domain.errors import InvalidValue, NeedsConfirmation, UserError
from scheduler.domain.ids import KpiId
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.user_input import as_written
from scheduler.render.agenda.kpi_lines import target_words, value_to_type, value_words
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import REPORT
from scheduler.render.wording import WAYS, day_words, unnamed
from scheduler.rules.access import audience_of, may_see
from scheduler.services.app import App
from scheduler.services.cases.kpis import report
from scheduler.services.kpi_lookup import Call, Limits, call
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import StoreError, readings
from scheduler.web.links import payload

from . import promise_form
from .lifecycle import FormKind, HistoryLine, Said, Wrong, moment_words, name_of, remark

_MOST_LINES = 100


@dataclass(frozen=True)
class ReportForm:
    """The form as it is shown. `facts` are a name, a value, and whether it tells of lateness; `opens` says from when on
    it can be filled in, None where it can; `on_record` is the latest first, with so many `earlier` ones beyond it;
    `later` is the form that promises it."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    opens: str | None
    on_record: tuple[HistoryLine, ...]
    earlier: int
    is_milestone: bool
    unit: str | None
    value: str
    note: str
    later: promise_form.PromiseForm | None


@dataclass(frozen=True)
class _Asked:
    """What a link is for."""

    call: Call
    owed: Measurement
    person: str


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone: the KPI is there no more, or the person has left or may not see it."""
    said = payload(db, REPORT, token, now)
    try:
        named = call(app, db, said["kpi"], now, Limits(KpiId(said["kpi"]).partnership))
        owed = named.named(said["period"])
    except StoreError:
        raise
    except UserError as trouble:
        raise Gone(trouble.what) from None
    partnership = named.partnership.as_of(now)
    person = holder(app, db, partnership, said, now)
    if not may_see(named.kpi, audience_of(person, partnership)):
        raise Gone("it is for somebody else")
    has_duty(partnership, person, (named.kpi.owner, named.kpi.deputy, named.kpi.decides, owed.asked), now)
    return _Asked(named, owed, person)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> ReportForm:
    asked = _asked(app, db, now, token)
    named, owed, reading = asked.call, asked.owed, asked.owed.reading
    kpi, is_milestone = named.kpi, named.kpi.target.kind == "yes"
    before, lines = {"value": "", "note": ""}, tuple(_on_record(db, asked))
    if reading:
        value = value_words(kpi, reading) if is_milestone else as_written(reading.value, _convention(asked))
        before = {"value": value, "note": reading.note or ""}
    return ReportForm(
        partnership=_where(named),
        title=kpi.name,
        reader=name_of(named.partnership, asked.person),
        facts=(*_facts(owed), *promise_form.fact(named, owed)),
        opens=None if named.has_ended(owed) else day_words(owed.period.last + timedelta(days=1)),
        on_record=lines[:_MOST_LINES],
        earlier=len(lines[_MOST_LINES:]),
        is_milestone=is_milestone,
        unit=kpi.unit,
        later=promise_form.shown(named, owed, said),
        **{name: (said or before).get(name, "") for name in before},
    )


def _convention(asked: _Asked) -> str | None:
    partnership = asked.call.partnership
    return numbers_of(partnership.people[asked.person], partnership.organisations)


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    if promise_form.is_promise(said):
        promise_form.take(app, asked.call, asked.owed, asked.person, said, now)
    else:
        _report(app, now, asked, said)


def _report(app: App, now: datetime, asked: _Asked, said: Said) -> None:
    """Raises StoreError and Wrong."""
    owed, note = asked.owed, remark(said, "note")
    written = said.get("value", "").strip()
    if not written:
        what = sentence("Say whether it is met") if owed.kpi.target.kind == "yes" else sentence("Write the value")
        like = sentence("nothing was chosen") if owed.kpi.target.kind == "yes" else sentence("a number like 0.31")
        raise Wrong("value", InvalidValue(what, like))
    confirmed = said.get("confirm", "").strip() == written
    try:
        report(app, owed.id, owed.period.label, written, note, asked.person, now, "form", confirmed)
    except StoreError:
        raise
    except NeedsConfirmation as asked_back:
        raise Wrong("confirm", asked_back) from None
    except UserError as wrong:
        raise Wrong("value" if asked.call.has_ended(owed) else "", wrong) from None


def _where(named: Call) -> str:
    layer = named.partnership.layers.get(named.scope.layer or "")
    return f"{named.partnership.name}: {layer.name}" if layer else named.partnership.name


def _facts(owed: Measurement) -> Iterator[tuple[str, str, bool]]:
    first, last = day_words(owed.period.first), day_words(owed.period.last)
    yield (
        say("Period"),
        say("%(period)s (%(first)s to %(last)s)", period=owed.period.label, first=first, last=last),
        False,
    )
    yield say("Target"), say("met, as a milestone") if owed.kpi.target.kind == "yes" else target_words(owed.kpi), False
    yield say("Due"), day_words(owed.due), False
    if owed.asked_because:
        yield say("Because"), known(owed.asked_because), False
    if owed.status == "overdue":
        yield say("Overdue"), say("since %(day)s", day=day_words(owed.overdue_since)), True
    if owed.status == "excused" and owed.excuse:
        because, until = known(owed.excuse.because), owed.excuse.until
        words = say("until %(day)s: %(because)s", day=day_words(until), because=because) if until else because
        yield say("Excused"), words, False


def _on_record(db: Connection, asked: _Asked) -> Iterator[HistoryLine]:
    """What was reported of this period, the latest first."""
    kpi, partnership = asked.owed.kpi, asked.call.partnership
    of_period = [each for each in readings.history(db, asked.call.id) if each.period == asked.owed.period.label]
    for each in map(asked.owed.judged, reversed(of_period)):
        at = moment_words(partnership, asked.person, each.reported_at)
        value = value_to_type(kpi, each, _convention(asked))
        if kpi.target.kind != "yes":
            met, missed = say("%(value)s, target met", value=value), say("%(value)s, target missed", value=value)
            value = met if each.met else missed
        by = name_of(partnership, each.by, unnamed(each.way))
        yield HistoryLine(
            value,
            say("%(person)s %(way)s", person=by, way=say(WAYS[each.way])) if each.way else by,
            at,
            each.note,
        )


FORM = FormKind("report.html.j2", _shown, _taken)
