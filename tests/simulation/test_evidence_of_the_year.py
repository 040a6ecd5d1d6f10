"""The year that four people lived, as evidence: a pack that is whole, for each reader what they may see; one altered
row is found."""

import hashlib
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from scheduler.definitions.standards import standard
from scheduler.rules.access import asked_for
from scheduler.services.evidence import verify
from scheduler.services.evidence.pack import Asked, EvidencePack, make
from scheduler.settings.whole import shipped
from scheduler.store import core_tables

from .year import Year
from .year_definition import ID

STANDARD = standard("iso-44001", shipped("standards"))


def packed(year: Year, organisation: str | None = None) -> EvidencePack:
    return make(year.at.app, ID, year.at.now, Asked(asked_for(organisation), STANDARD))


def files(pack: EvidencePack) -> dict[str, bytes]:
    with ZipFile(BytesIO(pack.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def whole(lived: Year) -> EvidencePack:
    return packed(lived)


def unpacked(pack: EvidencePack, folder: Path) -> Path:
    for name, content in files(pack).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def rows(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().splitlines()]


def altered(folder: Path, table: str, **says: object) -> str:
    """Alter one row of a table in an unpacked pack, and the manifest with it; return which."""
    file, manifest = folder / "records.jsonl", folder / "manifest.json"
    found = rows(file.read_bytes())
    row = next(each for each in found if each["row"].startswith(f"{table}/"))
    row["says"] |= says
    file.write_text("".join(f"{json.dumps(each)}\n" for each in found))
    known = json.loads(manifest.read_text())
    known["files"]["records.jsonl"] = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(known))
    return str(row["row"])


def test_a_year_packed_is_whole(whole: EvidencePack, tmp_path: Path) -> None:
    found = verify.verify(unpacked(whole, tmp_path))
    assert (found.faults, found.notes) == ([], [])
    assert whole.facts.faults == () and whole.facts.seals > 12


def test_its_own_script_says_so_without_this_program(whole: EvidencePack, tmp_path: Path) -> None:
    unpacked(whole, tmp_path)
    call = [sys.executable, "-I", str(tmp_path / "verify.py"), "--head", whole.facts.head or ""]
    ended = subprocess.run(call, cwd="/", capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "") and "Whole: acme-globex" in ended.stdout
    row = altered(tmp_path, "reading", value="99")
    ended = subprocess.run(call, cwd="/", capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and f"WRONG  {row}, of " in ended.stdout


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("reading", {"value": "99"}),
        ("decision", {"says": "We go on."}),
        ("presence", {"was_present": False}),
        ("review", {"held_on": "2027-01-01"}),
        ("letter", {"title": "Nothing is late"}),
        ("definition_version", {"definition": {"sha256": "0" * 64}}),
    ],
)
def test_one_altered_row_is_found(whole: EvidencePack, tmp_path: Path, table: str, says: dict[str, Any]) -> None:
    row = altered(unpacked(whole, tmp_path), table, **says)
    assert any(each.startswith(f"{row}") and "does not" in each for each in verify.verify(tmp_path).faults)


def test_a_row_that_was_left_out_is_found(whole: EvidencePack, tmp_path: Path) -> None:
    unpacked(whole, tmp_path)
    kept = (tmp_path / "records.jsonl").read_text().splitlines()
    gone = next(each for each in kept if json.loads(each)["row"].startswith("reading/"))
    (tmp_path / "records.jsonl").write_text("\n".join(each for each in kept if each != gone))
    assert any("is not in the pack" in each for each in verify.verify(tmp_path).faults)


def test_a_seal_that_was_made_anew_leads_to_another_head(whole: EvidencePack, tmp_path: Path) -> None:
    """Whoever alters a row and all seals after it has another head than the other side keeps."""
    unpacked(whole, tmp_path)
    row = altered(tmp_path, "reading", value="99")
    chain, previous = rows((tmp_path / "seals.jsonl").read_bytes()), ""
    says = next(each["says"] for each in rows((tmp_path / "records.jsonl").read_bytes()) if each["row"] == row)
    for seal in chain:
        for name, part in seal["parts"].items():
            for entry in part["entries"]:
                if entry["row"] == row:
                    entry["digest"] = verify.digest({"row": row, "says": says})
            seal["document"]["parts"][name] = verify.digest(part)
        seal["document"]["previous"] = previous
        previous = seal["head"] = verify.digest(seal["document"])
    (tmp_path / "seals.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in chain))
    known = json.loads((tmp_path / "manifest.json").read_text())
    known["chain"]["head"] = previous
    known["files"]["seals.jsonl"] = hashlib.sha256((tmp_path / "seals.jsonl").read_bytes()).hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps(known))
    assert verify.verify(tmp_path).faults == []
    [fault] = verify.verify(tmp_path, whole.facts.head).faults
    assert fault == f"the head {whole.facts.head} stands nowhere in this chain"


def test_a_review_that_was_sealed_again_without_a_line_of_its_history_is_found(whole: EvidencePack) -> None:
    chain, record = (rows(files(whole)[name]) for name in ("seals.jsonl", "records.jsonl"))
    assert [*verify.unexplained_reviews(chain, record)] == []
    joint = next(each["parts"][""]["entries"] for each in reversed(chain) if _sealed_again(each))
    [*again] = (each["row"] for each in joint if each["row"].startswith("review/") and each.get("because"))
    lines = {each["row"] for each in joint if each["row"].startswith("revision/")}
    unknown = [each for each in record if each["row"] not in lines]
    assert [*verify.unexplained_reviews(chain, unknown)] == []  # they are of other days than the pack
    joint[:] = [each for each in joint if each["row"] not in lines]
    found = [*verify.unexplained_reviews(chain, record)]
    assert [each.partition(" was sealed again by seal ")[0] for each in found] == again


def _sealed_again(seal: dict[str, Any]) -> bool:
    entries = seal["parts"][""]["entries"]
    return any(each["row"].startswith("review/") and each.get("because") == "restated" for each in entries)


def test_the_same_record_makes_the_same_bytes(lived: Year, whole: EvidencePack) -> None:
    assert packed(lived).content == whole.content


def test_each_side_has_what_it_may_see_and_no_more(lived: Year, whole: EvidencePack, tmp_path: Path) -> None:
    """Quokka cost is internal to Acme: Globex learns neither of it, nor that anything of it was sealed."""
    everything = files(whole)["records.jsonl"]
    assert b"quokka" in everything
    for side in ("acme", "globex"):
        mine = packed(lived, side)
        content = files(mine)
        assert verify.verify(unpacked(mine, tmp_path / side)).faults == []
        said = b"".join(each for name, each in content.items() if name != "verify.py").lower()
        assert (b"quokka" in said) is (side == "acme")
        parts = {name for seal in rows(content["seals.jsonl"]) for name in seal["parts"]}
        assert parts == {"", side}
        hidden = {each["row"] for each in rows(everything)} - {each["row"] for each in rows(content["records.jsonl"])}
        assert hidden and not any(f'"{row}"'.encode() in content["seals.jsonl"] for row in hidden)


def test_every_version_of_minutes_is_there_with_the_digest_that_the_index_names(whole: EvidencePack) -> None:
    content = files(whole)
    minutes = {name: each for name, each in content.items() if name.startswith("minutes/")}
    assert len(minutes) >= 7
    for name, text in minutes.items():
        assert hashlib.sha256(text).hexdigest() in content["index.html"].decode(), name


def test_the_gaps_come_first(whole: EvidencePack) -> None:
    page = files(whole)["index.html"].decode()
    said = {(each.stage, each.says) for each in whole.facts.gaps}
    assert (2, "no rule about who owns what is made") in said and (8, "no words on how it ends") in said
    assert page.index("What is missing") < page.index("no words on how it ends") < page.index("The stages")


def test_what_is_altered_on_record_is_found_there_and_in_the_pack(lived: Year, tmp_path: Path) -> None:
    of = core_tables.reading.c
    with lived.at.app.store.write(ID) as db:
        id, value = db.execute(select(of.id, of.value).order_by(of.id).limit(1)).one()
        db.execute(update(core_tables.reading).where(of.id == id).values(value="99"))
    try:
        pack = packed(lived)
        assert [each.row for each in pack.facts.faults] == [f"reading/{id}"]
        [fault] = verify.verify(unpacked(pack, tmp_path)).faults
        assert fault.startswith(f"reading/{id}, of ")
    finally:
        with lived.at.app.store.write(ID) as db:
            db.execute(update(core_tables.reading).where(of.id == id).values(value=value))


def test_another_standard_is_another_file(lived: Year, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "key: own\nname: Our own\nstages:\n  - {key: one, title: One, asks: What was reported?, shows: [readings],"
        " needs: [{of: exits, says: word of an exit}, {of: readings, every: 1 month, says: figure}]}\n"
    )
    made = make(lived.at.app, ID, lived.at.now, Asked(asked_for(None), standard(str(file), shipped("standards"))))
    assert [each.title for each in made.facts.stages] == ["One"]
    assert [each.says.partition(",")[0] for each in made.facts.gaps] == ["no figure in 4 months"]
