"""People to invite, and a post office that remembers what each of them was told, as the store does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.invitation import Invited, Told
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.model import Meeting
from scheduler.render.ics.series_rule import recurring
from scheduler.render.invitations.compose import Post, posts, stamp_of
from scheduler.render.invitations.decide_letters import Letter, everybody_of, guests_of, letters_of_review
from scheduler.render.invitations.decide_series import Occasion, ended, letters_of_series
from scheduler.render.invitations.itip import Setting
from scheduler.rules.calendar.working_days import in_words
from scheduler.settings import shipped
from tests.builders import a_partnership, a_recorded, a_review, a_series, at
from tests.render.calendars import GIST

SENDER = "cadence@alliances.example"
TOKEN = "5f0c" * 8
ORGANIZER = f"cadence+{TOKEN}@alliances.example"
NOW = at("2026-11-30 09:00")
"""The Monday of the week before the pipeline review of Tuesday 8 December."""
A_WEEK = timedelta(days=7)
INES, DEV, MARTA, JUNE = (
    "ines.falk@acme.example",
    "dev.patel@globex.example",
    "marta.bauer@acme.example",
    "june.okafor@globex.example",
)


@dataclass
class PostOffice:
    """`told` is what everybody was last told; `answers` what they have answered since (PARTSTAT, by address)."""

    partnership: Partnership = field(default_factory=a_partnership)
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    organizer: str = ORGANIZER

    def about(self, record: Recorded, now: datetime = NOW, days: int = 60) -> list[Post]:
        """What people are told of a review at a moment."""
        invited = Invited(record.review.uid, "acme-globex", record.id, TOKEN)
        whole = {email: each for (_, email), each in self.told.items()}
        guests = guests_of(record.review, self.partnership)
        return self.send(
            letters_of_review(
                record, invited, whole, guests, everybody_of(self.partnership), self.organizer, now, days
            ),
            now,
        )

    def about_series(
        self, series: Invited, records: Iterable[Recorded], now: datetime = NOW, **more: Any
    ) -> list[Post]:
        """What people are told of a series at a moment."""
        return self.send(letters_of_series(self.occasion(series, records, now, **more)), now)

    def about_the_end(self, series: Invited, records: Iterable[Recorded], now: datetime = NOW) -> list[Post]:
        return self.send(ended(self.occasion(series, records, now))[1], now)

    def occasion(
        self, series: Invited, records: Iterable[Recorded], now: datetime, alone: Iterable[str] = (), days: int = 60
    ) -> Occasion:
        assert series.recurring
        return Occasion(
            invited=series,
            told=dict(self.told),
            guests=guests_of(series.recurring.first, self.partnership),
            everybody=everybody_of(self.partnership),
            records={each.id: each for each in records},
            alone=frozenset(alone),
            organizer=self.organizer,
            now=now,
            days=days,
        )

    def send(self, letters: Iterable[Letter], now: datetime) -> list[Post]:
        sent: list[Post] = []
        for letter in letters:
            setting = Setting(
                self.partnership, self.organizer, stamp_of(self.told.values(), now), self.answers, self._meeting
            )
            sent += posts(letter, setting, dict(self.told), SENDER, [shipped("templates")])
            if letter.day is None and letter.method == "REQUEST":
                anew = {guest.key for guest in letter.to}
                self.told = {key: each for key, each in self.told.items() if not key[0] or key[1] not in anew}
        self.told |= {(each.instance, each.email): each for post in sent for each in post.told}
        return sent

    def _meeting(self, record: Recorded) -> Meeting:
        return Meeting(record, self.partnership, GIST)


def a_pipeline(since: date = date(2026, 12, 1), **changes: Any) -> Invited:
    """The weekly pipeline review of Inès and Dev as one invitation."""
    series = a_series(**changes)
    return Invited("5e71e5", "acme-globex", series.id, TOKEN, recurring(series, since))


def tuesdays(count: int, since: date = date(2026, 12, 1), **changes: Any) -> dict[date, Recorded]:
    """The pipeline reviews on record, by nominal date."""
    days = [since + n * A_WEEK for n in range(count)]
    return {day: a_recorded(a_review(day, **changes)) for day in days}


def moved(record: Recorded, start: datetime, because: str | None = None, **changes: Any) -> Recorded:
    """The review at another time, by a person's word unless `changes` say otherwise."""
    length = record.review.end - record.review.start
    before = record.review.start
    said = because and f"moved from {in_words(before.date())}, {before:%H:%M}: {because}"
    review = replace(record.review, start=start, end=start + length, moved_because=said)
    facts = {"moved_by_person": True, "moved_from": before, "because": because}
    return replace(record, **{"review": review, "sequence": record.sequence + 1, **facts, **changes})


def shifted(record: Recorded, start: datetime, because: str) -> Recorded:
    """The review where a day off has put it, as the plan has it."""
    said = f"moved from {in_words(record.review.nominal_date)}: {because}"
    length = record.review.end - record.review.start
    return replace(record, review=replace(record.review, start=start, end=start + length, moved_because=said))


def told_in_short(sent: Iterable[Post]) -> list[tuple[str, int, str]]:
    """What was sent: method, SEQUENCE, to whom (the first part of the address)."""
    return [(each.letter.method, each.letter.sequence, each.guest.email.partition(".")[0]) for each in sent]


def mail_of(post: Post) -> bytes:
    assert post.content is not None, post.fault
    return post.content
