"""What waits to be told, as letters: one to a person and a day, over all partnerships, in their working hours.

A letter is put into the outbox in the transaction that marks its notices as told: one for sixty people. One that could
not leave yet is replaced by the next day's, which says all that it said: after days without a mail server nobody gets a
pile.

Who is written to is claimed before, so that of two daemons one writes to a person, and the claim is looked at again in
that transaction. It holds the partnerships that it tells of, as several may at once: whoever governs one of them waits,
or passes it over, and what is told cannot be settled in between; who tells of the same to others goes on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.people import Person
from scheduler.rules.access import Audience, may_learn
from scheduler.rules.calendar.business_hours import put_off, telling_time
from scheduler.services.app import App
from scheduler.services.archive import Archive, States
from scheduler.services.failures import failure, noted
from scheduler.services.pipeline.claimed import taken
from scheduler.services.pipeline.digest_items import Writer
from scheduler.services.pipeline.digest_letters import Addressee, Theirs, post
from scheduler.services.pipeline.notifications import breaks_digest, internal_to, working_time_in
from scheduler.services.pipeline.personal_items import step_of
from scheduler.services.state import to_be_told
from scheduler.store import claims, faults, members, notifications, outbox
from scheduler.store.holding import held, hold
from scheduler.store.tables import NotificationRow

BATCH = 60
"""People written to in one transaction: the states of all their partnerships are in memory with it, and who else wants
to write of these waits for so long."""
Waiting = Mapping[str, Sequence[NotificationRow]]
"""What waits for people, by mail address in lower case."""


def tell(
    app: App,
    now: datetime,
    between: Callable[[], None] = lambda: None,
    states: States | None = None,
    *,
    goes_on: bool = False,
) -> int:
    """Put the letters that are due at `now` into the outbox; return how many people they are for. Those wait of
    whose partnerships another daemon has one in hand: of what comes of that they hear in the same letter, by it or in
    the next cycle (`are_left`).

    Who `goes_on` running, and will look again at any hour, writes to people in their working hours alone; a program
    that is run now and then also writes to whom it missed in theirs.
    What goes wrong with one person's letter is logged, and keeps nobody else from theirs. Raises StoreError.
    """
    done = 0
    with app.store.read() as view:
        people = _undisturbed(view, notifications.due(view, now), app.by)
    of_now = _Round(now, states, goes_on, frozenset(people))
    for start in range(0, len(people), BATCH):
        with taken(app, "person", people[start : start + BATCH]) as mine:
            done += _tell(app, of_now, mine) if mine else 0
        between()
        app.store.give_way()
    return done


def are_left(app: App, view: Connection, now: datetime) -> bool:
    """Whether somebody waits, at `now`, for another daemon to have done with what concerns them."""
    due = notifications.due(view, now)
    return len(_undisturbed(view, due, app.by)) < len(due)


def _undisturbed(view: Connection, people: list[str], by: str) -> list[str]:
    in_hand = claims.of_others(view, "partnership", by)
    if not in_hand:
        return people
    theirs: dict[str, list[str]] = {}
    for start in range(0, len(people), BATCH):
        theirs |= members.governed_with(view, people[start : start + BATCH])
    return [each for each in people if in_hand.isdisjoint(theirs[each])]


class _Round(NamedTuple):
    """One look for letters that are due, as `tell` has it; `people` are all for whom something may be due in it."""

    now: datetime
    states: States | None
    goes_on: bool
    people: frozenset[str]


def _tell(app: App, of_now: _Round, people: Sequence[str]) -> int:
    """Write to these people in one transaction; where it fails, to each by themselves, so that it fails for nobody but
    whose letter it is."""
    try:
        return _told(app, of_now, people)
    except Exception as error:
        app.log.warning("tell.one_by_one", people=len(people), what=failure(error).what)
        return sum(_told_alone(app, of_now, email) for email in people)


def _told_alone(app: App, of_now: _Round, email: str) -> int:
    sentence = f"no letter could be written to {email}"
    with noted(app, f"letter:{email}", sentence, of_now.now, event="tell.failed", to=email):
        return _told(app, of_now, [email])
    return 0


def _told(app: App, of_now: _Round, people: Sequence[str]) -> int:
    # The states are worked out before the turn to write is taken, and out of a view that ends with it: as long as one
    # is open, SQLite cannot begin its log anew.
    with app.store.read() as view:
        archive = Archive(app, view, of_now.now, of_now.states, to_be_told)
        for id in notifications.concerned(view, people):
            archive[id].ahead  # noqa: B018  (worked out, and kept)
    with app.store.write() as db:
        hold(db, *_told_of(db, people), shared=True)
        ours = claims.still(db, "person", people, app.by)
        mine = [each for each in people if each in ours]
        claims.release(db, "person", people, app.by)
        theirs = members.governed_with(db, mine)
        writer = Writer(app, db, archive.on(db), of_now.now, theirs, of_now.people)
        return _write(writer, mine, of_now.goes_on)


def _told_of(db: Connection, people: Sequence[str]) -> set[str]:
    """The partnerships of what waits for these people, and of what letters carry that may be taken back with it."""
    unsent = outbox.unsent_to(db, people, outbox.NOTICE, locks=False)
    return {*notifications.concerned(db, people), *notifications.told_of(db, unsent)}


def _write(writer: Writer, people: Sequence[str], goes_on: bool) -> int:
    """Write to those of these people for whom it is time."""
    db, now = writer.db, writer.now
    faults.clear_all(db, [f"letter:{email}" for email in people])
    waiting = _held(db, notifications.waiting(db, people))
    heard = {email: by_partnership(writer, email, rows) for email, rows in waiting.items()}
    notifications.drop(db, _gone(waiting, heard))
    due, until = [], {}
    last_told = notifications.last_told(db, people)
    for addressee in _addressees(writer, heard):
        times = _times(writer, addressee, last_told.get(addressee.email), goes_on)
        if (first := min(times.values())) > now:
            until[addressee.email] = first
        elif ripe := _ripe(addressee, times, now):
            due.append(addressee._replace(theirs=ripe))
    notifications.postpone(db, until)
    post(writer, _with_carried(writer, due))
    return len(due)


def _held(db: Connection, waiting: Waiting) -> Waiting:
    """What has come since from a partnership that is not held waits for the next round."""
    return {email: [row for row in rows if row.partnership in held(db)] for email, rows in waiting.items()}


def by_partnership(writer: Writer, email: str, rows: Sequence[NotificationRow]) -> Theirs:
    """The notices by partnership, without those for somebody who has left, or who has changed sides since."""
    found: Theirs = defaultdict(list)
    for row in rows:
        known = writer.archive[row.partnership]
        who = known.known_as(email)
        if who is None or who.has_left(writer.now.date()):
            continue
        if may_learn(internal_to(row, known.partnership), Audience(who.of)):
            found[row.partnership].append(row)
    return found


def _gone(waiting: Waiting, heard: Mapping[str, Theirs]) -> Iterator[int]:
    """What waits and nobody is to hear of any more."""
    stays = {row.id for theirs in heard.values() for rows in theirs.values() for row in rows}
    return (row.id for rows in waiting.values() for row in rows if row.id and row.id not in stays)


def _addressees(writer: Writer, heard: Mapping[str, Theirs]) -> Iterator[Addressee]:
    """Those for whom something waits, as the first of its partnerships knows them."""
    for email, theirs in heard.items():
        if theirs:
            known = writer.archive[next(iter(theirs))]
            people = known.partnership.people
            key = next(key for key, person in people.items() if person.email.casefold() == email)
            yield Addressee(email, known, key, theirs)


def _with_carried(writer: Writer, due: Sequence[Addressee]) -> list[Addressee]:
    """Each with what letters carry besides that have not left: those are withdrawn. Who knows of it all is read before
    that, while it waits in one letter or another."""
    unsent = outbox.unsent_to(writer.db, [each.email for each in due], outbox.NOTICE)
    rows = notifications.carried(writer.db, unsent)
    of_others = {row.letter for row in rows if row.partnership not in held(writer.db)}  # written since; they stay
    unsent = [each for each in unsent if each not in of_others]
    carried = defaultdict(list)
    for row in rows:
        if row.letter not in of_others:
            carried[row.email].append(row)
    found = []
    for each in due:
        more = by_partnership(writer, each.email, carried[each.email])
        both = {id: [*each.theirs.get(id, ()), *more.get(id, ())] for id in dict.fromkeys((*each.theirs, *more))}
        found.append(each._replace(theirs=both))
    writer.look_up(row.subject for each in found for rows in each.theirs.values() for row in rows)
    outbox.withdraw(writer.db, unsent, writer.now)
    return found


# Now or later ------------------------------------------------------------------------------------------------------


def _times(writer: Writer, addressee: Addressee, last: datetime | None, goes_on: bool) -> dict[int | None, datetime]:
    """When each of the notices is to be told, by its row."""
    known, now = addressee.known, writer.now
    working_time = working_time_in(known.partnership, addressee.key)
    today = now.astimezone(ZoneInfo(working_time.zone)).date()
    told_today = today if last and last.astimezone(ZoneInfo(working_time.zone)).date() == today else None
    return {
        row.id: put_off(
            working_time,
            now if told_today else row.tell_at or now,
            told_today,
            _deadline(writer, row, addressee.person),
            now if goes_on else None,
        )
        for rows in addressee.theirs.values()
        for row in rows
    }


def _ripe(addressee: Addressee, times: Mapping[int | None, datetime], now: datetime) -> Theirs:
    """What can be told now: all that waits, where they are at work; else, by a program that is run now and then, what
    could have been told since it began to wait, had it run in their hours."""
    if telling_time(working_time_in(addressee.known.partnership, addressee.key), now) == now:
        return addressee.theirs
    ripe = {id: [row for row in rows if times[row.id] <= now] for id, rows in addressee.theirs.items()}
    return {id: rows for id, rows in ripe.items() if rows}


def _deadline(writer: Writer, row: NotificationRow, person: Person) -> date | None:
    """The day before which who wants a digest has to be told of a step, as its notice stands now."""
    if person.tell != "digest":
        return None
    key = notifications.Key(row.subject, row.period, row.rung, row.occasion, row.email)
    notice = step_of(writer.archive[row.partnership], row)
    return breaks_digest(key, notice, writer.heard(row.partnership)) if notice else None
