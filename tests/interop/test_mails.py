"""Every mail holds a calendar in which libical, and its tables of RFC 5546, find nothing wrong."""

from dataclasses import replace

import pytest

from scheduler.domain.definition.vocabulary import Status
from tests.builders import a_recorded, a_review
from tests.interop.conftest import Sending
from tests.interop.samples import calendar_part, series_invitation
from tests.interop.tools import libical
from tests.render.golden_calendars import CASES
from tests.render.golden_invitations import files
from tests.render.invited import PostOffice, mail_of

TITLES = ('Q4; "final", ^n\r\nMETHOD:ADD', "\u202eweiveR 🏭\u2028", "é" * 10_000, "", "\\", "\x00:")


def faults(*calendars: bytes) -> list[list[str]]:
    found: list[list[str]] = libical({"check": [ics.decode() for ics in calendars]})
    return found


def test_libical_finds_nothing_wrong_in_any_mail_of_a_life_cycle() -> None:
    mails = files()
    found = dict(zip(mails, faults(*map(calendar_part, mails.values())), strict=True))
    assert {name: each for name, each in found.items() if each} == {}
    assert {"REQUEST", "CANCEL"} == {method(calendar_part(mail)) for mail in mails.values()}


@pytest.mark.parametrize("status", [Status.PLANNED, Status.CANCELLED])
@pytest.mark.parametrize("title", TITLES)
def test_libical_finds_nothing_wrong_whatever_a_review_is_called(title: str, status: Status) -> None:
    unit_of_work, record = PostOffice(), a_recorded(a_review(title=title, place=title))
    sent = unit_of_work.about(record)
    if status is Status.CANCELLED:
        sent = unit_of_work.about(replace(record, status=status, sequence=1, because=title))
    expected = "CANCEL" if status is Status.CANCELLED else "REQUEST"
    parts = [calendar_part(mail_of(post)) for post in sent]
    assert {method(ics) for ics in parts} == {expected}
    assert faults(*parts) == [[] for _ in parts]


def test_libical_finds_nothing_wrong_in_any_calendar() -> None:
    calendars = {name: render() for name, render in CASES.items()} | {"a series": series_invitation("Europe/Berlin")}
    found = dict(zip(calendars, faults(*calendars.values()), strict=True))
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b"STATUS:CONFIRMED", b"STATUS:CANCELLED"), (b"FREQ=WEEKLY", b"FREQ=SOMETIMES"), (b"ORGANIZER;", b"CONTACT;")],
)
def test_libical_does_find_what_is_wrong(right: bytes, wrong: bytes) -> None:
    ics = series_invitation("Europe/Berlin")
    assert right in ics
    assert faults(ics.replace(right, wrong)) != [[]]


def test_libical_finds_nothing_wrong_in_any_mail_that_the_suite_sends(sending: Sending) -> None:
    mails = sending.mails()
    assert len(mails) >= 200
    wrong = [(ics.decode(), found) for ics, found in zip(mails, faults(*mails), strict=True) if found]
    assert wrong == []


def method(ics: bytes) -> str:
    [line] = [line for line in ics.decode().splitlines() if line.startswith("METHOD:")]
    return line.removeprefix("METHOD:")
