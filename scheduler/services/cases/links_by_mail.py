"""Somebody who is told by chat has the forms sent to their own mail address: no chat holds a link by which one acts in
a person's name, since others may read along."""

import hashlib
from datetime import datetime

from scheduler.domain.definition.people import Person, manner_of
from scheduler.domain.errors import UserError
from scheduler.render.languages import say, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.notifications.answering import numbered
from scheduler.render.notifications.digest import Digest, text_of
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.pipeline.digest_items import SENDER, Writer, chapters
from scheduler.services.pipeline.digest_letters import SENDER_NAME
from scheduler.services.pipeline.letter_questions import addressed, remember, takes_answers
from scheduler.services.state import to_be_told
from scheduler.store import letter_questions, members, outbox

_ONCE = "%Y-%m-%d %H"
"""At most one such letter a person and hour, however often it is asked for."""


def send(app: App, partnership: str, person: str, now: datetime) -> None:
    """Put a letter to a person, by key, on its way that lists all that they owe, over all their partnerships, each with
    its link; it counts as no step of what it lists. Raises `UserError` where they owe nothing, or it cannot be sent."""
    with app.store.write(partnership) as db:
        archive = Archive(app, db, now, complete=to_be_told)
        who = archive[partnership].partnership.people[person]
        email = who.email.casefold()
        writer = Writer(app, db, archive, now, members.governed_with(db, [email]))
        writer.look_up(())
        with speaking(manner_of(who, archive[partnership].partnership.organisations, app.settings.manner)):
            asked = tuple(each for each in chapters(writer, email, {}, lambda of, known: True) if each.asked)
            if not asked:
                raise UserError("Nothing is asked of you at the moment", "you hear when something is")
            asked = numbered(asked) if takes_answers(app.settings) else asked
            digest = Digest(who.name, asked, away_link=writer.links.away(partnership, person))
            outbox.add_news(db, [_letter(writer, digest, partnership, who)])
    app.log.info("letter.asked_for", to=who.email)


def _letter(writer: Writer, digest: Digest, partnership: str, who: Person) -> outbox.News:
    app, now = writer.app, writer.now
    sender = app.settings.mail.sender or SENDER
    key = hashlib.sha256(f"links\n{who.email.casefold()}\n{now.strftime(_ONCE)}".encode()).hexdigest()
    text, id = text_of(digest, app.settings.template_folders), message_id(key, sender)
    reply_to, subject = sender, text.subject
    if takes_answers(app.settings):
        reply_to, subject = addressed(app, writer.links.key, key, text.subject)
    envelope = Envelope(sender, say(SENDER_NAME), reply_to, who.email, header_text(who.name), subject, id, None, now)
    try:
        content = plain_mail(envelope, text.plain, text.html)
        if not letter_questions.of_letter(writer.db, key):
            remember(writer.db, writer.archive, key, digest.questions, now)
    except Unsendable as fault:
        raise UserError(fault.what, fault.hint) from None
    return outbox.News(
        dedup_key=key,
        partnership=partnership,
        subject=partnership,
        instance=key,
        channel=outbox.MAIL,
        email=who.email,
        title=text.subject,
        sender=sender,
        message_id=id,
        created_at=now,
        content=content,
    )
