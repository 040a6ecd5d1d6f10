"""The JSON Schema of the settings takes what the program takes, and says of each setting what it is for."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from scheduler.settings import SettingsFault, load, shipped
from scheduler.settings.schema import settings_schema

SCHEMA = settings_schema()
FULL = """
name: 7
definitions: partnerships
horizon_days: "500"
interval: 30 minutes
log: {format: json}
guard: {reviews: 3, share: 20%}
web:
  listen: "off"
  public_url: https://cadence.acme.example
  gzip: off
  sign_in:
    mail_link: yes
    header: {networks: [127.0.0.1], secret_file: proxy.secret}
    openid:
      acme: {issuer: https://login.acme.example, client_id: cadence, domains: [acme.example]}
retention: {people_days: never, minutes_years: 5}
monitor: https://hc-ping.com/b2c4d7a1
operators: [ines.falk@acme.example]
chats: {acme-teams: {url: "https://hooks.acme.example/T0", shape: teams}}
webhooks: {crm: {url_file: crm.url, secret_file: crm.key, events: [review.called]}}
"""


def faults(text: str) -> list[str]:
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(yaml.safe_load(text))]


def is_loaded(folder: Path, text: str) -> bool:
    file = folder / "cadence.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load(file)
    except SettingsFault:
        return False
    return True


def test_it_is_a_schema_of_draft_7_and_takes_settings_that_say_everything(tmp_path: Path) -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert is_loaded(tmp_path, FULL)
    assert faults(FULL) == []


def test_it_takes_the_shipped_settings_as_yaml_reads_them() -> None:
    assert faults(shipped("cadence.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "horizon: 400\n", "horizon_days: soon\n", "horizon_days: 0\n", "log: {level: loud}\n", "log: loud\n",
        "interval: often\n", "operators: ines.falk@acme.example\n", "operators: [ines]\n", "guard: {share: 200%}\n",
        "web: {gzip: perhaps}\n", "chats: {acme: {shape: pigeon, url: https://hooks.acme.example/T0}}\n",
        "web: {sign_in: {openid: {acme: {client_id: cadence}}}}\n", "retention: {people_days: always}\n",
    ],
)  # fmt: skip
def test_what_the_program_refuses_it_refuses(tmp_path: Path, text: str) -> None:
    assert not is_loaded(tmp_path, text)
    assert faults(text)


def test_each_setting_says_what_the_shipped_file_says_of_it() -> None:
    assert SCHEMA["properties"]["horizon_days"]["description"].startswith("How many calendar days ahead reviews are")
    web = SCHEMA["definitions"]["Web"]["properties"]
    assert web["listen"]["description"] == "host:port; off serves nothing"
    for noun in (SCHEMA, *SCHEMA["definitions"].values()):
        assert all(each["description"] for each in noun.get("properties", {}).values())
