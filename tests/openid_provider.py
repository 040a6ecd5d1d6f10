"""A small OpenID provider on loopback: a real issuer with keys of its own, which signs in whoever `user` is.

What a bad one might say is set on it: `claims` are laid over those of its tokens, `signs_as` signs with another's key.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "cadence", "a secret & more"
SIGNED_AT = 0
"""What an issuer's clock shows is its `now`."""


class OpenIdProvider:
    """`user` is the `sub` and the address of who is signed in there; None: the person says no."""

    def __init__(self, port: int, now: int) -> None:
        self.issuer, self.now = f"http://127.0.0.1:{port}", now
        self.key = ECKey.generate_key("P-256", {"kid": f"of-{port}"})
        self.user: tuple[str, str] | None = ("1", "ines.falk@acme.example")
        self.verified: object = True
        self.claims: dict[str, Any] = {}
        self.signs_as: OpenIdProvider | None = None
        self.calls_itself: str | None = None
        self.refuses = False
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.calls_itself or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        }

    def authorize(self, said: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        answer = {"state": said["state"], "iss": self.issuer}
        if self.user is None:
            return f"{said['redirect_uri']}?{urlencode({**answer, 'error': 'access_denied'})}"
        code = f"code-{len(self._codes)}-{self.key.thumbprint()[:8]}"
        self._codes[code] = said
        return f"{said['redirect_uri']}?{urlencode({**answer, 'code': code})}"

    def token(self, said: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(said.get("code", ""), None)  # good once
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        is_client = shown == "cadence:a%20secret%20%26%20more"
        if self.refuses or not is_client or asked is None or asked["redirect_uri"] != said["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if create_s256_code_challenge(said["code_verifier"]) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.signed(asked["nonce"])}

    def signed(self, nonce: str) -> str:
        sub, email = self.user or ("", "")
        claims = {
            "iss": self.issuer, "sub": sub, "aud": CLIENT, "nonce": nonce, "iat": self.now, "exp": self.now + 300,
            "email": email, "email_verified": self.verified, **self.claims,
        }  # fmt: skip
        key = (self.signs_as or self).key
        return jwt.encode(
            {"alg": "ES256", "kid": self.key.kid}, {k: v for k, v in claims.items() if v is not None}, key
        )

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}


@contextmanager
def serving(now: int) -> Iterator[OpenIdProvider]:
    """A provider that answers on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = _Handler.providers[server.server_port] = OpenIdProvider(server.server_port, now)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        del _Handler.providers[server.server_port]


class _Handler(BaseHTTPRequestHandler):
    providers: dict[int, OpenIdProvider] = {}

    @property
    def provider(self) -> OpenIdProvider:
        return self.providers[int(self.headers["Host"].rpartition(":")[2])]

    def do_GET(self) -> None:
        self.provider.asked.append(self.path)
        parts = urlsplit(self.path)
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/authorize":
            self._answer(302, b"", {"Location": self.provider.authorize(said)})
        elif parts.path in ("/.well-known/openid-configuration", "/keys"):
            known = self.provider.keys() if parts.path == "/keys" else self.provider.configuration()
            self._answer(200, json.dumps(known).encode())
        else:
            self._answer(404, b"{}")

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {name: values[0] for name, values in parse_qs(body).items()}
        status, answer = self.provider.token(said, self.headers.get("Authorization", ""))
        self._answer(status, json.dumps(answer).encode())

    def _answer(self, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass
