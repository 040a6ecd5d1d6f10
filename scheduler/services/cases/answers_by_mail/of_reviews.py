"""An answer about a review after its date: held or not, its minutes; and about a criterion of a checkpoint."""

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import Judged, Judgement
from scheduler.render.languages import known, sentence
from scheduler.render.minutes_files import is_word
from scheduler.render.office.extra import is_installed
from scheduler.rules.access import may_hear
from scheduler.rules.answers.understood import GivenVerdict, NotHeld, WasHeld, form_of, understand
from scheduler.rules.kpis.verdicts import internal_to, judge_of
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.reviews.turns import manager_of
from scheduler.services import lookup
from scheduler.services.cases.checkpoint import judge
from scheduler.services.cases.reviews import hold, holding, skip
from scheduler.services.competition import guard_at
from scheduler.services.still_theirs import Gone, has_duty
from scheduler.services.views.understood_minutes import has_found_nothing, understood_parts
from scheduler.store import filings, reviews, verdicts

from .answering import Answering, Became, Said, became, day_here, said

_BY_PAGE = said(sentence("It can be seen and changed on its page."))


def held(of: Answering) -> Became:
    """Whether it was held. Raises as the others do."""
    record, review = _record(of), _record(of).review
    has_duty(of.partnership, of.person, (review.agenda_owner, review.deputy), of.now)
    if of.files and not of.said:
        return minutes(of)
    says = understand("held", of.said, day_here(of, review.timezone))
    if record.status in (Status.HELD, Status.SKIPPED):
        is_same = record.status is (Status.HELD if isinstance(says, WasHeld) else Status.SKIPPED)
        return became("known" if is_same else "refused", _as_it_is(record), hint=None if is_same else _BY_PAGE)
    if any(each.at > of.letter_at and each.action in reviews.CLOSINGS for each in reviews.history(of.db, record.id)):
        return became("refused", said(sentence("It was closed and opened again since.")), hint=_BY_PAGE)
    if isinstance(says, NotHeld):
        skip(of.app, record.id, says.because, of.person, of.now)
        return became("recorded", said(sentence("Not held: %(because)s"), because=says.because))
    if any(each.text is not None for each in of.files):
        return minutes(of)
    hold(of.app, record.id, None, of.person, of.now)
    besides = says.besides if isinstance(says, WasHeld) else None
    kept_nowhere = said(sentence("What else you wrote is kept nowhere: %(words)s"), words=besides) if besides else None
    return became("recorded", said(sentence("Held.")), hint=kept_nowhere)


def _as_it_is(record: Recorded) -> Said:
    if record.status is Status.HELD:
        return said(sentence("It is on record as held."))
    return said(sentence("It is on record as not held: %(because)s"), because=record.because or "")


def minutes(of: Answering) -> Became:
    """The minutes of a review, as a file with the mail."""
    record, review = _record(of), _record(of).review
    scope = next((each for each in scopes(of.partnership, of.app.playbooks) if each.id == review.scope_id), None)
    writer = manager_of(scope, review.minutes_by) if scope and review.minutes_by else None
    has_duty(of.partnership, of.person, (review.agenda_owner, review.deputy, review.chair, writer), of.now)
    text = _text(of)
    on_file = filings.of_review(of.db, record.id)
    last = on_file.filings[-1] if on_file and on_file.filings else None
    if last and last.filed_at > of.letter_at and last.filed_by != of.person:
        return became("refused", said(sentence("They were filed since.")), hint=_BY_PAGE)
    if (record.minutes or "").strip() == text.strip():
        return became("known", said(sentence("These minutes are on file.")))
    names = {key: person.name for key, person in of.partnership.people.items()}
    would = holding(of.app, record.id, text, of.person, of.now).filed
    if would is None or has_found_nothing(would):
        hint = said(sentence("File them on their page, which shows what is understood."))
        nothing = said(sentence("No decisions, actions or unfinished items were found in them."))
        return became("refused", nothing, hint=hint)
    filed = hold(of.app, record.id, text, of.person, of.now).filed
    parts = understood_parts(filed, names, guard_at(of.app, of.partnership, record)) if filed else ()
    lines = tuple(f"{part.head}: {line}" for part in parts for line in part.lines)
    again = said(sentence("Send them again to correct them."))
    return became("recorded", said(sentence("The minutes are filed, and go out.")), hint=again, lines=lines)


def _text(of: Answering) -> str:
    texts = [each for each in of.files if each.text is not None and each.text.strip()]
    others = [each.name for each in of.files if each.text is None]
    if len(texts) != 1:
        what = "several files are attached" if texts else "no text is attached"
        if others and not texts:
            what = f"{others[0]} cannot be read here"
            if is_word(others[0]) and not is_installed("docx"):
                raise InvalidValue(what, sentence("send them as an attached text file (.md or .txt)"))
        raise InvalidValue(what, form_of("minutes"))
    return (texts[0].text or "").replace("\r\n", "\n").replace("\r", "\n")


def _record(of: Answering) -> Recorded:
    record = reviews.find(of.db, of.asked.asks.subject)
    if record is None or record.status is Status.CANCELLED:
        raise Gone("its review is not held")
    if record.review.start > of.now:
        raise Gone("its review is still to come")
    return record


def verdict(of: Answering) -> Became:
    """What somebody says of a criterion of the success at 90 days."""
    checkpoint, _, id = of.asked.asks.subject.rpartition("/")
    record = lookup.checkpoint(of.db, checkpoint)
    review = record.review
    scope = next((each for each in scopes(of.partnership, of.app.playbooks) if each.id == review.scope_id), None)
    criteria = scope.success.criteria if scope and scope.success else ()
    criterion = next((each for each in criteria if each.id == id), None)
    if scope is None or criterion is None or review.kind is not Kind.CHECKPOINT:
        raise Gone("its criterion is not there")
    judging = judge_of(criterion, scope)
    if judging != of.person and not may_hear(of.person, internal_to(criterion, scope), of.partnership):
        raise Gone("it is for somebody else")
    kpi = scope.kpis.get(criterion.kpi or "")
    named = (judging, kpi.owner if kpi else None, review.agenda_owner, review.deputy, review.chair)
    has_duty(of.partnership, of.person, named, of.now)
    says = understand("verdict", of.said, day_here(of, review.timezone))
    assert isinstance(says, GivenVerdict)
    standing = verdicts.judgements(of.db, of.partnership.partnership).get((record.id, criterion.id))
    if standing and (standing.verdict, standing.evidence) == (says.verdict, says.evidence):
        return became("known", _verdict_words(of, sentence("%(verdict)s is on record."), standing.verdict))
    if standing and _is_anothers(of, standing):
        by = of.partnership.name_of(standing.by)
        since = _verdict_words(of, sentence("%(name)s has judged it since: %(verdict)s."), standing.verdict, name=by)
        return became("refused", since, hint=_BY_PAGE)
    given = judge(of.app, record.id, criterion.id, says.verdict, says.evidence, of.person, of.now)
    words = [_verdict_words(of, sentence("Judged: %(verdict)s."), says.verdict)]
    if says.evidence:
        words.append(said(sentence("Evidence: %(words)s"), words=says.evidence))
    return became("recorded", *words, hint=said(given.overrules) if given.overrules else None)


def _verdict_words(of: Answering, english: str, verdict: Judged, **values: object) -> Said:
    with of.speaking():
        return said(english, verdict=known(verdict), **values)


def _is_anothers(of: Answering, standing: Judgement) -> bool:
    return standing.at > of.letter_at and standing.by != of.person
