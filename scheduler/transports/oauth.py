"""Access tokens for mail servers that ask for XOAUTH2 instead of a password: Google's and Microsoft's.

A token is good for about an hour, so it is asked for anew at each connection: from a file that somebody renews, or from
a command that prints it. Neither the token nor what a command says is in any error.
"""

import shlex
import subprocess
from pathlib import Path

from scheduler.domain.errors import UserError

SECONDS = 30.0
"""How long a command may take to print a token."""
_MOST = 16 * 1024


class TokenError(UserError):
    """There is no token to be had."""


def access_token(file: Path | None, command: str | None) -> str:
    """The token in a file, or the one that a command prints. Raises TokenError."""
    text = _in_file(file) if file else _printed(command or "")
    token = text.strip()
    if not token or len(token) > _MOST or not token.isascii() or not token.isprintable() or " " in token:
        where = str(file) if file else f"what {_name(command or '')} prints"
        raise TokenError(f"{where} is no access token", "it is one word on one line, and nothing else")
    return token


def _in_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise TokenError(f"{file} is no text", "write the access token into it, and nothing else") from None
    except OSError as error:
        raise TokenError(f"{file} cannot be read: {error.strerror}", "check who may read it") from None


def _printed(command: str) -> str:
    name = _name(command)
    try:
        ended = subprocess.run(  # noqa: S603  # the operator's own command
            shlex.split(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
        )
        if ended.returncode == 0:
            return ended.stdout[: 2 * _MOST].decode("utf-8")
        what = f"{name} ended with {ended.returncode}"
    except subprocess.TimeoutExpired:
        what = f"{name} printed no token within {SECONDS:.0f} seconds"
    except UnicodeDecodeError:
        what = f"{name} prints no text"
    except OSError as error:
        what = f"{name} cannot be run: {error.strerror}"
    raise TokenError(what, "run token_command: by hand, as the user that cadence runs as")


def _name(command: str) -> str:
    """The program alone: its arguments may be secrets."""
    return shlex.split(command)[0]


def xoauth2(user: str, token: str) -> str:
    """What a client says (developers.google.com/gmail/imap/xoauth2-protocol), before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
