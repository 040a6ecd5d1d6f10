"""Cycles put letters into the outbox, in the transaction of what they tell of, and each once."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Answer, Says
from scheduler.rules.reviews.reconcile import cancel
from scheduler.rules.reviews.transitions import moved, skipped
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import StoreError, outbox, partnerships, reviews, rsvps
from scheduler.store.outbox import NOTICE
from scheduler.store.tables import LetterRow
from tests.builders import Written, at, written
from tests.render.bar import assert_invitation
from tests.services.town import DAY_ONE, Town, of_the_next_version

Build = Callable[..., Town]
MAIL = {"sender": "cadence@alliances.example"}
OFF = {"off": True}
ONLY_PIPELINE = {"health-audit": OFF, "sponsors": OFF, "strategy": OFF, "operating": OFF}
ONLY_OPERATING = {"health-audit": OFF, "sponsors": OFF, "strategy": OFF, "pipeline": OFF}
DECEMBER = "acme-globex/operating/2026-12"
MONDAY = at("2026-11-30 09:00")


@pytest.fixture
def post_town(build: Build) -> Town:
    return build(mail=MAIL)


def letters(town: Town, since: int = 0) -> list[LetterRow]:
    """The invitations in the outbox after the first so many, each of which is what every program reads."""
    with town.database() as db:
        invitations = [each for each in outbox.listing(db) if each.method != NOTICE]
        found = [outbox.get(db, each.id or 0) for each in invitations][since:]
    for each in found:
        assert each
        assert_invitation(each.content, uninvites="No longer expected" in each.title)
    return [each for each in found if each]


def in_short(sent: list[LetterRow]) -> list[tuple[str, int, str, str]]:
    """Method, SEQUENCE, about what, to whom."""
    return [(each.method, each.sequence, each.subject, each.email.partition(".")[0]) for each in sent]


def change(town: Town, record: Recorded, now: datetime) -> None:
    """What a command does: keep the change, and let follow what follows, in one transaction."""
    with town.app.store.write() as db:
        reviews.save_many(db, [record])
        govern_in(town.app, db, record.review.partnership, now)


def definition(**changes: Any) -> Written:
    return written(**{"reviews": ONLY_OPERATING, **changes})


def test_without_a_sender_nobody_is_invited(town: Town) -> None:
    town.define()
    town.cycle()
    assert letters(town) == [] and town.rows("told") == [] and town.rows("invited") == []


def test_a_first_cycle_invites_to_each_series_once_and_to_what_is_near(post_town: Town) -> None:
    """Nobody gets fifty mails on the first day: weeks and quarters are a series, the rest waits for its sixty days."""
    post_town.define()
    post_town.cycle()
    to_ines = Counter(
        each.subject.rpartition("/")[0] or each.subject for each in letters(post_town) if "ines" in each.email
    )
    subjects = {each.subject for each in letters(post_town)}
    assert {"acme-globex/pipeline", "acme-globex/health-audit"} <= subjects
    assert {subject for subject in subjects if "/operating/" in subject} == {
        "acme-globex/operating/2026-10",
        "acme-globex/operating/2026-11",
    }
    assert sum(to_ines.values()) <= 6


def test_repeating_a_cycle_invites_nobody_again(post_town: Town) -> None:
    post_town.define()
    post_town.cycle()
    before = len(letters(post_town))
    post_town.cycle()
    anew = replace(post_town, app=of_the_next_version(post_town.app))
    anew.cycle()
    assert len(letters(post_town)) == before


def test_as_weeks_go_by_each_review_is_told_once_and_a_series_of_fixed_days_never_again(post_town: Town) -> None:
    post_town.define(written(reviews={**ONLY_PIPELINE, "operating": {}}))
    for week in range(6):
        post_town.cycle(DAY_ONE + timedelta(weeks=week))
    told = Counter((each.subject, each.email, each.instance) for each in letters(post_town))
    assert set(told.values()) == {1}
    assert ("acme-globex/pipeline", "ines.falk@acme.example", "") in told


def test_the_partnership_wakes_by_itself_when_somebody_is_to_be_invited(post_town: Town) -> None:
    post_town.define(definition())
    post_town.cycle()
    known = {each.subject for each in letters(post_town)}
    with post_town.database() as db:
        row = partnerships.get(db, "acme-globex")
    assert row and row.wake_at
    now, rounds = row.wake_at, 0
    while len({each.subject for each in letters(post_town)}) == len(known):
        post_town.cycle(now)
        with post_town.database() as db:
            row = partnerships.get(db, "acme-globex")
        assert row and row.wake_at
        now, rounds = row.wake_at, rounds + 1
        assert rounds < 30
    (new,) = {each.subject for each in letters(post_town)} - known
    record = post_town.reviews()[new]
    notice = dict(record.review.clocks)["notice_by"]
    created = max(each.created_at for each in letters(post_town))
    assert created.date() == notice - timedelta(days=60)


def test_a_move_is_kept_together_with_what_is_said_of_it(post_town: Town) -> None:
    post_town.define(definition())
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    record = post_town.reviews()[DECEMBER]
    later = moved(record, at("2026-12-22 15:00"), record.review.clocks, "Dev is on the plane", MONDAY)
    change(post_town, later, MONDAY)
    assert in_short(letters(post_town, before)) == [
        ("REQUEST", 1, DECEMBER, "ines"),
        ("REQUEST", 1, DECEMBER, "dev"),
    ]
    post_town.cycle(MONDAY + timedelta(days=1))
    assert len(letters(post_town)) == before + 2


def test_a_change_that_is_not_kept_is_not_told(post_town: Town) -> None:
    post_town.define(definition())
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    record = post_town.reviews()[DECEMBER]
    with pytest.raises(StoreError), post_town.app.store.write() as db:
        reviews.save_many(db, [skipped(record, "nobody is there", MONDAY)])
        govern_in(post_town.app, db, "acme-globex", MONDAY)
        raise StoreError("the disk is full")
    assert len(letters(post_town)) == before
    assert post_town.reviews()[DECEMBER].status is Status.PLANNED


def test_who_is_put_on_the_list_and_who_is_taken_off_it(post_town: Town) -> None:
    post_town.define(definition(reviews={**ONLY_OPERATING, "operating": {"attendees": ["ines", "dev", "tom"]}}))
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    post_town.define(definition(reviews={**ONLY_OPERATING, "operating": {"attendees": ["ines", "dev", "june"]}}))
    post_town.cycle(MONDAY)
    december = [each for each in in_short(letters(post_town, before)) if each[2] == DECEMBER]
    assert december == [
        ("CANCEL", 1, DECEMBER, "tom"),
        ("REQUEST", 0, DECEMBER, "ines"),
        ("REQUEST", 0, DECEMBER, "dev"),
        ("REQUEST", 0, DECEMBER, "june"),
    ]


DEV = written()["people"]["dev"]
NEW_DEV = {**DEV, "email": "d.patel@globex.example"}
ADDRESSES = {"same key": {"dev": NEW_DEV}, "new key": {"patel": {**NEW_DEV, "renamed_from": "dev"}}}


def of_dev(person: Written, **terms: Any) -> Written:
    """The monthly reviews and the weekly ones of Inès and Dev, who owns their agendas and a KPI."""
    (dev,) = person
    text = json.dumps(written())
    rest = {**json.loads(text.replace('"dev"', f'"{dev}"'))}
    people = {**{key: each for key, each in rest["people"].items() if key != dev}, **person}
    meets = {"attendees": ["ines", dev], "agenda_owner": dev}
    reviews = {"health-audit": OFF, "sponsors": OFF, "strategy": OFF, "operating": {**meets, **terms}}
    return {**rest, "people": people, "reviews": {**reviews, "pipeline": {**meets, **TUESDAYS}}}


@pytest.mark.parametrize("person", ADDRESSES.values(), ids=ADDRESSES)
def test_a_new_mail_address_is_told_to_the_two_addresses_and_to_nobody_else(post_town: Town, person: Written) -> None:
    """One of the meetings was moved before, and called off is another: that is no news to anybody who was told."""
    post_town.define(of_dev({"dev": DEV}))
    post_town.cycle(MONDAY)
    records = post_town.reviews()
    a, b, *_ = [each for id, each in sorted(records.items()) if "/pipeline/" in id and not each.is_past(MONDAY)]
    change(post_town, moved(a, a.review.start + timedelta(hours=1), a.review.clocks, "the audit", MONDAY), MONDAY)
    change(post_town, skipped(b, "nobody is there", MONDAY), MONDAY)
    before, invited = len(letters(post_town)), {each.subject for each in letters(post_town) if "dev" in each.email}
    post_town.define(of_dev(person))
    post_town.cycle(MONDAY + timedelta(hours=1))
    sent = letters(post_town, before)
    assert {each.email for each in sent} == {DEV["email"], NEW_DEV["email"]}
    assert {each.subject for each in sent if each.method == "REQUEST"} >= {"acme-globex/pipeline", DECEMBER}
    for each in sent:
        to_new = each.email == NEW_DEV["email"]
        assert (each.method, each.title.partition(":")[0]) == (
            ("REQUEST", "Invitation") if to_new else ("CANCEL", "No longer expected")
        )
        if to_new:
            assert "mailto:ines.falk@acme.example" in _text(each) and f"mailto:{DEV['email']}" not in _text(each)
    assert {each.subject for each in sent} <= invited | {"acme-globex/pipeline"}
    after = len(letters(post_town))
    post_town.cycle(MONDAY + timedelta(hours=2))
    assert len(letters(post_town)) == after


@pytest.mark.parametrize("at_once", [True, False], ids=["in one edit", "later"])
def test_the_next_update_has_the_new_address_for_all(post_town: Town, at_once: bool) -> None:
    post_town.define(of_dev({"dev": DEV}))
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    if not at_once:
        post_town.define(of_dev({"dev": NEW_DEV}))
        post_town.cycle(MONDAY)
    post_town.define(of_dev({"dev": NEW_DEV}, title="Operating committee"))
    post_town.cycle(MONDAY + timedelta(hours=1))
    to_ines = [each for each in letters(post_town, before) if "ines" in each.email]
    assert {each.subject.rpartition("/")[0] for each in to_ines} == {"acme-globex/operating"}
    [december] = [each for each in to_ines if each.subject == DECEMBER]
    assert (december.method, december.sequence) == ("REQUEST", 0)
    assert f"mailto:{NEW_DEV['email']}" in _text(december) and f"mailto:{DEV['email']}" not in _text(december)


def test_a_series_told_to_a_new_address_leaves_what_others_were_told_of_its_meetings(post_town: Town) -> None:
    """Their numbers too: what comes next is above the meeting that was told alone."""
    post_town.define(of_dev({"dev": DEV}))
    post_town.cycle(MONDAY)
    [one] = [each for each in post_town.reviews().values() if each.id == "acme-globex/pipeline/2026-W51"]
    change(post_town, moved(one, at("2026-12-16 10:00"), one.review.clocks, "the audit", MONDAY), MONDAY)
    post_town.define(of_dev({"dev": NEW_DEV}))
    post_town.cycle(MONDAY + timedelta(hours=1))
    [one] = [each for each in post_town.reviews().values() if each.id == one.id]
    before = len(letters(post_town))
    again = moved(one, at("2026-12-17 10:00"), one.review.clocks, "the audit", MONDAY + timedelta(hours=2))
    change(post_town, again, MONDAY + timedelta(hours=2))
    assert [each[:2] + each[3:] for each in in_short(letters(post_town, before))] == [
        ("REQUEST", 2, "ines"),
        ("REQUEST", 2, "d"),
    ]


def test_another_key_of_the_same_person_is_told_to_nobody(post_town: Town) -> None:
    post_town.define(of_dev({"dev": DEV}))
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    post_town.define(of_dev({"patel": {**DEV, "renamed_from": "dev"}}))
    post_town.cycle(MONDAY + timedelta(hours=1))
    assert in_short(letters(post_town, before)) == []


def test_another_name_of_the_same_person_is_told_to_nobody(post_town: Town) -> None:
    post_town.define(of_dev({"dev": DEV}))
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    post_town.define(of_dev({"dev": {**DEV, "name": "Dev Patel-Roy"}}))
    post_town.cycle(MONDAY + timedelta(hours=1))
    assert in_short(letters(post_town, before)) == []


def test_a_partnership_that_ends_calls_off_what_people_were_invited_to_and_no_more(post_town: Town) -> None:
    post_town.define(written(reviews={"health-audit": OFF, "sponsors": OFF, "strategy": OFF}))
    post_town.cycle(MONDAY)
    before, told = len(letters(post_town)), {each.subject for each in letters(post_town)}
    coming = [each for each in post_town.reviews().values() if not each.is_past(MONDAY)]
    with post_town.app.store.write() as db:
        reviews.save_many(db, [cancel(each, "the agreement ran out", MONDAY).result for each in coming])
        partnerships.end(db, "acme-globex", MONDAY)
        govern_in(post_town.app, db, "acme-globex", MONDAY)
    sent = letters(post_town, before)
    assert {each.subject for each in sent} == told
    assert {each.method for each in sent} == {"CANCEL"}
    post_town.cycle(MONDAY + timedelta(days=1))
    assert len(letters(post_town)) == before + len(sent)


def test_another_day_of_the_week_ends_one_series_and_begins_another(post_town: Town) -> None:
    """What was held under the old day stays in people's calendars."""
    post_town.define(written(reviews=ONLY_PIPELINE))
    post_town.cycle()
    before = letters(post_town)
    post_town.define(written(reviews={**ONLY_PIPELINE, "pipeline": {"on": "thursday"}}))
    post_town.cycle(MONDAY)
    sent = [each for each in letters(post_town, len(before)) if "pipeline" in each.subject and "ines" in each.email]
    assert [(each.method, each.sequence) for each in sent] == [("REQUEST", 1), ("REQUEST", 0)]
    old, new = sent
    assert old.uid == next(each.uid for each in before if each.subject == "acme-globex/pipeline") != new.uid
    assert "until Wed 25 Nov 2026" in _text(old) and "on Thursday" in _text(new)
    after = len(letters(post_town))
    post_town.cycle(MONDAY + timedelta(days=1))
    assert len(letters(post_town)) == after


def _text(letter: LetterRow) -> str:
    ics = list(message_from_bytes(letter.content, policy=policy.SMTP).iter_attachments())[-1].get_payload(decode=True)
    assert isinstance(ics, bytes)
    return ics.decode().replace("\r\n ", "")


def test_a_plan_that_waits_for_a_persons_word_is_told_to_nobody(build: Build) -> None:
    town = build(mail=MAIL, guard={"reviews": 2, "share": "10%"})
    town.define(written(reviews=ONLY_PIPELINE))
    town.cycle(MONDAY)
    before = len(letters(town))
    town.define(written(reviews={**ONLY_PIPELINE, "pipeline": {"every": "month", "on": "first tuesday"}}))
    town.cycle(MONDAY)
    assert town.problems() and len(letters(town)) == before


def test_an_answer_given_is_kept_by_a_letter_that_changes_words_only(post_town: Town) -> None:
    post_town.define(definition())
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    yes = Answer("dev.patel@globex.example", Says.ACCEPTED, 0, MONDAY, MONDAY)
    with post_town.app.store.write() as db:
        rsvps.record(db, "acme-globex", DECEMBER, yes)
    post_town.define(definition(reviews={**ONLY_OPERATING, "operating": {"title": "Operating committee"}}))
    post_town.cycle(MONDAY)
    first = next(each for each in letters(post_town, before) if each.subject == DECEMBER)
    assert 'CN="Dev Patel";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED' in _text(first)


def test_answers_find_their_way_back_by_the_token_in_the_organizers_address(post_town: Town) -> None:
    post_town.define(definition())
    post_town.cycle(MONDAY)
    letter = letters(post_town)[0]
    token = _text(letter).partition("mailto:cadence+")[2].partition("@")[0]
    assert len(token) == 32
    with post_town.database() as db:
        assert rsvps.token_is_for(db, token, letter.uid)
        assert not rsvps.token_is_for(db, token[:-1] + "x", letter.uid)


def test_no_two_reviews_share_a_token(post_town: Town) -> None:
    post_town.define()
    post_town.cycle()
    tokens = [row["token"] for row in post_town.rows("invited")]
    assert len(set(tokens)) == len(tokens) > 3


def test_an_internal_figure_stands_in_no_letter(post_town: Town) -> None:
    """Landed cost is Acme's own affair."""
    post_town.define()
    post_town.cycle()
    assert not any("Landed cost" in _text(each) for each in letters(post_town))


# What becomes of a series -------------------------------------------------------------------------------------------


TUESDAYS = {"on": "tuesday", "at": "15:00"}
BEFORE = at("2026-09-20 09:00")
"""Two weeks before the first meeting: all are invited, and nothing was held yet."""


def words(letter: LetterRow) -> str:
    """The text of a letter, where each line of it stands on its page too."""
    message = message_from_bytes(letter.content, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and html
    text = str(plain.get_content())
    page = " ".join(unescape(re.sub(r"<[^>]+>", " ", str(html.get_content()))).split())
    for line in filter(None, (line.removeprefix("- ") for line in text.splitlines())):
        assert line.partition(": ")[2] in page or line in page, line
    return " ".join(text.split())


def pipeline_of(**terms: Any) -> Written:
    return written(reviews={**ONLY_PIPELINE, "pipeline": {**TUESDAYS, **terms}})


def to_ines(town: Town, since: int) -> list[LetterRow]:
    return [each for each in letters(town, since) if "pipeline" in each.subject and "ines" in each.email]


EDITS: dict[str, dict[str, Any]] = {
    "half an hour later": {"at": "15:30"},
    "another weekday": {"on": "thursday"},
    "every second week": {"every": "2 weeks"},
    "another zone": {"timezone": "America/Detroit", "at": "09:00"},
    "longer": {"length": "60 minutes"},
    "another place": {"place": "Halden, room 4"},
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_series_of_which_nothing_was_held_yet_moves_as_one_entry(post_town: Town, edit: str) -> None:
    """The same UID, SEQUENCE + 1, an update: no program shows a cancelled series beside a new one."""
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE)
    first = to_ines(post_town, 0)
    before = len(letters(post_town))
    assert [(each.method, each.sequence) for each in first] == [("REQUEST", 0)]
    post_town.define(pipeline_of(**EDITS[edit]))
    post_town.cycle(BEFORE + timedelta(hours=1))
    [update] = to_ines(post_town, before)
    assert (update.method, update.sequence, update.uid) == ("REQUEST", 1, first[0].uid)
    assert update.title.startswith("Updated invitation: ")
    if edit in ("half an hour later", "another weekday", "every second week", "another zone"):
        assert "It was every week on Tuesday, 15:00 – 15:30 (Europe/Berlin) until now." in words(update)
    after = len(letters(post_town))
    post_town.cycle(BEFORE + timedelta(days=1))
    assert len(letters(post_town)) == after, "once"


def test_a_series_of_which_something_was_held_is_split_and_both_letters_say_so(post_town: Town) -> None:
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE)
    first, before = to_ines(post_town, 0), len(letters(post_town))
    post_town.define(pipeline_of(at="15:30"))
    post_town.cycle(MONDAY)
    old, new = to_ines(post_town, before)
    assert (old.uid, old.method, old.sequence) == (first[0].uid, "REQUEST", 1) and new.uid != old.uid
    assert "UNTIL=20261124T140000Z" in _text(old)
    assert (
        "The series ends with its meeting of Tue 24 Nov 2026; what was held stays in your calendar. "
        "From Tue 1 Dec 2026 it goes on every week on Tuesday, 15:30 – 16:00 (Europe/Berlin): "
        "that is an invitation of its own."
    ) in words(old)
    assert (new.method, new.sequence) == ("REQUEST", 0) and new.title.startswith("Invitation: ")
    assert "It takes the place of the series whose last meeting is that of Tue 24 Nov 2026." in words(new)
    assert old.title.startswith("Changed from Tue 1 Dec 2026 on: ") and "goes on no longer" not in words(old)


def test_a_moved_meeting_keeps_its_place_when_its_series_moves(post_town: Town) -> None:
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE)
    [one] = [each for each in post_town.reviews().values() if f"{each.review.nominal_date}" == "2026-10-13"]
    change(post_town, moved(one, at("2026-10-14 10:00"), one.review.clocks, "Dev is on the plane", BEFORE), BEFORE)
    before = len(letters(post_town))
    post_town.define(pipeline_of(at="15:30"))
    post_town.cycle(BEFORE + timedelta(hours=1))
    [update] = to_ines(post_town, before)
    assert update.sequence == 2, "above that of the meeting that was told alone"
    ics = _text(update)
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261013T153000" in ics
    assert "DTSTART;TZID=Europe/Berlin:20261014T100000" in ics
    assert "moved from Tue 13 Oct 2026, 15:00 (Europe/Berlin): Dev is on the plane" in words(update)


def test_a_series_that_is_called_off_and_taken_up_again_is_cancelled_and_then_invited_to_anew(build: Build) -> None:
    post_town = build(mail=MAIL, guard={"reviews": 500, "share": "100%"})
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE)
    [first] = to_ines(post_town, 0)
    before = len(letters(post_town))
    post_town.define(written(reviews={**ONLY_PIPELINE, "pipeline": OFF}))
    post_town.cycle(BEFORE + timedelta(hours=1))
    off = to_ines(post_town, before)
    assert [(each.uid, each.method, each.sequence) for each in off] == [(first.uid, "CANCEL", 1)]
    assert "The series goes on no longer." in words(off[0])
    assert "definition" not in words(off[0]) and "definition" not in _text(off[0])
    before = len(letters(post_town))
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE + timedelta(hours=3))
    [again] = to_ines(post_town, before)
    assert again.method == "REQUEST" and again.uid != first.uid and again.sequence == 0


@pytest.mark.parametrize("now", [BEFORE, MONDAY])
def test_the_end_of_a_partnership_gives_its_reason_in_every_letter(post_town: Town, now: datetime) -> None:
    """In its words and in the calendar object; a series of which something was held is cut, and not cancelled."""
    post_town.define(written(reviews={"health-audit": OFF, "sponsors": OFF, "strategy": OFF, "pipeline": TUESDAYS}))
    post_town.cycle(now)
    before = len(letters(post_town))
    coming = [each for each in post_town.reviews().values() if not each.is_past(now)]
    later = now if now == BEFORE else now + timedelta(days=9)
    with post_town.app.store.write() as db:
        gone = [cancel(each, "the agreement ran out", later).result for each in coming if not each.is_past(later)]
        reviews.save_many(db, gone)
        partnerships.end(db, "acme-globex", later)
        govern_in(post_town.app, db, "acme-globex", later)
    sent = letters(post_town, before)
    assert any(each.subject == "acme-globex/pipeline" for each in sent)
    for each in sent:
        assert "the agreement ran out" in words(each).lower(), each.title
        assert "COMMENT:the agreement ran out" in _text(each), each.title


def test_a_series_that_gets_an_earlier_end_says_where_it_ends_and_why(build: Build) -> None:
    post_town = build(mail=MAIL, guard={"reviews": 500, "share": "100%"})
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE)
    [first] = to_ines(post_town, 0)
    gone = "exit was decided; it ends on Fri 11 Dec 2026"
    with post_town.app.store.write() as db:
        late = [each for each in post_town.reviews().values() if each.review.nominal_date > date(2026, 12, 11)]
        reviews.save_many(db, [cancel(each, gone, BEFORE).result for each in late])
    before = len(letters(post_town))
    agreement = {**written()["agreement"], "ends": "2026-12-11"}
    post_town.define({**pipeline_of(), "agreement": agreement})
    post_town.cycle(BEFORE + timedelta(hours=1))
    [update] = to_ines(post_town, before)
    assert (update.uid, update.method, update.title.split(":")[0]) == (first.uid, "REQUEST", "Updated invitation")
    assert f"The series ends with its meeting of Tue 8 Dec 2026: {gone}." in words(update)
    before = len(letters(post_town))
    post_town.define(pipeline_of())
    post_town.cycle(BEFORE + timedelta(hours=3))
    [on] = to_ines(post_town, before)
    assert "The series ends" not in words(on)


def test_a_letter_to_toronto_tells_torontos_hour(post_town: Town) -> None:
    """Where the review is held on Kolkata's clock."""
    people = {**written()["people"], "dev": {**written()["people"]["dev"], "timezone": "America/Toronto"}}
    post_town.define(definition(people=people, timezone="Asia/Kolkata"))
    post_town.cycle(MONDAY)
    before = len(letters(post_town))
    record = post_town.reviews()[DECEMBER]
    start = record.review.start
    change(post_town, moved(record, start + timedelta(days=1), record.review.clocks, "the audit", MONDAY), MONDAY)
    [letter] = [each for each in letters(post_town, before) if "dev" in each.email]
    there = start.astimezone(ZoneInfo("America/Toronto"))
    assert f"{there:%H:%M} (America/Toronto): the audit" in words(letter)
    assert words(letter).lower().count("moved from") == 1 and "by hand" not in words(letter)
    assert f"{start:%H:%M}: the audit" not in words(letter)
