"""`cadence schema`: an editor finds the schema beside the file, without a network, and is told when it is outdated."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from scheduler.definitions.authoring.writer import modeline
from scheduler.definitions.yaml_text.reading import read_file
from tests.cli.conftest import Cadence
from tests.definitions.test_json_schema import as_json


@pytest.mark.parametrize("of", [[], ["partnership"], ["playbook"], ["settings"]], ids=str)
def test_it_prints_a_schema_of_draft_7_and_needs_no_settings(cadence: Cadence, here: Path, of: list[str]) -> None:
    printed = json.loads(cadence("schema", *of).out)
    assert printed["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(printed)


def test_a_new_set_up_has_each_schema_beside_its_file_and_the_line_that_names_it(cadence: Cadence, here: Path) -> None:
    assert cadence("init").status == 0
    for file in (here / "config/cadence.yaml", here / "config/partnerships/acme-globex.yaml"):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        schema = json.loads(named.read_text(encoding="utf-8"))
        assert [*Draft7Validator(schema).iter_errors(as_json(read_file(file).tree))] == []


def test_an_outdated_schema_is_named_and_written_anew(cadence: Cadence, here: Path) -> None:
    cadence("init")
    assert "schema.json" not in cadence("check").out
    file = here / "config/partnerships/partnership.schema.json"
    old = json.loads(file.read_text(encoding="utf-8"))
    del old["properties"]["layers"]
    file.write_text(json.dumps(old), encoding="utf-8")
    told = cadence("check")
    assert told.status == 0
    assert f"{file}: warning: this schema is of another version of cadence" in told.out
    assert f"Wrote {file}" in cadence("schema", "--write").out
    assert f"Kept  {file}" in cadence("schema", "--write").out
    assert "schema.json" not in cadence("check").out


def test_a_schema_is_not_outdated_for_knowing_other_zones_than_this_machine(cadence: Cadence, here: Path) -> None:
    cadence("init")
    file = here / "config/partnerships/partnership.schema.json"
    old = json.loads(file.read_text(encoding="utf-8"))
    old["definitions"]["iana-time-zone"]["enum"].append("Europe/Atlantis")
    file.write_text(json.dumps(old), encoding="utf-8")
    assert "schema.json" not in cadence("check").out


@pytest.mark.parametrize("broken", [b"", b"[]", b"\xff", b'{"definitions": 3}'])
def test_a_broken_schema_is_outdated(cadence: Cadence, here: Path, broken: bytes) -> None:
    cadence("init")
    (here / "config/cadence.schema.json").write_bytes(broken)
    assert "cadence.schema.json: warning: this schema is of another version" in cadence("check").out


def test_playbooks_get_theirs_where_there_is_a_folder_for_them(cadence: Cadence, here: Path) -> None:
    cadence("init")
    told = cadence("schema", "--write").out
    assert "playbook.schema.json" not in told
    assert f"None for playbooks: there is no folder {here / 'config/playbooks'}" in told, "why one is missing"
    (here / "config/playbooks").mkdir()
    told = cadence("schema", "--write").out
    assert modeline("playbook.schema.json") in told and "None for playbooks" not in told
    assert (here / "config/playbooks/playbook.schema.json").is_file()


def test_one_alone_cannot_be_written(cadence: Cadence, here: Path) -> None:
    cadence("init")
    refused = cadence("schema", "settings", "--write")
    assert refused.status == 2
    assert "--write writes each of them" in refused.err


def test_without_settings_there_is_no_place_to_write_to(cadence: Cadence, here: Path) -> None:
    refused = cadence("schema", "--write")
    assert refused.status == 1
    assert "cadence init" in refused.err
