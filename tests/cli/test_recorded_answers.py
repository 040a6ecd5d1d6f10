"""What the last program before the code was laid out anew has left is migrated, and every listing says the same."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import main
from tests.recorded import ANSWERS, BEFORE_THE_MOVE, NEXT_DAY, answered, unpack


def as_known(found: Any, known: Any) -> Any:
    """What was found without the keys that a later program says besides: what stood there stays."""
    if isinstance(found, dict) and isinstance(known, dict):
        return {key: as_known(found[key], value) for key, value in known.items() if key in found}
    if isinstance(found, list) and isinstance(known, list) and len(found) == len(known):
        return [as_known(*both) for both in zip(found, known, strict=True)]
    return found


def as_one_matter(said: Any) -> Any:
    """What stood there of overdue periods, those of one KPI as the one matter that they are since: its next step is
    that of the earliest of them."""
    if isinstance(said, dict) and "overdue" in said:
        return {**said, "overdue": as_one_matter(said["overdue"])}
    if not (isinstance(said, list) and said and isinstance(said[0], dict) and "next_rung" in said[0]):
        return said
    first: dict[str, Any] = {}
    for each in sorted(said, key=lambda each: each["due"]):
        first.setdefault(each["id"], each)
    return [{**each, **{key: first[each["id"]][key] for key in each if key.startswith("next_")}} for each in said]


def as_told(call: str, said: Any, known: dict[str, Any]) -> Any:
    """What `show` said, with who was told of what is overdue, which it left empty: as `overdue` had it."""
    command, _, partnership = call.partition(" ")
    return {**said, "overdue": known[f"overdue --partnership {partnership}"]} if command == "show" else said


def test_every_listing_of_an_upgraded_database_is_that_of_the_program_that_left_it(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CADENCE_CLOCK", "free")
    settings = unpack(here, BEFORE_THE_MOVE)

    def ask(*call: str) -> str:
        with pytest.raises(SystemExit) as exit_:
            main(["--config", str(settings), "--now", NEXT_DAY.isoformat(), *call])
        assert exit_.value.code in (0, 1), call
        return capsys.readouterr().out

    ask("db", "upgrade")
    known = json.loads(gzip.decompress(ANSWERS.read_bytes()))
    found = answered(ask, here)
    assert list(found) == list(known)
    for call, answer in known.items():
        said = as_told(call, answer, known)
        assert as_known(found[call], as_one_matter(said)) == as_one_matter(said), call
