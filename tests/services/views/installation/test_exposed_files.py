"""What lies open: whatever the settings name as a file is somebody's secret."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.services.views.installation.exposed_files import exposed, out_of_reach
from scheduler.settings import Part, load


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that everybody on the machine can look into; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def file_keys(part: type[Part]) -> list[str]:
    return [name for name in part.model_fields if name.endswith("_file")]


def test_every_file_that_a_mail_server_a_mailbox_or_a_chat_names_is_looked_at(folder: Path) -> None:
    written = folder / "cadence.yaml"
    secrets = {name: folder / name for name in ("mail-token", "replies-token", "chat-key", "chat-url")}
    for path in secrets.values():
        path.write_text("https://chat.globex.example/hook")
        path.chmod(0o644)
    written.write_text(
        "mail: {sender: cadence@acme.example, host: 127.0.0.1, user: cadence, token_file: mail-token}\n"
        "replies: {host: 127.0.0.1, user: cadence, token_file: replies-token}\n"
        "chats: {room: {shape: json, url_file: chat-url, secret_file: chat-key}}\n"
    )
    settings = load(written)
    assert {each.path for each in exposed(settings)} == set(secrets.values())
    parts = [type(settings.mail), type(settings.replies), *map(type, settings.chats.values())]
    assert sorted({name for part in parts for name in file_keys(part)}) == [
        "password_file", "secret_file", "token_file", "url_file"
    ]  # fmt: skip


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_copy_of_the_record_lies_open_like_the_record(folder: Path, mode: int) -> None:
    (folder / "cadence.yaml").write_text("data: data\n")
    backups = folder / "data" / "backups"
    backups.mkdir(parents=True)
    copies = {folder / "data" / "cadence.db.before-restore-20261121", backups / "before-upgrade-20261121.db"}
    for path in copies:
        path.write_text("x")
        path.chmod(0o600)
    settings = load(folder / "cadence.yaml")
    assert exposed(settings) == []
    for path in copies:
        path.chmod(mode)
    assert {each.path for each in exposed(settings)} == copies


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_a_hint_does_not_close_a_file_to_the_service(folder: Path) -> None:
    """The settings are root's, and hold a secret; whoever runs the service is in a group of their own."""
    written = folder / "cadence.yaml"
    written.write_text("data: data\nmonitor: {url: https://monitor.acme.example/secret}\n")
    (folder / "data").mkdir()
    os.chown(folder / "data", 65534, 65534)
    settings = load(written)
    [found] = exposed(settings, written)
    assert found.hint == f"chgrp nogroup {written} && chmod 640 {written}"
    assert out_of_reach(settings, written) == []
    written.chmod(0o640)
    [found] = out_of_reach(settings, written)
    assert (found.what, found.hint) == (
        f"{written} cannot be read by the service's user",
        f"chgrp nogroup {written} && chmod 640 {written}",
    )
    os.chown(written, 0, 65534)
    assert out_of_reach(settings, written) == []
