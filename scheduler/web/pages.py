"""Pages and the forms on them: what leaves as HTML, and what comes back.

A page loads nothing, runs nothing, is kept nowhere and tells no other site where its reader came from. A link opens it
for whoever has the link, so there is no cookie that another site could ride on; a form is taken from our own page alone
all the same.
"""

import secrets
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.render.languages import sentence
from scheduler.render.templating import rendered
from scheduler.services.app import App

from . import uploads

MOST_BYTES = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class FormLimits(NamedTuple):
    """How much of a form is taken, and whether a file may come with it: of the field `as_bytes` any, as it is."""

    most_bytes: int = MOST_BYTES
    most_fields: int = 20
    has_file: bool = False
    as_bytes: str = ""


def page(app: App, template: str, status: int = 200, **values: object) -> Response:
    """A page from ``templates/web/``; the style in it is the only one that its reader's browser applies."""
    nonce = secrets.token_urlsafe(16)
    text = rendered(f"web/{template}", app.settings.template_folders, nonce=nonce, **values)
    if text.fault:
        app.log.error("template.failed", template=template, fault=text.fault)
    return html(text.text, f"'nonce-{nonce}'", status)


def html(text: str, style: str, status: int = 200) -> Response:
    """HTML whose styles are those that `style` admits (Content Security Policy 3, 6.1.14)."""
    policy = f"default-src 'none'; style-src {style}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    return Response(text, status, {**ALWAYS, "Content-Security-Policy": policy}, media_type="text/html")


def recorded() -> Response:
    """Back to the page of the form, by GET: to load it anew sends nothing twice. Without a word of the address."""
    return Response(status_code=303, headers={**ALWAYS, "Location": "?recorded"})


def is_recorded(request: Request) -> bool:
    return request.url.query == "recorded"


def check_form(request: Request, limits: FormLimits) -> None:
    """Check what the headers say of a form, before any of it is read. Raises HTTPException: 403 where another site sent
    it, 415, 413."""
    _check_sender(request.headers)
    name = _content_type(request)
    if name != _FORM and not (limits.has_file and name == uploads.MULTIPART):
        raise HTTPException(415, sentence("send it as application/x-www-form-urlencoded"))
    _check_length(request, limits.most_bytes)


async def fields(request: Request, limits: FormLimits) -> dict[str, str]:
    """The fields of a form that `check_form` lets pass; of one that came twice the last. One with a file comes in
    parts. Raises HTTPException: 413, 400."""
    body = await limited(request, limits.most_bytes)
    kind = request.headers.get("content-type", "")
    if _content_type(request) == uploads.MULTIPART:
        try:
            return uploads.parts_of(kind, body, limits.most_fields, limits.as_bytes)
        except ValueError:
            raise HTTPException(400, sentence("this is no form")) from None
    try:
        return dict(parse_qsl(body.decode("ascii"), True, errors="strict", max_num_fields=limits.most_fields))
    except ValueError:
        raise HTTPException(400, sentence("this is no form")) from None


async def limited(request: Request, most: int) -> bytes:
    """The body. Raises HTTPException 413 as soon as it is longer than `most` bytes, or says that it will be."""
    _check_length(request, most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413, sentence("this is too long"))
    return bytes(body)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _check_length(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > most:
        raise HTTPException(413, sentence("this is too long"))


def _check_sender(headers: Mapping[str, str]) -> None:
    """Browsers say where a form comes from; as our pages send no referrer, `Origin` is "null" for most of them."""
    origin = headers.get("origin", "null")
    is_foreign = origin != "null" and host_of(origin) != headers.get("host", "").lower()
    if is_foreign or headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise HTTPException(403, sentence("this form was sent from another site"))


def host_of(origin: str) -> str | None:
    """The host of an origin, with its port; None for what is none, which any program may send."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
