"""Whatever people have written stays text in a calendar: it never becomes a property, a component or a broken line."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Excuse
from scheduler.render.ics.components import DESCRIPTION, TITLE, line, paragraphs, shortened
from scheduler.render.ics.event import PLACE
from tests.builders import a_partnership
from tests.render.bar import Block, assert_well_formed
from tests.render.calendars import YEAR, a_due, a_meeting, a_step, partnership_calendar, person, person_calendar

NASTY = ["\r\n", "\n", "\r", "\t", ";", ",", '"', "\\", "\\n", "^", "^n", ":", "\0", "\x1b", "\x85", "\u2028", "\ufeff"]
NASTY += [
    "\u202e",
    "\u200f",
    "שלום",
    "👩🏽‍🚀",
    "é",
    "e\u0301",
    "\ud83d",
    "END:VEVENT",
    "\r\n ",
    "BEGIN:VALARM",
    "🇳🇴",
    " ",
]
TEXTS = st.lists(st.one_of(st.sampled_from(NASTY), st.characters(), st.text(max_size=40)), max_size=30).map("".join)
INJECTED = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:eve@evil.example\r\n"


def written_everywhere(text: str) -> Partnership:
    """Acme × Globex, with this text wherever a definition lets people write."""
    plain = a_partnership()
    people = {key: each.model_copy(update={"name": text}) for key, each in plain.people.items()}
    organisations = {key: each.model_copy(update={"name": text}) for key, each in plain.organisations.items()}
    kpis = {key: each.model_copy(update={"name": text, "unit": text}) for key, each in plain.kpis.items()}
    spoken = {"name": text, "goal": text, "people": people, "organisations": organisations, "kpis": kpis}
    return plain.model_copy(update=spoken)


def calendar_of(text: str) -> bytes:
    partnership = written_everywhere(text)
    spoken: dict[str, Any] = {"title": text, "place": text, "partnership": partnership, "gist": text}
    held = a_meeting(date(2027, 1, 12), **spoken)
    off = a_meeting(date(2027, 1, 19), Status.SKIPPED, because=text, **spoken)
    milestone = a_meeting(date(2027, 1, 26), clocks=(("kick-off", date(2027, 1, 4)),), **spoken)
    due = a_due(partnership=partnership, asked_because=text)
    excused = a_due(
        "excused", "2027-01", date(2027, 2, 9), partnership=partnership, excuse=Excuse("k", "2027-01", text)
    )
    return partnership_calendar(
        partnership, [held, off, replace(milestone, track={"kick-off": a_step("kick-off", text)})], [due, excused], YEAR
    )


def shape(block: Block) -> list[object]:
    """What stands in a calendar, without what it says; a place of no visible character is left out."""
    names = [each.name for each in block.properties if each.name != "LOCATION"]
    return [block.name, names, [shape(each) for each in block.blocks]]


TAME = shape(assert_well_formed(calendar_of("tame")))


@given(TEXTS)
@example(INJECTED)
@example('"; DROP ,^n\\')
@example("\0\x01\x1f\x7f\x85\u2028\u2029")
@example("\ud83d\ude00\udc00")
@example("ש" * 400)
@example("👩🏽‍🚀" * 400)
@example("e" + "\u0301" * 3000)
@settings(max_examples=60, deadline=None)
def test_no_text_changes_the_shape_of_a_calendar(text: str) -> None:
    assert shape(assert_well_formed(calendar_of(text))) == TAME


@given(TEXTS)
@example(INJECTED)
@settings(max_examples=40, deadline=None)
def test_what_is_read_back_is_what_people_see_of_the_text(text: str) -> None:
    """An independent parser reads the same title, place and description, without what cannot be seen."""
    ics = partnership_calendar(
        a_partnership(), [a_meeting(title=text, place=text or None, gist=text, attendees=(), clocks=())], [], YEAR
    )
    (event,) = Calendar.from_ical(ics).events
    assert event["SUMMARY"] == f"{line(text) or 'Pipeline'} – Acme × Globex battery cells"
    assert event.get("LOCATION", "") == line(text, PLACE)
    assert event["DESCRIPTION"] == paragraphs(text)


def test_an_attack_is_read_as_words() -> None:
    calendar = assert_well_formed(calendar_of(INJECTED))
    words = "x END:VEVENT BEGIN:VEVENT ATTENDEE:mailto:eve@evil.example"
    assert calendar.the("NAME").text == words
    assert calendar.named("VEVENT")[0].the("LOCATION").text == words
    assert calendar.named("VEVENT")[0].the("CONTACT").text == words


def test_a_name_of_nothing_visible_gives_way_to_the_id() -> None:
    calendar = assert_well_formed(calendar_of("\u202e\0"))
    assert calendar.the("NAME").text == "acme-globex"
    assert calendar.named("VEVENT")[0].the("SUMMARY").text == "Pipeline – acme-globex"
    assert calendar.named("VTODO")[0].the("SUMMARY").text == "Due: cells-delivered 2026-12 – acme-globex"


@pytest.mark.parametrize("text", ["x" * 10_000, "word " * 2_000, "é" * 10_000, "👩🏽‍🚀" * 2_500])
def test_ten_thousand_characters_are_cut_in_a_title_and_the_partnership_is_still_named(text: str) -> None:
    ics = partnership_calendar(a_partnership(), [a_meeting(title=text, gist=text)], [], YEAR)
    event = assert_well_formed(ics).named("VEVENT")[0]
    title, _, partnership = event.the("SUMMARY").text.partition(" – ")
    assert len(title) <= TITLE and title.endswith("…")
    assert partnership == "Acme × Globex battery cells"
    assert len(event.the("DESCRIPTION").text) <= DESCRIPTION


@pytest.mark.parametrize(
    "text, most, cut",
    [
        ("twelve chars", 12, "twelve chars"),
        ("twelve charsx", 12, "twelve char…"),
        ("a long title of words", 19, "a long title of…"),
        ("no blank near the end" + "x" * 40, 40, "no blank near the end" + "x" * 18 + "…"),
        ("abcdefghi" + "e\u0301" + "xyz", 11, "abcdefghi…"),
        ("abcdefgh" + "👩‍🚀" + "xyz", 11, "abcdefgh…"),
        ("\u0301" * 20, 10, "…"),
    ],
)
def test_a_cut_falls_between_words_where_it_can_and_never_inside_a_character(text: str, most: int, cut: str) -> None:
    assert shortened(text, most) == cut


@given(TEXTS, st.integers(2, 60))
def test_a_line_is_short_and_has_nothing_in_it_that_cannot_be_seen(text: str, most: int) -> None:
    found = line(text, most)
    assert len(found) <= most
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufeff]", found)
    assert found == found.strip()
    found.encode()


def test_paragraphs_keep_their_lines_and_those_that_say_nothing_are_left_out() -> None:
    assert paragraphs("one\r\ntwo\u2028three", " \0 ", "", "four") == "one\ntwo\nthree\n\nfour"


def test_a_hostile_person_has_a_calendar_all_the_same() -> None:
    dev = person("dev").model_copy(update={"name": INJECTED})
    ics = person_calendar(dev, "America/Detroit", [a_meeting()], [a_due()], YEAR)
    assert assert_well_formed(ics).the("NAME").text.startswith("Partnership reviews: x END:VEVENT BEGIN:VEVENT")
