"""Who holds connections and says nothing, too little or two things at once keeps nobody else from being answered."""

import os
import resource
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from scheduler.services.app import App
from scheduler.web import WebServer, connections
from scheduler.web.connections import MOST, most, seldom
from tests.daemon.polling import HANG, until
from tests.web.conftest import DEV, Clock, Heard, an_app, subscribe
from tests.web.test_api import a_token
from tests.web.test_links import link


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    opened = an_app(tmp_path_factory.mktemp("app"), log=Heard())
    yield opened
    opened.close()


@pytest.fixture
def heard(app: App) -> Heard:
    """The log of the app, as it grows from now on."""
    assert isinstance(app.log, Heard)
    app.log.lines.clear()
    return app.log


@pytest.fixture
def web(app: App) -> Iterator[WebServer]:
    served = WebServer(app, Clock(), lambda: True)
    served.keep_listening()
    yield served
    served.close()


@pytest.fixture
def line(web: WebServer) -> Iterator[Callable[..., socket.socket]]:
    """Opens connections, and says these bytes on them."""
    with ExitStack() as opened:

        def begin(said: bytes = b"") -> socket.socket:
            assert web.port
            caller = opened.enter_context(socket.create_connection(("127.0.0.1", web.port), timeout=HANG))
            caller.sendall(said)
            return caller

        yield begin


Line = Callable[..., socket.socket]
WHOLE = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"


def rest(caller: socket.socket) -> bytes:
    """All that comes until the other side ends the connection, however it does that."""
    answer = b""
    with suppress(ConnectionResetError):
        while chunk := caller.recv(65536):
            answer += chunk
    return answer


def ended(caller: socket.socket) -> bool:
    """Whether the other side has ended the connection, be it with what was said unread."""
    if not select.select([caller], [], [], 0)[0]:
        return False
    try:
        return caller.recv(1, socket.MSG_PEEK) == b""
    except ConnectionError:
        return True


def at(web: WebServer) -> "list[connections.HttpConnection]":
    """The connections that the server has."""
    assert web._server
    return [*web._server.server_state.connections]  # type: ignore[list-item]


def events(heard: Heard, name: str) -> list[str]:
    return [each for each in heard.lines if f" {name} " in each]


def test_a_connection_on_which_no_head_comes_is_ended(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    for said in (b"", b"G", WHOLE[:-2]):
        assert rest(line(said)) == b""


def test_a_head_that_comes_a_byte_at_a_time_has_no_more_time_than_another(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    caller = line(b"GET / HTTP/1.1\r\nX: ")

    def dripped() -> bool:
        with suppress(ConnectionError):
            caller.sendall(b"x")
        return ended(caller)

    until(dripped, "the end of the connection")


def test_a_later_head_has_as_much_time_as_the_first(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that come keep the connection from being idle, but not from its end."""
    caller = line(WHOLE)
    assert caller.recv(65536).startswith(b"HTTP/1.1 200 ")
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    caller.sendall(WHOLE + b"GET / HTTP/1.1\r\nX: ")
    assert rest(caller).count(b"HTTP/1.1 ") == 1


def test_a_body_that_does_not_come_is_not_waited_for(
    app: App, line: Line, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.2)
    caller = line(_posted(link(app, "item", "dev")))
    assert rest(caller) == b""
    assert events(heard, "web.failed") == []


def test_behind_no_link_a_body_is_not_even_read(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_SECONDS", HANG)
    assert line(_posted("/report/x")).recv(65536).startswith(b"HTTP/1.1 404 ")


def _posted(path: str) -> bytes:
    """The head of a form that is sent, and a part of its body."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
    return (head + "Content-Type: application/x-www-form-urlencoded\r\n\r\nvalue=").encode()


def test_an_answer_that_nobody_reads_is_not_kept_for_ever(
    web: WebServer, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.3)
    feed = f"GET /calendars/{subscribe(app, email=DEV)}.ics HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.socket() as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.settimeout(HANG)
        caller.connect(("127.0.0.1", web.port))
        with suppress(ConnectionError):
            for _ in range(400):
                caller.sendall(feed)
        until(lambda: not at(web), "the end of the connection")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection is ended for being slow, however busy the machine is."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", HANG)


@pytest.mark.usefixtures("patient")
def test_a_fourth_more_connections_than_there_are_places_keep_nobody_from_an_answer(
    web: WebServer, line: Line, heard: Heard
) -> None:
    silent = [line(b"GET / HT") for _ in range(MOST + MOST // 4)]
    for _ in range(3):
        assert rest(line(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))).startswith(b"HTTP/1.1 200 ")
    until(lambda: len([each for each in silent if ended(each)]) >= MOST // 4, "as many to have been ended")
    assert len(at(web)) <= MOST
    assert ended(silent[0]) and not ended(silent[-1])
    assert len(events(heard, "web.crowded")) == 1


@pytest.mark.usefixtures("patient")
def test_who_is_being_answered_keeps_its_place(line: Line, app: App, web: WebServer) -> None:
    """A program's reading waits for the database; meanwhile all the places are asked for by others, who are silent."""
    token = a_token(app)
    said = b'{"kpi": "acme-globex/cells-delivered", "value": 1}'
    head = f"POST /api/readings HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
    with app.store.write():
        reading = line(f"{head}{kind}".encode() + said)
        until(lambda: any(each._stage[0] == "answer" for each in at(web)), "the reading to be taken")
        silent = [line() for _ in range(MOST + 20)]
        until(lambda: ended(silent[18]), "places to be given to others")
        assert not ended(reading)
    assert rest(reading).startswith(b"HTTP/1.1 ")


def test_a_connection_that_cannot_be_accepted_is_one_line_in_the_log(web: WebServer, line: Line, heard: Heard) -> None:
    """The process may open no more files: the event loop would say so hundreds of times a second."""
    at_once = WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    # The server itself opens files as it starts: by its first answer it has them all.
    assert rest(line(at_once)).startswith(b"HTTP/1.1 200 ")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as opened:
        callers = [opened.enter_context(socket.socket()) for _ in range(5)]
        spare = os.dup(0)
        os.close(spare)
        resource.setrlimit(resource.RLIMIT_NOFILE, (spare, before[1]))
        try:
            for caller in callers:
                caller.connect(("127.0.0.1", web.port))
            until(lambda: events(heard, "web.connection_failed"), "the line")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for caller in callers:
            caller.settimeout(HANG)
            caller.sendall(at_once)
            assert rest(caller).startswith(b"HTTP/1.1 200 ")
    (told,) = events(heard, "web.connection_failed")
    assert "LimitNOFILE" in told and "Too many open files" in told


def test_what_strangers_send_that_is_no_http_is_answered_and_writes_nothing_into_the_log(
    web: WebServer, line: Line, heard: Heard, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = len(heard.lines)
    for said in (b"\x16\x03\x01\x02\x00\x01\n\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"):
        answer = rest(line(said))
        assert answer.startswith(b"HTTP/1.1 400 ") and b"content-security-policy: default-src 'none'" in answer
    assert heard.lines[lines:] == [] and capfd.readouterr().err == ""


@pytest.mark.parametrize("path", ["/robots.txt", "/report/x", "/api/readings", "/nothing"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_request_that_says_its_length_twice_is_refused_and_its_connection_ended(
    line: Line, path: str, order: int
) -> None:
    """RFC 9112, 6.1: what follows could be another reader's next request."""
    twice = [b"Content-Length: 4\r\n", b"Transfer-Encoding: chunked\r\n"][::order]
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n".encode() + b"".join(twice)
    answer = rest(line(head + b"\r\n0\r\n\r\n" + WHOLE))
    assert answer.startswith(b"HTTP/1.1 400 ") and b"connection: close" in answer.lower()
    assert answer.count(b"HTTP/1.1 ") == 1


def test_places_are_a_fourth_of_what_the_process_may_open_and_256_at_most() -> None:
    assert [most(may_open) for may_open in (-1, 4096, 1024, 256, 64, 2)] == [256, 256, 256, 64, 16, 1]


def test_one_line_stands_for_a_minute_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    now = [1000.0]
    monkeypatch.setattr("scheduler.web.connections.time.monotonic", lambda: now[0])
    tell = seldom(lambda event: told.append(event))
    for seconds in (0, 59, 1, 0):
        now[0] += seconds
        tell("web.crowded")
    tell("web.connection_failed")
    assert told == ["web.crowded", "web.crowded", "web.connection_failed"]
