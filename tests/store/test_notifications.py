"""What people are told is on record from the transaction that decides it: waiting, then told, or dropped.

Tom Reyes owes November; Dev Patel is told of it after three working days.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from scheduler.domain.record.notification import SETTLED
from scheduler.store import Store, delivery, notifications, notified, outbox, partnerships, renames, repeats
from scheduler.store.notifications import Key
from scheduler.store.tables import LetterRow, NotificationRow
from tests.store.remembered import ACME_GLOBEX, CELLS, a_row, noon
from tests.store.test_outbox import a_letter

FRIDAY, MONDAY, TUESDAY = date(2026, 12, 11), date(2026, 12, 14), date(2026, 12, 15)
TOM, DEV = "tom.reyes@globex.example", "dev.patel@globex.example"


def a_notice(rung: str = "overdue", on: date = FRIDAY, **changes: Any) -> NotificationRow:
    said: dict[str, Any] = {
        "partnership": ACME_GLOBEX,
        "about": "kpi",
        "subject": CELLS,
        "period": "2026-11",
        "rung": rung,
        "occasion": "2026-12-10",
        "due_on": on,
        "person": "tom",
        "email": TOM,
        "agenda": None,
        "of": None,
        "title": "Cells delivered, 2026-11",
        "detail": "",
        "late": True,
        "recorded_at": noon(on),
        "tell_at": noon(on),
    }
    return NotificationRow(**{**said, **changes})


def a_carrier(key: str = "L", channel: str = "mail", **changes: Any) -> LetterRow:
    """What carries notices to Tom: one for each channel."""
    own = key if channel == "mail" else f"{key}:{channel}"
    said: dict[str, Any] = {
        "dedup_key": own, "partnership": ACME_GLOBEX, "subject": CELLS, "uid": own, "instance": key, "sequence": 0,
        "method": "NOTICE", "channel": channel, "email": TOM, "title": "Overdue", "sender": "cadence@alliances.example",
        "message_id": own, "created_at": noon(FRIDAY), "due_at": noon(FRIDAY), "content": b"",
    }  # fmt: skip
    return LetterRow(**{**said, **changes})


def recorded(store: Store, *rows: NotificationRow) -> list[int]:
    with store.write() as db:
        notifications.add(db, rows)
        return [each.id or 0 for each in notifications.listing(db)]


def to_be_told(store: Store, now: datetime) -> list[str]:
    with store.read() as db:
        return notifications.due(db, now)


def test_a_notice_waits_until_its_time_has_come(store: Store) -> None:
    recorded(store, a_notice())
    assert to_be_told(store, noon(FRIDAY) - timedelta(minutes=1)) == []
    assert to_be_told(store, noon(FRIDAY)) == [TOM]


def test_people_of_one_partnership_are_told_behind_one_another(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row("other"))
    for email, partnership in (("z@acme.example", "acme-globex"), ("b@other.example", "other")):
        recorded(store, a_notice(email=email, partnership=partnership, subject=f"{partnership}/cells"))
    recorded(store, a_notice(email="a@other.example", partnership="other", subject="other/cells"))
    assert to_be_told(store, noon(FRIDAY)) == ["z@acme.example", "a@other.example", "b@other.example"]


def test_the_next_moment_is_that_of_what_waits_for_somebody_and_is_still_to_come(store: Store) -> None:
    recorded(
        store,
        a_notice(),
        a_notice("again", on=MONDAY),
        a_notice("nobody", email="", tell_at=noon(FRIDAY) + timedelta(hours=1)),
        a_notice("told", tell_at=noon(FRIDAY) + timedelta(hours=1), state="told"),
    )
    with store.read() as db:
        ahead = [notifications.next_telling(db, noon(FRIDAY) + timedelta(days=days)) for days in (-1, 0, 30)]
    assert ahead == [noon(FRIDAY), noon(MONDAY), None]


def test_the_same_notice_to_the_same_person_is_recorded_once(store: Store) -> None:
    recorded(store, a_notice())
    with pytest.raises(IntegrityError), store.write() as db:
        notifications.add(db, [a_notice(on=MONDAY)])


def test_a_changed_due_date_arms_a_ladder_anew(store: Store) -> None:
    assert len(recorded(store, a_notice(), a_notice(occasion="2026-12-17"))) == 2


def test_what_is_known_is_told_by_its_key(store: Store) -> None:
    [id] = recorded(store, a_notice())
    with store.read() as db:
        assert notifications.known(db, ACME_GLOBEX) == {
            Key(CELLS, "2026-11", "overdue", "2026-12-10", TOM): (id, "waiting", FRIDAY)
        }
        assert notifications.known(db, "halden") == {}


def test_what_was_told_is_on_record_with_its_letter_and_told_no_more(store: Store) -> None:
    ids = recorded(store, a_notice(), a_notice("deputy", TUESDAY, person="dev", email=DEV))
    with store.write() as db:
        notifications.tell(db, dict.fromkeys(ids[:1], "letter-1"), noon(FRIDAY))
    assert to_be_told(store, noon(TUESDAY)) == [DEV]
    with store.read() as db:
        [told] = notifications.carried(db, ["letter-1"])
        assert (told.rung, told.state, told.told_at) == ("overdue", "told", noon(FRIDAY))
        assert notifications.last_told(db, [TOM, DEV]) == {TOM: noon(FRIDAY)}


def test_what_is_settled_before_it_was_told_is_dropped_and_what_was_told_stays(store: Store) -> None:
    told, waiting = recorded(store, a_notice(), a_notice("deputy", TUESDAY))
    with store.write() as db:
        notifications.tell(db, dict.fromkeys([told], "letter-1"), noon(FRIDAY))
        notifications.drop(db, [told, waiting])
        assert notifications.counts(db) == {"told": 1, "dropped": 1}
        notifications.revive(db, [told, waiting], noon(TUESDAY))
        assert notifications.counts(db) == {"told": 1, "waiting": 1}
    assert to_be_told(store, noon(TUESDAY)) == [TOM]


def test_what_waits_for_somebody_can_be_put_off(store: Store) -> None:
    recorded(store, a_notice(), a_notice("deputy", TUESDAY))
    with store.write() as db:
        notifications.postpone(db, {TOM: noon(MONDAY)})
    assert to_be_told(store, noon(FRIDAY)) == []
    with store.read() as db:
        assert [row.tell_at for row in notifications.waiting(db, [TOM])[TOM]] == [noon(MONDAY), noon(TUESDAY)]


def test_who_was_told_of_lateness_is_listed_once_until_they_hear_that_it_is_settled(store: Store) -> None:
    ids = recorded(store, a_notice("due", late=False, person="dev", email=DEV), a_notice(), a_notice("deputy", TUESDAY))
    with store.write() as db:
        notifications.tell(db, dict.fromkeys(ids, "letter-1"), noon(TUESDAY))
        outbox.add(db, [a_carrier("letter-1")])
        assert notifications.told_late(db, ACME_GLOBEX) == []  # it waits: nobody has heard of anything
        [letter] = outbox.listing(db)
        delivery.sent(db, letter.id or 0, noon(TUESDAY), "mail.example", "250 taken")
        assert [(row.email, row.rung) for row in notifications.told_late(db, ACME_GLOBEX)] == [(TOM, "deputy")]
        notifications.add(db, [a_notice(SETTLED, TUESDAY, late=False)])
        assert notifications.told_late(db, ACME_GLOBEX) == []


def test_of_a_partnership_that_has_ended_nothing_more_is_told(store: Store) -> None:
    recorded(store, a_notice())
    with store.write() as db:
        notifications.drop_all(db, "halden")
        assert notifications.counts(db) == {"waiting": 1}
        notifications.drop_all(db, ACME_GLOBEX)
    assert to_be_told(store, noon(TUESDAY)) == []


def test_a_step_that_only_an_agenda_hears_of_is_told_to_nobody(store: Store) -> None:
    recorded(store, a_notice("steering", person=None, email="", agenda="health-audit", state="told", tell_at=None))
    assert to_be_told(store, noon(TUESDAY)) == []
    with store.read() as db:
        assert notifications.told_late(db, ACME_GLOBEX) == []


# What repeats


def weekly(time: int, on: date, **changes: Any) -> NotificationRow:
    occasion = "2026-12-10" if time == 1 else f"2026-12-10#{time}"
    return a_notice("weekly", on, occasion=occasion, **changes)


def weeks(count: int) -> list[NotificationRow]:
    return [weekly(time, FRIDAY + timedelta(weeks=time)) for time in range(1, count + 1)]


def tell_all(store: Store, state: str = "sent") -> None:
    """Each by a letter of its own, of which this became."""
    with store.write() as db:
        for row in notifications.listing(db):
            notifications.tell(db, dict.fromkeys([row.id or 0], f"letter-{row.id}"), noon(row.due_on))
            outbox.add(db, [a_letter(f"letter-{row.id}", uid=f"{row.id}", state=state, email=row.email)])


LONG_AFTER = noon(FRIDAY + timedelta(weeks=60))


def test_a_step_that_only_repeats_is_one_row_with_a_count_and_every_date_and_letter(store: Store) -> None:
    recorded(store, *weeks(5), a_notice())
    tell_all(store)
    with store.read() as db:
        before = notifications.known(db, ACME_GLOBEX).keys(), notified.of_subjects(db, [CELLS])
    with store.write() as db:
        assert repeats.has_any(db, LONG_AFTER)
        assert repeats.join(db, LONG_AFTER, 100) == 4
        assert not repeats.has_any(db, LONG_AFTER)
        assert repeats.join(db, LONG_AFTER, 100) == 0
    with store.read() as db:
        [other, row] = sorted(notifications.listing(db), key=lambda each: each.rung)
        assert (other.rung, other.times) == ("overdue", 1)
        assert (row.times, row.occasion, row.letter) == (5, "2026-12-10#5", "letter-5")
        told = [(each.occasion, each.due_on, each.told_at, each.letter) for each in repeats.earlier_times(row.repeats)]
        days = [FRIDAY + timedelta(weeks=time) for time in range(1, 5)]
        names = ["2026-12-10", "2026-12-10#2", "2026-12-10#3", "2026-12-10#4"]
        assert told == [
            (name, day, noon(day), f"letter-{n}") for n, (name, day) in enumerate(zip(names, days, strict=True), 1)
        ]
        assert notifications.known(db, ACME_GLOBEX).keys() == before[0]
        assert notified.of_subjects(db, [CELLS]) == before[1]


def test_more_repeats_join_those_that_are_joined_already(store: Store) -> None:
    recorded(store, *weeks(6))
    tell_all(store)
    with store.write() as db:
        assert repeats.join(db, noon(FRIDAY + timedelta(weeks=4)), 100) == 2
        assert repeats.join(db, LONG_AFTER, 100) == 3
        [row] = notifications.listing(db)
        assert row.times == 6 and [each.due_on for each in repeats.earlier_times(row.repeats)] == [
            FRIDAY + timedelta(weeks=time) for time in range(1, 6)
        ]


def test_repeats_of_another_arming_person_or_rung_stay_apart(store: Store) -> None:
    recorded(
        store,
        *weeks(2),
        a_notice("weekly", MONDAY, occasion="2027-01-12#2"),
        weekly(2, MONDAY, person="dev", email=DEV),
        a_notice("steering", MONDAY, occasion="2026-12-10#2"),
    )
    tell_all(store)
    with store.write() as db:
        assert repeats.join(db, LONG_AFTER, 100) == 1
        assert len(notifications.listing(db)) == 4


@pytest.mark.parametrize("state", ["due", "claimed", "dead", "expired"])
def test_what_may_yet_be_told_again_is_joined_to_nothing(store: Store, state: str) -> None:
    recorded(store, *weeks(3))
    tell_all(store, state)
    with store.write() as db:
        assert repeats.join(db, LONG_AFTER, 100) == 0


def test_what_waits_or_was_told_lately_is_joined_to_nothing(store: Store) -> None:
    ids = recorded(store, *weeks(3))
    tell_all(store)
    recorded(store, weekly(4, FRIDAY + timedelta(weeks=4)))
    with store.write() as db:
        assert repeats.join(db, noon(FRIDAY + timedelta(weeks=2)), 100) == 0
        assert repeats.join(db, LONG_AFTER, 100) == 2
        assert [(each.times, each.state) for each in notifications.listing(db)] == [(3, "told"), (1, "waiting")]
        assert notifications.listing(db)[0].id == ids[2]


def test_who_was_told_week_after_week_hears_once_that_it_is_settled(store: Store) -> None:
    recorded(store, *weeks(4))
    tell_all(store)
    with store.write() as db:
        repeats.join(db, LONG_AFTER, 100)
        assert [row.email for row in notifications.told_late(db, ACME_GLOBEX)] == [TOM]
        notifications.add(db, [a_notice(SETTLED, TUESDAY, late=False)])
        assert notifications.told_late(db, ACME_GLOBEX) == []


def test_what_a_letter_was_to_tell_and_did_not_waits_again(store: Store) -> None:
    ids = recorded(store, a_notice(), a_notice("deputy", TUESDAY, person="dev", email=DEV))
    with store.write() as db:
        notifications.tell(db, dict.fromkeys(ids[:1], "letter-1"), noon(FRIDAY))
        notifications.tell(db, dict.fromkeys(ids[1:], "letter-2"), noon(TUESDAY))
        notifications.tell_again(db, ["letter-1"], noon(TUESDAY))
    with store.read() as db:
        assert [(row.state, row.letter, row.told_at) for row in notifications.listing(db)] == [
            ("waiting", None, None),
            ("told", "letter-2", noon(TUESDAY)),
        ]
    assert to_be_told(store, noon(TUESDAY)) == [TOM]


# After the clock was set back ---------------------------------------------------------------------------------------


def test_steps_of_days_that_have_not_come_are_as_if_nobody_had_been_told(store: Store) -> None:
    recorded(
        store,
        a_notice("due", FRIDAY, state="told", told_at=noon(FRIDAY), letter="L"),
        a_notice("overdue", MONDAY, state="told", told_at=noon(MONDAY), letter="M"),
        a_notice("deputy", TUESDAY, state="waiting"),
    )
    with store.write() as db:
        assert notifications.put_back(db, FRIDAY, noon(FRIDAY)) == 2
        assert [(each.rung, each.state) for each in notifications.listing(db)] == [("due", "told")]


def test_what_was_recorded_later_of_days_that_have_come_waits_from_now_on(store: Store) -> None:
    recorded(store, a_notice("due", FRIDAY, recorded_at=noon(TUESDAY), tell_at=noon(TUESDAY)))
    with store.write() as db:
        notifications.put_back(db, FRIDAY, noon(FRIDAY))
        [waits] = notifications.listing(db)
        assert (waits.state, waits.recorded_at, waits.tell_at) == ("waiting", noon(FRIDAY), noon(FRIDAY))


def test_of_a_step_that_repeats_the_times_that_have_come_stay_told(store: Store) -> None:
    earlier = [
        ["2026-12-10#1", "2026-12-10", noon(FRIDAY).isoformat(), "K"],
        ["2026-12-10#2", "2026-12-11", noon(FRIDAY).isoformat(), "L"],
        ["2026-12-10#3", "2026-12-14", noon(MONDAY).isoformat(), "M"],
    ]
    last = {"occasion": "2026-12-10#4", "state": "told", "told_at": noon(TUESDAY), "letter": "N"}
    recorded(store, a_notice("weekly", TUESDAY, times=4, repeats=earlier, **last))
    with store.write() as db:
        assert notifications.put_back(db, FRIDAY, noon(FRIDAY)) == 1
        [row] = notifications.listing(db)
        assert (row.occasion, row.due_on, row.told_at, row.letter) == ("2026-12-10#2", FRIDAY, noon(FRIDAY), "L")
        assert (row.times, row.repeats) == (2, earlier[:1])


@pytest.mark.parametrize(
    ("there", "stands"),
    [
        ("waiting", [("new", "told", "L")]),
        ("dropped", [("new", "told", "L")]),
        ("told", [("old", "told", "L"), ("new", "told", "M")]),
    ],
)
def test_what_was_told_at_an_old_address_counts_for_the_new_one_whatever_is_there(
    store: Store, there: str, stands: list[tuple[str, str, str]]
) -> None:
    later = a_notice(email="new", state=there, letter="M" if there == "told" else None)
    recorded(store, a_notice(email="old", state="told", letter="L"), later)
    with store.write() as db:
        renames.addresses(db, ACME_GLOBEX, {"tom": renames.Move("old", "new")})
        assert [(each.email, each.state, each.letter) for each in notifications.listing(db)] == stands


def test_addresses_that_change_places_keep_what_each_person_was_told(store: Store) -> None:
    recorded(store, a_notice(state="told", letter="L"), a_notice(person="dev", email=DEV))
    with store.write() as db:
        renames.addresses(db, ACME_GLOBEX, {"tom": renames.Move(TOM, DEV), "dev": renames.Move(DEV, TOM)})
        found = [(each.person, each.email, each.state) for each in notifications.listing(db)]
    assert found == [("tom", DEV, "told"), ("dev", TOM, "waiting")]
