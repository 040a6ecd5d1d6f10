"""`--for ORGANISATION`: whoever is shown a listing sees nothing of what is internal to another organisation, not even
in a count. It is 21 November 2026; two KPIs are overdue, of which Acme's cost is Acme's own."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Cadence
from tests.cli.test_kpi import COST

LISTINGS = (
    ("list",), ("show", "acme-globex"), ("reviews",), ("review", "show", "acme-globex/operating/2026-12"), ("overdue",),
    ("kpi", "list"), ("triggers",), ("checkpoint", "acme-globex"), ("action", "list"), ("status",),
    ("person", "duties", "ines", "--partnership", "acme-globex"), ("person", "duties", "uwe"),
)  # fmt: skip


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
        "partnerships", "ended", "next_week", "to_close", "overdue", "vacant", "actions_open", "actions_overdue"
    }  # fmt: skip
