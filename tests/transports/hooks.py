"""Real receivers of webhooks on loopback: one that keeps what it is told, and one that does as it pleases."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from scheduler.transports.webhook import Hook
from tests.daemon.polling import HANG


@dataclass
class Receiver:
    """What was posted and what was `asked` for, and how it answers: a status, headers, a body, once it came
    to an end of what it has to `think` of."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    says: bytes = b"ok"
    posts: list[bytes] = field(default_factory=list)
    heads: list[Message] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    think: Callable[[], object] = lambda: None


@contextmanager
def receiving(receiver: Receiver, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[str]:
    """The address that the receiver is at. Whoever is stopped in the middle of what they say keeps nobody else waiting,
    and is given up in the end."""
    one_at_a_time = Lock()

    class Handler(BaseHTTPRequestHandler):
        timeout = HANG

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            with one_at_a_time:
                receiver.posts.append(said)
                receiver.heads.append(self.headers)
                receiver.paths.append(self.path)
            self.answer()

        def do_GET(self) -> None:
            receiver.asked.append(self.path)
            self.answer()

        def answer(self) -> None:
            receiver.think()
            self.send_response(receiver.status)
            for name, value in {**receiver.headers, "Content-Length": str(len(receiver.says))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.says)

        def log_message(self, format: str, *args: Any) -> None: ...

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://{host}:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def behaving(behave: Callable[[socket.socket], object]) -> Iterator[str]:
    """The address of a server that does this with its first caller."""

    def serve() -> None:
        with suppress(OSError):
            caller, _ = listener.accept()
            with caller, suppress(OSError):
                behave(caller)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(HANG)


def read_post(caller: socket.socket) -> None:
    """Take in what is posted, up to the end of the body `{}`."""
    read = b""
    while not read.endswith(b"{}"):
        read += caller.recv(4096)


def inside(url: str, **more: Any) -> Hook:
    """The hook of a receiver on this machine, where the settings allow that."""
    return Hook("acme-hub", url, internal=True, **more)
