"""The form on which somebody who was to attend a review reads its minutes, objects to them item by item, and withdraws
what they objected to; whoever answers for the minutes says there how an objection was settled.

Its link is good until the minutes are accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.filing import Objection
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, sentence
from scheduler.render.minutes_letter import item_words, without_marks
from scheduler.render.signed_links import OBJECT, Holder, minutes_link, person_seal
from scheduler.render.wording import day_words, end_of_day_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.audience import readable_by
from scheduler.rules.minutes.filings import circulated_to
from scheduler.rules.minutes.objections import MinutesStanding, can_object, is_objected, standing
from scheduler.services.app import App
from scheduler.services.cases.objections import object_to, settle
from scheduler.services.still_theirs import Gone, holder, whom_to_ask
from scheduler.store import filings, link_revocations, presence, secrets
from scheduler.web.links import payload, review_of
from scheduler.web.pages import FormLimits

from .lifecycle import FormKind, NotKept, Said, Wrong, clock_of, moment_words, name_of, refusal_at, remark

_KINDS = (("decision", sentence("Decided")), ("action", sentence("To be done")), ("unfinished", sentence("Unfinished")))


@dataclass(frozen=True)
class ItemField:
    """An item with the name of its box; `standing` says how it stands where one cannot object to it any more."""

    name: str
    says: str
    is_ticked: bool
    is_open: bool
    standing: str


@dataclass(frozen=True)
class ObjectionLine:
    """An objection on record; `may_withdraw` is for whoever objected, `may_settle` for who answers for the minutes."""

    id: str
    says: str
    to: str
    by: str
    at: str
    ended: str
    may_withdraw: bool
    may_settle: bool


@dataclass(frozen=True)
class ObjectionPage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    groups: tuple[tuple[str, tuple[ItemField, ...]], ...]
    is_open: bool
    whole_is_ticked: bool
    on_record: tuple[ObjectionLine, ...]
    minutes: str
    is_cut: bool
    correct_at: str | None
    """Where whoever answers for the minutes can correct them."""
    says: str
    because: str
    settling: str


@dataclass(frozen=True)
class _Asked:
    """What a link is for."""

    partnership: Partnership
    record: Recorded
    standing: MinutesStanding
    objections: tuple[Objection, ...]
    person: str
    today: date

    @property
    def answers(self) -> bool:
        """Whether the person answers for the minutes."""
        review = self.record.review
        return self.person in (review.agenda_owner, review.deputy, review.chair)


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where the minutes are accepted, or the person was not to attend."""
    said = payload(db, OBJECT, token, now)
    record, partnership = review_of(app, db, said["review"], now)
    person = holder(app, db, partnership, said, now)
    if person not in circulated_to(record.review, presence.of_review(db, record.id)):
        raise Gone("it is for who was to attend", whom_to_ask(partnership, partnership.people[person], now))
    known, today = filings.of_review(db, record.id), now.astimezone(zone(record.review.timezone)).date()
    found = standing(record, known, today)
    if found is None or found.state == "accepted":
        raise Gone("its minutes are accepted")
    return _Asked(partnership, record, found, known.objections, person, today)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> ObjectionPage:
    asked, typed = _asked(app, db, now, token), said or {}
    partnership, review = asked.partnership, asked.record.review
    side = partnership.people[asked.person].of
    own = [partnership.organisations[side].name, side] if side in partnership.organisations else []
    minutes, is_cut = without_marks(readable_by(asked.record.minutes or "", [each for each in own if each]))
    return ObjectionPage(
        partnership=partnership.name,
        title=say("Minutes of %(review)s", review=known(review.full_title)),
        reader=name_of(partnership, asked.person),
        facts=tuple(_facts(asked)),
        groups=tuple((say(head), items) for kind, head in _KINDS if (items := tuple(_items(asked, kind, typed)))),
        is_open=can_object(asked.standing, None, asked.today),
        whole_is_ticked="whole" in typed,
        on_record=tuple(_on_record(asked)),
        minutes=minutes,
        is_cut=is_cut,
        correct_at=_correct_at(app, db, asked, now) if asked.answers else None,
        says=typed.get("says", ""),
        because=typed.get("because", ""),
        settling=typed.get("settle", ""),
    )


def _correct_at(app: App, db: Connection, asked: _Asked, now: datetime) -> str | None:
    """A link to the form on which the minutes are filed anew, at this site."""
    key, person = secrets.known_signing_key(db), asked.partnership.people[asked.person]
    if key is None:
        return None
    revoked = link_revocations.revocations(db, asked.partnership.partnership).of(person.email)
    whose = Holder(asked.person, person_seal(person.email, person.of, revoked))
    until = now + timedelta(days=app.settings.web.link_days)
    return minutes_link("", key, asked.record.id, asked.standing.filings[-1].number, whose, until)


def _facts(asked: _Asked) -> Iterator[tuple[str, str, bool]]:
    review, found = asked.record.review, asked.standing
    yield say("Held on"), day_words(review.start.date()), False
    if found.until and asked.today <= found.until:
        last = end_of_day_words(found.until, review.timezone, clock_of(asked.partnership, asked.person))
        is_counted = all(each.sent_at for each in found.filings)
        words = (
            say("until %(end)s", end=last)
            if is_counted
            else say("at least until %(end)s: not all letters have left", end=last)
        )
        yield say("Objections"), words, False
    elif found.until:
        yield say("Objections"), say("the time for them is over since %(day)s", day=day_words(found.until)), False


def _items(asked: _Asked, kind: str, typed: Said) -> Iterator[ItemField]:
    names = {key: person.name for key, person in asked.partnership.people.items()}
    for item in asked.standing.items:
        if item.kind == kind and item.id:
            name, is_open = item.id.removeprefix(asked.record.id), can_object(asked.standing, item, asked.today)
            stands = say("objected to") if is_objected(asked.standing, item) else "" if is_open else say("accepted")
            yield ItemField(name, item_words(item, names), f"item{name}" in typed, is_open, stands)


def _on_record(asked: _Asked) -> Iterator[ObjectionLine]:
    for each in asked.objections:
        ended = ""
        if each.settled_because is not None:
            ended = (
                say("withdrawn: %(because)s", because=known(each.settled_because))
                if each.is_withdrawn
                else say(
                    "settled by %(person)s: %(because)s",
                    person=name_of(asked.partnership, each.settled_by),
                    because=known(each.settled_because),
                )
            )
        is_own = each.by == asked.person
        at = moment_words(asked.partnership, asked.person, each.at)
        by, to = name_of(asked.partnership, each.by), each.item_says or say("the minutes as a whole")
        yield ObjectionLine(
            each.id,
            each.says,
            to,
            by,
            at,
            ended,
            each.is_open and is_own,
            each.is_open and asked.answers and not is_own,
        )


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    with refusal_at(""):
        if "settle" in said:
            _settled(app, asked, said, now)
        else:
            _objected(app, asked, said, now)


def _settled(app: App, asked: _Asked, said: Said, now: datetime) -> None:
    """Whoever objected needs no words to withdraw it. Raises Wrong, and NotKept where it came to its end before."""
    line = next((each for each in _on_record(asked) if each.id == said["settle"]), None)
    if line is None or line.ended:
        ended = next((each for each in asked.objections if each.id == said["settle"]), None)
        if ended and ended.settled_by == asked.person and remark(said, "because") in (None, ended.settled_because):
            return
        raise NotKept
    if not (line.may_withdraw or line.may_settle):
        raise Wrong(
            "", InvalidValue(sentence("This is not for you to settle"), sentence("whoever objected can withdraw it"))
        )
    because = remark(said, "because")
    if because is None and line.may_settle:
        raise Wrong("because", InvalidValue(sentence("Say how it was settled"), sentence("in a few words")))
    settle(app, line.id, because or "withdrawn", asked.person, now)


def _objected(app: App, asked: _Asked, said: Said, now: datetime) -> None:
    names = [each.removeprefix("item") for each in said if each.startswith("item")]
    if not names and "whole" not in said:
        raise Wrong(
            "items", InvalidValue(sentence("Tick what you object to"), sentence("an item, or the minutes as a whole"))
        )
    says = remark(said, "says")
    if says is None:
        raise Wrong("says", InvalidValue(sentence("Say what is not so"), sentence("in a few words")))
    if names:
        object_to(app, asked.record.id, names, says, asked.person, now)
    if "whole" in said:
        object_to(app, asked.record.id, (), says, asked.person, now)


FORM = FormKind("objection.html.j2", _shown, _taken, limits=FormLimits(most_fields=1100))
