"""Letters in a folder: each exactly once, whole or not at all."""

import os
from pathlib import Path

import pytest

from scheduler.transports import eml_folder
from scheduler.transports.delivery_errors import DeliveryError

NAME = "20261201T080000Z-request-5f0c5f0c5f0c5f0c.eml"


def test_a_letter_lies_there_whole_and_alone(tmp_path: Path) -> None:
    assert eml_folder.put(tmp_path / "outbox", NAME, b"letter\r\n")
    assert (tmp_path / "outbox" / NAME).read_bytes() == b"letter\r\n"
    assert [file.name for file in (tmp_path / "outbox").iterdir()] == [NAME]


def test_a_letter_that_lies_there_is_not_touched_again(tmp_path: Path) -> None:
    eml_folder.put(tmp_path, NAME, b"letter\r\n")
    before = (tmp_path / NAME).stat()
    assert not eml_folder.put(tmp_path, NAME, b"another\r\n")
    assert (tmp_path / NAME).read_bytes() == b"letter\r\n"
    assert (tmp_path / NAME).stat().st_mtime_ns == before.st_mtime_ns


def test_what_a_killed_process_left_unfinished_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / f".{NAME}.{os.getpid()}.new").write_bytes(b"let")
    assert eml_folder.put(tmp_path, NAME, b"letter\r\n")
    assert [file.name for file in tmp_path.iterdir()] == [NAME]


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_bytes(b"a file")
    with pytest.raises(DeliveryError, match="cannot be written"):
        eml_folder.put(tmp_path / "outbox", NAME, b"letter\r\n")
