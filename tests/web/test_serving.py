"""The real server on loopback: old and odd clients, a new app, a place that is taken, an orderly end."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from scheduler.services.app import App
from scheduler.settings import Web as WebSettings
from scheduler.store import subscriptions
from scheduler.web import WebServer
from tests.daemon.polling import HANG, until
from tests.web.conftest import DEV, Clock, Heard, an_app, subscribe


@pytest.fixture
def web(lasting: App) -> Iterator[WebServer]:
    served = WebServer(lasting, Clock(), lambda: True)
    served.keep_listening()
    yield served
    served.close()


def asked(web: WebServer, request: str) -> tuple[str, bytes]:
    """Head and body of the answer to a request as it goes over the wire."""
    assert web.port
    with socket.create_connection(("127.0.0.1", web.port), timeout=HANG) as line:
        line.sendall(request.replace("\n", "\r\n").encode())
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode(), body


def test_a_client_of_1996_without_any_header_gets_the_calendar(web: WebServer, lasting: App) -> None:
    head, body = asked(web, f"GET /calendars/{subscribe(lasting, email=DEV)}.ics HTTP/1.0\n\n")
    assert " 200 OK" in head and "content-encoding" not in head
    assert body.startswith(b"BEGIN:VCALENDAR\r\n") and body.endswith(b"END:VCALENDAR\r\n")


def test_head_and_not_modified_have_no_body_on_the_wire(web: WebServer, lasting: App) -> None:
    path = f"/calendars/{subscribe(lasting, email=DEV)}.ics"
    head, body = asked(web, f"HEAD {path} HTTP/1.1\nHost: localhost\nConnection: close\n\n")
    assert body == b"" and int(re.findall(r"content-length: (\d+)", head)[0]) > 10_000
    tag = re.findall(r"etag: (.*)", head)[0].strip()
    head, body = asked(web, f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close\nIf-None-Match: {tag}\n\n")
    assert " 304 " in head and body == b""


def test_every_answer_says_its_date_also_those_of_one_connection_that_come_later(web: WebServer) -> None:
    assert web.port
    dates = []
    with socket.create_connection(("127.0.0.1", web.port), timeout=HANG) as line:
        for _ in range(2):
            before = int(time.time())
            line.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            [date] = re.findall(r"^date: (.*?)\r$", line.recv(65536).decode(), re.MULTILINE)
            dates.append(before <= parsedate_to_datetime(date).timestamp() <= time.time())
            until(lambda: int(time.time()) > before, "another second")  # noqa: B023
    assert dates == [True, True]


def test_no_answer_says_what_serves_it(web: WebServer) -> None:
    head, _ = asked(web, "GET / HTTP/1.0\n\n")
    assert "server:" not in head and " 404 " in head


def test_no_line_of_the_log_holds_a_token(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Read, wrong, revoked, failing, and sent by somebody who speaks no HTTP."""
    heard = Heard()
    app = an_app(tmp_path, log=heard)
    web = WebServer(app, Clock(), lambda: True)
    web.keep_listening()
    token, wrong = subscribe(app, email=DEV), subscriptions.new_token()
    asked(web, f"GET /calendars/{token}.ics HTTP/1.0\nReferer: https://x.example/{token}\n\n")
    asked(web, f"GET /calendars/{wrong}.ics HTTP/1.0\n\n")
    asked(web, f"POST /calendars/{token}.ics HTTP/1.0\n\n")
    asked(web, f"/calendars/{token}.ics\n\n")
    with app.store.write() as db:
        db.exec_driver_sql("DROP TABLE excuse")
        subscriptions.add(db, wrong, Clock().now)
    head, _ = asked(web, f"GET /calendars/{wrong}.ics HTTP/1.0\n\n")
    assert " 500 " in head or " 503 " in head
    web.close()
    app.close()
    printed = capfd.readouterr()
    told = "\n".join(heard.lines) + printed.out + printed.err
    assert "web.failed" in told and token not in told and wrong not in told


def test_an_app_that_was_opened_anew_is_served_at_the_same_place(web: WebServer, tmp_path: Path) -> None:
    other = an_app(tmp_path)
    token, port = subscribe(other, email=DEV), web.port
    assert " 404 " in asked(web, f"GET /calendars/{token}.ics HTTP/1.0\n\n")[0]
    web.move_in(other)
    assert web.port == port
    assert " 200 " in asked(web, f"GET /calendars/{token}.ics HTTP/1.0\n\n")[0]
    other.close()


def test_where_nothing_is_to_listen_nothing_does(tmp_path: Path) -> None:
    app = an_app(tmp_path, web=WebSettings(listen="off"))
    web = WebServer(app, Clock(), lambda: True)
    web.keep_listening()
    assert web.port is None
    web.close()
    app.close()


def test_a_place_that_is_taken_is_told_once_and_tried_again(tmp_path: Path) -> None:
    """Two daemons on one machine, or a predecessor that is still leaving: governance goes on meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        heard, place = Heard(), f"127.0.0.1:{taken.getsockname()[1]}"
        app = an_app(tmp_path, web=WebSettings(listen=place), log=heard)
        web = WebServer(app, Clock(), lambda: True)
        web.keep_listening()
        web.keep_listening()
        assert web.port is None
        assert [line for line in heard.lines if "web.not_listening" in line and place in line] == heard.lines[-1:]
    web.keep_listening()
    assert " 404 " in asked(web, "GET / HTTP/1.0\n\n")[0]
    web.close()
    app.close()


def test_one_that_is_to_end_before_it_has_begun_ends(lasting: App) -> None:
    web = WebServer(lasting, Clock(), lambda: True)
    for _ in range(5):
        web.keep_listening()
        web.stop()
    assert "web" not in {thread.name for thread in threading.enumerate()}
    web.close()


def test_after_the_end_nothing_listens_and_no_thread_is_left(lasting: App) -> None:
    web = WebServer(lasting, Clock(), lambda: True)
    web.keep_listening()
    port = web.port
    assert port and asked(web, "GET / HTTP/1.0\n\n")
    web.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=HANG)
    assert "web" not in {thread.name for thread in threading.enumerate()}
