"""What every answer says to browsers and caches, whoever made it; and requests that can be read in two ways."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""An answer that says one of these itself keeps its own word: a page admits its style, a feed may be kept."""


_PASSED_ON = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "remote-email", "cadence-proxy-secret")
"""What proxies add, beside X-Forwarded-…: RFC 7239, RFC 9110 7.6.3, and what the samples of common ones set."""


def is_passed_on(headers: Iterable[str]) -> bool:
    """Whether a proxy says by these headers, in small letters, that it has passed a request on for somebody else."""
    return any(name in _PASSED_ON or name.startswith("x-forwarded") for name in headers)


def guarded(app: ASGIApp) -> ASGIApp:
    """The same application; each answer says all of `ALWAYS`, and no request is taken whose length is said twice."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        await (_refuse if _is_ambiguous(scope) else app)(scope, receive, sent)

    return answered


def _is_ambiguous(scope: Scope) -> bool:
    """Whether Content-Length and Transfer-Encoding both say where the body ends: a proxy in front may have believed the
    other one, and what follows would be somebody else's request (RFC 9112, 6.1 and 11.2)."""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope.get("headers", ())}


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    words = "content-length and transfer-encoding exclude each other\n"
    await PlainTextResponse(words, 400, {"Connection": "close"})(scope, receive, send)
