"""Cycles put letters into the outbox, in the transaction of what they tell of, and each once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.cycle.govern import govern_in
from scheduler.cycle.tell import NOTICE
from scheduler.domain.answer import Answer, Says
from scheduler.domain.review import Recorded
from scheduler.domain.terms import Status
from scheduler.store import StoreError, outbox, participation, partnerships, reviews
from scheduler.store.tables import LetterRow
from scheduler.transitions import moved, skipped
from tests.builders import Written, at, written
from tests.cycle.town import DAY_ONE, Town
from tests.publish.bar import assert_invitation

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
    with town.house.store.write() as db:
        reviews.save_many(db, [record])
        govern_in(town.house, db, record.review.partnership, now)


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
    anew = replace(post_town, house=replace(post_town.house, environment="the planner of the next version"))
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
    with pytest.raises(StoreError), post_town.house.store.write() as db:
        reviews.save_many(db, [skipped(record, "nobody is there", MONDAY)])
        govern_in(post_town.house, db, "acme-globex", MONDAY)
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


def test_a_partnership_that_ends_calls_off_what_people_were_invited_to_and_no_more(post_town: Town) -> None:
    from scheduler.reconcile import cancel

    post_town.define(written(reviews={"health-audit": OFF, "sponsors": OFF, "strategy": OFF}))
    post_town.cycle(MONDAY)
    before, told = len(letters(post_town)), {each.subject for each in letters(post_town)}
    coming = [each for each in post_town.reviews().values() if not each.is_past(MONDAY)]
    with post_town.house.store.write() as db:
        reviews.save_many(db, [cancel(each, "the agreement ran out", MONDAY).result for each in coming])
        partnerships.end(db, "acme-globex", MONDAY)
        govern_in(post_town.house, db, "acme-globex", MONDAY)
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
    from email import message_from_bytes, policy

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
    with post_town.house.store.write() as db:
        participation.record(db, "acme-globex", DECEMBER, yes)
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
        assert participation.token_is_for(db, token, letter.uid)
        assert not participation.token_is_for(db, token[:-1] + "x", letter.uid)


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
