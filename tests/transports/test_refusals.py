"""Whom a mail server's refusal concerns, in the words in which servers say it."""

import pytest

from scheduler.transports.refusals import Concerns, concerns


@pytest.mark.parametrize(
    "said",
    [
        "554 5.7.1 <dev.patel@globex.example>: Relay access denied",
        "550 5.7.1 Unable to relay",
        "550 relay not permitted",
        "550 5.7.64 TenantAttribution; Relay Access Denied",
        "553 5.7.1 <cadence@acme.example>: Sender address rejected: not owned by user cadence",
        "550 5.1.8 Access denied, bad outbound sender",
        "550 Sender verify failed",
        "554 5.2.252 SendAsDenied; cadence not allowed to send as cadence@acme.example",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "504 5.5.2 <cadence>: Helo command rejected: need fully-qualified hostname",
        "530 5.7.0 Must issue a STARTTLS command first",
        "530 Authentication required",
        "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for external recipients",
        "550 5.4.5 Daily user sending limit exceeded.",
        "550 5.7.705 Access denied, tenant has exceeded threshold",
        "550 your licence has expired",
        "550 5.7.606 Access denied, banned sending IP [203.0.113.7]",
        "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org",
        "554 Message rejected as spam by Content Filtering",
        "550 5.7.26 This message does not have authentication information or fails to pass authentication checks",
        "550-5.7.25 [203.0.113.7] The IP address sending this message does not have a PTR record setup",
        "550 5.7.1 SPF check failed",
        "451 4.7.1 too many messages from you, slow down",
        "454 4.7.1 <dev.patel@globex.example>: Relay access denied",
        "503 need AUTH before RCPT",
    ],
)
def test_what_names_relay_sender_helo_quota_licence_or_a_list_concerns_the_channel(said: str) -> None:
    assert concerns(int(said[:3]), said[4:]) is Concerns.CHANNEL


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 <dev.patel@globex.example>: Recipient address rejected: User unknown in relay recipient table",
        "550 5.1.1 The email account that you tried to reach does not exist",
        "550 5.4.1 Recipient address rejected: Access denied",
        "550 No such user here",
        "550 unknown recipient",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "550 5.7.124 sender not in allowed-senders list for this group",
        "550 5.7.133 Sender not authenticated for group",
        "552 5.2.2 Mailbox full",
        "552 over quota",
        "550 5.2.1 The email account that you tried to reach is disabled",
        "556 domain does not accept mail",
        "550 5.1.1 <spam@relay.example>: no mailbox here",
        "550 <relay.sender@globex.example>: no such user",
    ],
)
def test_what_names_the_mailbox_concerns_its_address(said: str) -> None:
    assert concerns(int(said[:3]), said[4:]) is Concerns.ADDRESS


@pytest.mark.parametrize("said", ["552 5.3.4 Message size exceeds fixed limit", "554 message too large", "554 virus"])
def test_what_names_the_message_concerns_the_letter(said: str) -> None:
    assert concerns(int(said[:3]), said[4:]) is Concerns.LETTER


@pytest.mark.parametrize("said", ["550 no", "554 5.7.1 Rejected", "550 5.7.1 Access denied", "550 nobody of that name"])
def test_what_names_nothing_is_left_open(said: str) -> None:
    assert concerns(int(said[:3]), said[4:]) is Concerns.UNCLEAR


def test_a_greylisting_is_no_fault_of_the_channel_whatever_else_it_names() -> None:
    said = "4.7.1 <dev.patel@globex.example>: Recipient address rejected: Greylisted, Client host may try again"
    assert concerns(450, said) is not Concerns.CHANNEL
