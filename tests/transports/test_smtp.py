"""SMTP against a real server: what is taken, and whom each failure concerns."""

from dataclasses import replace
from threading import Event

import pytest

from scheduler.transports.delivery_errors import Barred, Closed, Cut, Deferred, Refused
from scheduler.transports.smtp import SmtpServer, connected
from tests.transports.smtpd import Mailbox, listening
from tests.transports.trust import certified, trusting

SENDER, INES, DEV = "cadence@alliances.example", "ines.falk@acme.example", "dev.patel@globex.example"
LETTER = b"Subject: Invitation\r\nMessage-ID: <1@alliances.example>\r\n\r\nfirst\r\n.a dot\r\n..two\r\n"


def send(server: SmtpServer, *recipients: str) -> list[str | None]:
    with connected(server) as connection:
        return [connection.send(SENDER, each, LETTER, lambda: True) for each in recipients]


def test_letters_arrive_byte_for_byte_over_one_connection() -> None:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        assert send(server, INES, DEV) == ["250 taken", "250 taken"]
    assert mailbox.recipients == [INES, DEV]
    assert mailbox.letters == [LETTER, LETTER]


def test_before_the_last_line_the_sender_is_asked_and_a_no_sends_nothing() -> None:
    mailbox = Mailbox()
    asked: list[list[object]] = []

    def no() -> bool:
        asked.append([*mailbox.taken])
        return False

    with listening(mailbox) as server, connected(server) as connection:
        assert connection.send(SENDER, INES, LETTER, no) is None
    assert asked == [[]] and mailbox.taken == []


def test_a_sender_that_cannot_keep_what_it_is_about_to_do_sends_nothing() -> None:
    mailbox = Mailbox()

    def full() -> bool:
        raise OSError("the disk is full")

    with listening(mailbox) as server, pytest.raises(OSError, match="full"), connected(server) as connection:
        connection.send(SENDER, INES, LETTER, full)
    assert mailbox.taken == []


def test_a_refused_recipient_concerns_that_letter_alone() -> None:
    mailbox = Mailbox(at_rcpt={INES: "550 5.1.1 nobody of that name"})
    with listening(mailbox) as server, connected(server) as connection:
        with pytest.raises(Refused, match="nobody of that name"):
            connection.send(SENDER, INES, LETTER, lambda: True)
        assert connection.send(SENDER, DEV, LETTER, lambda: True)
    assert mailbox.recipients == [DEV]


@pytest.mark.parametrize(("said", "meant"), [("451 try later", Deferred), ("554 no", Refused)])
def test_a_refusal_after_the_last_line_concerns_that_letter_too(said: str, meant: type[Exception]) -> None:
    mailbox = Mailbox(at_data={INES: said})
    with listening(mailbox) as server, connected(server) as connection:
        with pytest.raises(meant):
            connection.send(SENDER, INES, LETTER, lambda: True)
        assert connection.send(SENDER, DEV, LETTER, lambda: True)


def test_a_recipient_put_off_is_put_off() -> None:
    with listening(Mailbox(at_rcpt={INES: "450 greylisted"})) as server, pytest.raises(Deferred, match="greylisted"):
        send(server, INES)


def test_a_server_that_hangs_up_after_the_last_line_may_have_the_letter() -> None:
    mailbox = Mailbox(hangs_up=1)
    with listening(mailbox) as server, pytest.raises(Cut) as caught:
        send(server, INES)
    assert caught.value.may_have_arrived and len(mailbox.taken) == 1


def test_a_server_that_falls_silent_after_the_last_line_may_have_the_letter() -> None:
    """All that the server says before that comes at once, however busy the machine is."""
    with listening(Mailbox(answers=Event())) as server, pytest.raises(Cut) as caught:
        send(replace(server, seconds=3), INES)
    assert caught.value.may_have_arrived


def test_nobody_there_is_a_cut_before_anything_was_sent() -> None:
    with listening(Mailbox()) as server:
        gone = server
    with pytest.raises(Cut) as caught:
        send(gone, INES)
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize(("said", "meant"), [("550 who are you", Closed), ("451 busy", Cut), ("421 bye", Cut)])
def test_a_refused_sender_concerns_all_letters(said: str, meant: type[Exception]) -> None:
    with listening(Mailbox(at_mail=said)) as server, pytest.raises(meant):
        send(server, INES)


def test_a_login_that_is_wrong_closes_the_way_and_one_that_is_right_opens_it() -> None:
    mailbox = Mailbox()
    with listening(mailbox, login=True) as server:
        with pytest.raises(Closed):
            send(replace(server, user="cadence", password="wrong"), INES)
        assert send(replace(server, user="cadence", password="right"), INES)
    assert mailbox.logins[-1] == (b"cadence", b"right") and len(mailbox.taken) == 1


def test_a_server_without_tls_gets_no_letter_where_tls_is_wanted() -> None:
    mailbox = Mailbox()
    with listening(mailbox) as server, pytest.raises(Closed):
        send(replace(server, tls="starttls"), INES)
    with listening(mailbox) as server, pytest.raises(Cut):
        send(replace(server, tls="tls"), INES)
    assert mailbox.taken == []


@pytest.mark.parametrize("from_the_start", [False, True])
def test_letters_and_the_login_travel_over_tls(from_the_start: bool) -> None:
    mailbox = Mailbox()
    with listening(mailbox, certified("127.0.0.1"), login=True, from_the_start=from_the_start) as server:
        assert send(replace(server, user="cadence", password="right", trusted=trusting()), INES) == ["250 taken"]
    assert mailbox.letters == [LETTER] and mailbox.logins == [(b"cadence", b"right")]


@pytest.mark.parametrize("from_the_start", [False, True])
def test_a_server_whose_certificate_is_not_trusted_gets_neither_letter_nor_password(from_the_start: bool) -> None:
    """Made by nobody known, or for another name."""
    mailbox = Mailbox()
    for names, trusted in ((("127.0.0.1",), None), (("other.example",), trusting())):
        server_of_names = listening(mailbox, certified(*names), login=True, from_the_start=from_the_start)
        with server_of_names as server, pytest.raises(Closed, match="certificate"):
            send(replace(server, user="cadence", password="right", trusted=trusted), INES)
    assert mailbox.taken == [] and mailbox.logins == []


def test_a_server_that_takes_its_time_with_each_letter_gets_each_once() -> None:
    mailbox = Mailbox(silent=0.2)
    with listening(mailbox) as server:
        assert send(server, INES, DEV) == ["250 taken", "250 taken"]
    assert mailbox.recipients == [INES, DEV]


def test_what_the_server_says_cannot_steer_a_terminal() -> None:
    with listening(Mailbox(at_rcpt={INES: "550 \x1b[31mred"})) as server, pytest.raises(Refused) as caught:
        send(server, INES)
    assert "\x1b" not in caught.value.what


def test_a_server_that_asks_for_a_token_gets_one_and_no_password() -> None:
    mailbox = Mailbox()
    with listening(mailbox, login=True) as server:
        assert send(replace(server, user="cadence", token="good"), INES) == ["250 taken"]
    assert mailbox.tokens == ["user=cadence\x01auth=Bearer good\x01\x01"] and mailbox.logins == []


def test_a_token_that_is_refused_closes_the_way_and_is_in_no_error() -> None:
    mailbox = Mailbox()
    with listening(mailbox, login=True) as server, pytest.raises(Closed) as caught:
        send(replace(server, user="cadence", token="expired"), INES)
    assert "expired" not in caught.value.what and mailbox.taken == []


def test_a_password_with_letters_outside_ascii_opens_the_way() -> None:
    mailbox = Mailbox()
    with listening(mailbox, login=True) as server:
        assert send(replace(server, user="cadence", password="schlüssel"), INES)
        with pytest.raises(Closed):
            send(replace(server, user="cadence", password="schloß"), INES)
    assert mailbox.logins[0] == (b"cadence", "schlüssel".encode())


def test_the_server_is_greeted_by_the_name_that_is_wanted() -> None:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        send(replace(server, helo="cadence.acme.example"), INES)
        send(server, INES)
    assert mailbox.helos[0] == "cadence.acme.example" != mailbox.helos[1]


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("554 5.7.1 Relay access denied", Barred),
        ("454 4.7.1 Relay access denied", Barred),
        ("550 5.1.1 User unknown", Refused),
        ("450 4.7.1 Client host is greylisted", Deferred),
    ],
)
def test_a_refusal_of_one_letter_that_names_us_is_about_us(answer: str, meant: type[Exception]) -> None:
    for mailbox in (Mailbox(at_rcpt={INES: answer}), Mailbox(at_data={INES: answer})):
        with listening(mailbox) as server, pytest.raises(meant):
            send(server, INES)
