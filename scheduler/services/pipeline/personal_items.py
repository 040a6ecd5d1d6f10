"""What there is to say to one person of a partnership: what has come up for them, and all that they owe and are asked
for.

Notices say what has come up. What is owed is read from how things stand when the letter is written, not from what was
on record when its day came: a review may have been moved, a date may have passed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.vocabulary import Kind, Role, Status
from scheduler.domain.ids import KpiId, ReviewId
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.notification import SETTLED, About, Notification
from scheduler.domain.record.notification_facts import TriggerFacts
from scheduler.render.languages import say
from scheduler.render.notifications.digest import YOU
from scheduler.render.notifications.sentences import ToldMatter
from scheduler.rules.access import Audience, audience_of, may_hear
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.triggers import notices
from scheduler.services.app import App
from scheduler.services.pipeline import counsel_letters
from scheduler.services.pipeline.counsel_letters import RUNG as FOR_COUNSEL
from scheduler.services.state import PartnershipState
from scheduler.store.tables import NotificationRow


class Reader(NamedTuple):
    """Who is written to, as one partnership knows them by this key."""

    known: PartnershipState
    key: str

    @property
    def zone(self) -> str:
        partnership = self.known.partnership
        return zone_of(partnership.people[self.key], partnership.organisations, partnership.zone).key

    @property
    def audience(self) -> Audience:
        return audience_of(self.key, self.known.partnership)

    def name(self, person: str | None) -> str:
        if person == self.key:
            return say(YOU)
        return self.known.partnership.name_of(str(person))


MaySay = Callable[[str | None, Partnership], bool]
"""Whether what is internal to an organisation (None: to none) may be said where the letter goes."""


class PersonalItem(NamedTuple):
    """One thing of a letter before it is worded. `owed` is a KPI's period that waits for a reading."""

    about: About
    subject: str
    period: str
    rung: str
    occasion: str
    told: ToldMatter
    late: bool
    since: date
    is_asked: bool
    is_news: bool
    owed: Measurement | None = None

    @property
    def is_late(self) -> bool:
        return self.owed.status == "overdue" if self.owed else self.late


def urgency(known: PartnershipState, item: PersonalItem) -> tuple[int, bool, date]:
    """A date that passes for good comes first, then a review on which the partnership depends; then what is overdue,
    the longest before all."""
    passes = item.about in ("agreement", "document")
    record = known.recorded.get(item.subject) if item.about == "review" and item.is_asked else None
    decides = record is not None and record.review.kind in (Kind.CHECKPOINT, Kind.FORMAL_REVIEW)
    return 0 if passes else 1 if decides else 2, not item.is_late, item.since


def items(reader: Reader, rows: Sequence[NotificationRow], may_say: MaySay) -> list[PersonalItem]:
    """One for each matter, by the latest step that it has reached: a letter after a week of silence says what holds
    now. That one thing of it has ended (its minutes are there) hides no other that goes on (they are objected to)."""
    found: dict[tuple[str, ...], PersonalItem] = {matter_key(each): each for each in _standing(reader, may_say)}
    for row in sorted(rows, key=lambda row: (row.rung == SETTLED, row.due_on, row.id)):
        key = matter_key(row)
        goes_on = row.rung == SETTLED and key in found and armed(found[key].occasion) != armed(row.occasion)
        found[(*key, row.occasion) if goes_on else key] = _of_row(reader, row)
    return sorted(found.values(), key=lambda each: (*urgency(reader.known, each), each.subject, each.period))


def armed(occasion: str) -> str:
    """What a ladder counts from, which its repetitions have in common."""
    return occasion.partition("#")[0]


def matter_key(told: PersonalItem | Notification | NotificationRow) -> tuple[str, str, str]:
    """What is one thing in a letter: its subject, of a KPI a period, and each step of a launch track by itself."""
    return told.subject, told.period, told.rung if told.about == "checkpoint" else ""


_OF_A_SERIES = {"held": "held", "minutes_due": "minutes", "minutes_late": "minutes"}
"""What is asked of several reviews of a series at once, by what each of them asks."""


def of_a_series(told: ToldMatter) -> tuple[str, str] | None:
    """The series of a review and what is asked of it, where the same may be asked of others of that series."""
    asks = _OF_A_SERIES.get((told.facts or {}).get("asks", "")) if told.kind == "review" else None
    return (ReviewId(told.subject).parent, asks) if asks else None


def _standing(reader: Reader, may_say: MaySay) -> Iterator[PersonalItem]:
    """What the person is asked for, whether or not anything of it has come up today: every period that they let go by,
    and every step that they were to be told of and can still act on."""
    known = reader.known
    reached = _reached(reader, lambda each: reader.key in each.asked)
    for owed in (each for of_scope in known.owed.values() for each in of_scope if each.asked == reader.key):
        step = reached.pop((owed.id, owed.period.label, ""), None)
        is_due = owed.status == "overdue" or (owed.status == "open" and step is not None)
        if is_due and may_say(owed.kpi.of, known.partnership):
            yield _of_period(owed, step)
    for each in reached.values():
        if each.about != "kpi" and each.stands(known.now.date()) and may_say(each.of, known.partnership):
            yield _of_notice(each)


def for_counsel(app: App, db: Connection, reader: Reader) -> Iterator[PersonalItem]:
    """The agendas with lines for counsel, where the reader is counsel: a step of nothing that is ahead."""
    if reader.known.partnership.people[reader.key].role is Role.COUNSEL:
        yield from map(_of_notice, counsel_letters.notices(app, db, reader.known))


def of_others(reader: Reader, may_say: MaySay) -> list[PersonalItem]:
    """What is late, has reached the reader by its ladder, and is somebody else's to do: the longest late first."""
    known = reader.known

    def is_anothers(each: Notification) -> bool:
        return each.late and reader.key in each.people and reader.key not in each.asked

    found = []
    for each in _reached(reader, is_anothers).values():
        owed = known.owed_of.get((each.subject, each.period)) if each.about == "kpi" else None
        is_over = each.about == "kpi" and (owed is None or owed.status != "overdue")
        if not is_over and may_say(each.of, known.partnership):
            item = _of_period(owed, each) if owed else _of_notice(each)
            found.append(item._replace(is_asked=False))
    return sorted(found, key=lambda each: (*urgency(known, each), each.subject, each.period))


def coming(reader: Reader, may_say: MaySay) -> list[PersonalItem]:
    """What is the reader's to do, and no step has come up of: periods of KPIs that can be reported, open actions of
    minutes; what is due soonest first."""
    known, today = reader.known, reader.known.now.date()
    told = {matter_key(each) for each in _standing(reader, may_say)}
    found: dict[tuple[str, str, str], PersonalItem] = {}
    for owed in (each for of_scope in known.owed.values() for each in of_scope if each.asked == reader.key):
        item, scope = _of_period(owed, None), known.scopes[KpiId(owed.id).scope]
        can_be = owed.status == "open" and owed.period.last < local_date(scope, owed.kpi, known.now)
        if can_be and matter_key(item) not in told and may_say(owed.kpi.of, known.partnership):
            found[matter_key(item)] = item
    for step in sorted(known.ahead, key=lambda each: each.on):
        if step.about == "action" and reader.key in step.asked and matter_key(step) not in {*told, *found}:
            item = _of_notice(step)
            found[matter_key(step)] = item._replace(late=item.since < today)
    return sorted(found.values(), key=lambda each: (each.since, each.subject, each.period))


def _reached(reader: Reader, wanted: Callable[[Notification], bool]) -> dict[tuple[str, str, str], Notification]:
    """Of each matter the latest step whose day has come, of those that are `wanted` and the reader may hear of."""
    known = reader.known
    reached: dict[tuple[str, str, str], Notification] = {}
    for each in sorted(known.ahead, key=lambda each: each.on):
        if each.on <= known.now.date() and wanted(each) and may_hear(reader.key, each.of, known.partnership):
            reached[matter_key(each)] = each
    return reached


def _of_period(owed: Measurement, step: Notification | None) -> PersonalItem:
    rung, occasion = (step.rung, step.occasion) if step else ("", owed.counted_from.isoformat())
    key = owed.id, owed.period.label, rung, occasion
    told = ToldMatter("kpi", owed.id, rung, None, owed.kpi.name)
    return PersonalItem("kpi", *key, told, late=True, since=owed.due, is_asked=True, is_news=False, owed=owed)


def _of_notice(notice: Notification) -> PersonalItem:
    key = notice.subject, notice.period, notice.rung, notice.occasion
    since = notice.by or notice.on
    return PersonalItem(
        notice.about, *key, told_of(notice), late=notice.late, since=since, is_asked=True, is_news=False
    )


def told_of(notice: Notification) -> ToldMatter:
    """What a notice tells, to be worded."""
    return ToldMatter(notice.about, notice.subject, notice.rung, notice.facts, notice.title)


def _of_row(reader: Reader, row: NotificationRow) -> PersonalItem:
    """What a notice on record tells, in the words of its step as it stands now."""
    known = reader.known
    step = step_of(known, row)
    owed = owed_of(known, row) if row.rung != SETTLED else None
    asked = (owed.asked,) if owed else step.asked if step else _asked_by_itself(reader, row)
    told = told_of(step) if step else ToldMatter(row.about, row.subject, row.rung, row.facts, row.title, row.detail)
    if facts := _of_trigger(reader, row):
        told = told._replace(facts=facts)
    key = row.subject, row.period, row.rung, row.occasion
    since = owed.due if owed else row.due_on
    is_asked = row.rung != SETTLED and reader.key in asked
    about = cast(About, row.about)
    return PersonalItem(about, *key, told, late=row.late, since=since, is_asked=is_asked, is_news=True, owed=owed)


def _asked_by_itself(reader: Reader, row: NotificationRow) -> tuple[str, ...]:
    """Who is asked by a notice that is a step of nothing: counsel, for whom lines of an agenda are."""
    return (reader.key,) if row.about == "review" and row.rung == FOR_COUNSEL else ()


def step_of(known: PartnershipState, row: NotificationRow) -> Notification | None:
    """The step that is on record, as its notice stands now; None where there is none any more."""
    same = known.ahead_of.get((row.subject, row.period), ())
    return next((each for each in same if (each.rung, each.occasion) == (row.rung, row.occasion)), None)


def _of_trigger(reader: Reader, row: NotificationRow) -> TriggerFacts | None:
    """A trigger that fired and the review that it called, as that stands now; None for anything else."""
    known = reader.known
    if row.about != "trigger" or row.rung == SETTLED:
        return None
    for fired in known.causes:
        scope = known.scopes.get(fired.cause.scope)
        if f"{fired.cause.scope}/{fired.cause.key}" == row.subject and scope:
            called = known.recorded.get(fired.review or "")
            status = called.status if called else Status.PLANNED
            return notices.facts_of(fired, called.review if called else None, scope, status)
    return None


def owed_of(known: PartnershipState, row: NotificationRow) -> Measurement | None:
    """The period of a KPI that a notice is about, as it is owed now."""
    return known.owed_of.get((row.subject, row.period)) if row.about == "kpi" else None
