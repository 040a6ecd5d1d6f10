"""A year of weekly reminders stays small, is still told by heart, and nothing of it is told anew."""

from collections.abc import Callable
from datetime import timedelta

from scheduler.store import notifications, outbox, repeats
from tests.builders import at
from tests.services.pipeline.test_delivery import Clock, post
from tests.services.town import Town


def test_a_silent_half_year_is_a_row_for_each_step_and_each_time_is_still_known(build: Callable[..., Town]) -> None:
    town = build(mail={"sender": "cadence@alliances.example"}, letter_days=30)
    town.define()
    clock = Clock(at("2026-10-01 09:00"))
    while clock.now < at("2027-04-01 09:00"):
        town.cycle(clock.now)
        post(town, clock)
        clock.now += timedelta(days=1)
    with town.database() as db:
        rows = notifications.listing(db)
        known = notifications.known(db, "acme-globex")
        letters = [outbox.get(db, each.id or 0) for each in outbox.listing(db)]
    joined = [row for row in rows if row.times > 1]
    assert joined and sum(row.times for row in rows) == len(known) > len(rows)
    for row in joined:
        assert len(repeats.earlier_times(row.repeats)) == row.times - 1
        assert all(each.told_at and each.letter for each in repeats.earlier_times(row.repeats) if row.email)
    old = [each for each in letters if each and each.settled_at and each.settled_at < clock.now - timedelta(days=32)]
    assert old and all(each.content == b"" and each.forgotten_at for each in old)
    assert all(each.content for each in letters if each and each not in old and each.forgotten_at is None)
    before = len(outbox_of(town))
    town.cycle(clock.now - timedelta(hours=23))
    assert len(outbox_of(town)) == before


def outbox_of(town: Town) -> list[str]:
    with town.database() as db:
        return [each.dedup_key for each in outbox.listing(db)]
