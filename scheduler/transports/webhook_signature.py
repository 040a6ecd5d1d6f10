"""Signatures of webhooks as Standard Webhooks has them (standardwebhooks.com): any library for them checks ours.

What is signed is the id, the moment and the body, with a dot between; by several keys at once while a receiver goes
over from one to the next.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime

from scheduler.domain.errors import InvalidValue

PREFIX = "whsec_"


def keys_of(text: str) -> tuple[bytes, ...]:
    """The keys of a file, one a line: ``whsec_`` and the key in base64, or a text that is itself the key. Raises
    InvalidValue, without repeating it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise InvalidValue("there is no key in it", "write one a line, like whsec_ and 32 random bytes in base64")
    return tuple(map(_key, lines))


def _key(line: str) -> bytes:
    if not line.startswith(PREFIX):
        return line.encode()
    try:
        key = base64.b64decode(line.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise InvalidValue("what stands behind whsec_ is no base64", "write whsec_ and 32 random bytes in base64")
    return key


def headers(keys: Sequence[bytes], id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The id of a post, the moment in Unix seconds and, where there are keys, a signature by each."""
    at = int(now.timestamp())
    told = {"webhook-id": id, "webhook-timestamp": str(at)}
    return {**told, "webhook-signature": signature(keys, id, at, body)} if keys else told


def signature(keys: Iterable[bytes], id: str, at: int, body: bytes) -> str:
    """``v1,<base64> v1,<base64>``: HMAC-SHA256 by each key, the first first."""
    said = f"{id}.{at}.".encode() + body
    macs = (hmac.new(key, said, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
