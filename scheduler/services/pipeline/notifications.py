"""What a partnership tells its people, put on record in the transaction that governs it; letters carry it afterwards.

reached, not known            → recorded, waiting for the person's next working hour
reached, dropped before       → waits again: the excuse ran out, the correction was taken back
waiting, no longer reached    → dropped: settled before anybody was told
in a letter that has not left → the letter is taken back, and written anew without what is settled
told of lateness, now settled → those who were told hear so
settled otherwise, or no more → what has not left says how it stands now, or is not told
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.record.notification import SETTLED, About, Ending, Notification
from scheduler.domain.record.notification_facts import EndingFacts
from scheduler.domain.text import one_line
from scheduler.render.notifications.sentences import sentence_of
from scheduler.rules.access import may_hear
from scheduler.rules.calendar.business_hours import WorkingTime, telling_time, working_time_of
from scheduler.services.app import App
from scheduler.store import notifications as store
from scheduler.store import outbox, partnerships
from scheduler.store.tables import NotificationRow

Settled = Mapping[tuple[str, str], Ending]
"""How matters came to their end, by subject and period."""


@dataclass(frozen=True)
class Board:
    """Where a partnership's notices are put up."""

    app: App
    db: Connection
    partnership: Partnership
    now: datetime

    def working_time(self, person: str) -> WorkingTime:
        return working_time_in(self.partnership, person)

    def tell_at(self, person: str, by: date | None = None) -> datetime:
        return telling_time(self.working_time(person), self.now, by=by)


def working_time_in(partnership: Partnership, person: str) -> WorkingTime:
    """Where and when a person of a partnership works."""
    who = partnership.people[person]
    zone = zone_of(who, partnership.organisations, partnership.zone).key
    return working_time_of(who, partnership.organisations.get(who.of or ""), zone)


def notify(board: Board, reached: Iterable[Notification], settled: Settled) -> int:
    """Bring what is told of a partnership up to what its ladders have reached; return how many notices are new."""
    wanted = dict(addressed(board.partnership, reached))
    _take_back(board, wanted)
    _end_otherwise(board, settled)
    known = store.known(board.db, board.partnership.partnership)
    over = [each.id for key, each in known.items() if key not in wanted and _is_over(key, each, board.now)]
    back = [(known[key].id, each) for key, each in wanted.items() if key in known and known[key].state == "dropped"]
    wanted |= dict(addressed(board.partnership, _settlements(board, settled)))
    heard = {matter_of(key) for key, each in known.items() if each.state == "told"}
    fresh = [
        _row(board, key, *each, breaks_digest(key, each[0], heard)) for key, each in wanted.items() if key not in known
    ]
    store.drop(board.db, over)
    for id, (notice, person) in back:
        store.revive(board.db, [id], board.tell_at(person, notice.by))
    store.add(board.db, fresh)
    for row in fresh:
        board.app.log.info("notice", subject=row.subject, period=row.period, rung=row.rung, to=row.person)
    if fresh:
        partnerships.touch(board.db, [board.partnership.partnership])
    return len(fresh)


def _take_back(board: Board, wanted: Collection[store.Key]) -> None:
    """Letters that have not left, and say what is not so any more: all that they carry waits again. Where a step's day
    is yet to come, only the clock was set back."""
    unsent = store.unsent(board.db, board.partnership.partnership, board.now.date())
    stale = {letter for key, letter in unsent.items() if key not in wanted and key.rung != SETTLED}
    store.tell_again(board.db, outbox.withdraw(board.db, stale, board.now), board.now)


def _end_otherwise(board: Board, settled: Settled) -> None:
    """What nobody has read yet of how a matter ended says how it stands now; nothing where it is open again, or where
    its reader has ended it. Letters that say otherwise are taken back."""
    unread = store.settled_unread(board.db, board.partnership.partnership)
    stale = [row for row in unread if not _says(board, row, _news(settled, row))]
    letters = outbox.withdraw(board.db, {row.letter for row in stale if row.letter}, board.now)
    store.tell_again(board.db, letters, board.now)
    for row in stale:
        if row.letter is None or row.letter in letters:
            news = _news(settled, row)
            store.reword(board.db, row, news and {**news, "matter": (row.facts or {}).get("matter")})


def _news(settled: Settled, row: NotificationRow) -> EndingFacts | None:
    """How a matter ended, for somebody who was told of its lateness; None where that is no news to them."""
    ending = settled.get((row.subject, row.period))
    return ending.facts if ending and ending.by != row.person else None


def _says(board: Board, row: NotificationRow, news: EndingFacts | None) -> bool:
    """Whether what is on record of an ending is how it stands now; before there were facts, that was a sentence."""
    if news is None:
        return False
    if row.facts is None:
        return one_line(row.detail) == sentence_of(news, board.app.settings.template_folders[-1])
    return all(row.facts.get(name) == value for name, value in news.items())


def _is_over(key: store.Key, notice: store.KnownNotice, now: datetime) -> bool:
    """Whether something that waits, and that no ladder has reached, is settled; where its day is yet to come, only the
    clock was set back."""
    return notice.state == "waiting" and key.rung != SETTLED and notice.due_on <= now.date()


def addressed(
    partnership: Partnership, notices: Iterable[Notification]
) -> Iterator[tuple[store.Key, tuple[Notification, str]]]:
    """Each notice with each person whom it names and who may hear of it; with nobody where only an agenda hears."""
    people = partnership.people
    for notice in notices:
        told = [key for key in notice.people if key in people and may_hear(key, notice.of, partnership)]
        if notice.agenda and not notice.people:
            yield _key(notice, ""), (notice, "")
        for person in told:
            yield _key(notice, people[person].email.casefold()), (notice, person)


def _key(notice: Notification, email: str) -> store.Key:
    return store.Key(notice.subject, notice.period, notice.rung, notice.occasion, email)


def matter_of(key: store.Key) -> tuple[str, str, str, str]:
    """What a step is about, for whom: of one arming of the ladder."""
    return key.subject, key.period, key.occasion.partition("#")[0], key.email


def breaks_digest(key: store.Key, notice: Notification, heard: Collection[tuple[str, str, str, str]]) -> date | None:
    """The day before which a step has to be told even to who wants a digest: none where they know that day already
    (`heard` are those matters), and can still act when it has passed."""
    return notice.by if notice.passes_for_good or matter_of(key) not in heard else None


def _row(board: Board, key: store.Key, notice: Notification, person: str, by: date | None) -> NotificationRow:
    return NotificationRow(
        partnership=notice.partnership,
        about=notice.about,
        subject=notice.subject,
        period=notice.period,
        rung=notice.rung,
        occasion=notice.occasion,
        due_on=notice.on,
        person=person or None,
        email=key.email,
        agenda=notice.agenda,
        of=notice.of,
        title=notice.title,
        detail="",
        facts=dict(notice.facts),
        late=notice.late,
        state="waiting" if person else "told",
        recorded_at=board.now,
        tell_at=board.tell_at(person, by) if person else None,
    )


def _settlements(board: Board, settled: Settled) -> Iterator[Notification]:
    """That it is over, for those who were told that it was late and are still of the partnership."""
    for row in store.told_late(board.db, board.partnership.partnership):
        news, who = _news(settled, row), board.partnership.people.get(row.person or "")
        if news and who and not who.has_left(board.now.date()):
            yield Notification(
                partnership=row.partnership,
                about=cast(About, row.about),
                subject=row.subject,
                period=row.period,
                rung=SETTLED,
                occasion=row.occasion,
                on=board.now.date(),
                people=(row.person or "",),
                title=row.title,
                facts={**news, "matter": row.facts},
                of=internal_to(row, board.partnership),
            )


def internal_to(row: NotificationRow, partnership: Partnership) -> str | None:
    """The organisation that what is on record is internal to: of a KPI whose level or organisation has been changed
    since, as the definition has it now."""
    kpi = partnership.kpi(row.subject) if row.about == "kpi" else None
    return (kpi.of if kpi else None) or row.of
