"""Minutes filed in a town: what they leave to do is remembered with them, wakes the cycle, and reaches the agendas."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.rules.reviews.transitions import held
from scheduler.services.cases.minutes import Filed, file_minutes
from scheduler.services.cases.reviews import hold, holding
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import actions, decisions, parked, partnerships, reviews
from tests.builders import at, written
from tests.services.town import Town

MONDAY = at("2026-11-30 09:00")
HELD, NEXT = "acme-globex/pipeline/2026-W48", "acme-globex/pipeline/2026-W49"
AGENDA = f"agendas/{NEXT}.md"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    built = build(horizon_days=30)
    built.define()
    built.cycle(at("2026-11-20 09:00"))
    return built


def filed_in(town: Town, db: Connection, id: str, markdown: str, now: datetime) -> Filed:
    """File the minutes of a review as the command line does, in the caller's transaction."""
    record = reviews.find(db, id)
    assert record
    after = held(record, markdown, now)
    reviews.save_many(db, [after])
    return file_minutes(town.app, db, Partnership.model_validate(written()), after, now)


def file(town: Town, markdown: str, now: datetime = MONDAY, id: str = HELD) -> Filed:
    """The same in one transaction with what follows from them."""
    with town.app.store.write() as db:
        filed = filed_in(town, db, id, markdown, now)
        govern_in(town.app, db, "acme-globex", now)
    return filed


def wakes_at(town: Town) -> datetime:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
    assert row and row.wake_at
    return row.wake_at


def test_what_minutes_leave_to_do_is_remembered_in_the_transaction_that_files_them(town: Town) -> None:
    with pytest.raises(KeyboardInterrupt), town.app.store.write() as db:
        filed_in(town, db, HELD, "- [ ] Dev: send the samples", MONDAY)
        raise KeyboardInterrupt
    with town.database() as db:
        assert actions.recorded(db, "acme-globex") == []
    file(town, "- [ ] Dev: send the samples")
    with town.database() as db:
        assert [action.id for action in actions.recorded(db, "acme-globex")] == [f"{HELD}#1"]


def test_filing_says_what_is_open_and_what_was_closed(town: Town) -> None:
    first = file(town, "- [ ] Dev: send the samples\n- [ ] book a room\n")
    assert [(each.id, each.owner) for each in first.open] == [(f"{HELD}#1", "dev"), (f"{HELD}#2", "ines")]
    again = file(town, "- [x] Dev: send the samples\n- [ ] Tom: book a room\n")
    assert [(each.id, each.owner) for each in again.open] == [(f"{HELD}#2", "tom")]
    assert [each.id for each in again.closed] == [f"{HELD}#1"]


def test_the_cycle_wakes_when_an_action_becomes_overdue_and_the_agenda_says_so(town: Town) -> None:
    """Uwe's 1 December ends at midnight in Berlin; the next review is on the 2nd."""
    file(town, "- [ ] Uwe: count the cells by 1 Dec")
    midnight = at("2026-12-02 00:00")
    assert wakes_at(town) <= midnight
    town.cycle(midnight - MINUTE)
    assert "- [ ] Uwe Brandt: count the cells (due Tue 1 Dec 2026)" in town.read(AGENDA)
    assert wakes_at(town) <= midnight
    town.cycle(midnight)
    assert "(due Tue 1 Dec 2026; overdue since Wed 2 Dec 2026)" in town.read(AGENDA)


def test_an_agenda_that_somebody_has_edited_keeps_every_tick(town: Town) -> None:
    file(town, "- [ ] Uwe: count the cells by 1 Dec")
    town.cycle(MONDAY)
    ticked = town.read(AGENDA).replace("- [ ] Uwe", "- [x] Uwe")
    (town.data / AGENDA).write_bytes(ticked.encode())
    town.cycle(at("2026-12-02 00:00"))
    assert "- [x] Uwe Brandt: count the cells (due Tue 1 Dec 2026)" in town.read(AGENDA)


# Unfinished items --------------------------------------------------------------------------------------------------

LATER = "acme-globex/pipeline/2026-W50"


def test_an_item_that_the_next_minutes_do_not_name_stands_on_the_agenda_after_them(town: Town) -> None:
    file(town, "## Parked\n- Budget 2027\n")
    file(town, "## Decisions\n- Two shifts\n", at("2026-12-03 09:00"), NEXT)
    town.cycle(at("2026-12-03 09:00"))
    assert "- [ ] Budget 2027 (unfinished)" in town.read(f"agendas/{LATER}.md")
    ticked = file(town, "- [x] Budget 2027 (unfinished)\n", at("2026-12-10 09:00"), LATER)
    assert [each.says for each in ticked.closed_items] == ["Budget 2027"] and ticked.parked == ()


def test_minutes_filed_before_items_were_kept_go_on_bringing_theirs_back(town: Town) -> None:
    file(town, "## Parked\n- Budget 2027\n")
    with town.app.store.write() as db:
        db.exec_driver_sql("DELETE FROM parked_item")
        db.exec_driver_sql(f"INSERT INTO unread_minutes (review, partnership) VALUES ('{HELD}', 'acme-globex')")
        partnerships.touch(db, ["acme-globex"])
    town.cycle(MONDAY)
    assert "- [ ] Budget 2027 (unfinished)" in town.read(AGENDA)
    file(town, "nothing", at("2026-12-03 09:00"), NEXT)
    with town.database() as db:
        assert [(each.id, each.is_open) for each in parked.recorded(db, "acme-globex")] == [(f"{HELD}#P1", True)]
        assert parked.unread(db, "acme-globex") == set()


# What is overdue anywhere ------------------------------------------------------------------------------------------


def test_a_checkpoint_carries_over_what_is_open_in_any_series_and_its_minutes_close_it(town: Town) -> None:
    file(town, "- [ ] Uwe: count the cells by 1 Dec\n- [ ] Dev: send the samples by 20 Jan\n")
    checkpoint = "acme-globex/checkpoint"
    town.cycle(at("2026-12-20 09:00"))
    agenda = town.read(f"agendas/{checkpoint}.md")
    assert "- [ ] Uwe Brandt: count the cells (due Tue 1 Dec 2026; overdue since" in agenda
    assert "None carried over" not in agenda and "- [ ] Dev Patel: send the samples (due Wed 20 Jan 2027)" in agenda
    file(town, "- [x] count the cells\n", at("2026-12-30 18:00"), checkpoint)
    with town.database() as db:
        open_ones = [each.says for each in actions.open_actions(db, "acme-globex")]
    assert open_ones == ["send the samples"]


def test_what_filing_would_do_is_known_before_and_writes_nothing(town: Town) -> None:
    """As it is shown before minutes are kept: the same actions and items that filing then leaves."""
    file(town, "## Actions\n- Dev: send the samples\n\n## Parked\n- Budget\n")
    text = "- [x] Dev: send the samples\n- [ ] Tom: book a room\n\n## Parked\n- Vision\n"
    with town.database() as db:
        before = (actions.recorded(db, "acme-globex"), parked.recorded(db, "acme-globex"))
    shown = holding(town.app, HELD, text, "ines", MONDAY).filed
    with town.database() as db:
        assert (actions.recorded(db, "acme-globex"), parked.recorded(db, "acme-globex")) == before
    assert shown == file(town, text)
    assert shown and [each.id for each in shown.closed] == [f"{HELD}#1"]


# The register of decisions -----------------------------------------------------------------------------------------


def entered(town: Town) -> list[tuple[str, str, bool]]:
    with town.database() as db:
        known = decisions.recorded(db, "acme-globex")
    return [(each.id, each.says, each.withdrawn_at is None) for each in known]


def test_the_decisions_of_minutes_are_entered_in_the_register_with_them(town: Town) -> None:
    first = file(town, "## Decisions\n- Two shifts\n- Budget frozen\n")
    assert [each.id for each in first.decisions] == [f"{HELD}!1", f"{HELD}!2"]
    file(town, "## Decisions\n- Budget frozen\n")
    assert entered(town) == [(f"{HELD}!1", "Two shifts", False), (f"{HELD}!2", "Budget frozen", True)]


def before_the_register(town: Town) -> None:
    """The record as a program left it that kept no decisions."""
    with town.app.store.write() as db:
        db.exec_driver_sql("DELETE FROM decision")
        db.exec_driver_sql(f"INSERT INTO unregistered_minutes VALUES ('{HELD}', 'acme-globex')")
        partnerships.touch(db, ["acme-globex"])


def test_minutes_filed_before_decisions_were_kept_are_entered_when_the_partnership_is_governed(town: Town) -> None:
    file(town, "## Decisions\n- Two shifts\n")
    before_the_register(town)
    town.cycle(MONDAY)
    with town.app.store.write() as db:
        govern_in(town.app, db, "acme-globex", MONDAY)
        assert decisions.unregistered(db, "acme-globex") == set()
    assert entered(town) == [(f"{HELD}!1", "Two shifts", True)]


def test_their_decisions_are_kept_where_corrected_minutes_come_first(town: Town) -> None:
    file(town, "## Decisions\n- Two shifts\n")
    before_the_register(town)
    hold(town.app, HELD, "## Decisions\n- Three shifts\n", None, MONDAY)
    assert entered(town) == [(f"{HELD}!1", "Two shifts", False), (f"{HELD}!2", "Three shifts", True)]


def test_what_was_decided_last_time_stands_on_the_next_agenda_and_what_is_still_open_until_it_is_ticked(
    town: Town,
) -> None:
    file(town, "## Decisions\n- Budget frozen\n- Extend the pilot (Dev)\n")
    town.cycle(MONDAY)
    agenda = town.read(AGENDA)
    assert f"## Decided last time\n\n<!-- figures: decided -->\n- Budget frozen (Wed 25 Nov 2026; {HELD}!1)\n" in agenda
    open_line = f"Extend the pilot (Dev); Dev Patel carries it out (decided {HELD}!2)"
    assert f"## Still open from earlier decisions\n\n- [ ] {open_line}\n" in agenda

    file(town, agenda.replace(f"- [ ] {open_line}", f"- [ ] {open_line}\n"), at("2026-12-03 09:00"), NEXT)
    town.cycle(at("2026-12-03 09:00"))
    later = town.read(f"agendas/{LATER}.md")
    assert "Budget frozen" not in later and f"- [ ] {open_line}" in later
    with town.database() as db:
        assert actions.recorded(db, "acme-globex") == []

    ticked = file(town, later.replace(f"- [ ] {open_line}", f"- [x] {open_line}"), at("2026-12-10 09:00"), LATER)
    assert [each.id for each in ticked.carried_out] == [f"{HELD}!2"]
    unticked = file(town, later, at("2026-12-10 10:00"), LATER)
    assert [(each.id, each.carried_out_at) for each in unticked.decisions] == [(f"{HELD}!2", None)]
