"""Evidence as its operator makes it: a pack, verified by the program and by its own script; the record held against its
seals."""

import json
import sqlite3
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.cli.conftest import Cadence

CELLS = "acme-globex/cells-delivered"


@pytest.fixture
def pack(home: Path, cadence: Cadence) -> Path:
    """What is on record of October, packed in November."""
    assert cadence("kpi", "report", CELLS, "0.31", "--by", "dev").status == 0
    assert cadence("evidence", "acme-globex", "--out", "pack.zip").status == 0
    return Path("pack.zip")


def test_a_pack_is_made_with_what_is_missing_and_the_digest_of_its_manifest(home: Path, cadence: Cadence) -> None:
    made = cadence("evidence", "acme-globex", "--for", "globex", "--out", "pack.zip")
    assert made.status == 0, made.err
    assert "stage 2: no signed paper with its date" in made.out and "The SHA-256 of its manifest: " in made.out
    with ZipFile("pack.zip") as archive:
        assert archive.namelist()[0] == "index.html"
        assert all(each.compress_type == ZIP_DEFLATED for each in archive.infolist())


def test_a_pack_in_another_language_says_what_is_missing_in_it(home: Path, cadence: Cadence) -> None:
    made = cadence("evidence", "acme-globex", "--language", "de", "--out", "pack.zip")
    assert "stage 2: es fehlt: unterschriebenes Papier mit Datum" in made.out
    with ZipFile("pack.zip") as archive:
        assert b'<html lang="de">' in archive.read("index.html")


def test_programs_are_told_the_gaps_and_the_head(home: Path, cadence: Cadence) -> None:
    told = json.loads(cadence("evidence", "acme-globex", "--out", "pack.zip", "--json").out)
    assert {"stage": 2, "says": "no signed paper with its date"} in told["gaps"]
    seals = json.loads(cadence("evidence", "seal", "acme-globex", "--json").out)
    assert told["head"] == seals[0]["head"] and seals[0]["faults"] == []


def test_a_file_that_is_there_stays(pack: Path, cadence: Cadence) -> None:
    before = pack.read_bytes()
    refused = cadence("evidence", "acme-globex", "--out", str(pack))
    assert refused.status == 1 and "is there already, and stays" in refused.err
    assert cadence("evidence", "acme-globex", "--out", str(pack), "--replace").status == 0
    assert pack.read_bytes() == before


def test_what_is_to_come_is_no_gap(home: Path, cadence: Cadence) -> None:
    now, later = (
        json.loads(cadence("evidence", "acme-globex", "--out", f"{until}.zip", "--json", "--until", until).out)
        for until in ("2026-11-21", "2028-09-30")
    )
    assert later["gaps"] == now["gaps"]
    assert Path("2026-11-21.zip").read_bytes() == Path("2028-09-30.zip").read_bytes()


def test_a_step_of_the_launch_track_that_is_late_and_a_judgement_are_missing_from_their_day_on(
    home: Path, cadence: Cadence
) -> None:
    def gaps(now: str) -> list[str]:
        assert cadence("--now", now, "once").status == 0
        told = cadence("--now", now, "evidence", "acme-globex", "--out", "pack.zip", "--replace", "--json")
        return [each["says"] for each in json.loads(told.out)["gaps"]]

    before, after = gaps("2026-11-23T12:00"), gaps("2027-01-20T12:00")
    judged, late = "no success at 90 days that somebody judged", "and nobody said that it was done"
    assert judged not in before and judged in after
    assert sum(late in each for each in after) > sum(late in each for each in before)
    decides = ("continue", "--because", "both would sign again", "--by", "ines")
    decided = cadence("--now", "2027-01-20T13:00", "checkpoint", "decide", "acme-globex", *decides)
    assert decided.status == 0, decided.err
    stays = [each for each in gaps("2027-04-09T12:00") if late in each]
    assert stays == [each for each in after if late in each], "what was never ticked stays a gap after the decision"


def test_a_pack_is_verified_with_a_head_and_without(pack: Path, cadence: Cadence) -> None:
    [line] = [each for each in cadence("evidence", "verify", str(pack)).out.splitlines() if "Its head" in each]
    head = line.rpartition(" ")[2]
    assert "The head that was named stands in it." in cadence("evidence", "verify", str(pack), "--head", head).out
    wrong = cadence("evidence", "verify", str(pack), "--head", "0" * 64)
    assert wrong.status == 1 and "stands nowhere in this chain" in wrong.out


def test_what_is_no_pack_is_named(home: Path, cadence: Cadence) -> None:
    Path("other.zip").write_bytes(b"PK\x03\x04 and nothing behind")
    refused = cadence("evidence", "verify", "other.zip")
    assert refused.status == 1 and "this is no evidence pack" in refused.err and "name a ZIP file" in refused.err


def test_a_pack_that_was_damaged_on_its_way_is_one(pack: Path, cadence: Cadence) -> None:
    with ZipFile(pack) as archive:
        rows = archive.getinfo("records.jsonl")
    begins = rows.header_offset + 30 + len(rows.filename)
    whole = pack.read_bytes()
    pack.write_bytes(whole[:begins] + b"\xff" * rows.compress_size + whole[begins + rows.compress_size :])
    refused = cadence("evidence", "verify", str(pack))
    assert refused.status == 1 and "or a damaged one" in refused.err


def test_a_row_altered_behind_the_programs_back_is_found(pack: Path, cadence: Cadence, home: Path) -> None:
    assert cadence("evidence", "seal", "--check").status == 0
    [database] = home.rglob("cadence.db")
    with sqlite3.connect(database) as db:
        db.execute("UPDATE reading SET value = '0.39'")
    found = cadence("evidence", "seal", "--check")
    assert found.status == 1 and "does not say what was sealed on 2026-11-21" in found.out
    assert "wrong  seals" in cadence("doctor").out
    assert cadence("evidence", "seal").status == 0  # only --check fails


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("--from", "2027-01-01"), "lies after"),
        (("--for", "initech"), "no organisation"),
        (("--standard", "iso-9001"), "there is no standard"),
    ],
)
def test_what_cannot_be_is_refused_in_words(home: Path, cadence: Cadence, call: tuple[str, ...], says: str) -> None:
    refused = cadence("evidence", "acme-globex", "--out", "pack.zip", *call)
    assert refused.status == 1 and says in refused.err.casefold() and not Path("pack.zip").exists()
