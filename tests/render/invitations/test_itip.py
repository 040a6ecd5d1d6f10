"""The mails of an invitation's life: as the standards ask, byte for byte the same each time, and read alike."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar

from scheduler.domain.record.burden import Burden
from scheduler.render.ics.model import Meeting
from scheduler.render.invitations.body import words_of as words_of_letter
from scheduler.render.invitations.itip import Setting
from scheduler.settings import shipped
from tests.builders import a_partnership, a_recorded, a_review, at
from tests.golden import Golden
from tests.render import golden_invitations
from tests.render.bar import Block, assert_invitation, read
from tests.render.calendars import GIST, review_invitation
from tests.render.invited import INES, NOW, PostOffice, a_pipeline, mail_of, tuesdays

MAILS = golden_invitations.files()
NAMES = {name[3:].rpartition("-")[0]: content for name, content in MAILS.items()}


def calendar_of(mail: bytes) -> bytes:
    attached = list(message_from_bytes(mail, policy=policy.SMTP).iter_attachments())[-1]
    ics = attached.get_payload(decode=True)
    assert isinstance(ics, bytes)
    return ics


def words_of(mail: bytes) -> str:
    message = message_from_bytes(mail, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content())


def events(step: str) -> list[Block]:
    return read(calendar_of(NAMES[step])).named("VEVENT")


@pytest.mark.parametrize("name", MAILS)
def test_each_mail_is_what_every_program_takes_for_an_invitation(name: str) -> None:
    assert_invitation(MAILS[name], uninvites="uninvite" in name)


@pytest.mark.parametrize("name", MAILS)
def test_each_mail_is_the_one_on_file(name: str, golden: Golden) -> None:
    golden(golden_invitations.FOLDER / name, MAILS[name])


def test_there_is_no_mail_on_file_that_is_not_sent(golden_folder: Callable[[Path, set[str]], None]) -> None:
    golden_folder(golden_invitations.FOLDER, set(MAILS))


def test_another_process_writes_the_same_bytes() -> None:
    code = "import hashlib; from tests.render.golden_invitations import files; "
    code += "print(hashlib.sha256(b''.join(files().values())).hexdigest())"
    said = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]


def test_the_life_of_a_review_has_one_uid_and_rising_numbers() -> None:
    steps = ("invite", "describe", "move", "rest", "cancel")
    told = [events(f"review-{step}")[0] for step in steps]
    assert len({event.the("UID").value for event in told}) == 1
    assert [event.the("SEQUENCE").value for event in told] == ["0", "0", "1", "1", "2"]
    stamps = [event.the("DTSTAMP").value for event in told]
    assert stamps == sorted(set(stamps))


def test_an_answer_is_kept_by_an_update_of_words_and_asked_for_anew_after_a_move() -> None:
    def answers(step: str) -> list[str]:
        return [each.parameters["PARTSTAT"] for each in events(step)[0].all("ATTENDEE")]

    assert answers("review-invite") == ["NEEDS-ACTION"] * 3
    assert answers("review-describe") == ["ACCEPTED", "NEEDS-ACTION", "NEEDS-ACTION"]
    assert answers("review-move") == ["NEEDS-ACTION"] * 3


def test_who_is_uninvited_stands_alone_in_a_cancel_that_does_not_end_the_review() -> None:
    event = events("review-uninvite")[0]
    assert [each.value for each in event.all("ATTENDEE")] == ["mailto:june.okafor@globex.example"]
    assert not event.has("STATUS") and event.the("SEQUENCE").value == "2"
    assert "No longer expected" in words_of(NAMES["review-uninvite"])


BEYOND = Burden("globex", "America/Detroit", "09:00-17:00", 60)
OWN = "60 min beyond your hours, 09:00–17:00 (America/Detroit)"


def test_whoever_sits_outside_their_hours_reads_it_and_nobody_else_does() -> None:
    early = replace(a_review(), start=at("2026-12-08 14:00"), end=at("2026-12-08 14:30"))
    ines, dev = (words_of(post.content or b"") for post in PostOffice().about(a_recorded(early, burdens=(BEYOND,))))
    assert f"For you: {OWN}" in dev
    assert "08:00 – 08:30 (America/Detroit); Tue 8 Dec 2026, 14:00 – 14:30 (Europe/Berlin)" in dev
    assert "your hours" not in ines


def test_a_series_says_on_which_of_its_dates_that_is() -> None:
    """In the weeks after Michigan has changed its clocks, and Germany has not yet."""
    records = tuesdays(3)
    day = min(records)
    records[day] = replace(records[day], burdens=(BEYOND,))
    _, dev = (words_of(post.content or b"") for post in PostOffice().about_series(a_pipeline(), records.values()))
    assert [line.endswith(f"; {OWN}") for line in dev.splitlines() if line.startswith("- ")] == [True, False, False]


def test_all_letters_of_a_review_are_one_thread() -> None:
    messages = [
        message_from_bytes(MAILS[name], policy=policy.SMTP) for name in MAILS if "review" in name and "dev" in name
    ]
    first, *later = messages
    assert first["References"] is None
    assert {each["References"] for each in later} == {first["Message-ID"]}
    assert len({each["Message-ID"] for each in messages}) == len(messages)


def test_an_invitation_and_a_calendar_say_the_same_of_a_review() -> None:
    """UID, number, times, title and description: a program that has both must show one."""
    record = a_recorded(a_review())
    told = read(calendar_of(mail_of(PostOffice().about(record)[0]))).named("VEVENT")[0]
    shown = read(review_invitation(Meeting(record, a_partnership(), GIST))).named("VEVENT")[0]
    for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP", "CATEGORIES"):
        assert told.the(name) == shown.the(name)


def test_times_stand_on_the_readers_own_clock_and_on_the_reviews() -> None:
    """15:00 in Berlin is 09:00 in Detroit; Inès lives where the review has its clock."""
    ines, dev = (mail_of(post) for post in PostOffice().about(a_recorded(a_review())))
    both = "Tue 8 Dec 2026, 09:00 – 09:30 (America/Detroit); Tue 8 Dec 2026, 15:00 – 15:30 (Europe/Berlin)"
    assert f"When: {both}" in words_of(dev)
    assert "When: Tue 8 Dec 2026, 15:00 – 15:30 (Europe/Berlin)" in words_of(ines)
    assert "09:00 (America/Detroit)" in message_from_bytes(dev, policy=policy.SMTP)["Subject"]


def test_a_moved_review_says_from_when_and_why() -> None:
    assert "Moved from Tue 8 Dec 2026, 09:00 (America/Detroit): Dev is on the plane" in words_of(NAMES["review-move"])
    assert "The agreement ran out" in words_of(NAMES["review-cancel"])


def test_what_is_told_of_one_meeting_holds_nothing_of_the_series_but_its_name() -> None:
    for step, method in (("series-move-one", "REQUEST"), ("series-cancel-one", "CANCEL")):
        (event,) = events(step)
        assert read(calendar_of(NAMES[step])).the("METHOD").value == method
        assert event.has("RECURRENCE-ID") and not event.has("RRULE")
        assert event.the("UID").value == events("series-invite")[0].the("UID").value
        assert event.the("SEQUENCE").value == "1"


def test_a_series_expands_to_the_plan_through_both_changes_of_the_clocks() -> None:
    """Shifted on 29 December, which the letter says; every other Tuesday at three by Berlin's clocks until autumn."""
    ics = Calendar.from_ical(calendar_of(NAMES["series-invite"]))
    found = recurring_ical_events.of(ics).between(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 10, 6, tzinfo=UTC))
    starts = sorted(event["DTSTART"].dt.astimezone(UTC) for event in found)
    expected = {day: record.review.start for day, record in tuesdays(45).items() if day < date(2027, 10, 6)}
    expected[golden_invitations.DECEMBER_29] = at("2026-12-30 15:00")
    assert starts == sorted(start.astimezone(UTC) for start in expected.values())
    assert {start.astimezone(ZoneInfo("Europe/Berlin")).hour for start in starts} == {15}


def test_a_series_that_ended_expands_to_what_was_held() -> None:
    ics = Calendar.from_ical(calendar_of(NAMES["series-end"]))
    found = recurring_ical_events.of(ics).between(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC))
    days = sorted(event["DTSTART"].dt.date() for event in found)
    assert days == [date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 16)]


def test_a_chair_is_marked_where_there_is_always_the_same() -> None:
    unit_of_work = PostOffice()
    sent = unit_of_work.about_series(a_pipeline(chairs=("ines",)), tuesdays(3).values())
    event = read(calendar_of(mail_of(sent[0]))).named("VEVENT")[0]
    assert [each.parameters["ROLE"] for each in event.all("ATTENDEE")] == ["CHAIR", "REQ-PARTICIPANT"]


@pytest.mark.parametrize(
    "name",
    [
        'Inès "la" Falk',
        "Falk, Inès; the; third: really",
        "a^nb^'c",
        "Back\\slash",
        "\u202eInès\r\nBcc: x",
        "名前 🙂",
        "i" * 999,
    ],
)
def test_whatever_somebody_is_called_their_invitation_is_well_formed(name: str) -> None:
    people = {**a_partnership().model_dump()["people"]}
    people["ines"] = {**people["ines"], "name": name}
    unit_of_work = PostOffice(a_partnership(people=people, name=name))
    for post in unit_of_work.about(a_recorded(a_review(title=f"{name} =?utf-8?q?=0ABcc:?=", place=name))):
        assert_invitation(mail_of(post))


def test_an_address_that_would_be_read_as_an_encoded_word_is_refused_and_the_others_are_invited() -> None:
    people = {**a_partnership().model_dump()["people"]}
    people["dev"] = {**people["dev"], "email": "=?utf-8?q?x?=@globex.example"}
    unit_of_work = PostOffice(a_partnership(people=people))
    ines, dev = unit_of_work.about(a_recorded(a_review()))
    assert ines.content is not None and ines.guest.email == INES
    assert dev.content is None and "=?utf-8?q?x?=" in dev.fault
    assert unit_of_work.about(a_recorded(a_review())) == []


def test_a_review_in_the_hour_that_clocks_show_twice_is_told_in_utc_and_its_place_in_the_series_is_not_lost() -> None:
    """02:30 on 25 October 2026 exists twice in Berlin; a local time can only say the first."""
    start = at("2026-10-25 02:30").replace(fold=1)
    record = a_recorded(a_review(date(2026, 10, 25), start=start, end=start + timedelta(minutes=20)))
    (event,) = read(calendar_of(mail_of(PostOffice().about(record, at("2026-10-20 09:00"))[0]))).named("VEVENT")
    assert event.the("DTSTART").value == "20261025T013000Z"


def test_the_letter_of_a_series_leads_to_the_agenda_of_its_next_meeting() -> None:
    office, records = PostOffice(), tuesdays(3)
    letter = office.about_series(a_pipeline(), records.values())[0].letter
    first = next(iter(records.values()))
    for now, link in ((NOW, f"https://cadence.example/{first.id}"), (at("2027-06-01 09:00"), None)):
        setting = Setting(
            office.partnership, office.organizer, now, {}, office._meeting,
            link=lambda record, guest: f"https://cadence.example/{record.id}",
        )  # fmt: skip
        text = words_of_letter(letter, letter.to[0], setting, [shipped("templates")], is_new=True)
        assert (f"add an item: {link}" in text.plain, f'href="{link}"' in text.html) == (bool(link), bool(link))
