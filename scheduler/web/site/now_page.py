"""What needs its reader now: what to decide, what they owe, what reached them, their next reviews and dates; answered
where it is shown."""

from scheduler.domain.errors import InvalidValue, NeedsConfirmation, UserError
from scheduler.domain.ids import KpiId, ReviewId
from scheduler.domain.record.rsvp import Says
from scheduler.render.languages import known, say, sentence
from scheduler.render.standing import sentences
from scheduler.rules.access import may_see
from scheduler.rules.permissions import who_reports
from scheduler.services.cases import attendance, kpi_pauses, kpis
from scheduler.services.viewer import NotThere
from scheduler.services.views import now as view
from scheduler.store import StoreError
from scheduler.web.forms.lifecycle import Wrong, remark

from . import duties, paths
from .page import Acting, Asked, Done, Page, Shown

_COME = {
    Says.ACCEPTED: sentence("You come to the %(review)s."),
    Says.TENTATIVE: sentence("You may come to the %(review)s."),
    Says.DECLINED: sentence("You do not come to the %(review)s."),
}
_SAYS = {"accepted": Says.ACCEPTED, "tentative": Says.TENTATIVE, "declined": Says.DECLINED}


def _show(asked: Asked) -> Shown[view.Now]:
    viewer = asked.viewer
    if asked.on:
        raise UserError("What needs you is only known for today", "a partnership's page shows how a past day stood")
    if viewer.as_organisation:
        raise UserError("What needs somebody now is theirs alone", "the other pages show what a side sees")
    facts = view.now_of(asked.app, asked.db, viewer, asked.now)
    promised = kpi_pauses.last_promised(facts.today)
    more = {"last_promised": promised, "days": view.DAYS_OF_REVIEWS, "because": _because(asked, facts)}
    return Shown(say("Now"), facts, more)


def _because(asked: Asked, facts: view.Now) -> dict[str, str]:
    """Why partnerships are not on course, in words, by their ids."""
    causes = {each.partnership: each.cause for each in facts.standings if each.cause}
    words = sentences(list(causes.values()), asked.app.settings.template_folders, brief=True)
    return {id: f"{said[:1].upper()}{said[1:]}" for id, said in zip(causes, words, strict=True)}


def _report(acting: Acting) -> Done:
    kpi, period = acting.said.get("subject", ""), acting.said.get("period") or None
    person = _reporter(acting, kpi, "report this KPI")
    written = acting.said.get("value", "").strip()
    if not written:
        raise Wrong("value", InvalidValue("Write the value", "a number like 0.31"))
    is_meant = acting.said.get("confirm", "").strip() == written
    note = remark(acting.said, "note")
    try:
        done = kpis.report(acting.app, kpi, period, written, note, person, acting.now, "form", is_meant)
    except StoreError:
        raise
    except NeedsConfirmation as asked_back:
        raise Wrong("confirm", asked_back) from None
    except UserError as wrong:
        raise Wrong("value", wrong) from None

    def words() -> str:
        of = {"kpi": done.owed.kpi.name, "period": done.owed.period.name}
        if done.is_settled:
            return say("%(kpi)s is reported for %(period)s. It is no longer overdue.", **of)
        return say("%(kpi)s is reported for %(period)s.", **of)

    return Done(words)


def _promise(acting: Acting) -> Done:
    """Whoever is to report says that it comes later, and why."""
    kpi, period = acting.said.get("subject", ""), acting.said.get("period") or None
    person = _reporter(acting, kpi, "promise this KPI")
    until, because = duties.day(acting, "until"), remark(acting.said, "because")
    if because is None:
        raise Wrong("because", InvalidValue(sentence("Say why it comes later"), sentence("in a few words")))
    try:
        owed = kpi_pauses.pause(acting.app, kpi, period, "acknowledged", because, until, person, acting.now)
    except StoreError:
        raise
    except UserError as wrong:
        raise Wrong("until", wrong) from None
    of = {"kpi": owed.kpi.name, "period": owed.period.name}
    return Done(lambda: say("%(kpi)s for %(period)s is promised; nobody further is told before.", **of))


def _answer(acting: Acting) -> Done:
    id, says = acting.said.get("subject", ""), _SAYS.get(acting.said.get("says", ""))
    if says is None:
        raise Wrong("says", InvalidValue("Choose one", "whether you come"))
    sequence = acting.said.get("sequence", "")
    seen = int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else -1
    person = duties.person(acting, ReviewId(id).partnership)
    record = attendance.answer(acting.app, id, person, says, acting.now, sequence=seen)
    return Done(lambda: say(_COME[says], review=known(record.review.full_title)))


def _reporter(acting: Acting, kpi: str, what: str) -> str | None:
    partnership = duties.partnership(acting, KpiId(kpi).partnership)
    known = partnership.kpi(kpi)
    if known is None or not may_see(known, acting.viewer.audience(partnership.partnership)):
        raise NotThere
    acting.check(partnership, who_reports(known, partnership), what)
    return acting.person(partnership.partnership)


PAGE = Page(
    paths.NOW,
    "now.html.j2",
    _show,
    {
        "report": _report,
        "promise": _promise,
        "tick": duties.tick,
        "finish": duties.finish,
        "answer": _answer,
        "open": duties.open_form,
    },
)
