"""The form on which a person judges one criterion of the success at 90 days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.kpi import Criterion
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import JUDGED, Judgement
from scheduler.render.agenda.kpi_lines import target_words
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import JUDGE
from scheduler.render.wording import day_words
from scheduler.rules.access import may_hear
from scheduler.rules.kpis.verdicts import internal_to, judge_of
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services.app import App
from scheduler.services.cases.checkpoint import judge
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.services.views.checkpoint_sheet import sheet
from scheduler.store import verdicts as success
from scheduler.web.links import payload, review_of

from .lifecycle import FormKind, HistoryLine, Said, Wrong, moment_words, name_of, refusal_at, remark


@dataclass(frozen=True)
class Judge:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    verdicts: tuple[str, ...]
    verdict: str
    evidence: str


@dataclass(frozen=True)
class _Asked:
    """What a link is for."""

    partnership: Partnership
    scope: Scope
    record: Recorded
    criterion: Criterion
    person: str


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where checkpoint, criterion or person are there no more."""
    said = payload(db, JUDGE, token, now)
    record, partnership = review_of(app, db, said["checkpoint"], now, (Status.CANCELLED,))
    if record.review.kind is not Kind.CHECKPOINT:
        raise Gone("its checkpoint is not held")
    id = record.review.scope_id
    for scope in scopes(partnership, app.playbooks):
        for criterion in scope.success.criteria if scope.success and scope.id == id else ():
            if criterion.id == said["criterion"]:
                person = holder(app, db, partnership, said, now)
                return _mine(_Asked(partnership, scope, record, criterion, person), now)
    raise Gone("its criterion is not there")


def _mine(asked: _Asked, now: datetime) -> _Asked:
    """Raises Gone where the person has no duty to judge it, or may not: it rests on another organisation's own KPI."""
    judge, review = judge_of(asked.criterion, asked.scope), asked.record.review
    if judge != asked.person and not may_hear(
        asked.person, internal_to(asked.criterion, asked.scope), asked.partnership
    ):
        raise Gone("it is for somebody else")
    kpi = asked.scope.kpis.get(asked.criterion.kpi or "")
    named = (judge, kpi.owner if kpi else None, review.agenda_owner, review.deputy, review.chair)
    has_duty(asked.partnership, asked.person, named, now)
    return asked


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> Judge:
    asked = _asked(app, db, now, token)
    on_record = tuple(_on_record(db, asked, _overruled(app, db, asked, now)))
    standing = _judgement(db, asked)
    before = {"verdict": standing.verdict, "evidence": on_record[0].note or ""} if standing else {}
    return Judge(
        partnership=asked.partnership.name,
        title=asked.criterion.says,
        reader=name_of(asked.partnership, asked.person),
        facts=tuple(_facts(asked)),
        on_record=on_record,
        verdicts=JUDGED,
        **{name: (before if said is None else said).get(name, "") for name in ("verdict", "evidence")},
    )


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
        before = _judgement(db, asked)
    verdict = next((each for each in JUDGED if each == said.get("verdict")), None)
    if verdict is None:
        raise Wrong("verdict", InvalidValue(sentence("Choose one of the four"), sentence("nothing was chosen")))
    evidence = remark(said, "evidence")
    if before and (before.verdict, before.evidence, before.by) == (verdict, evidence, asked.person):
        return
    with refusal_at(""):
        judge(app, asked.record.id, asked.criterion.id, verdict, evidence, asked.person, now)


def _facts(asked: _Asked) -> Iterator[tuple[str, str, bool]]:
    review = asked.record.review
    yield (
        say("Asked for"),
        say("%(review)s, %(day)s", review=known(review.title), day=day_words(review.start.date())),
        False,
    )
    kpi = asked.scope.kpis.get(asked.criterion.kpi or "")
    if kpi and may_hear(asked.person, internal_to(asked.criterion, asked.scope), asked.partnership):
        target = asked.criterion.target
        yield say("KPI"), say("%(kpi)s, target %(target)s", kpi=kpi.name, target=target or target_words(kpi)), False


def _judgement(db: Connection, asked: _Asked) -> Judgement | None:
    return success.judgements(db, asked.partnership.partnership).get((asked.record.id, asked.criterion.id))


def _overruled(app: App, db: Connection, asked: _Asked, now: datetime) -> str | None:
    """What the readings say that the verdict on record overrules, as far as the person may know them."""
    side = asked.partnership.organisation_of(asked.person)
    lines = sheet(app, db, asked.record, side, now).criteria
    return next((each.overrules for each in lines if each.id == asked.criterion.id), None)


def _on_record(db: Connection, asked: _Asked, overrules: str | None) -> Iterator[HistoryLine]:
    """The verdict that counts, with what its readings say where it `overrules` them; then those that it replaces. Where
    it rests on a KPI of one organisation, its evidence is for that one alone: a link shows what it shows to whoever has
    it, so not even a judge of another side reads theirs again."""
    found = _judgement(db, asked)
    internal = internal_to(asked.criterion, asked.scope)
    is_open = may_hear(asked.person, internal, asked.partnership)
    while found:
        at = moment_words(asked.partnership, asked.person, found.at)
        says = known(found.verdict)
        if overrules:
            says = say(
                "%(verdict)s, which overrules its readings: %(readings)s", verdict=says, readings=known(overrules)
            )
        overrules = None
        yield HistoryLine(says, name_of(asked.partnership, found.by), at, found.evidence if is_open else None)
        found = found.replaces


FORM = FormKind("judge.html.j2", _shown, _taken)
