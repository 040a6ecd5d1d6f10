"""Webhooks against real receivers: what is posted, where to, and whom each failure concerns."""

import base64
import re
import socket
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from scheduler.domain.errors import InvalidValue
from scheduler.transports.delivery_errors import Closed, Cut, Deferred, DeliveryError, Refused
from scheduler.transports.ssrf_guard import is_public
from scheduler.transports.webhook import LONGEST_AFTER, MOST_BYTES, Hook, headers, post
from scheduler.transports.webhook_signature import keys_of, signature
from tests.builders import at
from tests.daemon.polling import HANG
from tests.transports.hooks import Receiver, behaving, inside, read_post, receiving
from tests.transports.trust import certified, trusting

NOW = at("2026-12-01 09:00")
DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"
SECRET = "T0SECRET/B1SECRET"


def told(hook: Hook, body: bytes = b"{}", may_go: bool = True) -> str | None:
    return post(hook, body, "key-of-the-letter", NOW, lambda: may_go)


def fault(hook: Hook) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        told(hook)
    return caught.value


# What is posted ----------------------------------------------------------------------------------------------------


def test_a_letter_is_one_post_of_its_bytes_known_by_its_id() -> None:
    receiver = Receiver()
    with receiving(receiver) as url:
        assert told(inside(f"{url}?to=ines"), '{"title":"Inès"}'.encode()) == "200 ok"
    assert receiver.posts == ['{"title":"Inès"}'.encode()] and receiver.paths == ["/hook?to=ines"]
    (head,) = receiver.heads
    assert (head["Content-Type"], head["webhook-id"]) == ("application/json", "key-of-the-letter")
    assert head["webhook-timestamp"] == str(int(NOW.timestamp())) and "webhook-signature" not in head


def test_a_signature_is_that_of_the_published_example() -> None:
    """The vector of the specification's own libraries: id, moment and body, with a key in base64."""
    (key,) = keys_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert signature([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_signature_is_made_by_each_key_while_a_receiver_changes_from_one_to_the_next() -> None:
    known = headers(keys_of("whsec_bmV3\nold key\n"), b"{}", "a", NOW)["webhook-signature"]
    at = int(NOW.timestamp())
    assert known == f"{signature([b'new'], 'a', at, b'{}')} {signature([b'old key'], 'a', at, b'{}')}"


@pytest.mark.parametrize(
    ("text", "what"), [("", "no key"), ("\n \n", "no key"), ("whsec_", "base64"), ("whsec_*", "64")]
)
def test_a_file_without_a_key_that_can_be_used_is_no_file_of_keys(text: str, what: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        keys_of(text)
    assert what in caught.value.what and "*" not in caught.value.what


def test_a_receiver_checks_a_post_by_the_lines_of_the_document() -> None:
    """Right key and moment: yes. Another key, another id or body, or five minutes and a second later: no."""
    receiver = Receiver()
    with receiving(receiver) as url:
        told(inside(url, keys=(b"the next key", b"the key")))
    (lines,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    known: dict[str, Any] = {}
    exec(lines, known)
    head, body, moment = dict(receiver.heads[0]), receiver.posts[0], NOW.timestamp()
    is_from_cadence = known["is_from_cadence"]
    secret, other = (f"whsec_{base64.b64encode(key).decode()}" for key in (b"the key", b"a key"))
    assert is_from_cadence(secret, head, body, moment)
    assert is_from_cadence(secret, head, body, moment + 300)
    assert not is_from_cadence(secret, head, body, moment + 301)
    assert not is_from_cadence(other, head, body, moment)
    assert not is_from_cadence(secret, head, b"[]", moment)
    assert not is_from_cadence(secret, {**head, "webhook-id": "another"}, body, moment)


def test_before_the_post_the_sender_is_asked_and_a_no_posts_nothing() -> None:
    receiver = Receiver()
    with receiving(receiver) as url:
        assert told(inside(url), may_go=False) is None
    assert receiver.posts == []


# Where to ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254",
        "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::7f00:1", "64:ff9b::a00:1",
        "2002:a00:1::1", "2001::1", "4000::1",
    ],
)  # fmt: skip
def test_an_address_that_is_inside_some_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.255.255",
        "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ],
)  # fmt: skip
def test_an_address_in_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:10.0.0.1]", "169.254.169.254", "2130706433"])
def test_a_hook_that_leads_inside_is_refused_unless_it_is_said_to(host: str) -> None:
    refusal = fault(Hook("acme-hub", f"https://{host}/{SECRET}"))
    assert isinstance(refusal, Closed) and "no public address" in refusal.what and "internal: yes" in refusal.hint
    assert "SECRET" not in refusal.what + refusal.hint


def test_a_name_with_one_public_address_and_one_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    assert "leads to 10.0.0.1" in fault(Hook("acme-hub", "https://hooks.acme.example/x")).what


def test_the_name_is_looked_up_once_and_its_certificate_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else a moment later (DNS rebinding) makes no difference."""
    asked, here = [], socket.getaddrinfo

    def once(host: str, port: int, **more: Any) -> Any:
        asked.append(host)
        assert len(asked) == 1
        return here("127.0.0.1", port, **more)

    receiver = Receiver()
    with receiving(receiver, certified("hooks.acme.example"), "hooks.acme.example") as url:
        monkeypatch.setattr(socket, "getaddrinfo", once)
        assert told(inside(url, trusted=trusting())) == "200 ok"
    assert asked == ["hooks.acme.example"] and receiver.heads[0]["Host"].startswith("hooks.acme.example:")


@pytest.mark.parametrize("known", [True, False])
def test_a_certificate_of_another_name_or_of_nobody_known_closes_the_way(known: bool) -> None:
    receiver, name = Receiver(), "other.example" if known else "127.0.0.1"
    with receiving(receiver, certified(name)) as url:
        refusal = fault(inside(url, trusted=trusting() if known else None))
    assert isinstance(refusal, Closed) and "certificate" in refusal.what and receiver.posts == []


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with receiving(Receiver()) as url:
        assert told(inside(url)) == "200 ok"


def test_a_redirect_to_an_internal_address_is_not_followed() -> None:
    within, door = Receiver(), Receiver(status=307)
    with receiving(within) as secret_place, receiving(door) as url:
        door.headers["Location"] = secret_place
        refusal = fault(inside(url))
    assert isinstance(refusal, Closed) and "not followed" in refusal.what
    assert len(door.posts) == 1 and within.posts == []


# Answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (200, None), (201, None), (204, None), (299, None), (300, Closed), (302, Closed), (308, Closed),
        (400, Refused), (401, Closed), (403, Closed), (404, Closed), (408, Deferred), (410, Closed), (413, Refused),
        (422, Refused), (425, Deferred), (429, Deferred), (499, Refused), (500, Deferred), (503, Deferred),
        (599, Deferred),
    ],
)  # fmt: skip
def test_an_answer_is_told_apart_by_whom_it_concerns(status: int, meant: type[DeliveryError] | None) -> None:
    says = b"" if status == 204 else b"invalid_blocks"
    with receiving(Receiver(status=status, says=says)) as url:
        if meant is None:
            assert told(inside(url)) == f"{status} {says.decode()}".strip()
        else:
            refusal = fault(inside(url))
            assert type(refusal) is meant and f"{status} invalid_blocks" in refusal.what


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        ("120", timedelta(minutes=2)), ("0", timedelta()), ("21600", LONGEST_AFTER), ("21601", LONGEST_AFTER),
        ("9" * 5000, LONGEST_AFTER), ("-5", timedelta()), ("soon", timedelta()), ("²", timedelta()),
        ("Tue, 01 Dec 2026 08:10:00 GMT", timedelta(minutes=10)), ("Tue, 01 Dec 2020 08:00:00 GMT", timedelta()),
        ("Tue, 01 Dec 2099 08:00:00 GMT", LONGEST_AFTER), ("Tue, 01 Dec 2026 08:10:00", timedelta()),
    ],
)  # fmt: skip
def test_a_wish_to_be_left_alone_is_honoured_up_to_six_hours(wanted: str, after: timedelta) -> None:
    def answer(caller: socket.socket) -> None:
        read_post(caller)
        said = f"HTTP/1.1 429 No\r\nDate: Tue, 01 Dec 2026 08:00:00 GMT\r\nRetry-After: {wanted}\r\n\r\n"
        caller.sendall(said.encode("latin-1"))

    with behaving(answer) as url:
        refusal = fault(inside(url))
    assert isinstance(refusal, Deferred) and refusal.after == after


def test_an_answer_that_repeats_the_url_or_steers_a_terminal_does_neither_in_the_log() -> None:
    with receiving(Receiver(status=400, says=b"no \x1b[31m /T0SECRET/B1SECRET here")) as url:
        refusal = fault(inside(url.replace("/hook", f"/{SECRET}")))
    assert "SECRET" not in refusal.what and "\x1b" not in refusal.what and "here" in refusal.what
    assert "SECRET" not in repr(Hook("acme-hub", f"https://x.example/{SECRET}", keys=(b"SECRET",)))


def test_of_a_gigabyte_only_the_beginning_is_read() -> None:
    sent = 0

    def flood(caller: socket.socket) -> None:
        nonlocal sent
        read_post(caller)
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        while sent < 2**30:
            sent += caller.send(b"x" * 65536)

    with behaving(flood) as url:
        assert told(inside(url)) == "200 " + "x" * 200
    assert sent < 2**30 / 16 and MOST_BYTES == 65536


def test_of_an_answer_that_is_not_read_to_its_end_no_connection_stays() -> None:
    """However long somebody keeps the fault that it was told as."""

    def answer(caller: socket.socket) -> None:
        read_post(caller)
        caller.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 99999\r\n\r\n" + b"x" * 99999)
        with suppress(ConnectionError):
            caller.recv(1)
        hung_up.set()

    hung_up = Event()
    with behaving(answer) as url:
        refusal = fault(inside(url))
        assert hung_up.wait(HANG) and isinstance(refusal, Deferred)


# Silence -----------------------------------------------------------------------------------------------------------


def test_a_server_that_falls_silent_may_have_the_letter() -> None:
    def hang(caller: socket.socket) -> None:
        read_post(caller)
        caller.recv(1)

    with behaving(hang) as url:
        cut = fault(inside(url, seconds=0.2))
    assert isinstance(cut, Cut) and cut.may_have_arrived and "no answer in time" in cut.what


def test_a_server_that_talks_without_an_end_is_cut_off_when_the_whole_has_taken_too_long() -> None:
    """Each byte comes in time; only the whole does not."""

    def dribble(caller: socket.socket) -> None:
        read_post(caller)
        while True:
            caller.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.05)

    with behaving(dribble) as url:
        cut = fault(inside(url, whole=2))
    assert isinstance(cut, Cut) and cut.may_have_arrived


def test_a_body_without_an_end_changes_nothing_about_a_yes() -> None:
    def dribble(caller: socket.socket) -> None:
        read_post(caller)
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok")
        caller.recv(1)

    with behaving(dribble) as url:
        assert str(told(inside(url, seconds=3))).startswith("200")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000])
def test_a_server_that_hangs_up_or_speaks_something_else_may_have_the_letter(said: bytes) -> None:
    def answer(caller: socket.socket) -> None:
        read_post(caller)
        caller.sendall(said)

    with behaving(answer) as url:
        cut = fault(inside(url))
    assert isinstance(cut, Cut) and cut.may_have_arrived


def test_nobody_there_is_a_cut_before_anything_was_posted() -> None:
    with receiving(Receiver()) as url:
        pass
    cut = fault(inside(url))
    assert isinstance(cut, Cut) and not cut.may_have_arrived and "refused" in cut.what


def test_a_server_that_is_silent_from_the_start_of_tls_was_posted_nothing() -> None:
    with behaving(lambda caller: caller.recv(9999) and caller.recv(1)) as url:
        cut = fault(inside(url.replace("http:", "https:"), seconds=0.2))
    assert isinstance(cut, Cut) and not cut.may_have_arrived


def test_a_host_that_is_not_found_is_a_cut() -> None:
    cut = fault(Hook("acme-hub", f"https://nobody.invalid/{SECRET}"))
    assert isinstance(cut, Cut) and "is not found" in cut.what and not cut.may_have_arrived
