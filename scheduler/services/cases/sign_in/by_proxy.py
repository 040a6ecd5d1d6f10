"""Signing in by what a proxy in front says of who asks: the secret by which it is known."""

from scheduler import named_files
from scheduler.settings import TrustedHeader
from scheduler.settings.signing_in import SHORTEST_PROOF

_MOST = 4096


def secret_of(header: TrustedHeader) -> str | None:
    """What the proxy is to show, read anew; None where that cannot be read, or is so short that it could be guessed."""
    try:
        secret = named_files.read(header.secret_file, _MOST).decode("ascii").strip() if header.secret_file else ""
    except (OSError, UnicodeDecodeError):
        return None
    return secret if len(secret) >= SHORTEST_PROOF else None
