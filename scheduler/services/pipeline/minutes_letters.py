"""Minutes on their way: put into the outbox in the transaction that files them, for whoever was to attend; and the day
on which they have left, from which objections count."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.link_life import LONGEST_LIFE
from scheduler.domain.record.filing import Filing
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.minutes_letter import (
    MinutesLetter,
    MinutesLetterText,
    text_of,
    without_marks,
    words_of_items,
)
from scheduler.render.signed_links import Holder, objection_link, person_seal
from scheduler.render.wording import day_words, end_of_day_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.audience import readable_by
from scheduler.rules.minutes.filings import circulated_to
from scheduler.rules.reviews.clocks import OBJECTIONS, open_to_objections
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.reviews.sides import attending_review
from scheduler.services.app import App
from scheduler.services.pipeline.digest_items import SENDER, means_of
from scheduler.services.pipeline.digest_letters import SENDER_NAME
from scheduler.services.pipeline.letter_questions import addressed, takes_answers
from scheduler.store import faults, filings, outbox, presence, reviews
from scheduler.store.link_revocations import revocations
from scheduler.store.renames import Move
from scheduler.store.secrets import signing_key
from scheduler.store.tables import LetterRow

TEMPLATE = "template:mail/minutes"
"""The fault of the operator's own template."""


@dataclass(frozen=True)
class _Circulation:
    """Minutes that go out: those of a review as a filing has them."""

    app: App
    db: Connection
    partnership: Partnership
    record: Recorded
    filing: Filing
    now: datetime

    @property
    def sender(self) -> str:
        return self.app.settings.mail.sender or SENDER


def send(app: App, db: Connection, partnership: Partnership, record: Recorded, filing: Filing, now: datetime) -> int:
    """Put the minutes of a review into the outbox, once for each who was to attend and is still of the partnership,
    each with the parts that they may read; return for how many. In the transaction that files them."""
    out = _Circulation(app, db, partnership.as_of(now), record, filing, now)
    letters = [row for key in _readers(out) if (row := _letter(out, key))]
    outbox.add(db, letters)
    return len(letters)


def follow(app: App, db: Connection, partnership: Partnership, moves: Mapping[str, Move], now: datetime) -> None:
    """Have letters that have not left, or that an address refused while one can object, go to the addresses that their
    readers, by key, have now, with links for those."""
    today = now.date()
    known = {move.old: key for key, move in moves.items()}
    for each in filings.unread_by(db, partnership.partnership, known):
        record, filed = reviews.find(db, each.review), filings.of_review(db, each.review).filings
        filing = next((filing for filing in filed if filing.number == each.number), None)
        is_late = filing is not None and filing.sent_at is not None and (filing.until is None or filing.until < today)
        if record is None or filing is None or is_late:
            continue
        out = _Circulation(app, db, partnership.as_of(now), record, filing, now)
        if letter := _letter(out, known[each.email.casefold()]):
            filings.readdress(db, each.id, letter.email, letter.content, now)


def note_sent(app: App, db: Connection, partnership: Partnership, now: datetime) -> int:
    """Keep the day on which minutes have left, and count the days for objections from it; return of how many. A filing
    of which a letter is on its way waits for it, and one whose letters a later one replaced for that; one that reached
    nobody waits until somebody sees to that."""
    left: dict[tuple[str, int], Filing] = {}
    for filing in reversed(filings.unsent(db, partnership.partnership)):
        record, sent_at = reviews.find(db, filing.review), _sent_at(db, filing)
        if record is None or sent_at is None:
            continue
        after = counted_from(app, partnership, record, sent_at)
        until = dict(after.review.clocks).get(OBJECTIONS)
        is_last = filing.number == filings.of_review(db, filing.review).filings[-1].number
        if is_last and after.review != record.review:
            reviews.save_many(db, [after])
        left[filing.review, filing.number] = replace(filing, sent_at=sent_at, until=until)
        filings.save(db, [left[filing.review, filing.number]])
        app.log.info("minutes.sent", review=record.id, filing=filing.number, until=str(until) if until else None)
    return len(left)


def _sent_at(db: Connection, filing: Filing) -> datetime | None:
    """When the last of a filing's letters was taken; where a later filing replaced any, when the last of those was."""
    sending = filings.sending(db, filing)
    if sending.waiting:
        return None
    if sending.replaced:
        later = (each for each in filings.of_review(db, filing.review).filings if each.number > filing.number)
        return next((each.sent_at for each in later if each.sent_at), None)
    return max(sending.taken, default=filing.filed_at if sending.is_nobodys else None)


def counted_from(app: App, partnership: Partnership, record: Recorded, sent_at: datetime) -> Recorded:
    """The review, its objections counted from the day of a moment in its zone."""
    review = record.review
    scope = next((e for e in scopes(partnership.as_of(sent_at), app.playbooks) if e.layer == review.layer), None)
    if scope is None:
        return record
    terms, sent_on = scope.clocks_of(review), sent_at.astimezone(zone(review.timezone)).date()
    working_days = scope.working_days(attending_review(scope, review))
    clocks = open_to_objections(review.clocks, terms.objections if terms else None, sent_on, working_days)
    return replace(record, review=replace(review, clocks=clocks))


def _readers(out: _Circulation) -> Iterator[str]:
    """Who was to attend, prepare or chair the review, or was there, by their keys, in the order of the definition."""
    concerned, today = circulated_to(out.record.review, presence.of_review(out.db, out.record.id)), out.now.date()
    for key, person in out.partnership.people.items():
        if key in concerned and not person.has_left(today):
            yield key


def _letter(out: _Circulation, key: str) -> LetterRow | None:
    """The mail to one person, in their language; None where it cannot be written, a fault on record."""
    with speaking(manner_of(out.partnership.people[key], out.partnership.organisations, out.app.settings.manner)):
        return _in_their_language(out, key)


def _in_their_language(out: _Circulation, key: str) -> LetterRow | None:
    person, name = out.partnership.people[key], f"{out.record.id}/{out.filing.number}/{key}"
    dedup = hashlib.sha256(f"minutes\n{name}\n{out.filing.filed_at.isoformat()}".encode()).hexdigest()
    text = _text(out, key)
    id = message_id(dedup, out.sender)
    to_name = header_text(person.name)
    reply_to, subject = out.sender, text.subject
    if takes_answers(out.app.settings):
        reply_to, subject = addressed(out.app, signing_key(out.db, out.now), dedup, text.subject)
    envelope = Envelope(out.sender, say(SENDER_NAME), reply_to, person.email, to_name, subject, id, None, out.now)
    try:
        content = plain_mail(envelope, text.plain, text.html)
    except Unsendable as fault:
        out.app.log.error("letter.unsendable", to=person.email, what=fault.what)
        faults.note(out.db, f"letter:{person.email.casefold()}", fault.what, fault.hint, out.now)
        return None
    return LetterRow(
        dedup_key=dedup,
        partnership=out.partnership.partnership,
        subject=out.record.id,
        uid=filings.uid_of(out.record.id),
        instance="",
        sequence=out.filing.number,
        method=outbox.MINUTES,
        email=person.email,
        title=text.subject,
        sender=out.sender,
        message_id=id,
        created_at=out.now,
        due_at=out.now,
        content=content,
    )


def _text(out: _Circulation, key: str) -> MinutesLetterText:
    means = means_of(out.app.settings, out.partnership, key)
    text = text_of(_words(out, key), means, out.app.settings.template_folders)
    if text.fault:
        out.app.log.error("template.failed", review=out.record.id, fault=text.fault)
        faults.note(out.db, TEMPLATE, text.fault, "correct it, or delete it to use the shipped one", out.now)
    elif faults.stands(out.db, TEMPLATE):
        faults.clear(out.db, TEMPLATE)
    return text


def _words(out: _Circulation, key: str) -> MinutesLetter:
    partnership, review, filing = out.partnership, out.record.review, out.filing
    side = partnership.organisations.get(partnership.people[key].of or "")
    here = zone_of(partnership.people[key], partnership.organisations, partnership.zone).key
    text, is_cut = without_marks(
        readable_by(out.record.minutes or "", [side.name, str(partnership.people[key].of)] if side else [])
    )
    items = [item for item in filing.items if item.since == filing.number]
    names = {each: person.name for each, person in partnership.people.items()}
    by = partnership.people.get(filing.filed_by or "")
    return MinutesLetter(
        reader=partnership.people[key].name,
        title=say(
            "%(review)s of %(scope)s",
            review=" ".join(filter(None, (known(review.title), review.told_period))),
            scope=_scope_name(out),
        ),
        held_on=day_words(review.start.date()),
        filed_by=by.name if by else None,
        is_again=filing.number > 1,
        until=day_words(filing.until) if filing.until else None,
        zone=review.timezone,
        until_words=end_of_day_words(filing.until, review.timezone, here) if filing.until else None,
        link=_link(out, key) if filing.until else None,
        command=f"cadence review object {review.id} --says WORDS --by {key}",
        decisions=words_of_items(items, "decision", names),
        actions=words_of_items(items, "action", names),
        unfinished=words_of_items(items, "unfinished", names),
        text=text,
        is_cut=is_cut,
    )


def _scope_name(out: _Circulation) -> str:
    layer = out.partnership.layers.get(out.record.review.layer or "")
    return layer.name if layer else out.partnership.name


def _link(out: _Circulation, key: str) -> str | None:
    """The form on which a person objects; None where nothing is served."""
    web, person = out.app.settings.web, out.partnership.people[key]
    if not web.address:
        return None
    revoked = revocations(out.db, out.partnership.partnership).of(person.email)
    holder = Holder(key, person_seal(person.email, person.of, revoked))
    return objection_link(web.url, signing_key(out.db, out.now), out.record.id, holder, out.now + LONGEST_LIFE)
