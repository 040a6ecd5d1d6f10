"""Signing in by what a proxy in front says: it knows who asks, and says so with each request.

It is believed where the connection itself comes from one of the networks in the settings (a forwarded address is
anybody's word), where it shows the secret, and where it says one address in one line. So a header that a browser sends
counts nowhere, unless the proxy lets it through: docs/signing-in.md has a sample that does not.
"""

import hmac
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request

from scheduler.domain.definition.people import is_email
from scheduler.services.cases.sign_in.by_proxy import secret_of
from scheduler.settings import Settings
from scheduler.settings.signing_in import PROOF_HEADER, TrustedHeader


def address_of(request: Request, settings: Settings) -> str | None:
    """The mail address, in lower case, of whoever asks, as the proxy says it; None where it says none that counts."""
    header = settings.web.sign_in.header
    if header is None or not _is_from(request, header) or not _shows_secret(request, header):
        return None
    said = request.headers.getlist(header.name)
    return said[0].strip().casefold() if len(said) == 1 and is_email(said[0].strip()) else None


def why_not(request: Request, settings: Settings) -> str | None:
    """Why a header that is there does not count, for the log; None where none is there, or it counts."""
    header = settings.web.sign_in.header
    if header is None or header.name not in request.headers or address_of(request, settings):
        return None
    if not _is_from(request, header):
        return "the connection comes from none of the networks that are named"
    if not _shows_secret(request, header):
        return f"{PROOF_HEADER} is not what stands in the secret file"
    return f"{header.name} is not one mail address in one line"


def _is_from(request: Request, header: TrustedHeader) -> bool:
    """By the peer of the connection, whatever headers say."""
    try:
        peer = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return any(peer in network for network in header.networks if network.version == peer.version)


def _shows_secret(request: Request, header: TrustedHeader) -> bool:
    shown, secret = request.headers.getlist(PROOF_HEADER), secret_of(header)
    return secret is not None and len(shown) == 1 and hmac.compare_digest(shown[0].encode(), secret.encode())
