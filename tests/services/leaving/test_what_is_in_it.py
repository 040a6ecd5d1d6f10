"""What an export holds, and what it does not."""

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.domain.errors import UserError
from scheduler.services.app import Silent, open_app
from scheduler.services.cases.erasure import erase
from scheduler.services.leaving import writing
from scheduler.services.leaving.importing import import_
from scheduler.services.leaving.writing import Exported
from scheduler.settings import Settings
from scheduler.store import plain_rows
from tests import health
from tests.health import GLOBEX, HealthCheck
from tests.services.cases.test_erasure import KPIS, NOW, PEOPLE, TOMS, WITHOUT_TOM
from tests.services.leaving.conftest import LATER, cycle, exported_from
from tests.services.town import Town
from tests.web.conftest import AppOf, made  # noqa: F401

MARK = "a-word-that-nobody-else-may-read"


def text_of(file: Path, name: str) -> str:
    with zipfile.ZipFile(file) as zip:
        return zip.read(name).decode()


def tables(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as zip:
        return {name: zip.read(name).decode() for name in zip.namelist() if name.startswith("tables/")}


def in_tar(file: Path, name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as zip, tarfile.open(fileobj=io.BytesIO(zip.read(name))) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}  # type: ignore[union-attr]


def test_it_is_one_state_whatever_is_written_meanwhile(
    lived: Settings,
    exported: Callable[..., Exported],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = tables(exported("before.zip").file)
    rows, done = plain_rows.rows, list[int]()

    def rows_while_a_day_is_lived(*args: Any, **how: Any) -> Any:
        if not done:
            done.append(cycle(lived, LATER)["written"])
        return rows(*args, **how)

    monkeypatch.setattr(plain_rows, "rows", rows_while_a_day_is_lived)
    made_meanwhile = exported("meanwhile.zip").file
    assert done[0] > 0 and tables(made_meanwhile) == before
    assert tables(exported("after.zip").file) != before


def test_files_that_are_written_meanwhile_are_left_out_and_named(lived: Settings, tmp_path: Path) -> None:
    [agenda, *_] = sorted((lived.data / "agendas").rglob("*.md"))
    began = LATER + timedelta(days=5000)
    os.utime(agenda, (began.timestamp(), began.timestamp()))
    made_then = exported_from(lived, tmp_path / "all.zip")
    assert made_then.left_out == (str(agenda),)
    assert str(agenda.relative_to(lived.data / "agendas")) not in in_tar(made_then.file, "agendas.tar")


def test_days_that_were_only_tried_are_not_exported(lived: Settings, tmp_path: Path) -> None:
    app = open_app(lived, Silent(), is_scratch=True)
    with pytest.raises(UserError, match="this is a scratch copy"):
        writing.export(app, tmp_path / "all.zip", LATER, with_keys=True)
    app.close()
    assert not [*tmp_path.glob("*all.zip*")]


def test_what_people_wrote_and_what_operators_replaced_goes_along(
    lived: Settings,
    exported: Callable[..., Exported],
    elsewhere: Callable[..., Settings],
) -> None:
    [agenda, *_] = sorted((lived.data / "agendas").rglob("*.md"))
    agenda.write_text(f"{agenda.read_text()}\n{MARK}\n")
    lived.templates.mkdir()
    (lived.templates / "page.txt.j2").write_text(MARK)
    (lived.templates / ".hidden").write_text(MARK)
    file, there = exported().file, elsewhere()
    import_(there, file, LATER)
    assert MARK in (there.data / agenda.relative_to(lived.data)).read_text()
    assert {each.name for each in there.templates.iterdir()} == {"page.txt.j2"}
    assert {each.name for each in there.definitions.iterdir()} == {
        each.name for each in lived.definitions.glob("*.yaml")
    }
    minutes, versions = in_tar(file, "minutes.tar"), in_tar(file, "versions.tar")
    assert minutes and all(name.endswith(".md") and content for name, content in minutes.items())
    assert any(
        b"partnership: acme-globex" in each for name, each in versions.items() if name.startswith("acme-globex/")
    )


def test_settings_go_along_without_what_is_secret() -> None:
    said = {
        "database": f"postgresql://cadence:{MARK}@db.example/cadence",
        "mail": {
            "sender": "c@acme.example",
            "host": "m.example",
            "user": "c@acme.example",
            "password_file": f"/{MARK}",
        },
        "replies": {"host": "m.example", "user": "c", "token_command": f"/bin/print {MARK}"},
        "chats": {"ours": {"shape": "slack", "url": f"https://hooks.example/{MARK}"}},
        "webhooks": {"erp": {"url": f"https://erp.example/{MARK}", "secret_file": f"/{MARK}"}},
        "monitor": f"https://watch.example/{MARK}",
        "web": {"public_url": "https://cadence.acme.example"},
        "horizon_days": 200,
    }
    told = writing._settings(Settings.model_validate(said)).decode()
    assert MARK not in told
    kept = yaml.safe_load(told)
    assert (kept["horizon_days"], kept["web"]["public_url"]) == (200, "https://cadence.acme.example")
    assert kept["mail"]["host"] == "m.example"


def test_settings_go_along_without_paths_of_this_machine() -> None:
    said = {"replies": {"maildir": "/var/mail/cadence", "known_by": "subject"}}
    told = writing._settings(Settings.model_validate(said)).decode()
    assert yaml.safe_load(told) == {"replies": {"known_by": "subject"}}


def test_whoever_was_erased_is_in_no_row(town: Town, tmp_path: Path) -> None:
    town.define(people=PEOPLE)
    town.cycle(NOW)
    town.define(people=WITHOUT_TOM, kpis=KPIS)
    town.cycle(NOW + timedelta(days=1))
    before = tables(exported_from(town.app.settings, tmp_path / "before.zip").file)
    assert any(TOMS in each for each in before.values())
    erase(town.app, TOMS, NOW + timedelta(days=2))
    after = exported_from(town.app.settings, tmp_path / "after.zip").file
    assert [name for name, each in tables(after).items() if TOMS in each] == []
    assert not any(TOMS.encode() in each for each in in_tar(after, "versions.tar").values())


def test_of_a_health_check_it_says_what_the_record_says_in_an_order_that_says_nothing(
    made: AppOf,  # noqa: F811
    tmp_path: Path,
) -> None:
    app = made()
    check: HealthCheck = health.opened(app)
    for number, person in enumerate(("ines", "marta", "uwe", *GLOBEX)):
        check.answers(person, 1 + number % 5)
    for with_keys in (True, False):
        file = exported_from(app.settings, tmp_path / f"{with_keys}.zip", with_keys=with_keys).file
        found = tables(file)
        answers = [json.loads(line) for line in found["tables/health_answer.jsonl"].splitlines()]
        assert [each["key"] for each in answers] == sorted(each["key"] for each in answers)
        assert {*answers[0]} == {"key", "round", "side", "question", "value", "words"} and len(answers) > 20
        assert ("tables/health_token.jsonl" in found, "tables/health_spent.jsonl" in found) == (with_keys, with_keys)
    app.close()
