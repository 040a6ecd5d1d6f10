"""Access tokens of the mail servers in the settings."""

from scheduler.domain.errors import UserError
from scheduler.settings import Mail, Replies
from scheduler.transports.oauth import TokenError, access_token


def token_of(server: Mail | Replies, failing: type[UserError]) -> str | None:
    """The token for a server that asks for one, None for one that asks for a password. Raises `failing` where there is
    none to be had."""
    if server.token_file is None and server.token_command is None:
        return None
    try:
        return access_token(server.token_file, server.token_command)
    except TokenError as fault:
        raise failing(fault.what, fault.hint) from None
