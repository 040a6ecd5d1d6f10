"""A letter as it would go out now: what one person is told, or the invitation to a review. Nothing is sent or kept.

Links are shown without what opens them: whoever looks at a preview is not whom they are for.
"""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.errors import UserError
from scheduler.render.notifications.digest import Digest, text_of
from scheduler.services import lookup
from scheduler.services.archive import Archive
from scheduler.services.pipeline.digest_items import Writer, chapters
from scheduler.services.pipeline.digests import by_partnership
from scheduler.services.pipeline.invitations import as_invited
from scheduler.services.state import remembered, to_be_told
from scheduler.services.views.duties import places
from scheduler.store import members, notifications

if TYPE_CHECKING:
    from scheduler.services.app import App

_LINK = re.compile(r"(https?://\S+?/[a-z]+/)[A-Za-z0-9_.-]{40,}")


class PreviewedLetter(NamedTuple):
    """To whom, its subject, and its words as plain text."""

    to: str
    subject: str
    text: str


def letter(app: "App", id: str, partnership: str | None, now: datetime) -> PreviewedLetter | None:
    """What a person would be told were a letter written now: what waits for them as of the last cycle, and all that
    they owe; None where that is nothing. `id` is their key where only one partnership has it, or their mail address.
    Raises `UserError` for nobody, and for several."""
    with app.store.write() as db:  # a first link makes the key that it is signed with: undone below
        found = places(db, id, partnership, lambda row: app.in_force(row).as_of(now))
        place = found[0]
        person = place.definition.people[place.person]
        email = person.email.casefold()
        archive = Archive(app, db, now, complete=to_be_told)
        writer = Writer(app, db, archive, now, members.governed_with(db, [email]))
        theirs = by_partnership(writer, email, notifications.waiting(db, [email])[email])
        writer.look_up(row.subject for rows in theirs.values() for row in rows)
        told = tuple(chapters(writer, email, theirs, lambda of, partnership: True))
        away = writer.links.away(place.row.id, place.person)
        db.rollback()
    if not told:
        return None
    text = text_of(Digest(person.name, told, away_link=away), app.settings.template_folders)
    return PreviewedLetter(person.email, text.subject, _without_keys(text.plain))


def invitation(app: "App", review: str, person: str | None, now: datetime) -> PreviewedLetter:
    """The invitation to a review, as a person would get it (the first of those who are invited, unless it is said),
    were nobody told of it yet. Raises `UserError`: for an unknown review or person, for one that is not to come, and
    for somebody who is not invited."""
    if app.settings.mail.sender is None:
        raise UserError("nobody is invited by letter: the settings name no sender", "add sender: under `mail:`")
    with app.store.write() as db:
        record = lookup.review(db, review)
        row = lookup.not_ended(lookup.partnership(db, record.review.partnership))
        state = remembered(app, db, row, now)
        who = lookup.person(state.partnership, person)
        posts = as_invited(app, db, row, state, state.recorded[record.id])
        db.rollback()
    if not posts:
        raise UserError(f"{record.id} is not to come", "nobody is invited to it any more")
    wanted = state.partnership.people[who].email.casefold() if who else posts[0].guest.key
    post = next((each for each in posts if each.guest.key == wanted), None)
    if post is None:
        raise UserError(f"{who} is not invited to {record.id}", f"it goes to {', '.join(p.guest.email for p in posts)}")
    if post.content is None:
        raise UserError(f"it cannot be sent to {post.guest.email}: {post.fault}", "mend the name or the address")
    return PreviewedLetter(post.guest.email, post.title, _without_keys(_plain_part(post.content)))


def _plain_part(content: bytes) -> str:
    message = message_from_bytes(content, policy=policy.default)
    part = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _without_keys(text: str) -> str:
    return _LINK.sub(r"\1…", text)
