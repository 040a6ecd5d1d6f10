"""`cadence matrix`: who meets whom, how often, on what, and who owns the agenda."""

import json
from pathlib import Path
from typing import Any

from tests.builders import CELLS_DELIVERED
from tests.cli.conftest import Cadence, define


def series(cadence: Cadence, *arguments: str) -> dict[str, dict[str, Any]]:
    scopes = json.loads(cadence("matrix", "acme-globex", "--json", *arguments).out)
    return {each["id"]: each for scope in scopes for each in scope["series"]}


def kpis(cadence: Cadence, *arguments: str) -> list[str]:
    scopes = json.loads(cadence("matrix", "acme-globex", "--json", *arguments).out)
    return [each["kpi"] for scope in scopes for each in scope["kpis"]]


def test_a_row_says_how_often_who_meets_on_what_and_who_owns_the_agenda(installation: Cadence) -> None:
    """Cells wrap, so a row is read column by column: here the first line of each cell."""
    printed = installation("matrix", "acme-globex").out
    [line] = [line for line in printed.splitlines() if line.startswith("Operating review")]
    for cell in (
        "every month, working",
        "60 min",
        "Inès Falk (alliance manager,",
        "KPIs against target,",
        "notice 10 days",
    ):
        assert cell in line


def test_the_checkpoint_stands_beneath_the_series(installation: Cadence) -> None:
    assert "once, Wed 2026-12-30" in installation("matrix", "acme-globex").out


def test_a_definition_says_only_where_it_differs_from_its_playbook(installation: Cadence, home: Path) -> None:
    define(home, reviews={"pipeline": {"every": "2 weeks", "agenda_owner": "dev", "deputy": "ines"}})
    installation("once")
    pipeline = series(installation)["acme-globex/pipeline"]
    assert (pipeline["every"], pipeline["on"], pipeline["agenda_owner"]) == ("2 weeks", "wednesday", "dev")
    assert pipeline["clocks"] == {"agenda": "1 working day", "items": "0 days", "minutes": "1 working day"}


def test_each_layer_has_a_table_of_its_own(installation: Cadence, home: Path) -> None:
    layer = {
        "name": "Licence, Asia-Pacific",
        "model": "contractual_alliance",
        "form": "licensing",
        "effective": "2027-01-15",
        "kpis": {"royalties": {**CELLS_DELIVERED, "name": "Royalties"}},
    }
    define(home, layers={"apac": layer})
    installation("once")
    assert "Licence, Asia-Pacific  (acme-globex/apac)" in installation("matrix", "acme-globex").out
    assert "acme-globex/apac/operating" in series(installation)


def test_a_change_of_model_shows_both_cadences_with_their_spans(installation: Cadence, home: Path) -> None:
    stake = {"holder": "acme", "in": "globex", "percent": "8.5"}
    change = {"effective": "2027-10-01", "model": "equity_alliance", "equity": stake}
    define(home, agreement={"amendments": [change]})
    assert installation("once").status == 0, installation("check").out
    printed = installation("matrix", "acme-globex").out
    assert "contractual alliance from 2026-10-01, then equity alliance from 2027-10-01" in printed
    assert series(installation)["acme-globex/sponsors"]["until"] == "2027-09-30"
    assert series(installation)["acme-globex/board"]["from"] == "2027-10-01"


def test_an_internal_kpi_is_on_its_own_organisations_page_alone(installation: Cadence) -> None:
    assert kpis(installation) == ["cells-delivered"]
    assert kpis(installation, "--for", "globex") == ["cells-delivered"]
    assert kpis(installation, "--for", "acme") == ["cells-delivered", "landed-cost"]
    assert "internal to acme" in installation("matrix", "acme-globex", "--for", "acme").out
    assert "landed" not in installation("matrix", "acme-globex").out.lower()


def test_an_organisation_that_is_none_is_told_with_the_nearest_one(installation: Cadence) -> None:
    outcome = installation("matrix", "acme-globex", "--for", "globx")
    assert (outcome.status, "did you mean globex?" in outcome.err) == (1, True)


def test_a_column_says_which_side_an_hour_lies_outside_of_and_by_how_much(cadence: Cadence, home: Path) -> None:
    """14:00 in Berlin is 08:00 in Detroit but for three weeks, in which Michigan alone has changed its clocks."""
    define(home, reviews={"operating": {"at": "14:00"}, "pipeline": {"at": "15:00"}})
    cadence("once")
    [scope] = json.loads(cadence("matrix", "acme-globex", "--json").out)
    outside = {series["series"]: series["outside_hours"] for series in scope["series"]}
    assert outside["pipeline"] == []
    assert outside["operating"] == [{"organisation": "globex", "minutes": 60, "dates": 344, "least": 0}]
    assert "outside hours" in cadence("matrix", "acme-globex").out
