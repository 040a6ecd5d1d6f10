"""What came to a record is put under a seal each day, as the next link of a chain; and what was altered since is found.

acme-globex is governed from 21 November 2026 on; landed-cost is internal to Acme, cells-delivered is not.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from scheduler.domain.record.seal import JOINT, OPERATORS, Seal, broken_at, digest_of
from scheduler.services.cases.erasure import erase
from scheduler.services.cases.kpis import report
from scheduler.services.cases.reviews import hold
from scheduler.services.evidence.checking import SealStanding, standing
from scheduler.services.evidence.sealing import seal_all
from scheduler.services.pipeline.purging import purge
from scheduler.store import core_tables, seals
from tests.builders import CELLS_DELIVERED, LANDED_COST, TOM, at
from tests.services.cases.test_erasure import KPIS, PEOPLE, WITHOUT_TOM
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
ID, CELLS, COST = "acme-globex", "acme-globex/cells-delivered", "acme-globex/landed-cost"
DAY = timedelta(days=1)
RENAMED = {"cells-delivered": CELLS_DELIVERED, "cost-per-kwh": {**LANDED_COST, "renamed_from": "landed-cost"}}


@pytest.fixture
def sealed(town: Town) -> Town:
    """A reading of everybody's and one of Acme alone, sealed on the day after."""
    town.define(people=PEOPLE)
    town.cycle(NOW)
    report(town.app, CELLS, "2026-10", "0.31", None, "tom", NOW)
    report(town.app, COST, "2026-10", "410", None, "uwe", NOW)
    town.cycle(NOW + DAY)
    return town


def chain(town: Town) -> list[Seal]:
    with town.database() as db:
        return seals.chain(db, ID)


def found(town: Town) -> SealStanding:
    with town.database() as db:
        return standing(db, ID)


def entries(seal: Seal, part: str) -> list[str]:
    return [each["row"] for each in seal.parts[part]["entries"]]


def alter(town: Town, table: str, which: dict[str, Any], **values: Any) -> None:
    with town.app.store.write(ID) as db:
        of = getattr(core_tables, table)
        db.execute(update(of).where(*(of.c[name] == value for name, value in which.items())).values(values))


def test_each_day_has_a_link_that_follows_the_one_before(sealed: Town) -> None:
    first, second = chain(sealed)
    assert (first.number, first.sealed_at, first.previous) == (1, NOW, "")
    assert (second.number, second.sealed_at, second.previous) == (2, NOW + DAY, first.head)
    assert broken_at([first, second]) is None and second.head == digest_of(second.document)


def test_a_cycle_more_on_the_same_day_and_a_day_without_anything_seal_nothing(sealed: Town) -> None:
    before = chain(sealed)
    sealed.cycle(NOW + DAY + timedelta(hours=5))
    seal_all(sealed.app, NOW + 2 * DAY)
    assert chain(sealed) == before


def test_the_first_cycle_of_a_month_seals_all_also_where_nothing_came(sealed: Town) -> None:
    seal_all(sealed.app, at("2026-12-01 00:59"))
    assert len(chain(sealed)) == 2
    seal_all(sealed.app, at("2026-12-01 01:00"))
    assert chain(sealed)[-1].sealed_at == at("2026-12-01 01:00")


def test_what_is_one_sides_own_is_in_its_part_alone(sealed: Town) -> None:
    _, second = chain(sealed)
    with sealed.database() as db:
        of = core_tables.reading.c
        rows = {kpi: f"reading/{id}" for id, kpi in db.execute(select(of.id, of.kpi))}
    assert rows[CELLS] in entries(second, JOINT) and rows[COST] in entries(second, "acme")
    assert not any(rows[COST] in entries(second, part) for part in second.parts if part != "acme")
    assert set(second.parts) == {JOINT, "acme", "globex", OPERATORS}


def test_what_is_one_sides_own_makes_no_seal_by_itself(sealed: Town) -> None:
    count = len(chain(sealed))
    report(sealed.app, COST, "2026-10", "400", "counted again", "uwe", NOW + DAY + timedelta(hours=1))
    seal_all(sealed.app, NOW + 2 * DAY)
    assert len(chain(sealed)) == count
    seal_all(sealed.app, at("2026-12-01 09:00"))
    assert [row for row in entries(chain(sealed)[-1], "acme") if row.startswith("reading/")]


def test_of_a_record_that_nobody_altered_nothing_is_found(sealed: Town) -> None:
    assert found(sealed).faults == () and found(sealed).sealed > 10


@pytest.mark.parametrize(
    ("table", "which", "values"),
    [
        ("reading", {"kpi": CELLS}, {"value": "0.39"}),
        ("revision", {"action": "schedule"}, {"because": "it always was so"}),
        ("definition_version", {"kind": "first"}, {"definition": "partnership: another"}),
        ("review", {"status": "planned"}, {"status": "held"}),
    ],
)
def test_a_row_that_was_altered_is_found_and_stays_found(
    sealed: Town, table: str, which: dict[str, Any], values: dict[str, Any]
) -> None:
    alter(sealed, table, which, **values)
    faults = {(each.fault, (each.row or "").partition("/")[0]) for each in found(sealed).faults}
    assert faults == {("altered", table)}
    report(sealed.app, CELLS, "2026-11", "0.3", None, "dev", NOW + 12 * DAY)
    sealed.cycle(NOW + 13 * DAY)
    assert {(each.fault, (each.row or "").partition("/")[0]) for each in found(sealed).faults} == faults


def test_minutes_that_were_altered_are_found_and_stay_found(sealed: Town) -> None:
    record = next(each for each in sealed.reviews().values() if each.review.start > NOW)
    after = record.review.end + timedelta(hours=1)
    hold(sealed.app, record.id, "# Minutes\n\nPlant two.\n", "ines", after)
    sealed.cycle(after + DAY)
    hold(sealed.app, record.id, "# Minutes\n\nPlant two, in May.\n", "ines", after + DAY + timedelta(hours=1))
    sealed.cycle(after + 2 * DAY)
    assert found(sealed).faults == ()
    alter(sealed, "review", {"id": record.id}, minutes="# Minutes\n\nPlant one.\n")
    report(sealed.app, CELLS, "2026-10", "0.3", "counted again", "dev", after + 2 * DAY)
    assert [each.row for each in found(sealed).faults] == [f"review/{record.id}"]
    sealed.cycle(after + 3 * DAY)
    assert [each.row for each in found(sealed).faults] == [f"review/{record.id}"]


def test_a_row_that_was_taken_away_is_found(sealed: Town) -> None:
    with sealed.app.store.write(ID) as db:
        db.execute(delete(core_tables.reading).where(core_tables.reading.c.kpi == CELLS))
    [fault] = found(sealed).faults
    assert fault.fault == "gone" and fault.says.endswith(" is gone; it was sealed on 2026-11-22")


def test_a_chain_in_which_a_seal_was_altered_is_broken(sealed: Town) -> None:
    parts = chain(sealed)[0].parts
    del parts[JOINT]["entries"][0]
    alter(sealed, "seal", {"number": 1}, parts=parts)
    assert ("broken", 1) in {(each.fault, each.number) for each in found(sealed).faults}


def test_a_review_that_was_held_is_sealed_again_and_says_so(sealed: Town) -> None:
    record = next(each for each in sealed.reviews().values() if each.review.start < NOW + 30 * DAY)
    after = record.review.end + timedelta(hours=1)
    hold(sealed.app, record.id, None, "ines", after)
    assert found(sealed).faults == ()
    sealed.cycle(after + DAY)
    [again] = [each for each in chain(sealed)[-1].parts[JOINT]["entries"] if each["row"] == f"review/{record.id}"]
    assert again["because"] == "restated" and found(sealed).faults == ()


def test_a_kpi_under_another_name_is_sealed_again_and_says_so(sealed: Town) -> None:
    sealed.define(people=PEOPLE, kpis=RENAMED)
    sealed.cycle(NOW + DAY + timedelta(hours=2))
    again = [each for each in chain(sealed)[2].parts["acme"]["entries"] if each["row"].startswith("reading/")]
    assert [each.get("because") for each in again] == ["renamed"] and found(sealed).faults == ()


def test_a_new_name_hides_no_row_that_was_altered_before(sealed: Town) -> None:
    alter(sealed, "reading", {"kpi": COST}, value="390")
    sealed.define(people=PEOPLE, kpis=RENAMED)
    sealed.cycle(NOW + DAY + timedelta(hours=2))
    assert [each.fault for each in found(sealed).faults] == ["altered"]


def test_an_erased_person_leaves_a_record_that_is_whole(sealed: Town) -> None:
    sealed.define(people=WITHOUT_TOM, kpis=KPIS)
    sealed.cycle(NOW + DAY + timedelta(hours=2))
    erase(sealed.app, TOM["email"], NOW + 2 * DAY)
    whys = {each.get("because") for part in chain(sealed)[-1].parts.values() for each in part["entries"]}
    assert whys == {"erased"} and found(sealed).faults == ()
    assert TOM["email"] not in repr(sealed.rows("seal"))


def test_what_is_let_go_of_leaves_its_digest(sealed: Town) -> None:
    record = next(each for each in sealed.reviews().values() if each.review.start < NOW + 30 * DAY)
    hold(sealed.app, record.id, "# Minutes\n\nAll is well.\n", "ines", record.review.end + timedelta(hours=1))
    sealed.cycle(record.review.end + DAY)
    before = len(chain(sealed))
    purge(sealed.app, NOW + 20 * 366 * DAY)
    assert "let go of" in next(each["minutes"] for each in sealed.rows("review") if each["id"] == record.id)
    assert found(sealed).faults == () and len(chain(sealed)) == before


def test_a_clock_that_was_set_back_breaks_nothing(sealed: Town) -> None:
    report(sealed.app, CELLS, "2026-10", "0.3", "counted again", "dev", NOW - 3 * DAY)
    seal_all(sealed.app, NOW - 3 * DAY)
    assert [each.number for each in chain(sealed)] == [1, 2, 3]
    assert chain(sealed)[-1].sealed_at == NOW - 3 * DAY and found(sealed).faults == ()


def test_a_record_of_before_is_sealed_whole_on_the_first_day(build: Callable[..., Town]) -> None:
    town = build()
    town.define(people=PEOPLE)
    town.cycle(NOW)
    with town.app.store.write(ID) as db:  # as an upgrade finds it
        db.execute(delete(core_tables.seal))
        seals.were_looked_at(db, ID, 0)
    seal_all(town.app, NOW + 40 * DAY)
    assert len(chain(town)) == 1 and found(town).faults == ()
    assert found(town).since == NOW + 40 * DAY


def test_the_record_of_a_seal_says_what_it_was_digested_from() -> None:
    assert set(seals.ONLY_ADDED_TO) == {
        "definition_version", "revision", "presence", "agenda_version", "minutes_filing", "reading", "excuse", "cause",
        "health_result", "judgement", "launch_tick", "exit_word", "vote",
    }  # fmt: skip


def test_the_columns_that_are_sealed_are_never_others() -> None:
    """A column more would make every digest of before another one."""
    said = {name: [*how.id, how.on, *how.says, *how.texts] for name, how in seals.SEALED.items()}
    later = {name: digest_of(said.pop(name)) for name in ("health_round", "health_result")}
    assert digest_of(said) == "621d29193bb2806cfce5dbe07b430ffa2749092fc7c1eb43d38cd43e71f1245b"
    assert later == {
        "health_round": "167e5bc00684fa99f7da5700934c4d529cdc2954d7a4ae5d5e20fa92b6b8fcf8",
        "health_result": "4987d54b903d53fa5dc0f0882beaa34d8b1199cad8ed7a45d2a863ef624a59fc",
    }
