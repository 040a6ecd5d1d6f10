"""`--for ORGANISATION`: whoever is shown a listing sees nothing of what is internal to another organisation, not even
in a count. It is 21 November 2026; two KPIs are overdue, of which Acme's cost is Acme's own."""

import json
from collections.abc import Iterator
from typing import Any

import click
import pytest

from scheduler.cli import cadence as commands
from tests.cli.conftest import Cadence
from tests.cli.test_kpi import COST

LISTINGS = (
    ("list",), ("show", "acme-globex"), ("reviews",), ("review", "show", "acme-globex/operating/2026-12"), ("overdue",),
    ("kpi", "list"), ("kpi", "show", "acme-globex/cells-delivered"), ("triggers",), ("checkpoint", "acme-globex"),
    ("checkpoint", "show", "acme-globex"), ("action", "list"), ("decisions", "list"), ("launch", "list"), ("status",),
    ("load",), ("portfolio",), ("portfolio", "--group", "sponsor"), ("adherence",),
    ("adherence", "acme-globex", "--by", "side"), ("exit", "show", "acme-globex"), ("exit", "obligations"),
    ("disputes", "list"), ("decide", "list"), ("health", "show", "acme-globex"),
    ("horizon",),
    ("person", "duties", "ines", "--partnership", "acme-globex"), ("person", "duties", "uwe"),
)  # fmt: skip


NO_LISTING = {
    ("calendar", "subscribe"),
    ("agenda", "show"),
    ("agenda", "edit"),
    ("agenda", "reset"),
    ("matrix",),
    ("decisions", "export"),
    ("evidence", "pack"),
    ("sheets",),
}
"""They open or change something, or print one page in full; `tests/confidential` reads what they give."""


def for_an_organisation(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The commands that take --for."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from for_an_organisation(command, (*path, name))
        elif command and any("--for" in each.opts for each in command.params):
            yield (*path, name)


def test_every_command_that_takes_an_organisation_is_tried_here() -> None:
    tried = {call[: len(path)] for path in for_an_organisation(commands) for call in LISTINGS}
    assert set(for_an_organisation(commands)) - NO_LISTING <= tried


def asked(cadence: Cadence, *call: str) -> Any:
    outcome = cadence(*call, "--json")
    assert outcome.status == 0, outcome.err
    return json.loads(outcome.out)


@pytest.mark.parametrize("call", LISTINGS, ids=" ".join)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_an_organisations_own_kpi_is_in_no_listing_for_another(
    installation: Cadence, call: tuple[str, ...], form: list[str]
) -> None:
    shown = installation(*call, "--for", "globex", *form)
    assert shown.status == 0, shown.err
    assert COST.rpartition("/")[2] not in shown.out


@pytest.mark.parametrize("call", LISTINGS, ids=" ".join)
def test_an_organisation_that_is_no_partner_is_told_the_nearest_name(
    installation: Cadence, call: tuple[str, ...]
) -> None:
    refused = installation(*call, "--for", "globx")
    assert refused.status == 1 and "did you mean globex?" in refused.err


def test_counts_leave_it_out_too(installation: Cadence) -> None:
    for organisation, overdue in (("acme", 2), ("globex", 1)):
        assert [each["overdue"] for each in asked(installation, "list", "--for", organisation)] == [overdue]
        assert asked(installation, "status", "--for", organisation)["overdue"] == overdue


def test_its_own_organisation_sees_it(installation: Cadence) -> None:
    key = COST.rpartition("/")[2]
    assert key in asked(installation, "show", "acme-globex", "--for", "acme")["definition"]["kpis"]
    assert key in [each["key"] for each in asked(installation, "person", "duties", "uwe", "--for", "acme")]


def test_an_organisation_is_shown_nothing_of_how_the_program_does(installation: Cadence) -> None:
    shown = asked(installation, "status", "--for", "globex")
    assert set(shown) == {
        "partnerships", "ended", "next_week", "to_close", "overdue", "vacant", "actions_open", "actions_overdue",
        "paused",
    }  # fmt: skip
