"""What one person is told, in words: first what they are asked for, over all partnerships, then what they are to know
of what has come up; each matter with what holds now, who knows, and who is next."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.ids import KpiId
from scheduler.domain.record.measurement import Flag, Measurement
from scheduler.domain.record.notification import SETTLED, Notification, Notified, NotifiedOf
from scheduler.domain.record.notification_facts import KpiFacts
from scheduler.render.languages import known as known_words
from scheduler.render.languages import say
from scheduler.render.notifications.digest import (
    Next,
    WhoKnows,
    knowing,
    kpi_matter,
    matter,
    state_of,
    with_others,
)
from scheduler.render.notifications.letter_parts import Chapter, Matter
from scheduler.render.notifications.notified import told_in_full, untold_in_full
from scheduler.render.notifications.owed import ReaderOf, owed_by
from scheduler.render.notifications.sentences import FOLDER, NOBODY_KNOWN, Means, Sentences, ToldMatter, sentences_of
from scheduler.render.wording import day_words
from scheduler.rules.access import contact_for, is_operator, may_learn
from scheduler.rules.calendar.business_hours import telling_time
from scheduler.rules.kpis.ladder import flag
from scheduler.rules.kpis.measurements import owners_zone
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.pipeline.chair_letters import RUNG as CHAIR
from scheduler.services.pipeline.digest_links import Links, link_of, link_says
from scheduler.services.pipeline.letter_questions import question_of
from scheduler.services.pipeline.notifications import matter_of, working_time_in
from scheduler.services.pipeline.personal_items import MaySay, PersonalItem, Reader, armed, items, of_a_series, urgency
from scheduler.services.state import PartnershipState
from scheduler.settings import Settings
from scheduler.store import notifications, notified
from scheduler.store.tables import NotificationRow

SENDER = "cadence@localhost"
"""Whom letters come from where the settings name no sender: then they only lie in a folder."""


@dataclass(frozen=True)
class Writer:
    """Who writes to some people in one transaction. `members` are the governed partnerships of each, by mail address
    in lower case; `due` are all to whom
    letters are written in this cycle, where they are at work."""

    app: App
    db: Connection
    archive: Archive
    now: datetime
    members: Mapping[str, Sequence[str]]
    due: Collection[str] = ()

    @cached_property
    def links(self) -> Links:
        return Links(self.app, self.db, self.archive, self.now)

    @cached_property
    def _notified(self) -> dict[str, NotifiedOf]:
        return {}

    def look_up(self, subjects: Iterable[str]) -> None:
        """Read at once what became of telling people of these, and of all that is overdue."""
        late = (
            owed.id
            for known in self.archive
            for of_scope in known.owed.values()
            for owed in of_scope
            if owed.status == "overdue"
        )
        self._read({*subjects, *late})

    def read_ahead(self, subjects: Iterable[str]) -> None:
        """Read at once what is not known yet of these, rather than of each as it is told."""
        self._read({*subjects} - self._notified.keys())

    def _read(self, wanted: Collection[str]) -> None:
        found: dict[str, dict[tuple[str, str], tuple[Notified, ...]]] = {subject: {} for subject in wanted}
        for key, people in notified.of_subjects(self.db, wanted).items():
            found[key[0]][key] = people
        self._notified.update(found)

    def notified(self, subject: str, period: str) -> Sequence[Notified]:
        """What became of telling people of a matter, until now."""
        if subject not in self._notified:
            self._notified[subject] = notified.of_subjects(self.db, [subject])
        return self._notified[subject].get((subject, period), ())

    @cached_property
    def _heard(self) -> dict[str, set[tuple[str, str, str, str]]]:
        return {}

    def heard(self, partnership: str) -> Collection[tuple[str, str, str, str]]:
        """The matters of a partnership of which anybody was told, each for whom."""
        if partnership not in self._heard:
            known = notifications.known(self.db, partnership).items()
            self._heard[partnership] = {matter_of(key) for key, each in known if each.state == "told"}
        return self._heard[partnership]

    @cached_property
    def faults(self) -> dict[str, str | None]:
        """Of each template that was used, by its folder and name, what is wrong with the operator's own."""
        return {}

    def note(self, faults: Mapping[str, str | None]) -> None:
        """Keep what is wrong with templates that were used; None where nothing is."""
        self.faults.update({template: self.faults.get(template) or fault for template, fault in faults.items()})

    def means(self, reader: Reader) -> Means:
        """What a reader can do about what they are told."""
        return replace(means_of(self.app.settings, reader.known.partnership, reader.key), zone=reader.zone)

    def sentences(self, told: ToldMatter, means: Means) -> Sentences:
        """What is told, in words for a reader who can do so much about it."""
        found = sentences_of(told, means, self.app.settings.template_folders)
        self.note({f"{FOLDER}/{kind}": fault for kind, fault in found.faults.items()})
        return found


def means_of(settings: Settings, partnership: Partnership, person: str) -> Means:
    """What a person of a partnership can do about what they are told. Where neither a sender nor a chat is named, no
    letter leaves the machine, and who reads them there can run commands."""
    stays = settings.mail.sender is None and not settings.chats
    other = contact_for(person, partnership, settings.operators)
    return Means(
        has_shell=stays or is_operator(partnership.people[person], settings.operators),
        has_form=settings.web.address is not None,
        contact=partnership.name_of(other) if other else NOBODY_KNOWN,
        key=person,
    )


_OPEN_TO_ALL = ("definition", "dispute")
"""What those who are to know of it can answer, too."""
_NEVER = (3, True, date.max)


def chapters(
    writer: Writer, email: str, theirs: Mapping[str, Sequence[NotificationRow]], may_say: MaySay
) -> Iterator[Chapter]:
    """What the person is asked for, the partnership with the longest overdue first; then what they are to know."""
    found = [(reader, items(reader, theirs.get(id, ()), may_say)) for id, reader in _readers(writer, email, theirs)]
    asked = [(reader, [each for each in of_one if each.is_asked]) for reader, of_one in found]
    for reader, of_one in sorted(asked, key=lambda each: _worst(*each)):
        if of_one:
            yield Chapter(reader.known.partnership.name, _matters(writer, reader, of_one), asked=True)
    for reader, of_one in found:
        if to_know := [each for each in of_one if not each.is_asked]:
            yield Chapter(reader.known.partnership.name, _matters(writer, reader, to_know))


def _worst(reader: Reader, items: Sequence[PersonalItem]) -> tuple[int, bool, date]:
    return min((urgency(reader.known, each) for each in items), default=_NEVER)


def _readers(
    writer: Writer, email: str, theirs: Mapping[str, Sequence[NotificationRow]]
) -> Iterator[tuple[str, Reader]]:
    """The person as each partnership knows them that has something to tell, or is governed and counts them in."""
    for id in dict.fromkeys((*theirs, *writer.members[email])):
        known = writer.archive[id]
        for key, person in known.partnership.people.items():
            if person.email.casefold() == email and not person.has_left(writer.now.date()):
                yield id, Reader(known, key)
                break


def _matters(writer: Writer, reader: Reader, items: Sequence[PersonalItem]) -> tuple[Matter, ...]:
    return tuple(each.matter for each in worded(writer, reader, items))


class Worded(NamedTuple):
    """A matter in words, and the items that it tells of, the worst first."""

    matter: Matter
    items: Sequence[PersonalItem]


def worded(writer: Writer, reader: Reader, items: Sequence[PersonalItem]) -> Iterator[Worded]:
    """Each matter; the periods of a KPI are one, told by the worst of them, and so are the reviews of a series of which
    the same is asked."""
    writer.read_ahead(item.subject for item in items)
    by_matter: dict[tuple[str, ...], list[PersonalItem]] = {}
    for item in items:
        by_matter.setdefault(_one_matter(item), []).append(item)
    for of_one in by_matter.values():
        made = _of_kpi if of_one[0].owed else _of_series
        matter = replace(made(writer, reader, of_one), is_news=any(each.is_news for each in of_one))
        yield Worded(_with_questions(reader, matter, of_one), of_one)


def _with_questions(reader: Reader, matter: Matter, of_one: Sequence[PersonalItem]) -> Matter:
    """The same with what a reply to the letter can answer of it."""
    own, *others = (question_of(reader, each) for each in of_one)
    also = tuple(each._replace(question=asks) for each, asks in zip(matter.also, others, strict=True))
    return replace(matter, question=own, also=also)


def _one_matter(item: PersonalItem) -> tuple[str, ...]:
    """What the items of one matter have in common."""
    if item.owed:
        return item.subject, "owed"
    joint = of_a_series(item.told) if item.is_asked else None
    return joint or (item.subject, item.period, item.rung, item.occasion)


def _of_series(writer: Writer, reader: Reader, items: Sequence[PersonalItem]) -> Matter:
    """The first of them in full; of each other review of its series a line."""
    worst, *others = (_in_full(writer, reader, each) for each in items)
    return with_others(worst, others) if others else worst


def _of_kpi(writer: Writer, reader: Reader, items: Sequence[PersonalItem]) -> Matter:
    """What is owed of a KPI: its worst period in full, with who knows and who is next; of each other one a line."""
    worst, *others = items
    who, coming = _who_knows(writer, reader, worst), _next(reader, worst)
    late = _late_besides(worst.subject, reader, [each.period for each in items])
    also = [_of_period(writer, reader, each, is_brief=True) for each in others]
    whole = knowing(_of_period(writer, reader, worst), who, coming, also, late)
    return replace(whole, short=_of_period(writer, reader, worst, is_brief=True).lines)


def _late_besides(kpi: str, reader: Reader, told: Collection[str]) -> list[str]:
    """The further periods of the KPI that are overdue and not `told` by themselves."""
    of_kpi = (each for of_scope in reader.known.owed.values() for each in of_scope if each.id == kpi)
    return [each.period.name for each in of_kpi if each.status == "overdue" and each.period.label not in told]


def _in_full(writer: Writer, reader: Reader, item: PersonalItem) -> Matter:
    who, coming = _who_knows(writer, reader, item), _next(reader, item)
    link = link_of(writer.links, reader, item) if item.is_asked or item.about in ("definition", "proposal") else None
    means = writer.means(reader)
    means = replace(means, has_form=means.has_form and (link is not None or not item.is_asked))
    said = writer.sentences(item.told, means)
    found = matter(said.title, said.lines, state_of(item.about, item.rung, item.late), who, coming, link)
    if link:
        found = replace(found, link_says=link_says(item))
    if item.rung == CHAIR:
        found = replace(found, link=writer.links.agenda(item.subject, reader.key), link_says=say("Read the agenda"))
    return replace(found, is_urgent=found.is_urgent or (item.about == "trigger" and item.rung != SETTLED))


def _of_period(writer: Writer, reader: Reader, item: PersonalItem, *, is_brief: bool = False) -> Matter:
    """A period of a KPI; only when it is due where its worst is told in full before it."""
    owed = cast(Measurement, item.owed)
    says = owed_by(owed, _flag(reader.known, owed), ReaderOf(reader.key, reader.name), is_brief=is_brief)
    facts: KpiFacts = {"kpi": owed.kpi.name, "period": owed.period.name, "owed": says}
    means = writer.means(reader)
    said = writer.sentences(item.told._replace(facts=facts), means)
    link = writer.links.report(owed.id, owed.period.label, reader.key)
    there = owners_zone(reader.known.scopes[KpiId(owed.id).scope], owed.kpi)
    today = reader.known.now.astimezone(there).date()
    return kpi_matter(owed, says, said, reader.key, today, has_shell=means.has_shell, link=link)


def _flag(known: PartnershipState, owed: Measurement) -> Flag | None:
    scope = known.scopes[KpiId(owed.id).scope]
    return flag(owed, scope, known.now) if owed.status == "overdue" else None


def _who_knows(writer: Writer, reader: Reader, item: PersonalItem) -> WhoKnows:
    """Who else was told of it since the ladder was armed, and whose letter still waits or could not be delivered; of a
    KPI's period also of the earlier ones of its matter."""
    since = armed(item.occasion)
    is_step = item.about == "checkpoint"
    own = (each for each in writer.notified(item.subject, item.period) if armed(each.occasion) == since)
    of_step = (each for each in own if not is_step or each.rung == item.rung)
    before = item.owed.goes_on_from if item.owed else ()
    earlier = (each for owed in before for each in writer.notified(owed.id, owed.period.label))
    people = [each for each in (*earlier, *of_step) if may_learn(each.of, reader.audience)]
    others = [each for each in people if each.person != reader.key or each.delivered == "told"]
    known = [each for each in others if not _leaves_now(writer, reader, each)]
    return WhoKnows(told_in_full(known, reader.name, reader.zone), tuple(untold_in_full(known, reader.name)))


def _leaves_now(writer: Writer, reader: Reader, told: Notified) -> bool:
    """Whether the letter that tells somebody leaves with the reader's own: it would be there when that one is read."""
    if told.delivered != "waiting":
        return False
    who = reader.known.partnership.people.get(told.person or "")
    if who is None or told.person is None or who.email.casefold() not in writer.due:
        return False
    times = working_time_in(reader.known.partnership, told.person)
    zone = ZoneInfo(times.zone)
    first = telling_time(times, datetime.combine(told.on, time(), zone))
    is_new = first.astimezone(zone).date() == writer.now.astimezone(zone).date()
    return is_new and telling_time(times, writer.now) == writer.now


def _next(reader: Reader, item: PersonalItem) -> Next | None:
    """The step of its ladder that is to come; a step of a launch track is on none."""
    if item.about == "checkpoint":
        return None
    known = reader.known
    coming = known.ahead_of.get((item.subject, item.period), ())
    later = [each for each in coming if each.on > known.now.date() and may_learn(each.of, reader.audience)]
    first = min(later, key=lambda each: each.on, default=None)
    if first is None:
        return None
    return Next(first.on, tuple(map(reader.name, first.people)), _agenda(known, item, first))


def _agenda(known: PartnershipState, item: PersonalItem, step: Notification) -> str | None:
    """The next review of the kind on whose agenda a step goes: ``Strategic health audit, Tue 16 Feb 2027``."""
    if step.agenda is None:
        return None
    scope = known.scopes.get(KpiId(item.subject).scope) if item.about == "kpi" else None
    coming = (
        each.review
        for each in known.recorded.values()
        if each.status is Status.PLANNED
        and each.review.kind == step.agenda
        and each.review.start.date() >= step.on
        and (scope is None or each.review.scope_id == scope.id)
    )
    review = min(coming, key=lambda each: each.start, default=None)
    if review is None:
        return say("the next %(review)s", review=known_words(step.agenda.replace("-", " ")))
    return f"{known_words(review.title)}, {day_words(review.start.date())}"
