"""Tom has left Globex and was taken out of the file: what is held of him is read, and erased, without rewriting what he
did."""

import re
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.errors import UserError
from scheduler.domain.phrases import Days
from scheduler.services.cases import absences, own_settings
from scheduler.services.cases.erasure import erase
from scheduler.services.cases.kpis import report
from scheduler.services.views.personal_data import PersonalData, personal_data
from scheduler.store import personal
from scheduler.store.tables import PartnershipRow
from tests.builders import CELLS_DELIVERED, DEV, INES, JUNE, LANDED_COST, MARTA, TOM, UWE, at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
LATER = at("2026-12-15 12:00", "America/Detroit")
TOMS = TOM["email"]
PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
WITHOUT_TOM = {key: who for key, who in PEOPLE.items() if key != "tom"}
KPIS = {
    "cells-delivered": {**CELLS_DELIVERED, "owner": "dev", "deputy": "june", "decides": "dev"},
    "landed-cost": LANDED_COST,
}
CELLS = "acme-globex/cells-delivered"


@pytest.fixture
def lived(town: Town) -> Town:
    town.define(people=PEOPLE)
    town.cycle(NOW)
    own_settings.say(town.app, TOMS, "digest", NOW)
    absences.say(town.app, TOMS, Days(date(2026, 12, 21), date(2026, 12, 23)), None, NOW)
    report(town.app, CELLS, "2026-10", "0.31", "from the plant", "tom", NOW)
    town.cycle(LATER)
    return town


@pytest.fixture
def left(lived: Town) -> Town:
    lived.define(people=WITHOUT_TOM, kpis=KPIS)
    lived.cycle(LATER + timedelta(hours=1))
    return lived


def known(town: Town, now: datetime = LATER) -> PersonalData:
    with town.database() as db:
        return personal_data(town.app, db, TOMS, now)


def test_every_column_that_names_a_person_is_looked_through() -> None:
    names = re.compile(r"email|by|person|owner|deputy|chair|asked|sponsor|delegate|agenda_owner|.*_by")
    programs = {  # who a program is, or what is no person at all
        ("claimed_by", "letter"), ("claimed_by", "claim"),
        ("taken_by", "decision"), ("superseded_by", "decision"), ("person", "notice"),
        ("person", "revision"), ("person", "member"), ("sponsor", "standing"), ("asked", "health_round"),
    }  # fmt: skip
    found = {
        (column.name, table.name)
        for table in PartnershipRow.metadata.tables.values()
        for column in table.columns
        if names.fullmatch(column.name)
    }
    told = {
        (name, table) for of in (personal.ADDRESSES, personal.KEYS) for table, names in of.items() for name in names
    }
    assert found - told - programs == set()


def test_what_is_held_is_found_by_address_and_by_key(lived: Town) -> None:
    found = known(lived)
    assert [(each.partnership, each.keys, each.is_there) for each in found.known_in] == [
        ("acme-globex", ("tom",), True)
    ]
    assert {"own_setting", "absence", "reading", "member", "notice"} <= set(found.record)
    assert [row["note"] for row in found.record["reading"]] == ["from the plant"]


def test_no_secret_is_printed(lived: Town) -> None:
    columns = {name for rows in known(lived).record.values() for row in rows for name in row}
    assert not {name for name in columns if name.endswith("_hash") or name in ("content", "definition", "minutes")}


def test_whom_a_definition_names_is_not_erased_and_the_way_out_is_told(lived: Town) -> None:
    before = lived.remembered()
    with pytest.raises(UserError, match="is in the definition of acme-globex"):
        erase(lived.app, TOMS, LATER)
    assert lived.remembered() == before


def test_erased_their_address_is_nowhere_on_record(left: Town) -> None:
    erase(left.app, TOMS.upper(), LATER)
    assert known(left).is_empty
    assert TOMS.casefold() not in repr(left.remembered()).casefold()


def test_what_they_did_stays_with_their_name(left: Town) -> None:
    erase(left.app, TOMS, LATER)
    [reading] = [row for row in left.rows("reading") if row["period"] == "2026-10"]
    assert (reading["person"], reading["note"]) == ("tom", "from the plant")
    assert any("Tom Reyes" in row["definition"] for row in left.rows("definition_version"))


def test_the_next_cycle_changes_nothing_that_happened_and_tells_nobody(left: Town) -> None:
    erase(left.app, TOMS, LATER)
    told = [row for row in left.rows("notice") if row["state"] != "dropped"]
    left.cycle(LATER + timedelta(hours=2))
    assert [row for row in left.rows("notice") if row["state"] != "dropped"] == told


def test_an_address_that_only_ends_like_theirs_stays(left: Town) -> None:
    other = f"custom.{TOMS}"
    left.define(people={**WITHOUT_TOM, "uwe": {**UWE, "email": other}}, kpis=KPIS)
    left.cycle(LATER + timedelta(hours=2))
    erase(left.app, TOMS, LATER + timedelta(hours=3))
    with left.database() as db:
        assert not personal_data(left.app, db, other, LATER).is_empty


def test_of_a_stranger_nothing_is_held(lived: Town) -> None:
    with pytest.raises(UserError, match="nothing is held"):
        erase(lived.app, "nobody@example.com", LATER)
