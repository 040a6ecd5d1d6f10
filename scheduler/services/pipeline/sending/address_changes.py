"""Who goes on under a new mail address or key: what they were told under the old one counts, and the rest goes to the
new. Nobody else hears of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.invitation import Invited
from scheduler.domain.record.review import Review, under_keys
from scheduler.render.invitations.decide_letters import digest_of, guests_of
from scheduler.services.app import App
from scheduler.services.pipeline import minutes_letters
from scheduler.store import absences, invitations, notifications, outbox, own_settings, renames, reviews


def carry_over(
    app: App, db: Connection, before: Partnership, after: Partnership, names: Mapping[str, str], now: datetime
) -> None:
    """Have the notices of everybody whose address has changed count for the new one, in the caller's transaction. By
    `names` they are known by the keys that they bear now.

    A letter that has not left is taken back: what it carries waits, and is written to the new address. So is what the
    old address never accepted. Nothing that was told is told again.
    """
    moves = dict(moves_of(before, after, names))
    if not moves:
        return
    for move in moves.values():
        absences.follow(db, move.old, move.new, now)
        own_settings.follow(db, move.old, move.new)
    renames.answers(db, after.partnership, moves.values())
    moved = renames.addresses(db, after.partnership, moves)
    letters = notifications.letters_of(db, moved)
    notifications.tell_again(db, outbox.withdraw(db, letters, now), now)
    notifications.tell_these_again(db, moved, notifications.undelivered(db, letters), now)
    minutes_letters.follow(app, db, after, moves, now)


def carry_over_invitations(
    app: App, db: Connection, before: Partnership, after: Partnership, names: Mapping[str, str]
) -> None:
    """Have what people were last told of reviews and series stand for the addresses of `after` and, by `names`, for the
    keys that people bear now; called before reviews are put under these.

    It was true when it was told, and the list of the next letter has the new address (RFC 5546 leaves it to the
    organizer, 4.2.9). What else an edit changes is told as ever.
    """
    moves = dict(moves_of(before, after, names))
    if not moves and not names:
        return
    told = [each for each in invitations.told(db, before.partnership) if each.expected and not each.instance]
    known = {each.uid: each for each in invitations.of(db, before.partnership)}
    records = reviews.recorded(db, before.partnership) if told else {}
    carried = _carried(before, moves, names)
    kept = []
    for each in told:
        invited = known[each.uid]
        record = records.get(invited.subject)
        review = invited.recurring.first if invited.recurring else record.review if record else None
        organizer = app.settings.mail.organizer(invited.token)
        if review and each.digest == _digest(invited, review, before, organizer):
            kept.append(replace(each, digest=_digest(invited, under_keys(review, names), carried, organizer)))
    invitations.tell(db, before.partnership, kept)


def _carried(before: Partnership, moves: Mapping[str, renames.Move], names: Mapping[str, str]) -> Partnership:
    """The partnership as it was, but for the keys and addresses that people bear now."""
    people = {names.get(key, key): person for key, person in before.people.items()}
    changed = {key: people[key].model_copy(update={"email": move.new}) for key, move in moves.items()}
    return before.model_copy(update={"people": people | changed})


def _digest(invited: Invited, review: Review, partnership: Partnership, organizer: str) -> str:
    meetings = invited.recurring
    more = (meetings.rule, meetings.until) if meetings else ()
    return digest_of(review, guests_of(review, partnership), organizer, *more)


def moves_of(before: Partnership, after: Partnership, names: Mapping[str, str]) -> Iterator[tuple[str, renames.Move]]:
    """Whose address is another, by the key that they bear now: the same person is who has the same key and name, or
    bore another key, by `names`."""
    formerly = {new: old for old, new in names.items() if old in before.people}
    for key, person in after.people.items():
        known = before.people.get(formerly.get(key, key))
        if known is None or (key not in formerly and known.name != person.name):
            continue
        move = renames.Move(known.email.casefold(), person.email.casefold())
        if move.old != move.new:
            yield key, move
