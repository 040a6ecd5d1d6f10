"""A 90-day checkpoint: the success written before signing with its evidence and verdicts, the launch track, the
decision; judged, ticked and decided where it stands."""

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.verdict import COURSES, JUDGED
from scheduler.render.agenda.deciding_lines import decided_by
from scheduler.render.languages import known, say, sentence
from scheduler.rules.kpis.verdicts import internal_to, judge_of
from scheduler.rules.permissions import who_decides, who_judges, who_ticks
from scheduler.services.cases import checkpoint as verdicts
from scheduler.services.cases import course, launch_track, own_matters
from scheduler.services.cases.confirmations import are_possible
from scheduler.services.cases.sign_in.entry import is_vouched_for
from scheduler.services.viewer import NotThere
from scheduler.services.views import checkpoint_sheet as view
from scheduler.services.views.checkpoint_sheet import CheckpointDossier, Sheet
from scheduler.web.forms.course_form import WORDS
from scheduler.web.forms.lifecycle import Wrong, remark

from . import duties, paths
from .page import Acting, Asked, Done, Page, Shown, of_its_id


def _show(asked: Asked) -> Shown[CheckpointDossier]:
    id = asked.params["id"]
    audience = asked.audience(ReviewId(id).partnership)
    try:
        found = view.checkpoint(asked.app, id, asked.now, audience)
    except UserError:
        raise NotThere from None
    facts = view.facts_of(found)
    return Shown(f"{known(facts.title)}: {facts.scope_name}", facts, _may(asked, found))


def _may(asked: Asked, found: Sheet) -> dict[str, object]:
    """What its reader may do on it: which criteria they may judge and which steps tick, by key."""
    review, definition = found.record.review, found.definition
    operator = asked.viewer.sees_all
    person = asked.viewer.person(review.partnership)

    def may(people: frozenset[str]) -> bool:
        return operator or person in people

    criteria = found.scope.success.criteria if found.scope.success else ()
    return {
        "judges": {
            each.id
            for each in criteria
            if person
            and may(who_judges(judge_of(each, found.scope), internal_to(each, found.scope), review, definition))
        },
        "ticks": {each.key for each in found.track if person and may(who_ticks(each.owner, review, definition))},
        "decides": person is not None and may(who_decides(review, definition)),
        "records": person is not None and operator,
        "codes": are_possible(asked.app),
        "vouched_for": is_vouched_for(asked.way),
        "verdicts": JUDGED,
        "courses": {each: say(WORDS[each]) for each in COURSES},
        "people": [(key, each.name) for key, each in definition.people.items() if not each.has_left(found.today)],
        "who_decides": decided_by(definition),
    }


def _judge(acting: Acting) -> Done:
    id, criterion = acting.params["id"], acting.said.get("criterion", "")
    found = _sheet(acting)
    written = {each.id: each for each in (found.scope.success.criteria if found.scope.success else ())}.get(criterion)
    if written is None:
        raise NotThere
    review, definition = found.record.review, found.definition
    may = who_judges(judge_of(written, found.scope), internal_to(written, found.scope), review, definition)
    acting.check(definition, may, "judge this criterion")
    person = duties.person(acting, definition.partnership)
    verdict = acting.said.get("verdict", "")
    if verdict not in JUDGED:
        raise Wrong("verdict", InvalidValue(sentence("Choose one of the four"), sentence("nothing was chosen")))
    evidence = remark(acting.said, "evidence")
    given = verdicts.judge(acting.app, id, criterion, verdict, evidence, person, acting.now)
    readings = given.overrules

    def told() -> str:
        if not readings:
            return say("Judged: %(verdict)s.", verdict=known(verdict))
        return say(
            "Judged: %(verdict)s. This overrules its readings, which say: %(readings)s.",
            verdict=known(verdict),
            readings=known(readings),
        )

    return Done(told)


def _take_back(acting: Acting) -> Done:
    step, found = acting.said.get("rung", ""), _sheet(acting)
    review, owner = launch_track.step_of(acting.app, found.record.id, step, acting.now)
    acting.check(found.definition, who_ticks(owner, review, found.definition), "take this step back")
    because = remark(acting.said, "because")
    if because is None:
        raise Wrong("because", InvalidValue(sentence("Say why it is not done after all"), sentence("in a few words")))
    person = duties.person(acting, found.definition.partnership)
    done = launch_track.take_back(acting.app, found.record.id, step, because, person, acting.now)
    return Done(lambda: say("%(step)s: open again.", step=known(done.step.says)))


def _decide(acting: Acting) -> Done:
    """Whoever decides is led to the form that confirms it by a code; where none can be sent, the word of their
    company's proxy or provider is as good. An operator puts on record what was decided."""
    found = _sheet(acting)
    review, definition = found.record.review, found.definition
    acting.check(definition, who_decides(review, definition), "decide at this checkpoint")
    person = duties.person(acting, definition.partnership)
    if not acting.viewer.is_operator and (are_possible(acting.app) or not is_vouched_for(acting.way)):
        return Done("", own_matters.course_form(acting.app, found.record.id, person, acting.now))
    said = acting.said
    because = remark(said, "because")
    if because is None:
        raise Wrong("because", InvalidValue(sentence("The decision has no reason"), sentence("say in a few words why")))
    on = duties.day(acting, "on") if said.get("on", "").strip() else None
    carrier = said.get("carried_out_by") or None
    taken_by = remark(said, "taken_by") if acting.viewer.is_operator else None
    word = course.CourseWord(said.get("course", ""), because, person, carrier, None, on, taken_by)
    replaces = acting.viewer.is_operator and said.get("replace") == "yes"
    decided = course.decide(acting.app, found.record.id, word, acting.now, replace=replaces)
    return Done(lambda: say("On record: %(course)s.", course=known(decided.taken.decision)))


def _sheet(acting: Acting) -> Sheet:
    """Raises NotThere."""
    id = acting.params["id"]
    audience = acting.viewer.audience(ReviewId(id).partnership)
    try:
        return view.checkpoint(acting.app, id, acting.now, audience)
    except UserError:
        raise NotThere from None


PAGE = Page(
    f"{paths.CHECKPOINTS}/{{id:path}}",
    "checkpoint.html.j2",
    _show,
    {"judge": _judge, "tick": duties.tick, "take_back": _take_back, "decide": _decide},
    past=of_its_id,
)
