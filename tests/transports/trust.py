"""Certificates of an authority that only these tests know."""

import ssl
from pathlib import Path

import trustme

AUTHORITY = trustme.CA()


def certified(*names: str) -> ssl.SSLContext:
    """What a server of these names or addresses shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(*names).configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    """What a client has who knows the authority."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def trust_file(folder: Path) -> Path:
    """The authority as a file; a program whose SSL_CERT_FILE names it trusts it."""
    file = folder / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(str(file))
    return file
