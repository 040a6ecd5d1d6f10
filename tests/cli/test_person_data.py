"""`cadence person tell`, `data` and `erase`: how Tom is told, what is held of him, and how it goes."""

import json

from tests.builders import TOM
from tests.cli.conftest import Cadence

TOMS = TOM["email"]


def test_how_somebody_is_told_is_said_listed_and_taken_back(installation: Cadence) -> None:
    assert "as the definitions say" in installation("person", "tell", TOMS).out
    assert "by their own word: digest" in installation("person", "tell", TOMS, "digest").out
    said = json.loads(installation("person", "tell", TOMS, "--json").out)
    assert (said["says"], said["partnerships"][0]["counts"]) == ("digest", "digest")
    assert "as the definitions say" in installation("person", "tell", TOMS, "--as-defined").out


def test_a_way_that_they_cannot_have_is_refused_with_those_they_can(installation: Cadence) -> None:
    refused = installation("person", "tell", TOMS, "chat")
    assert refused.status == 1
    assert "choose one of: mail, digest" in refused.err


def test_what_is_held_is_printed_in_short_and_as_json(installation: Cadence) -> None:
    assert "acme-globex: Tom Reyes (tom), in the definition" in installation("person", "data", TOMS).out
    said = json.loads(installation("person", "data", TOMS, "--json").out)
    assert said["record"]["member"][0]["name"] == "Tom Reyes"
    assert installation("person", "data", "nobody@example.com").out == 'Nothing is held of "nobody@example.com".\n'


def test_whom_a_definition_names_is_not_erased(installation: Cadence) -> None:
    refused = installation("person", "erase", TOMS, "--yes")
    assert refused.status == 1
    assert "is in the definition of acme-globex" in refused.err


def test_nobody_is_erased_without_being_asked_or_in_a_dry_run(installation: Cadence) -> None:
    assert installation("person", "erase", TOMS).status == 2
    assert "Nothing was changed" in installation("person", "erase", TOMS, "--dry-run").out
