"""Minutes go out to whoever was to attend; from that day on they can object, item by item.

The operating review of November 2026 is held; its minutes are filed on Tuesday 24 November, 09:00 in Berlin. Globex is
off on 26 and 27 November, so that five working days of both are over with Thursday 3 December.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from email import message_from_bytes, policy

import pytest

from scheduler.domain.errors import AlreadyDone, NotTheirs, UserError, WrongDay
from scheduler.domain.record.filing import MinutesRecord
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.objections import MinutesStanding, is_binding, standing
from scheduler.services.cases.objections import object_to, settle
from scheduler.services.cases.presence import Attended
from scheduler.services.cases.reviews import hold
from scheduler.services.cases.undoing import reopen
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.store import filings, notifications, outbox, partnerships, reviews
from tests.builders import at, written
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW, LATER = at("2026-11-24 09:00"), at("2026-11-25 11:00")
PAST = "acme-globex/operating/2026-11"
MINUTES = """# Minutes

## Decisions
- Three shifts
- A second press

## Actions
- Dev: send the samples by 18 Dec

## Internal: Acme Motors SE
- We would give a third
"""
LAST = date(2026, 12, 3)


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    built = build(mail={"sender": "cadence@alliances.example"}, web={"listen": "127.0.0.1:0"})
    built.define()
    built.cycle(at("2026-11-21 09:00"))
    return built


def leave(town: Town, now: datetime) -> None:
    """All letters leave, and what follows from that is governed."""
    deliver_by(Sender(town.app, "one", lambda: now, lambda: 0.5), outbox.MAIL, {})
    town.cycle(now)


def known(town: Town) -> MinutesRecord:
    with town.database() as db:
        return filings.of_review(db, PAST)


def stands(town: Town, now: datetime) -> MinutesStanding:
    with town.database() as db:
        record = reviews.find(db, PAST)
    assert record
    found = standing(record, known(town), now.astimezone(zone("Europe/Berlin")).date())
    assert found
    return found


def letters(town: Town) -> dict[str, str]:
    """The words of the letters with minutes, by address: the last to each."""
    with town.database() as db:
        rows = [each for each in outbox.listing(db) if each.method == outbox.MINUTES]
        found = {row.email: outbox.get(db, row.id or 0) for row in rows}
    return {email: _words(letter.content) for email, letter in found.items() if letter}


def _words(content: bytes) -> str:
    parts = message_from_bytes(content, policy=policy.default).walk()
    return "\n".join(str(part.get_content()) for part in parts if part.get_content_type() == "text/plain")


def told(town: Town, rung: str) -> set[str | None]:
    with town.database() as db:
        return {key.email.partition("@")[0] for key in notifications.known(db, "acme-globex") if key.rung == rung}


def test_minutes_go_to_whoever_was_to_attend_in_the_transaction_that_files_them(
    town: Town, breaks_off: BreaksOff
) -> None:
    with breaks_off(town):
        hold(town.app, PAST, MINUTES, "ines", NOW)
    assert letters(town) == {}
    hold(town.app, PAST, MINUTES, "ines", NOW)
    found = letters(town)
    assert {each.partition("@")[0] for each in found} == {"ines.falk", "dev.patel"}
    dev = found["dev.patel@globex.example"]
    for words in ("Minutes of Operating review 2026-11", "Three shifts", "send the samples (Dev Patel, by Fri 18 Dec"):
        assert words in dev
    counted_in = "which is the end of Thu 3 Dec 2026 in Europe/Berlin"
    assert f"until at least Thu 3 Dec 2026, 18:00 (America/Detroit), {counted_in}:" in dev  # on his own clock
    assert "/object/" in dev and "cadence review" not in dev


def test_the_letter_of_a_series_without_time_for_objections_speaks_of_no_link(town: Town) -> None:
    hold(town.app, "acme-globex/pipeline/2026-W46", MINUTES, "ines", NOW)
    dev = letters(town)["dev.patel@globex.example"]
    assert "no time for objections" in dev and "/object/" not in dev
    assert "This letter is for Dev Patel alone." in dev and "link" not in dev


def test_minutes_that_have_not_left_go_to_the_address_that_their_reader_has_now(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    before = letters(town)["dev.patel@globex.example"]
    town.define(json.loads(json.dumps(written()).replace("dev.patel@globex.example", "dev@globex.example")))
    town.cycle(LATER)
    found = letters(town)
    assert {each.partition("@")[0] for each in found} == {"ines.falk", "dev"}
    after = found["dev@globex.example"]
    assert "Three shifts" in after and "a third" not in after
    links = [re.findall(r"/object/\S+", each) for each in (before, after)]
    assert links[0] and links[1] and links[0] != links[1], "the old one opens nothing any more"
    leave(town, LATER)
    assert [each.sent_at for each in known(town).filings] == [LATER]


def test_the_other_side_is_not_sent_what_is_internal_to_one(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    found = letters(town)
    assert "a third" in found["ines.falk@acme.example"]
    assert "a third" not in found["dev.patel@globex.example"]
    assert "Internal" not in found["dev.patel@globex.example"]


def test_the_days_count_from_the_one_on_which_the_last_letter_has_left(town: Town) -> None:
    """Filed on a Tuesday while no mail server can be reached; the letters leave on the Monday after."""
    hold(town.app, PAST, MINUTES, "ines", NOW)
    town.cycle(at("2026-11-27 09:00"))
    assert stands(town, at("2026-12-04 09:00")).state == "waiting"
    leave(town, at("2026-11-30 10:00"))
    found = stands(town, at("2026-12-07 23:00"))
    assert (found.state, found.until) == ("open", date(2026, 12, 7))
    with town.database() as db:
        record = reviews.find(db, PAST)
    assert record and dict(record.review.clocks)["objections_until"] == date(2026, 12, 7)
    assert stands(town, at("2026-12-08 00:00")).state == "accepted"


def test_that_they_have_left_wakes_the_cycle(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    deliver_by(Sender(town.app, "one", lambda: NOW, lambda: 0.5), outbox.MAIL, {})
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
    assert row and row.wake_at and row.wake_at <= NOW


def test_accepted_in_silence_is_told_to_who_answers_for_them_on_the_next_day(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    leave(town, NOW)
    town.cycle(at("2026-12-03 23:00"))
    assert told(town, "accepted") == set()
    town.cycle(at("2026-12-04 00:00"))
    assert told(town, "accepted") == {"ines.falk"} | ({"dev.patel"} if _chair(town) == "dev" else set())


def _chair(town: Town) -> str | None:
    return town.reviews()[PAST].review.chair


def test_an_objection_is_on_record_word_for_word_and_who_answers_for_the_minutes_hears_it(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    leave(town, NOW)
    [said] = object_to(town.app, PAST, ["!1"], "two shifts were agreed", "dev.patel@globex.example", LATER)
    assert (said.id, said.item, said.item_says) == (f"{PAST}~1", f"{PAST}!1", "Three shifts")
    assert object_to(town.app, PAST, [f"{PAST}!1"], "two shifts were agreed", "dev", LATER) == (said,), "twice is once"
    assert "ines.falk" in told(town, "objected")
    found = stands(town, at("2026-12-04 09:00"))
    assert found.state == "objected"
    assert not is_binding(found, f"{PAST}!1", date(2026, 12, 4)) and is_binding(found, f"{PAST}!2", date(2026, 12, 4))


def test_one_can_object_until_the_end_of_the_last_day_and_only_who_was_to_attend(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    leave(town, NOW)
    with pytest.raises(NotTheirs):
        object_to(town.app, PAST, [], "no", "tom", LATER)
    with pytest.raises(UserError, match="item"):
        object_to(town.app, PAST, ["!9"], "no", "dev", LATER)
    with pytest.raises(WrongDay, match="Thu 3 Dec 2026"):
        object_to(town.app, PAST, [], "no", "dev", at("2026-12-04 00:00"))
    assert object_to(town.app, PAST, ["#1"], "not mine", "dev", at("2026-12-03 23:59"))[0].item == f"{PAST}#1"


def test_who_objected_withdraws_it_and_anybody_else_settles_it(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    leave(town, NOW)
    object_to(town.app, PAST, ["!1", "!2"], "not so", "dev", LATER)
    assert settle(town.app, f"{PAST}~1", "I was wrong", "dev", LATER).is_withdrawn
    assert not settle(town.app, f"{PAST}~2", "agreed by phone", "ines", LATER).is_withdrawn
    with pytest.raises(AlreadyDone):
        settle(town.app, f"{PAST}~2", "again", "ines", LATER)
    with pytest.raises(UserError, match="objection"):
        settle(town.app, f"{PAST}~9", "again", "ines", LATER)
    assert stands(town, LATER).state == "open"


def test_corrected_minutes_are_sent_again_answer_what_they_change_and_open_that_alone(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    leave(town, NOW)
    object_to(town.app, PAST, ["!1"], "two shifts were agreed", "dev", LATER)
    hold(town.app, PAST, MINUTES.replace("# Minutes", "# The minutes"), "ines", LATER)
    assert len(known(town).filings) == 1, "a slip of the pen is sent to nobody"
    hold(town.app, PAST, MINUTES.replace("Three", "Two"), "ines", at("2026-12-07 09:00"))
    leave(town, at("2026-12-07 09:05"))
    record = known(town)
    assert [each.settled_because for each in record.objections] == ["the minutes were corrected"]
    assert [item.id for item in record.filings[-1].items] == [f"{PAST}!3", f"{PAST}!2", f"{PAST}#1"]
    again = letters(town)["dev.patel@globex.example"]
    assert "Corrected minutes of" in again
    with pytest.raises(WrongDay):
        object_to(town.app, PAST, ["!2"], "no", "dev", at("2026-12-08 09:00"))
    assert object_to(town.app, PAST, ["!3"], "no", "dev", at("2026-12-08 09:00"))


def test_minutes_that_were_on_record_before_are_sent_to_nobody_until_somebody_corrects_them(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    with town.app.store.write() as db:
        db.exec_driver_sql("DELETE FROM minutes_filing")
        db.exec_driver_sql("DELETE FROM letter")
    town.cycle(LATER)
    assert letters(town) == {}
    hold(town.app, PAST, MINUTES.replace("Three", "Two"), "ines", LATER)
    assert [each.number for each in known(town).filings] == [0, 1]
    assert [(item.id, item.since) for item in known(town).filings[-1].items] == [
        (f"{PAST}!3", 1),
        (f"{PAST}!2", 0),
        (f"{PAST}#1", 0),
    ]
    assert set(letters(town)) == {"ines.falk@acme.example", "dev.patel@globex.example"}


def test_minutes_that_are_corrected_before_they_could_leave_count_with_the_corrected_ones(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    hold(town.app, PAST, MINUTES.replace("Three", "Two"), "ines", LATER)
    leave(town, at("2026-11-30 10:00"))
    assert [each.until for each in known(town).filings] == [date(2026, 12, 7)] * 2
    found = stands(town, at("2026-12-07 12:00"))
    assert found.state == "open"
    assert not is_binding(found, f"{PAST}!2", date(2026, 12, 7)) and is_binding(found, f"{PAST}!2", date(2026, 12, 8))
    with town.database() as db:
        assert {each.state for each in outbox.listing(db) if each.method == outbox.MINUTES} == {"replaced", "sent"}


def test_who_stood_in_gets_the_minutes_and_may_object(town: Town) -> None:
    attended = Attended(present=("ines", "dev=tom"))
    hold(town.app, PAST, MINUTES, "ines", NOW, attended)
    assert "tom.reyes@globex.example" in letters(town)
    assert object_to(town.app, PAST, [], "I said so", "tom", NOW)


def test_a_review_that_was_opened_again_has_all_of_its_minutes_open_anew(town: Town) -> None:
    hold(town.app, PAST, MINUTES, "ines", NOW)
    leave(town, NOW)
    reopen(town.app, PAST, "another meeting", "ines", LATER)
    hold(town.app, PAST, MINUTES, "ines", at("2026-12-07 09:00"))
    leave(town, at("2026-12-07 09:05"))
    assert {item.since for item in known(town).filings[-1].items} == {2}
    assert object_to(town.app, PAST, ["!1"], "no", "dev", at("2026-12-08 09:00"))
