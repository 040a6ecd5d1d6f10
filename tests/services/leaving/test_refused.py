"""Whatever is wrong with an export, or with the place where it is to go, is said in words, and nothing is changed."""

import hashlib
import io
import json
import os
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from scheduler.domain.errors import UserError
from scheduler.services.app import Silent, open_app
from scheduler.services.daemons import show
from scheduler.services.leaving import files_along
from scheduler.services.leaving.importing import import_
from scheduler.services.leaving.writing import Exported
from scheduler.settings import Settings
from scheduler.store import core_tables, loading, migrate, open_store
from tests.services.leaving.conftest import LATER

Elsewhere = Callable[..., Settings]
Files = dict[str, bytes]


@pytest.fixture(scope="session")
def content(lived_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of an export."""
    from scheduler.settings import load
    from tests.services.leaving.conftest import exported_from

    made = exported_from(load(lived_home / "cadence.yaml"), tmp_path_factory.mktemp("content") / "all.zip")
    with zipfile.ZipFile(made.file) as zip:
        return {name: zip.read(name) for name in zip.namelist()}


def packed(folder: Path, files: Files, *, honest: bool = True, **manifest: Any) -> Path:
    """An export of these files; an `honest` one with a manifest that names them as they are."""
    said = {**json.loads(files["manifest.json"]), **manifest}
    others = {name: each for name, each in files.items() if name != "manifest.json"}
    if honest:
        said["files"] = {
            name: {"bytes": len(each), "sha256": hashlib.sha256(each).hexdigest()} for name, each in others.items()
        }
    with zipfile.ZipFile(folder / "made.zip", "w", zipfile.ZIP_DEFLATED) as zip:
        for name, each in {**others, "manifest.json": json.dumps(said).encode()}.items():
            zip.writestr(name, each)
    return folder / "made.zip"


def refused(there: Settings, file: Path) -> str:
    """What is said; nothing is laid, and no row is on record."""
    with pytest.raises(UserError) as error:
        import_(there, file, LATER)
    assert error.value.hint
    assert not there.definitions.exists()
    if (there.data / "cadence.db").exists():
        with open_store(there.database) as store, store.read() as db:
            for name in core_tables._COLUMNS:
                assert db.execute(select(getattr(core_tables, name))).first() is None, name
    return error.value.what


def test_a_file_that_was_cut_off_anywhere(content: Files, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = packed(tmp_path, content)
    whole = file.read_bytes()
    for share in (0, 0.1, 0.5, 0.9, 0.999):
        file.write_bytes(whole[: int(len(whole) * share)])
        assert "is no ZIP file, or its end is missing" in refused(elsewhere(), file)


@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_a_byte_that_is_another(content: Files, elsewhere: Elsewhere, tmp_path: Path, seed: int) -> None:
    """Unless nothing of it is read: a date of a ZIP's own, or how it was made."""
    file = packed(tmp_path, content)
    whole = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as zip:
        entries = sorted((each for each in zip.infolist() if each.compress_size > 40), key=lambda each: each.filename)
    entry = entries[seed * len(entries) // 12]
    at = entry.header_offset + 30 + len(entry.filename.encode()) + entry.compress_size // 2
    whole[at] ^= 0x41
    file.write_bytes(whole)
    assert "made.zip" in refused(elsewhere(), file)


def test_a_row_that_was_altered(content: Files, elsewhere: Elsewhere, tmp_path: Path) -> None:
    altered = content["tables/reading.jsonl"].replace(b'"value": "', b'"value": "9', 1)
    assert altered != content["tables/reading.jsonl"]
    files = {**content, "tables/reading.jsonl": altered}
    assert "tables/reading.jsonl is not as long as it was written" in refused(
        elsewhere(), packed(tmp_path, files, honest=False)
    )
    files["tables/reading.jsonl"] = content["tables/reading.jsonl"].replace(b'"met": null', b'"met": true', 1)
    files["tables/reading.jsonl"] = content["tables/reading.jsonl"].swapcase()
    assert "was altered: tables/reading.jsonl is not as it was written" in refused(
        elsewhere(), packed(tmp_path, files, honest=False)
    )


def test_a_file_that_is_missing_or_was_added(content: Files, elsewhere: Elsewhere, tmp_path: Path) -> None:
    less = {name: each for name, each in content.items() if name != "tables/review.jsonl"}
    assert "'tables/review.jsonl' is in it or in its manifest.json" in refused(
        elsewhere(), packed(tmp_path, less, honest=False)
    )
    more = {**content, "tables/other.jsonl": b""}
    assert "'tables/other.jsonl' is in it or" in refused(elsewhere(), packed(tmp_path, more, honest=False))
    with pytest.warns(UserWarning, match="Duplicate"):
        file = packed(tmp_path, content)
        with zipfile.ZipFile(file, "a") as zip:
            zip.writestr("README.txt", content["README.txt"])
    assert "two files of one name" in refused(elsewhere(), file)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"export": "another's"}, "another program's"),
        ({"format": 2}, "is of a newer cadence (its format is 2, this program's 1)"),
        ({"schema": "0999"}, "its schema is '0999'"),
        ({"schema": ["0062"]}, "is of another cadence"),
        ({"tables": {}}, "does not say what it should"),
        ({"tables": {"partnership": {"rows": 1, "columns": {"id": "text; DROP TABLE review"}}}}, "does not say"),
        ({"reaches": "yesterday"}, "does not say what it should"),
        ({"plans_rest_on": 1, "reaches": "2027-01-01"}, "does not say what it should"),
    ],
    ids=str,
)
def test_a_manifest_that_says_something_else(
    content: Files, elsewhere: Elsewhere, tmp_path: Path, manifest: dict[str, Any], said: str
) -> None:
    assert said in refused(elsewhere(), packed(tmp_path, content, **manifest))


def test_another_zip_and_no_zip(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as zip:
        zip.writestr("index.html", "x")
    assert "is no export of cadence" in refused(elsewhere(), tmp_path / "other.zip")
    (tmp_path / "text.zip").write_text("hello")
    assert "is no ZIP file" in refused(elsewhere(), tmp_path / "text.zip")
    os.mkfifo(tmp_path / "pipe.zip")
    assert "is no plain file" in refused(elsewhere(), tmp_path / "pipe.zip")
    assert "cannot be read: No such file" in refused(elsewhere(), tmp_path / "nowhere.zip")


def test_one_that_unpacks_to_far_more_than_it_is(content: Files, elsewhere: Elsewhere, tmp_path: Path) -> None:
    bomb = {**content, "tables/event.jsonl": b" " * (len(b"".join(content.values())) * 300)}
    assert "would unpack to more than 500 times its size" in refused(elsewhere(), packed(tmp_path, bomb))


def test_one_whose_files_say_less_than_they_unpack_to_takes_no_memory(
    content: Files, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    there, file = elsewhere(), packed(tmp_path, {"playbooks/a.yaml": b"a: 1\n", **content})
    with zipfile.ZipFile(file) as zip:
        told = {name: zip.read(name) for name in zip.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, said in told.items():
            lies = name in ("manifest.json", "playbooks/a.yaml")
            zip.writestr(name, said + b" " * 50_000_000 * lies)
            entry = zip.getinfo(name)
            entry.file_size, entry.CRC = len(said), zlib.crc32(said)
    tracemalloc.start()
    try:
        import_(there, file, LATER, dry_run=True)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", ["../evil.yaml", "/etc/evil.yaml", "a/../../evil.yaml", ".hidden", "a//b", "a\\b", ""])
def test_a_path_that_leads_elsewhere(content: Files, elsewhere: Elsewhere, tmp_path: Path, path: str) -> None:
    there = elsewhere()
    named = packed(tmp_path, {**content, f"definitions/{path}": b"x: 1\n"})
    assert "is no path inside a folder" in refused(there, named)
    if path:
        assert "is no path inside a folder" in refused(
            there, packed(tmp_path, {**content, "agendas.tar": tar_of(path)})
        )
    assert not [*tmp_path.rglob("*evil*"), *tmp_path.rglob(".hidden")]


@pytest.mark.parametrize("place", ["templates/agenda.md.j2", "agendas.tar"])
def test_a_file_that_is_longer_than_any_of_an_export_is_not_read(
    content: Files, elsewhere: Elsewhere, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_along, "_MOST_BYTES", 16_384)
    long = os.urandom(16_385)
    file = packed(tmp_path, {**content, place: tar_of("acme-globex/x.md", text=long) if ".tar" in place else long})
    assert "is of 16,385 bytes, and no file of an export is of more than 16,384" in refused(elsewhere(), file)


def tar_of(path: str, kind: bytes = tarfile.REGTYPE, text: bytes = b"x") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        entry = tarfile.TarInfo(path)
        entry.type, entry.linkname, entry.size = kind, "/etc/passwd", len(text) if kind == tarfile.REGTYPE else 0
        tar.addfile(entry, io.BytesIO(text))
    return made.getvalue()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_a_tar_with_anything_but_plain_files(content: Files, elsewhere: Elsewhere, tmp_path: Path, kind: bytes) -> None:
    file = packed(tmp_path, {**content, "agendas.tar": tar_of("acme-globex/x.md", kind)})
    assert "agendas.tar holds more than plain files" in refused(elsewhere(), file)
    file = packed(tmp_path, {**content, "agendas.tar": b"no tar" * 200})
    assert "agendas.tar cannot be read" in refused(elsewhere(), file)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b'"at": "2', b'"at": "x', "line 1 of revision: at is no moment"),
        (b'"at": "2', b'"other": "2', "line 1 of revision has other columns"),
        (b'"sequence": ', b'"sequence": "a', "line 1 of tables/revision.jsonl is no JSON"),
        (b'"sequence": 0', b'"sequence": 0.5', "is no whole number"),
        (b'{"id"', b'["id"', "line 1 of tables/revision.jsonl is no JSON"),
        (b'"review": "', b'"review": "no-such/', "belongs to none of review"),
    ],
    ids=str,
)
def test_a_row_that_fits_nowhere_though_its_digest_is_right(
    content: Files, elsewhere: Elsewhere, tmp_path: Path, before: bytes, after: bytes, said: str
) -> None:
    lines = content["tables/revision.jsonl"].replace(before, after, 1)
    assert lines != content["tables/revision.jsonl"]
    file = packed(tmp_path, {**content, "tables/revision.jsonl": lines})
    assert said in refused(elsewhere(), file)


def test_a_row_of_no_file(content: Files, elsewhere: Elsewhere, tmp_path: Path) -> None:
    row = json.loads(content["tables/partnership.jsonl"].splitlines()[0])
    lines = content["tables/partnership.jsonl"].replace(json.dumps(row["file"]).encode(), b"null", 1)
    file = packed(tmp_path, {**content, "tables/partnership.jsonl": lines})
    assert "rows of partnership do not fit" in refused(elsewhere(), file)


def test_two_rows_of_one_key_and_fewer_rows_than_were_told(
    content: Files, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    first, rest = content["tables/revision.jsonl"].split(b"\n", 1)
    twice = {**content, "tables/revision.jsonl": first + b"\n" + content["tables/revision.jsonl"]}
    assert "rows of revision do not fit" in refused(elsewhere(), packed(tmp_path, twice))
    fewer = {**content, "tables/revision.jsonl": rest}
    assert "rows, not" in refused(elsewhere(), packed(tmp_path, fewer))


# The place ------------------------------------------------------------------------------------------------------------


def test_nothing_is_mixed_with_what_is_there(exported: Callable[..., Exported], lived: Settings) -> None:
    before = (lived.data / "cadence.db").read_bytes()
    with pytest.raises(UserError, match="is not empty"):
        import_(lived, exported().file, LATER)
    assert (lived.data / "cadence.db").read_bytes() == before


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_of_two_imports_at_once_one_puts_it_on_record(
    exported: Callable[..., Exported], elsewhere: Elsewhere, engine: str
) -> None:
    file, there = exported().file, elsewhere(engine)
    open_store(there.database, create=True).close()
    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(import_, there, file, LATER) for _ in range(2)]
        faults = [fault for each in found if (fault := each.exception())]
    assert all(isinstance(each, UserError) for each in faults)
    done = [each.result().goes_on for each in found if not each.exception()]
    assert done.count(False) == 1, "the other was refused, or found that one's rows and laid what was still to be laid"
    with open_store(there.database) as store, store.read() as db:
        assert len(db.execute(select(core_tables.partnership)).all()) == 2


def test_a_daemon_that_runs_is_not_put_before_a_record_that_it_did_not_open(
    exported: Callable[..., Exported], elsewhere: Elsewhere
) -> None:
    there = elsewhere()
    there.definitions.mkdir()
    app = open_app(there, Silent(), create=True)
    show(app, "governs")
    app.close()
    with pytest.raises(UserError, match="a daemon works on"):
        import_(there, exported().file, LATER)


def test_what_lies_in_the_place_of_a_file_stays(exported: Callable[..., Exported], elsewhere: Elsewhere) -> None:
    file = exported().file
    there = elsewhere()
    there.definitions.mkdir()
    (there.definitions / "acme-globex.yaml").write_text("mine: 1\n")
    with pytest.raises(UserError, match="is there, and says something else"):
        import_(there, file, LATER)
    assert (there.definitions / "acme-globex.yaml").read_text() == "mine: 1\n"
    (there.definitions / "acme-globex.yaml").rename(there.definitions / "other.yaml")
    with pytest.raises(UserError, match=r"other\.yaml is not of the export, and would be governed with it"):
        import_(there, file, LATER)
    assert not (there.data / "cadence.db").exists()


def test_an_export_of_an_older_schema_is_brought_up_to_date(
    content: Files, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """As the program of schema 0059 would have made it: without the tables and columns that came since."""
    made = create_engine("sqlite://")
    with made.begin() as db:
        migrate.upgrade(db, "0059")
        then = loading.columns_there(db)
    made.dispose()
    manifest = json.loads(content["manifest.json"])
    files = {name: each for name, each in content.items() if not name.startswith("tables/")}
    tables = {name: each for name, each in manifest["tables"].items() if name in then}
    assert len(tables) < len(manifest["tables"])
    for name, told in tables.items():
        told["columns"] = {column: kind for column, kind in told["columns"].items() if column in then[name]}
        rows = (json.loads(line) for line in content[f"tables/{name}.jsonl"].splitlines())
        kept = [{column: row[column] for column in told["columns"]} for row in rows]
        files[f"tables/{name}.jsonl"] = b"".join(json.dumps(each).encode() + b"\n" for each in kept)
    for engine in ("sqlite", "postgresql"):
        there = elsewhere(engine)
        done = import_(there, packed(tmp_path, files, schema="0059", tables=tables), LATER)
        assert (done.schema, done.brought_up_to) == ("0059", migrate.LATEST)
        with open_store(there.database) as store, store.read() as db:
            assert len(db.execute(select(core_tables.review)).all()) == tables["review"]["rows"]
            assert migrate.found(db) == migrate.LATEST
