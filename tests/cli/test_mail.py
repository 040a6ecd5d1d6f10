"""`cadence mail test`: a letter of trial, step by step."""

import json
from pathlib import Path

import yaml

from tests.cli.conftest import Cadence
from tests.transports.smtpd import Mailbox, listening

SENDER = "cadence@alliances.acme.example"


def set_mail(home: Path, **mail: object) -> None:
    file = home / "config" / "cadence.yaml"
    said = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    file.write_text(yaml.safe_dump({**said, "mail": mail}), encoding="utf-8")


def test_it_is_taken_and_each_step_and_record_is_said(installation: Cadence, home: Path) -> None:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        set_mail(home, sender=SENDER, host=server.host, port=server.port, tls="none")
        done = installation("mail", "test", "--to", "ines.falk@acme.example")
    assert done.status == 0, done.err
    assert mailbox.recipients == ["ines.falk@acme.example"]
    assert b"Nothing has to be done" in mailbox.letters[0]
    for words in ("not encrypted, without a login", "The letter was taken: 250 taken", "SPF", "DKIM", "DMARC", "MX"):
        assert words in done.out
    assert "v=spf1 ip4:127.0.0.1 ~all" in done.out and "_dmarc.alliances.acme.example" in done.out


def test_what_is_refused_is_said_and_nothing_goes_on_record(installation: Cadence, home: Path) -> None:
    mailbox = Mailbox(at_rcpt={"nobody@acme.example": "550 5.1.1 nobody of that name"})
    with listening(mailbox) as server:
        set_mail(home, sender=SENDER, host=server.host, port=server.port, tls="none")
        refused = installation("mail", "test", "--to", "nobody@acme.example", "--json")
    found = json.loads(refused.out)
    assert refused.status == 1 and not found["went_well"]
    assert [each["went_well"] for each in found["steps"]] == [True, False]
    assert "nobody of that name" in found["steps"][1]["says"]
    assert not json.loads(installation("outbox", "list", "--json").out)


def test_a_server_that_is_not_there_is_said(installation: Cadence, home: Path) -> None:
    set_mail(home, sender=SENDER, host="127.0.0.1", port=1, tls="none")
    failed = installation("mail", "test")
    assert failed.status == 1 and "127.0.0.1:1 is not reached" in failed.out


def test_without_a_server_it_lies_in_the_folder_and_without_a_sender_there_is_none(
    installation: Cadence, home: Path
) -> None:
    set_mail(home, sender=SENDER)
    assert "it lies in outbox/" in installation("mail", "test").out
    set_mail(home)
    assert "name no sender" in installation("mail", "test").err
