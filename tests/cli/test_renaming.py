"""What `check`, `plan` and the commands about reviews say of a series that bears another key."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import written
from tests.cli.conftest import Cadence, define

WEEKLY = {"title": "Cell layout", "every": "week", "on": "tuesday", "at": "15:00", "attendees": ["ines", "dev"]}
W48, NOW = "acme-globex/design/2026-W48", ("--now", "2026-11-22T09:00+01:00")
SAYS = "acme-globex/layout was design: its reviews keep their ids"


def reviews(**changes: Any) -> dict[str, Any]:
    return {"reviews": changes}


@pytest.fixture
def renamed(installation: Cadence, home: Path) -> Cadence:
    """The weekly review of the design is in force, and the file calls it layout."""
    define(home, **reviews(design=WEEKLY))
    assert installation("once").status == 0
    define(home, **reviews(layout={**WEEKLY, "renamed_from": "design"}))
    return installation


def test_check_and_plan_say_in_one_line_that_a_renamed_series_keeps_its_ids(renamed: Cadence) -> None:
    checked, planned = renamed(*NOW, "check"), renamed(*NOW, "plan")
    assert (checked.status, planned.status) == (0, 0)
    assert checked.out.count(SAYS) == 1 and planned.out.count(SAYS) == 1
    assert "cancel" not in planned.out and "who would hear" not in planned.out
    found = json.loads(renamed(*NOW, "plan", "--json").out)
    assert [(each["action"], each["because"]) for each in found if each["action"] != "schedule"] == [("record", SAYS)]


def test_a_review_is_found_by_the_id_that_it_has_and_by_its_series_new_key(renamed: Cadence) -> None:
    assert renamed(*NOW, "once").status == 0
    shown = renamed(*NOW, "review", "show", W48)
    assert shown.status == 0 and "Cell layout, 2026-W48" in shown.out
    assert renamed(*NOW, "review", "show", W48.replace("design", "layout")).out == shown.out
    several = renamed(*NOW, "review", "show", "acme-globex/layout")
    assert several.status == 1 and f"name one of them, like {W48}" in several.err
    listed = json.loads(renamed(*NOW, "reviews", "--json").out)
    assert {each["series"] for each in listed if each["id"].startswith("acme-globex/design/")} == {"layout"}
    assert SAYS not in renamed(*NOW, "check").out


def test_a_key_that_a_renamed_series_had_is_refused_by_check_and_plan(renamed: Cadence, home: Path) -> None:
    assert renamed(*NOW, "once").status == 0
    define(home, **reviews(layout=WEEKLY, design={**WEEKLY, "title": "Design"}))
    says = "acme-globex/design is what acme-globex/layout was called before"
    checked, planned = renamed(*NOW, "check"), renamed(*NOW, "plan")
    assert (checked.status, planned.status) == (1, 1)
    assert says in checked.out and "another key" in checked.out and says in planned.err
    corrected = renamed(*NOW, "plan", "acme-globex", "--correct", "--since", "2026-11-21", "--yes")
    assert corrected.status == 1 and says in corrected.err


def test_a_renamed_layer_is_told_in_one_line_and_once(installation: Cadence, home: Path) -> None:
    layer = {"name": "Asia", "model": "contractual_alliance", "effective": "2026-10-01", "reviews": {"design": WEEKLY}}
    define(home, layers={"asia": layer})
    assert installation("once").status == 0
    define(home, layers={"apac": {**layer, "renamed_from": "asia"}})
    planned = installation(*NOW, "plan").out
    assert [line.split(maxsplit=1)[1] for line in planned.splitlines() if line.startswith("  record ")] == [
        "acme-globex/apac was asia: its reviews keep their ids"
    ]
    assert "cancel" not in planned and installation(*NOW, "once").status == 0
    define(home, layers={"apac": {**layer, "renamed_from": "asia"}}, reviews={"sponsors": {"off": True}})
    assert "was asia" not in installation(*NOW, "plan").out


def test_a_renamed_kpi_is_told_in_one_line_and_once(installation: Cadence, home: Path) -> None:
    assert installation("once").status == 0
    kpis = written()["kpis"]
    kpis["cost"] = {**kpis.pop("landed-cost"), "renamed_from": "landed-cost"}
    define(home, kpis=kpis)
    says = "acme-globex/cost was landed-cost: what is on record of it goes on"
    for words in (("check",), ("plan",), ("plan", "--json")):
        assert installation(*NOW, *words).out.count(says) == 1
    assert installation(*NOW, "once").status == 0
    assert "was landed-cost" not in installation(*NOW, "plan").out
