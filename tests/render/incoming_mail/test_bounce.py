"""Letters of ours that come back are known by their Message-ID, in every shape in which servers give them back."""

import pytest

from scheduler.domain.record.rsvp import Outcome
from scheduler.render.incoming_mail.bounce import Bounce
from scheduler.render.incoming_mail.reply_parser import Ignored, read
from tests.render.bounces import HEAD, ID, KARL, ORIGINAL, report


def came_back(letter: bytes) -> Bounce:
    found = read(letter)
    assert isinstance(found, Bounce)
    return found


def test_a_report_says_which_letter_to_whom_and_why() -> None:
    found = came_back(report())
    assert ID in found.ids
    assert (found.recipient, found.failed, found.says) == (KARL, True, "550 5.1.1 User unknown")


@pytest.mark.parametrize(
    ("action", "status", "failed"),
    [
        ("failed", "5.1.1", True),
        ("Failed", "4.4.7", True),
        ("", "5.2.2", True),
        ("delayed", "4.4.1", False),
        ("delivered", "2.0.0", False),
        ("relayed", "2.0.0", False),
        ("expanded", "2.0.0", False),
        ("", "4.4.1", False),
    ],
)
def test_a_letter_that_waits_or_arrived_has_not_come_back(action: str, status: str, failed: bool) -> None:
    assert came_back(report(action, status)).failed is failed


@pytest.mark.parametrize(
    "given_back",
    [
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ID}\r\nTo: {KARL}",
        f"Content-Type: message/rfc822-headers\r\n\r\nMessage-ID: {ID}\r\nTo: {KARL}",
        f"Content-Type: text/plain\r\n\r\nThe letter {ID} did not arrive",
    ],
)
def test_the_letter_is_known_by_its_head_alone(given_back: str) -> None:
    assert ID in came_back(report(given_back=given_back)).ids


EXIM = (
    f"{HEAD}Subject: Mail delivery failed: returning message to sender\r\nX-Failed-Recipients: {KARL}\r\n"
    "Auto-Submitted: auto-replied\r\n\r\nA message that you sent could not be delivered.\r\n\r\n"
    f"  {KARL}\r\n    550 5.1.1 no such user here\r\n\r\n------ This is a copy of the message.\r\n\r\n{ORIGINAL}"
)
QMAIL = (
    f"{HEAD}Subject: failure notice\r\n\r\nHi. This is the qmail-send program at acme.example.\r\n"
    f"<{KARL}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below is a copy.\r\n\r\n{ORIGINAL}"
)
EXCHANGE = (
    "From: postmaster@globex.example\r\nTo: cadence@alliances.acme.example\r\nSubject: Undeliverable: Overdue\r\n"
    f"In-Reply-To: {ID}\r\nReferences: {ID}\r\nContent-Type: text/plain\r\n\r\n"
    "Your message couldn't be delivered.\r\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\r\n"
)
NESTED = (
    f"{HEAD}Subject: Unzustellbar: Overdue\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\n550 User unknown\r\n"
    f"--b\r\nContent-Type: message/rfc822\r\n\r\n{ORIGINAL}\r\n--b--\r\n"
)
BASE64 = (
    f"{HEAD}Subject: Returned mail: see transcript\r\nReturn-Path: <>\r\nContent-Type: text/plain\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n550 5.1.1 User unknown\r\n"
    "Message-ID: " + ID.replace("d741", "d7=\r\n41") + "\r\n"
)


@pytest.mark.parametrize("letter", [EXIM, QMAIL, EXCHANGE, NESTED, BASE64], ids=["exim", "qmail", "x", "nested", "qp"])
def test_what_servers_send_that_know_no_report_is_one_too(letter: str) -> None:
    found = came_back(letter.encode())
    assert ID in found.ids and found.failed
    assert "55" in found.says or "5.1.1" in found.says or "Sorry" in found.says or found.says == "failure notice"


def test_a_warning_that_a_letter_is_late_is_no_failure() -> None:
    late = EXIM.replace("Mail delivery failed: returning message to sender", "Warning: message delayed 24 hours")
    assert not came_back(late.encode()).failed


@pytest.mark.parametrize(
    "letter",
    [
        f"From: karl.vogt@acme.example\r\nSubject: Undeliverable parts\r\nIn-Reply-To: {ID}\r\n\r\nThey came back.\r\n",
        f"{HEAD}Subject: Welcome\r\n\r\nYour new mailbox is here.\r\n",
    ],
)
def test_a_persons_mail_about_what_comes_back_is_no_report(letter: str) -> None:
    assert not isinstance(read(letter.encode()), Bounce)


def test_a_report_in_which_nothing_is_told_of_anybody_is_counted() -> None:
    letter = report().replace(b"Final-Recipient", b"X-Nobody")
    found = read(letter)
    assert isinstance(found, Bounce) or (isinstance(found, Ignored) and found.outcome is Outcome.AUTOMATIC)
