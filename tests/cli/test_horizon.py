"""`cadence horizon`: what lies ahead. It is Saturday 21 November 2026."""

import json
from pathlib import Path

from tests.cli.conftest import Cadence, define

RENEWAL = {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days"}


def test_dates_are_listed_the_soonest_first_with_what_is_to_be_done(installation: Cadence, home: Path) -> None:
    agreement = {"ends": "2027-09-30", "renewal": RENEWAL, "documents": [{"kind": "nda", "expires": "2027-05-04"}]}
    define(home, agreement=agreement)
    installation("once")
    lines = installation("horizon", "acme-globex").out.splitlines()
    dates = [line.split()[0] for line in lines[1:]]
    assert dates == sorted(dates)
    assert any("2027-04-23" in line and "decide by" in line and line.rstrip().endswith("yes") for line in lines)
    assert any("2027-05-04" in line and "document: NDA" in line for line in lines)
    assert any("2028-09-30" in line and "if nobody gives notice" in line for line in lines)


def test_what_is_decided_is_no_more_to_be_done(installation: Cadence, home: Path) -> None:
    define(home, agreement={"ends": "2027-09-30", "renewal": RENEWAL})
    installation("once")
    installation("renewal", "decided", "acme-globex", "renew", "--by", "ines")
    found = json.loads(installation("horizon", "acme-globex", "--json").out)
    term = found["partnerships"][0]["lines"][0]
    assert term["said"] == ["decided on 2026-11-21 to go on"]
    assert not any(each["is_open"] for each in term["dates"])


def test_of_a_partnership_without_dates_its_checkpoint_is_listed(installation: Cadence) -> None:
    outcome = installation("horizon", "acme-globex")
    assert outcome.status == 0
    assert "checkpoint" in outcome.out


def test_an_unknown_partnership_is_told_with_the_nearest_name(installation: Cadence) -> None:
    outcome = installation("horizon", "acme-globx")
    assert outcome.status == 1
    assert "acme-globex" in outcome.err
