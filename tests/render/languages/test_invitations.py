"""An invitation is in its guest's language, in the mail and in the calendar; who answers to what is the same."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.manner import Manner
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.event import clock_events, review_event
from scheduler.render.ics.model import Meeting
from scheduler.render.invitations.compose import Post
from tests.builders import DEV, INES, JUNE, MARTA, TOM, UWE, a_partnership, a_recorded, a_review, at
from tests.render.calendars import GIST
from tests.render.golden_invitations import of_a_review, of_a_series
from tests.render.invited import PostOffice, a_pipeline, mail_of, moved, shifted, told_in_short, tuesdays
from tests.render.languages.brackets import in_brackets, outside

DATA = (
    r"(?i)Acme × Globex[a-z ]*", r"Acme Motors( SE)?(, Halden; room 4)?", r"Globex Cells Inc", r"[A-Z]\w+/[A-Z]\w+",
    r"Inès Falk|Dev Patel|June Okafor|Marta Bauer|Uwe Brandt|Tom Reyes", r"https?://\S+", r"<[^>]*>",
    r"(?i)Dev is on the plane|the agreement ran out|audit|nobody is there", r"Pipeline review: the last of the year",
    r"\S+@\S+", r"1 per side", *(re.escape(each).replace(r"\ \ ", " +") for each in GIST.splitlines()),
)  # fmt: skip
"""What the builders' partnership says of itself, and the gist of an agenda that tests hand in as it is."""


def sent() -> Iterator[tuple[str, Post]]:
    yield from of_a_review()
    yield from of_a_series()


def texts_of(post: Post) -> Iterator[str]:
    message = message_from_bytes(mail_of(post), policy=policy.default)
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        yield body.get_content()
    yield str(message["Subject"])


def test_no_word_of_an_invitation_stands_outside_of_the_catalogues(
    monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    everybody = Manner("ja")  # who reads the language in brackets: see in_brackets
    monkeypatch.setattr("scheduler.render.invitations.decide_letters.manner_of", lambda *of: everybody)
    with in_brackets(monkeypatch, sentences):
        found = [(step, outside(text, *DATA)) for step, post in sent() for text in texts_of(post)]
    assert [each for each in found if each[1]] == []


def german() -> PostOffice:
    people = {"ines": {**INES, "language": "de"}, "dev": DEV}
    return PostOffice(a_partnership(people={**a_people(), **people}))


def a_people() -> dict[str, object]:
    return {"marta": MARTA, "uwe": UWE, "june": JUNE, "tom": TOM}


def test_each_guest_is_invited_in_their_language_mail_and_calendar_alike() -> None:
    ines, dev = german().about(a_recorded(a_review(attendees=("ines", "dev"))))
    assert ines.title == (
        "Einladung: Pipeline-Besprechung – Acme × Globex battery cells, Di., 8. Dez. 2026, 15:00 (Europe/Berlin)"
    )
    plain = next(texts_of(ines))
    assert "Wann: Di., 8. Dez. 2026, 15:00 – 15:30 (Europe/Berlin)" in plain
    assert "Bitte sagen Sie in Ihrem Kalenderprogramm zu oder ab." in plain
    assert dev.title.startswith("Invitation: Pipeline review – Acme × Globex battery cells, Tue 8 Dec 2026, 09:00")
    assert "SUMMARY:Pipeline-Besprechung – " in calendar_of(ines)
    assert "SUMMARY:Pipeline review – " in calendar_of(dev)


def calendar_of(post: Post) -> str:
    message = message_from_bytes(mail_of(post), policy=policy.default)
    [part] = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
    return re.sub(r"\r?\n[ \t]", "", part.get_content())


def test_who_is_invited_to_what_and_by_which_number_does_not_depend_on_the_language() -> None:
    def of(post: Post) -> list[str]:
        kept = ("UID", "SEQUENCE", "DTSTART", "DTEND", "RRULE", "EXDATE", "RECURRENCE-ID", "STATUS", "CATEGORIES")
        return [line for line in calendar_of(post).splitlines() if line.partition(":")[0].partition(";")[0] in kept]

    offices = german(), PostOffice(a_partnership(people={**a_people(), "ines": INES, "dev": DEV}))
    first, second = (office.about_series(a_pipeline(), tuesdays(9).values()) for office in offices)
    assert [of(each) for each in first] == [of(each) for each in second]
    assert [each.told for each in first] == [each.told for each in second]


def test_another_language_is_no_news_and_the_next_letter_speaks_it() -> None:
    office, record = PostOffice(a_partnership(people={**a_people(), "ines": INES, "dev": DEV})), a_recorded(a_review())
    assert told_in_short(office.about(record)) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]
    office.partnership = german().partnership
    assert office.about(record) == []
    moved_to = replace(record.review, start=at("2026-12-10 10:00"), end=at("2026-12-10 10:30"))
    ines, dev = office.about(replace(record, review=moved_to, sequence=1))
    assert ines.title.startswith("Geänderte Einladung: ")
    assert dev.title.startswith("Updated invitation: ")
    assert (ines.letter.sequence, dev.letter.sequence) == (1, 1)


def test_what_a_person_gave_as_the_reason_stays_as_they_wrote_it_and_what_the_plan_says_is_translated() -> None:
    office, record = german(), a_recorded(a_review(attendees=("ines", "dev")))
    office.about(record)
    ines, _ = office.about(moved(record, at("2026-12-10 10:00"), "closed"))
    assert "Verlegt vom Di., 8. Dez. 2026, 15:00 (Europe/Berlin): closed" in next(texts_of(ines))
    office = german()
    office.about(record)
    off = shifted(record, at("2026-12-09 15:00"), "closed (Acme Motors SE)")
    ines, _ = office.about(replace(off, sequence=1))
    assert "Verlegt vom Di., 8. Dez. 2026: geschlossen (Acme Motors SE)" in next(texts_of(ines))


def test_a_series_is_told_by_its_rule_in_the_language() -> None:
    ines, _ = german().about_series(a_pipeline(), tuesdays(9).values())
    assert "Wann: jede Woche: Dienstag, 15:00 – 15:30 (Europe/Berlin)" in next(texts_of(ines))


STATUSES = [Status.PLANNED, Status.CANCELLED, Status.SKIPPED, Status.UNRECORDED]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("because", [None, "audit"])
def test_no_word_of_a_calendar_entry_stands_outside(
    status: Status, because: str | None, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    record: Recorded = replace(a_recorded(a_review()), status=status, because=because)
    record = replace(record, review=replace(record.review, clocks=tuple((name, date(2026, 12, 7)) for name in CLOCKS)))
    meeting = Meeting(record, a_partnership(), "")
    with in_brackets(monkeypatch, sentences):
        entries = [review_event(meeting, alarm=True), *(each for _, each in clock_events(meeting))]
        said = [str(each.properties[name].value) for each in entries for name in ("SUMMARY", "DESCRIPTION")]
    assert [outside(each, *DATA) for each in said if outside(each, *DATA)] == []


CLOCKS = ("notice_by", "agenda_by", "items_until", "minutes_by", "objections_until")
