"""A KPI: the line of its last two years, what was said of each period and by whom, how far its lateness has climbed;
its owner reports and corrects here, says by when it will be, or why it need not be."""

from datetime import date

from scheduler.domain.definition.target import Target
from scheduler.domain.errors import InvalidValue, NeedsConfirmation, UnknownKpi, UserError, WrongDay
from scheduler.domain.ids import KpiId
from scheduler.render.languages import known, say, sentence
from scheduler.render.pictures.line import PeriodValue, line
from scheduler.render.wording import WAYS, day_words, unnamed
from scheduler.rules import permissions
from scheduler.services.cases.kpi_pauses import last_promised, pause
from scheduler.services.cases.kpis import report
from scheduler.services.kpi_lookup import Call, Limits, call
from scheduler.services.viewer import NotThere
from scheduler.services.views.kpi_overview import KpiOverview, PeriodFacts, kpi_overview
from scheduler.store import StoreError, partnerships
from scheduler.web.forms.lifecycle import Wrong, day_of, remark

from .page import Acting, Asked, Done, Page, Shown, of_its_id

_WIDE, _NARROW = 760, 320
_REPORTED = {
    False: sentence("%(period)s is reported."),
    True: sentence("%(period)s is reported. It is overdue no longer."),
}
_CORRECTED = {
    False: sentence("%(period)s is corrected."),
    True: sentence("%(period)s is corrected. It is overdue no longer."),
}
_EXCUSED = sentence("%(period)s is excused until %(day)s.")
_PROMISED = sentence("%(period)s is promised for %(day)s. It stays overdue, and nobody further is told before.")


def _show(asked: Asked) -> Shown[KpiOverview]:
    id = asked.params["id"]
    try:
        facts = kpi_overview(asked.app, asked.db, id, asked.now, asked.audience(KpiId(id).partnership))
    except UnknownKpi:
        raise NotThere from None
    shown = drawn(facts)
    person = asked.viewer.person(facts.partnership)
    may = _who_reports(asked, facts)
    more = {
        "wide": line(shown, _WIDE, 280),
        "narrow": line(shown, _NARROW, 200),
        "may_report": bool(may) and (asked.viewer.sees_all or person in may),
        "is_milestone": Target.read(facts.target).kind == "yes",
        "first_promise": facts.today.isoformat(),
        "last_promise": last_promised(facts.today),
        "chosen": asked.query.get("period", ""),
        "ways": WAYS,
        "unnamed": unnamed,
    }
    return Shown(facts.name, facts, more)


def drawn(facts: KpiOverview) -> list[PeriodValue]:
    """The periods as a line shows them, but for the one that still runs: that nothing is reported of it is no gap."""
    is_gone = facts.dropped_on is not None
    return [as_shown(each) for each in facts.periods if is_gone or each.has_ended or each.value is not None]


def as_shown(period: PeriodFacts) -> PeriodValue:
    """A period as a line shows it."""
    target = Target.read(period.target) if period.target else None
    stands = period.words and f"{known(period.words)}, {known(period.stands or '')}"
    said = stands or known(period.status or "not reported")
    words = {"period": period.name, "reading": said}
    told = say("%(period)s: %(reading)s, corrected", **words) if period.is_corrected else f"{period.name}: {said}"
    return PeriodValue(period.label, period.value, target, period.met, period.is_corrected, told)


def _who_reports(asked: Asked, facts: KpiOverview) -> frozenset[str]:
    """Nobody, where the definition has the KPI no more, or the partnership was ended."""
    row = partnerships.get(asked.db, facts.partnership)
    definition = asked.app.in_force(row).as_of(asked.now) if row and not row.ended_at else None
    kpi = definition.kpi(facts.id) if definition else None
    return permissions.who_reports(kpi, definition) if kpi and definition else frozenset()


def _acted_on(acting: Acting, what: str) -> tuple[Call, str | None]:
    """The KPI of the page, and who acts on it, who may. Raises NotThere and permissions.Refused."""
    id = acting.params["id"]
    partnership = KpiId(id).partnership
    audience = acting.viewer.audience(partnership)
    with acting.app.store.read() as db:
        try:
            named = call(acting.app, db, id, acting.now, Limits.of(audience, partnership))
        except UnknownKpi:
            raise NotThere from None
    definition = named.partnership.as_of(acting.now)
    acting.check(definition, permissions.who_reports(named.kpi, definition), what)
    return named, acting.person(partnership)


def _report(acting: Acting) -> Done:
    named, person = _acted_on(acting, "report this KPI")
    said = acting.said
    written = said.get("value", "").strip()
    if not written:
        is_milestone = named.kpi.target.kind == "yes"
        raise Wrong("value", InvalidValue("Say whether it is met" if is_milestone else "Write the value", ""))
    confirmed = said.get("confirm", "").strip() == written
    note = remark(said, "note")
    try:
        done = report(
            acting.app, named.id, said.get("period") or None, written, note, person, acting.now, "form", confirmed
        )
    except StoreError:
        raise
    except NeedsConfirmation as asked_back:
        raise Wrong("confirm", asked_back) from None
    except UserError as wrong:
        raise Wrong("value", wrong) from None
    if not done.is_new:
        return Done(lambda: say("%(period)s had this value already: nothing changed.", period=done.owed.period.name))
    words = _CORRECTED if done.corrects else _REPORTED
    return Done(lambda: say(words[done.is_settled], period=done.owed.period.name))


def _pause(acting: Acting, kind: str, day: str, why: str) -> Done:
    is_promise = kind == "acknowledged"
    named, person = _acted_on(acting, "acknowledge this KPI" if is_promise else "excuse this KPI")
    until = _until(acting, day, is_promise)
    because = remark(acting.said, why)
    if because is None:
        raise Wrong(why, InvalidValue("Say why", "a few words will do"))
    try:
        owed = pause(
            acting.app,
            named.id,
            acting.said.get("which") or None,
            "acknowledged" if is_promise else "excused",
            because,
            until,
            person,
            acting.now,
        )
    except WrongDay as wrong:
        raise Wrong(day, wrong) from None
    if until is None:
        return Done(lambda: say("%(period)s is excused.", period=owed.period.name))
    words = _PROMISED if is_promise else _EXCUSED
    return Done(lambda: say(words, period=owed.period.name, day=day_words(until)))


def _until(acting: Acting, day: str, is_needed: bool) -> date | None:
    if not is_needed and not acting.said.get(day, "").strip():
        return None
    return day_of(acting.said, day, ("Name the day", "by its end it will be reported"))


def _acknowledge(acting: Acting) -> Done:
    return _pause(acting, "acknowledged", "promised", "promise_because")


def _excuse(acting: Acting) -> Done:
    return _pause(acting, "excused", "until", "because")


PAGE = Page(
    "/kpis/{id:path}",
    "kpi.html.j2",
    _show,
    {"report": _report, "acknowledge": _acknowledge, "excuse": _excuse},
    past=of_its_id,
)
