"""The token of a letter that can be answered by mail: it names the letter, and so what that asked and of whom.

It begins with what the letter's key begins with, by which the letter is found; the rest is an HMAC-SHA256 (RFC 2104) of
the whole key, cut to 80 bits: whoever does not have the letter would have to send that many mails. It is written in the
letters of base32 (RFC 4648 6), of which mail servers may change the case.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable

_NAMED, _SEALED = 5, 10
"""So many bytes name the letter, and so many seal it."""
LENGTH = 24
_LETTERS = rf"[a-z2-7]{{{LENGTH}}}"
_IN_ADDRESS = re.compile(rf"(?=({_LETTERS})[^\s<>@,;:\"]{{0,64}}@)", re.IGNORECASE)
_IN_SUBJECT = re.compile(rf"\[({_LETTERS})\]", re.IGNORECASE)


def answer_token(secret: str, key: str) -> str:
    """The token of the letter of that key, which is hexadecimal."""
    sealed = hmac.new(secret.encode(), f"answer\n{key}".encode(), hashlib.sha256).digest()[:_SEALED]
    return b32encode(bytes.fromhex(key[: 2 * _NAMED])).decode().lower() + b32encode(sealed).decode().lower()


def is_token_of(secrets: Iterable[str], key: str, token: str) -> bool:
    """Whether a token is that of the letter, under any of these keys."""
    return any(hmac.compare_digest(answer_token(secret, key), token.lower()) for secret in secrets)


def beginning_of(token: str) -> str:
    """What the key of its letter begins with, in hexadecimal."""
    bits = "".join(f"{'abcdefghijklmnopqrstuvwxyz234567'.index(letter):05b}" for letter in token.lower()[:8])
    return f"{int(bits, 2):0{2 * _NAMED}x}"


def in_address(address: str) -> list[str]:
    """What may be tokens before the @ of an address."""
    return [found.lower() for found in _IN_ADDRESS.findall(address)]


def in_subject(subject: str) -> list[str]:
    """What may be tokens at the end of a subject, in brackets."""
    return [found.lower() for found in _IN_SUBJECT.findall(subject)]


def tagged(subject: str, token: str) -> str:
    """A subject that bears the token, for mailboxes whose address can bear none."""
    return f"{subject} [{token}]"
