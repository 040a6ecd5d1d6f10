"""What people do in two years, by a seed: they report, forget, correct; move, hold and skip reviews; file minutes; edit
agendas; tick, judge, propose and vote; answer invitations; are away. What they do with files is in `editors`.

A deed is chosen from what is on record, in its order, by chances of its own: the same in two worlds with the same
record, whatever else befell them. Who is told that something cannot be done leaves it; whoever sees the program fail
does the same once more.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from functools import partial
from random import Random
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row, Table, select

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.phrases import Days
from scheduler.domain.record.rsvp import Says
from scheduler.rules.access import JOINT
from scheduler.services import lookup
from scheduler.services.cases import (
    absences,
    actions,
    agenda_edits,
    agenda_items,
    attendance,
    checkpoint,
    formal_review,
    kpis,
    launch_track,
    proposals,
    reviews,
)
from scheduler.services.state import state_of
from scheduler.store import StoreError, core_tables
from tests.confidential.partnership import MARKS

from .faults import Killed
from .world import World

Act = Callable[[], object]
Deed = Callable[[World, Random, str], Iterable[Act]]
"""Chooses what is done to a partnership: some acts, each of them done by itself."""
T = TypeVar("T")
_MOST_TRIES = 100


def does(world: World, deed: Deed, random: Random, id: str) -> None:
    """Somebody does something, again where the program ended or failed meanwhile, until it is done or refused."""
    for act in _chosen(world, deed, random, id):
        for _ in range(_MOST_TRIES):
            try:
                act()
            except Killed:
                world.daemons[0].restart()
                continue
            except StoreError:
                continue
            except UserError as refused:
                world.diary.append(f"{world.now} {deed.__name__}: {refused.what}")
            else:
                world.diary.append(f"{world.now} {deed.__name__}: done")
            break
        else:
            raise AssertionError(f"{deed.__name__} never came to an end")


def _chosen(world: World, deed: Deed, random: Random, id: str) -> list[Act]:
    with world.undisturbed():
        try:
            return list(deed(world, random, id))
        except UserError:
            return []


def rows(world: World, table: Table, id: str, **wanted: Any) -> Sequence[Row[Any]]:
    """What is on record of a partnership in a table, in the order of its columns."""
    conditions = [table.c.partnership == id, *(table.c[name] == value for name, value in wanted.items())]
    with world.app.store.read() as db:
        found = db.execute(select(table).where(*conditions)).all()
    return sorted(found, key=lambda row: tuple(map(str, row)))


def _coming(world: World, id: str, within: timedelta = timedelta(days=70)) -> list[Row[Any]]:
    now = world.clocks()
    found = rows(world, core_tables.review, id, status=Status.PLANNED)
    return [each for each in found if now < each.start_utc < now + within]


def _person(world: World, random: Random, id: str) -> str:
    return str(random.choice(sorted(world.definition(id)["people"])))


def _one(random: Random, found: Sequence[T]) -> T:
    if not found:
        raise UserError("there is nothing of the kind", "look again later")
    return random.choice(found)


# KPIs --------------------------------------------------------------------------------------------------------------


def reports_what_is_owed(world: World, random: Random, id: str) -> Iterator[Act]:
    """Most owners report what has ended; some forget."""
    today, of_each = world.clocks().date(), random.random()
    for each in rows(world, core_tables.measure, id):
        random = Random(f"{of_each} {each.kpi} {each.period}")
        if each.status in ("open", "overdue") and each.due - timedelta(days=8) < today and random.random() < 0.75:
            kpi = world.definition(id)["kpis"].get(each.kpi.rpartition("/")[2], {})
            good = next((mark.figure for mark in MARKS.values() if mark.word in each.kpi), "4")
            value = good if random.random() < 0.6 else "1"
            yield partial(_report, world, each.kpi, each.period, value, kpi.get("owner"))


def _report(world: World, kpi: str, period: str, value: str, by: str | None) -> None:
    kpis.report(world.app, kpi, period, value, None, by, world.clocks(), confirmed=True)


def corrects_a_reading(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, rows(world, core_tables.reading, id))
    yield partial(_report, world, each.kpi, each.period, str(int(float(each.value)) + 1), each.person)


# Reviews -----------------------------------------------------------------------------------------------------------


def closes_what_is_over(world: World, random: Random, id: str) -> Iterator[Act]:
    """Most of what is over was held, with minutes; some was not, and of some nobody says anything."""
    of_each = random.random()
    for each in rows(world, core_tables.review, id, status=Status.PLANNED):
        random = Random(f"{of_each} {each.id}")
        chance, minutes = random.random(), _minutes(random, world.definition(id))
        if each.end_utc < world.clocks() and chance < 0.1:
            yield lambda each=each: reviews.skip(  # type: ignore[misc]
                world.app, each.id, "nobody had time", each.agenda_owner, world.clocks()
            )
        elif each.end_utc < world.clocks() and chance < 0.85:
            yield partial(_hold, world, each.id, minutes, each.agenda_owner)


def _hold(world: World, review: str, minutes: str, by: str) -> None:
    reviews.hold(world.app, review, minutes, by, world.clocks())


def _minutes(random: Random, written: dict[str, Any]) -> str:
    who = written["people"][random.choice(sorted(written["people"]))]["name"].partition(" ")[0]
    number = random.randrange(1000)
    return f"# Decisions\n\n- We go on with plan {number}\n\n# Actions\n\n- [ ] {who}: send plan {number}\n"


def corrects_minutes(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, [each for each in rows(world, core_tables.review, id, status=Status.HELD) if each.minutes])
    minutes = each.minutes + f"- [ ] {_person(world, random, id).capitalize()}: and another thing\n"
    yield partial(_hold, world, each.id, minutes, each.agenda_owner)


def moves_a_review(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, _coming(world, id))
    to = each.start_utc + timedelta(days=random.randint(-6, 12), hours=random.choice((0, 0, 1, -1)))
    to = max(to, world.clocks() + timedelta(days=1))

    def move() -> None:
        world.moved.pop(each.id, None)
        reviews.move(world.app, each.id, to, "a clash", each.chair, world.clocks())
        world.moved[each.id] = to

    yield move


def skips_what_is_to_come(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, _coming(world, id))
    yield lambda: reviews.skip(world.app, each.id, "it is not needed", each.agenda_owner, world.clocks())


def calls_a_formal_review(world: World, random: Random, id: str) -> Iterator[Act]:
    says, who = f"matter {random.randrange(100)}", _person(world, random, id)
    yield lambda: formal_review.call(world.app, id, says, who, world.clocks())


def finishes_an_action(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, rows(world, core_tables.action, id))
    yield lambda: actions.finish(world.app, each.id, None, each.owner, world.clocks())


# Agendas -----------------------------------------------------------------------------------------------------------


def edits_an_agenda_by_page(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, _coming(world, id, timedelta(days=7)))
    mark = f"remember-{random.randrange(10**9)}"
    with world.app.store.read() as db:
        known = state_of(world.app, db, lookup.partnership(db, id), world.clocks())
        was = agenda_edits.agenda_text(world.app, db, known, each.id, JOINT)

    def edit() -> None:
        text = f"{was.text}\n\n{mark}\n"
        agenda_edits.edit(world.app, each.id, None, text, was.version, each.agenda_owner, world.clocks())
        world.marks[mark] = each.id

    yield edit


def edits_an_agenda_file(world: World, random: Random, id: str) -> Iterator[Act]:
    coming = {each.id for each in _coming(world, id, timedelta(days=7))}
    folder = world.agendas()
    joint = {"/".join(each.relative_to(folder).with_suffix("").parts): each for each in folder.rglob("*.md")}
    review = _one(random, sorted(joint.keys() & coming))
    mark = f"remember-{random.randrange(10**9)}"

    def edit() -> None:
        joint[review].write_text(f"{joint[review].read_text(encoding='utf-8')}\n\n{mark}\n", encoding="utf-8")
        world.marks[mark] = review

    yield edit


def adds_an_item(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, _coming(world, id))
    who, says = _one(random, sorted(each.attendees)), f"Matter {random.randrange(100)}"
    yield lambda: agenda_items.add(world.app, each.id, says, 10, who, world.clocks())


# The launch, decisions, answers ------------------------------------------------------------------------------------


def ticks_a_step(world: World, random: Random, id: str) -> Iterator[Act]:
    step = random.choice(("kick-off", "kpi-owners", "first-steering", "midpoint", "evidence-call", "pre-read"))
    who = _person(world, random, id)
    yield lambda: launch_track.tick(world.app, id, step, None, who, world.clocks())


def judges_a_criterion(world: World, random: Random, id: str) -> Iterator[Act]:
    verdict = random.choice(("met", "partly", "missed"))
    yield lambda: checkpoint.judge(world.app, id, "team", verdict, "as we saw it", "dev", world.clocks())


def proposes(world: World, random: Random, id: str) -> Iterator[Act]:
    says, who = f"Plan {random.randrange(1000)} is adopted", _person(world, random, id)
    yield lambda: proposals.propose(world.app, id, says, None, None, who, world.clocks())


def votes(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, rows(world, core_tables.proposal, id, outcome=None))
    says, who = random.choice(("yes", "yes", "no")), random.choice(("ines", "dev", "marta", "june"))
    yield lambda: proposals.vote(world.app, each.id, says, who, world.clocks())


def answers_on_a_page(world: World, random: Random, id: str) -> Iterator[Act]:
    each = _one(random, _coming(world, id))
    who, says = _one(random, sorted(each.attendees)), random.choice((Says.ACCEPTED, Says.DECLINED, Says.TENTATIVE))
    yield lambda: attendance.answer(world.app, each.id, who, says, world.clocks())


def answers_by_mail(world: World, random: Random, id: str) -> Iterator[Act]:
    """With a calendar, as mail programs answer an invitation to a single review; the letter lies in the mailbox."""
    uids = {each.uid for each in _coming(world, id)}
    latest = {(each.email, each.uid): each for each in _invitations(world) if each.uid in uids}
    invitation = latest[_one(random, sorted(latest))]
    partstat = random.choice(("ACCEPTED", "DECLINED"))
    letter = _REPLY.format(partstat=partstat, stamp=world.clocks(), **invitation._asdict())
    name = f"{len(world.mailed):06}.letter"

    def send() -> None:
        world.mailed.append(name)
        (world.folder / "mail" / "new" / name).write_bytes(letter.replace("\n", "\r\n").encode())

    yield send


class _Invitation(NamedTuple):
    """What an answer has to name of the invitation to a single review."""

    email: str
    uid: str
    organizer: str
    sequence: str


def _invitations(world: World) -> Iterator[_Invitation]:
    """Those that arrived, in their order."""
    for each in world.receivers.arrived:
        if each.method == "REQUEST":
            lines = re.sub(r"\r?\n[ \t]", "", _calendar(each.content))
            event = lines[lines.index("BEGIN:VEVENT") :]
            uid, sequence = (re.search(rf"^{name}:(.*?)\r?$", event, re.M) for name in ("UID", "SEQUENCE"))
            organizer = re.search(r"^ORGANIZER.*?mailto:(.*?)\r?$", event, re.M | re.I)
            assert uid and organizer
            yield _Invitation(each.email, uid[1], organizer[1], sequence[1] if sequence else "0")


def _calendar(content: bytes) -> str:
    message = message_from_bytes(content, policy=policy.default)
    return str(next(each for each in message.walk() if each.get_content_type() == "text/calendar").get_content())


_REPLY = """From: {email}
To: {organizer}
Message-ID: <{stamp:%Y%m%d%H%M%S}.{uid}@calendar.example>
Content-Type: text/calendar; charset=utf-8; method=REPLY

BEGIN:VCALENDAR
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}
SEQUENCE:{sequence}
ATTENDEE;PARTSTAT={partstat}:mailto:{email}
END:VEVENT
END:VCALENDAR
"""


def is_away(world: World, random: Random, id: str) -> Iterator[Act]:
    who = _person(world, random, id)
    first = world.clocks().date() + timedelta(days=random.randint(2, 40))
    days = Days(first, first + timedelta(days=random.randint(1, 10)))
    yield lambda: absences.say(world.app, who, days, who, world.clocks(), partnership=id)


ROUND: tuple[Deed, ...] = (reports_what_is_owed, closes_what_is_over)
"""What people do each week or two."""
DEEDS: tuple[Deed, ...] = (
    corrects_a_reading,
    corrects_minutes,
    moves_a_review,
    moves_a_review,
    skips_what_is_to_come,
    calls_a_formal_review,
    finishes_an_action,
    edits_an_agenda_by_page,
    edits_an_agenda_file,
    edits_an_agenda_file,
    adds_an_item,
    ticks_a_step,
    judges_a_criterion,
    proposes,
    votes,
    votes,
    answers_on_a_page,
    answers_by_mail,
    answers_by_mail,
    is_away,
)
