"""An assistant reads what its token's organisation may see, by tools that show what the API shows and nothing else."""

import json
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from scheduler.services.cases import kpis
from scheduler.services.views.register import STATES
from scheduler.web.mcp.tools import TOOLS, DecisionState, listed
from tests.web.conftest import CELLS, CHIPS, Site
from tests.web.site.test_programs import read, token

COST, CELLS_DELIVERED = f"{CELLS}/landed-cost", f"{CELLS}/cells-delivered"
REVIEW = f"{CELLS}/operating/2026-12"
NOTHING = "there is nothing here, or nothing that this token may see"
CALLS: dict[str, dict[str, str]] = {
    "portfolio": {},
    "partnership": {"partnership": CELLS},
    "reviews": {"partnership": CELLS},
    "review": {"review": REVIEW},
    "agenda": {"review": REVIEW},
    "overdue": {},
    "kpi_history": {"kpi": CELLS_DELIVERED},
    "decisions": {},
    "triggers": {"partnership": CELLS},
}
PAGES = {
    "portfolio": "/portfolio.json",
    "partnership": f"/partnerships/{CELLS}.json",
    "review": f"/reviews/{REVIEW}.json",
    "kpi_history": f"/kpis/{CELLS_DELIVERED}.json",
    "decisions": "/decisions.json",
}


def test_each_tool_is_called_here() -> None:
    assert CALLS.keys() == TOOLS.keys()


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("may", [{"organisation": "globex"}, {}, {"actor_level": True}], ids=str)
def test_what_a_tool_shows_fits_the_schema_that_it_is_listed_with(
    assistant: Any, tool: str, may: dict[str, Any]
) -> None:
    schema = next(each for each in listed() if each["name"] == tool)
    shown = assistant(**may).call(tool, **CALLS[tool])
    Draft202012Validator.check_schema(schema["outputSchema"])
    Draft202012Validator(schema["outputSchema"]).validate(shown)
    Draft202012Validator(schema["inputSchema"]).validate(CALLS[tool])


@pytest.mark.parametrize("tool", PAGES)
@pytest.mark.parametrize("organisation", ["acme", "globex", "initech", None])
def test_a_tool_shows_what_the_api_shows_to_the_same_token(
    pages: Site, assistant: Any, tool: str, organisation: str | None
) -> None:
    said = read(pages, PAGES[tool], token(pages, organisation=organisation))
    shown = assistant(organisation=organisation).call(tool, **CALLS[tool])
    assert shown == (said.json() if said.status_code == 200 else NOTHING)


def test_the_text_of_an_answer_is_the_same_as_its_structure(assistant: Any) -> None:
    reader = assistant(organisation="acme")
    shown = reader.call("triggers", partnership=CELLS)
    assert json.loads(reader.last.json()["result"]["content"][0]["text"]) == shown


def test_a_part_of_a_page_is_that_part(assistant: Any) -> None:
    reader = assistant(organisation="acme")
    whole = reader.call("partnership", partnership=CELLS)
    assert reader.call("triggers", partnership=CELLS)["triggers"] == whole["triggers"]
    parts = reader.call("reviews", partnership=CELLS)
    assert (parts["coming"], parts["to_close"], parts["year"]) == (
        whole["coming"], whole["to_close"], whole["strip"]["lanes"],
    )  # fmt: skip
    sheet = reader.call("review", review=REVIEW)
    assert reader.call("agenda", review=REVIEW)["agendas"] == sheet["agendas"]
    assert sheet["agendas"]


@pytest.mark.parametrize(
    ("may", "sees"),
    [({"organisation": "acme"}, True), ({"organisation": "globex"}, False), ({}, False), ({"actor_level": True}, True)],
)
def test_what_is_internal_to_one_side_no_other_sides_assistant_reads(
    assistant: Any, may: dict[str, Any], sees: bool
) -> None:
    reader = assistant(**may)
    told = reader.call("kpi_history", kpi=COST)
    assert (told != NOTHING) is sees
    everything = json.dumps([reader.call(tool, **arguments) for tool, arguments in CALLS.items()])
    assert ("landed-cost" in everything) is sees


def test_overdue_of_all_is_that_of_each_together(assistant: Any) -> None:
    reader = assistant(organisation="globex")
    each = [reader.call("overdue", partnership=id)["kpis"] for id in (CELLS, CHIPS)]
    found = reader.call("overdue")
    assert sorted(kpi["id"] for kpi in found["kpis"]) == sorted(kpi["id"] for kpis in each for kpi in kpis) != []
    assert found["left_out"] == 0


def test_a_past_day_is_shown_as_it_was_and_one_to_come_is_refused(assistant: Any, pages: Site) -> None:
    reader = assistant(organisation="acme")
    pages.clock.forward(days=3)
    kpis.report(pages.app, CELLS_DELIVERED, "2026-10", "0.31", None, "tom", pages.clock.now)
    assert "0.31" in json.dumps(reader.call("kpi_history", kpi=CELLS_DELIVERED))
    assert "0.31" not in json.dumps(reader.call("kpi_history", kpi=CELLS_DELIVERED, on="2026-11-22"))
    assert "it is governed since 2026-11-21" in reader.call("partnership", partnership=CELLS, on="2026-11-20")
    assert "Nobody knows yet" in reader.call("partnership", partnership=CELLS, on="2027-11-20")


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("partnership", {}, "partnership: Field required"),
        ("partnership", {"partnership": CELLS, "as": "acme"}, "as: Extra inputs are not permitted"),
        ("partnership", {"partnership": "x" * 301}, "at most 300 characters"),
        ("partnership", {"partnership": "a\0b"}, "there is nothing here"),
        ("partnership", {"partnership": f"../{CELLS}"}, "there is nothing here"),
        ("portfolio", {"on": "yesterday"}, "on: "),
        ("review", {"review": CELLS}, "there is nothing here"),
        ("kpi_history", {"kpi": f"{CHIPS}/wafers"}, "there is nothing here"),
        ("decisions", {"page": 0}, "page: "),
        ("decisions", {"state": "lost"}, "state: "),
    ],
)
def test_a_call_that_is_wrong_is_told_so_that_it_can_be_mended(
    assistant: Any, tool: str, arguments: dict[str, Any], told: str
) -> None:
    assert told in assistant(organisation="acme").call(tool, **arguments)


def test_a_program_of_one_partnership_reads_no_other(assistant: Any) -> None:
    reader = assistant(partnership=CHIPS)
    assert "there is nothing here" in reader.call("partnership", partnership=CELLS)
    assert [each["partnership"] for each in reader.call("portfolio")["rows"]] == [CHIPS]


def test_every_tool_only_reads_and_says_so() -> None:
    assert all(each["annotations"]["readOnlyHint"] and each["description"] for each in listed())


def test_the_states_of_decisions_are_those_of_the_register() -> None:
    assert get_args(DecisionState) == STATES["decisions"]
