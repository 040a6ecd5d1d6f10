"""What people are told is on record from the transaction that decides it: waiting, then told, or dropped.

Tom Reyes owes November; Dev Patel is told of it after three working days.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from scheduler.domain.notice import SETTLED
from scheduler.store import Store, notices
from scheduler.store.notices import Key
from scheduler.store.tables import NoticeRow
from tests.store.remembered import ACME_GLOBEX, CELLS, noon

FRIDAY, MONDAY, TUESDAY = date(2026, 12, 11), date(2026, 12, 14), date(2026, 12, 15)
TOM, DEV = "tom.reyes@globex.example", "dev.patel@globex.example"


def a_notice(rung: str = "overdue", on: date = FRIDAY, **changes: Any) -> NoticeRow:
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
    return NoticeRow(**{**said, **changes})


def recorded(store: Store, *rows: NoticeRow) -> list[int]:
    with store.write() as db:
        notices.add(db, rows)
        return [each.id or 0 for each in notices.listing(db)]


def to_be_told(store: Store, now: datetime) -> list[str]:
    with store.read() as db:
        return notices.due(db, now)


def test_a_notice_waits_until_its_time_has_come(store: Store) -> None:
    recorded(store, a_notice())
    assert to_be_told(store, noon(FRIDAY) - timedelta(minutes=1)) == []
    assert to_be_told(store, noon(FRIDAY)) == [TOM]


def test_the_same_notice_to_the_same_person_is_recorded_once(store: Store) -> None:
    recorded(store, a_notice())
    with pytest.raises(IntegrityError), store.write() as db:
        notices.add(db, [a_notice(on=MONDAY)])


def test_a_changed_due_date_arms_a_ladder_anew(store: Store) -> None:
    assert len(recorded(store, a_notice(), a_notice(occasion="2026-12-17"))) == 2


def test_what_is_known_is_told_by_its_key(store: Store) -> None:
    [id] = recorded(store, a_notice())
    with store.read() as db:
        assert notices.known(db, ACME_GLOBEX) == {
            Key(CELLS, "2026-11", "overdue", "2026-12-10", TOM): (id, "waiting", FRIDAY)
        }
        assert notices.known(db, "halden") == {}


def test_what_was_told_is_on_record_with_its_letter_and_told_no_more(store: Store) -> None:
    ids = recorded(store, a_notice(), a_notice("deputy", TUESDAY, person="dev", email=DEV))
    with store.write() as db:
        notices.tell(db, ids[:1], "letter-1", noon(FRIDAY))
    assert to_be_told(store, noon(TUESDAY)) == [DEV]
    with store.read() as db:
        [told] = notices.carried(db, ["letter-1"])
        assert (told.rung, told.state, told.told_at) == ("overdue", "told", noon(FRIDAY))
        assert [(each.person, each.told_at) for each in notices.history(db, CELLS, "2026-11")] == [
            ("tom", noon(FRIDAY)),
            ("dev", None),
        ]
        assert notices.last_told(db, TOM) == noon(FRIDAY)
        assert notices.last_told(db, DEV) is None


def test_what_is_settled_before_it_was_told_is_dropped_and_what_was_told_stays(store: Store) -> None:
    told, waiting = recorded(store, a_notice(), a_notice("deputy", TUESDAY))
    with store.write() as db:
        notices.tell(db, [told], "letter-1", noon(FRIDAY))
        notices.drop(db, [told, waiting])
        assert notices.counts(db) == {"told": 1, "dropped": 1}
        notices.revive(db, [told, waiting], noon(TUESDAY))
        assert notices.counts(db) == {"told": 1, "waiting": 1}
    assert to_be_told(store, noon(TUESDAY)) == [TOM]


def test_what_waits_for_somebody_can_be_put_off(store: Store) -> None:
    recorded(store, a_notice(), a_notice("deputy", TUESDAY))
    with store.write() as db:
        notices.postpone(db, TOM, noon(MONDAY))
    assert to_be_told(store, noon(FRIDAY)) == []
    with store.read() as db:
        assert [row.tell_at for row in notices.waiting(db, TOM)] == [noon(MONDAY), noon(TUESDAY)]


def test_who_was_told_of_lateness_is_listed_once_until_they_hear_that_it_is_settled(store: Store) -> None:
    ids = recorded(store, a_notice("due", late=False, person="dev", email=DEV), a_notice(), a_notice("deputy", TUESDAY))
    with store.write() as db:
        notices.tell(db, ids, "letter-1", noon(TUESDAY))
        assert [(row.email, row.rung) for row in notices.told_late(db, ACME_GLOBEX)] == [(TOM, "deputy")]
        notices.add(db, [a_notice(SETTLED, TUESDAY, late=False)])
        assert notices.told_late(db, ACME_GLOBEX) == []


def test_of_a_partnership_that_has_ended_nothing_more_is_told(store: Store) -> None:
    recorded(store, a_notice())
    with store.write() as db:
        notices.drop_all(db, "halden")
        assert notices.counts(db) == {"waiting": 1}
        notices.drop_all(db, ACME_GLOBEX)
    assert to_be_told(store, noon(TUESDAY)) == []


def test_a_step_that_only_an_agenda_hears_of_is_told_to_nobody(store: Store) -> None:
    recorded(store, a_notice("steering", person=None, email="", agenda="health-audit", state="told", tell_at=None))
    assert to_be_told(store, noon(TUESDAY)) == []
    with store.read() as db:
        assert notices.told_late(db, ACME_GLOBEX) == []
