"""Signed papers beside a definition: `check` says where one is not the one whose hash is on record."""

import hashlib
from pathlib import Path

import pytest
import yaml

from scheduler.definitions.loading import check
from tests.builders import playbooks, written

SIGNED = b"%PDF-1.7 as it was signed"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    paper = {"kind": "mou", "file": "papers/mou.pdf", "sha256": hashlib.sha256(SIGNED).hexdigest()}
    file = tmp_path / "acme-globex.yaml"
    file.write_text(yaml.safe_dump(written(agreement={"documents": [paper]}), allow_unicode=True), encoding="utf-8")
    (tmp_path / "papers").mkdir()
    return file


def told(file: Path) -> list[str]:
    return [each.what for each in check([file], playbooks()) if "sha256" in each.where]


def test_the_paper_that_was_signed_is_no_fault(file: Path) -> None:
    (file.parent / "papers" / "mou.pdf").write_bytes(SIGNED)
    assert told(file) == []


def test_another_one_in_its_place_is(file: Path) -> None:
    (file.parent / "papers" / "mou.pdf").write_bytes(SIGNED + b" and changed")
    [what] = told(file)
    assert what.startswith("papers/mou.pdf is not the MOU that was signed: its hash is ")


def test_of_one_that_cannot_be_read_here_nothing_is_said(file: Path) -> None:
    assert told(file) == []
    (file.parent / "papers" / "mou.pdf").mkdir()
    assert told(file) == []
