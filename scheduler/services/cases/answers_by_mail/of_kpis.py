"""An answer about a period of a KPI: its value, that it comes later, or that there will be none."""

from dataclasses import replace

from scheduler.domain.definition.people import numbers_of
from scheduler.domain.errors import NotTheirs
from scheduler.domain.record.measurement import Measurement, Reading
from scheduler.render.agenda.kpi_lines import target_words, value_to_type
from scheduler.render.far_off import far_off_words
from scheduler.render.languages import sentence
from scheduler.render.wording import unnamed
from scheduler.rules.access import audience_of, may_see
from scheduler.rules.answers.understood import Confirmed, Excused, Promised, ReportedAs, Understood, understand
from scheduler.rules.permissions import who_reports
from scheduler.services.cases.kpi_pauses import pause
from scheduler.services.cases.kpis import IsFarOff, read_value, report
from scheduler.services.kpi_lookup import Call, Limits, call
from scheduler.services.still_theirs import has_duty

from .answering import Answering, Became, Said, became, said


def answer(of: Answering) -> Became:
    """Raises `InvalidValue` for what is not understood; `UserError` for what cannot be recorded."""
    asks = of.asked.asks
    named = call(of.app, of.db, asks.subject, of.now, Limits(asks.partnership))
    owed = named.named(asks.period)
    if not may_see(named.kpi, audience_of(of.person, named.partnership)):
        raise NotTheirs("it is for somebody else")
    has_duty(named.partnership, of.person, (named.kpi.owner, named.kpi.deputy, named.kpi.decides, owed.asked), of.now)
    says = understand(
        "milestone" if named.kpi.target.kind == "yes" else "value",
        of.said,
        named.today,
        convention=_convention(of),
        unit=named.kpi.unit,
        is_asked_back=of.asked.value is not None,
    )
    return _done(of, named, owed, says)


def _done(of: Answering, named: Call, owed: Measurement, says: Understood) -> Became:
    period = owed.period.label
    match says:
        case Confirmed():
            return _report(of, owed, of.asked.value or "", of.asked.note, confirmed=True)
        case ReportedAs():
            return _since(of, named, owed, says) or _report(of, owed, says.value, says.note)
        case Promised():
            pause(of.app, owed.id, period, "acknowledged", says.because, says.until, of.person, of.now)
            words = said(sentence("Promised for %(day)s: %(because)s"), day=says.until, because=says.because)
            return became("recorded", words)
        case Excused():
            if of.person not in who_reports(named.kpi, named.partnership):
                raise NotTheirs("it is not yours to excuse", "its owner or your alliance manager can")
            pause(of.app, owed.id, period, "excused", says.because, says.until, of.person, of.now)
            if says.until is None:
                return became("recorded", said(sentence("Excused: %(because)s"), because=says.because))
            words = said(sentence("Excused until %(day)s: %(because)s"), day=says.until, because=says.because)
            return became("recorded", words)
    raise AssertionError(says)


def _convention(of: Answering) -> str | None:
    return numbers_of(of.partnership.people[of.person], of.partnership.organisations)


def _since(of: Answering, named: Call, owed: Measurement, says: ReportedAs) -> Became | None:
    """What was reported since the letter was written, by another way or another person, is no slip of the writer's:
    they are asked before it is corrected. A later mail of their own corrects their earlier one."""
    reading = owed.reading
    if reading is None or reading.reported_at <= of.letter_at:
        return None
    is_own = reading.way == "mail" and reading.by == of.person
    if is_own and (of.mail.sent_at is None or of.mail.sent_at >= reading.reported_at.replace(microsecond=0)):
        return None
    value = read_value(owed.kpi, says.value, _convention(of))
    if value == reading.value:
        return _known(of, owed, reading)
    with of.speaking():
        standing, meant = _words(of, owed, reading), _words(of, owed, replace(reading, value=value))
        who = named.partnership.name_of(reading.by) if reading.by else unnamed(reading.way)
    since = said(sentence("%(value)s was reported since, by %(name)s."), value=standing, name=who)
    way_out = said(sentence('Answer "yes" to put %(value)s in its place.'), value=meant)
    return Became("asked back", (since,), way_out, says.value, says.note)


def _known(of: Answering, owed: Measurement, reading: Reading) -> Became:
    with of.speaking():
        return became("known", said(sentence("%(value)s is on record."), value=_words(of, owed, reading)))


def _report(of: Answering, owed: Measurement, value: str, note: str | None, *, confirmed: bool = False) -> Became:
    try:
        done = report(of.app, owed.id, owed.period.label, value, note, of.person, of.now, "mail", confirmed)
    except IsFarOff as asked_back:
        with of.speaking():
            words = said("%(words)s", words=far_off_words(asked_back.far))
        return Became("asked back", (words,), said(asked_back.hint), value, note)
    if not done.is_new:
        return _known(of, owed, done.reading)
    with of.speaking():
        says = [_judged(of, owed, done.reading)]
        if done.corrects:
            before = _words(of, owed, done.corrects)
            says.append(said(sentence("It takes the place of %(value)s."), value=before))
    if done.reading.note:
        says.append(said(sentence("Remark: %(note)s"), note=done.reading.note))
    return became("recorded", *says)


def _judged(of: Answering, owed: Measurement, reading: Reading) -> Said:
    value = _words(of, owed, reading)
    if owed.kpi.target.kind == "yes":
        return said(sentence("%(value)s."), value=value)
    met, missed = (
        sentence("%(value)s: the target is met (%(target)s)."),
        sentence("%(value)s: the target is missed (%(target)s)."),
    )
    return said(met if reading.met else missed, value=value, target=target_words(owed.kpi))


def _words(of: Answering, owed: Measurement, reading: Reading) -> str:
    return value_to_type(owed.kpi, reading, _convention(of))
