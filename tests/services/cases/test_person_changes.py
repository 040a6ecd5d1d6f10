"""Tom (Globex) has another mail address and another key: in all partnerships that name him.

It is Saturday 21 November 2026, 09:00 in Berlin.
"""

from datetime import date
from pathlib import Path

import pytest
import yaml

from scheduler.domain.errors import UserError
from scheduler.domain.phrases import Days
from scheduler.services.cases.absences import say, stated
from scheduler.services.cases.kpis import report
from scheduler.services.cases.person_changes import prepare, write
from scheduler.services.kpi_lookup import call
from scheduler.store import readings
from tests.builders import TOM, at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
NEW = "t.reyes@globex.example"
OLD = TOM["email"]


@pytest.fixture
def governed(town: Town) -> Town:
    file = town.define()
    file.write_text(f"# Agreed in Halden\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    town.define(partnership="acme-globex-ii")
    town.cycle(NOW)
    return town


def text_of(town: Town, partnership: str = "acme-globex") -> str:
    return (town.definitions / f"{partnership}.yaml").read_text(encoding="utf-8")


def test_an_address_is_changed_in_every_file_and_nothing_else_of_it(governed: Town) -> None:
    before = {id: text_of(governed, id) for id in ("acme-globex", "acme-globex-ii")}
    write(governed.app, prepare(governed.app, OLD, None, email=NEW))
    assert {id: text_of(governed, id) for id in before} == {id: text.replace(OLD, NEW) for id, text in before.items()}


def test_what_is_on_record_follows_the_address_and_nobody_is_told_anything_anew(governed: Town) -> None:
    say(governed.app, OLD, Days(date(2026, 12, 7), date(2026, 12, 18)), None, NOW)
    governed.cycle(at("2026-11-23 15:00"))
    told = {(row["subject"], row["period"], row["rung"], row["person"]) for row in governed.rows("notice")}
    write(governed.app, prepare(governed.app, OLD, None, email=NEW))
    governed.cycle(at("2026-11-23 15:05"))
    assert not governed.problems()
    after = governed.rows("notice")
    assert {(row["subject"], row["period"], row["rung"], row["person"]) for row in after} == told
    assert NEW in {row["email"] for row in after} and OLD not in {row["email"] for row in after}
    with governed.database() as db:
        assert len(stated(governed.app, db, NEW, None, NOW).absences) == 1


def test_a_key_is_changed_wherever_it_stands_and_the_history_goes_on(governed: Town) -> None:
    report(governed.app, "acme-globex/cells-delivered", "2026-10", "0.31", None, "tom", NOW)
    write(governed.app, prepare(governed.app, "tom", "acme-globex", key="reyes"))
    text = text_of(governed)
    said = yaml.safe_load(text)
    assert text.startswith("# Agreed in Halden\n") and "tom" not in said["people"]
    assert said["people"]["reyes"]["renamed_from"] == "tom" and said["kpis"]["cells-delivered"]["owner"] == "reyes"
    assert "tom" in yaml.safe_load(text_of(governed, "acme-globex-ii"))["people"]
    governed.cycle(NOW)
    assert not governed.problems()
    with governed.database() as db:
        found = readings.current(db, "acme-globex")["acme-globex/cells-delivered", "2026-10"]
        assert found.by == "reyes"
        assert call(governed.app, db, "acme-globex/cells-delivered", NOW).named("2026-11").asked == "reyes"


def test_both_at_once_and_once_more_changes_nothing(governed: Town) -> None:
    write(governed.app, prepare(governed.app, OLD, None, email=NEW, key="reyes"))
    governed.cycle(NOW)
    assert not governed.problems()
    assert prepare(governed.app, NEW, None, email=NEW, key="reyes") == []


@pytest.mark.parametrize(
    ("email", "key", "says"),
    [
        ("dev.patel@globex.example", None, "is the address of Dev Patel"),
        ("no address", None, "is not one e-mail address"),
        (None, "dev", "is the key of Dev Patel"),
        (None, "Tom R", "is no key"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    governed: Town, email: str | None, key: str | None, says: str
) -> None:
    with pytest.raises(UserError, match=says):
        prepare(governed.app, "tom", "acme-globex", email=email, key=key)


def test_a_file_that_has_changed_meanwhile_is_left_alone(governed: Town) -> None:
    planned = prepare(governed.app, "tom", "acme-globex", email=NEW)
    Path(planned[0].file).write_text(text_of(governed) + "# later\n", encoding="utf-8")
    with pytest.raises(UserError, match="has changed meanwhile"):
        write(governed.app, planned)
