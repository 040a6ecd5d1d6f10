"""What the script in a pack does with a call that is wrong, and with a file that lies about its size."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from scheduler.services.evidence import verify


@pytest.mark.parametrize("head", ["", "  "])
def test_an_empty_head_is_a_wrong_call_and_no_pack_is_looked_at(
    head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        verify.main([str(tmp_path), "--head", head])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "--head" in said.err and said.out == ""


def test_an_entry_that_lies_about_its_size_is_unpacked_no_further_than_it_says(tmp_path: Path) -> None:
    path, size = tmp_path / "pack.zip", 64 * 1024 * 1024
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(size))
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    tracemalloc.start()
    try:
        found = verify.verify(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.faults and found.faults[0].startswith("this is no evidence pack")
    assert most < 8 * 1024 * 1024
