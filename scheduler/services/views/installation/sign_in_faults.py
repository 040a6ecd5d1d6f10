"""What is lacking for a way in that the settings open: a daemon that cannot keep it does not start."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from scheduler import named_files
from scheduler.domain.errors import UserError
from scheduler.services.cases.sign_in import by_openid
from scheduler.services.cases.sign_in.by_proxy import secret_of
from scheduler.settings import Settings
from scheduler.settings.signing_in import PROOF_HEADER, SHORTEST_PROOF


def sign_in_faults(settings: Settings) -> Iterator[UserError]:
    """Each thing that is lacking, with the way out."""
    header, openid = settings.web.sign_in.header, settings.web.sign_in.openid
    if header and header.secret_file and not _is_read(header.secret_file):
        file = header.secret_file
        yield UserError(
            f"web.sign_in.header: {file} is not there, or this user may not read it",
            f"openssl rand -hex 32 > {file}, readable for the service: docs/signing-in.md, A proxy in front",
        )
    elif header and secret_of(header) is None:
        yield UserError(
            f"web.sign_in.header: {header.secret_file} holds no secret of {SHORTEST_PROOF} characters or more",
            f"openssl rand -hex 32 > {header.secret_file}, and let the proxy send it as {PROOF_HEADER}",
        )
    if openid and find_spec("authlib") is None:
        yield UserError("web.sign_in.openid: authlib is not installed", "pip install 'governance-cadence[oidc]'")
    for key in openid:
        try:
            by_openid.provider(settings, key)
        except UserError as fault:
            yield UserError(f"web.sign_in.openid.{key}: {fault.what}", fault.hint)


def _is_read(file: Path) -> bool:
    try:
        named_files.read(file, 1)
    except OSError:
        return False
    return True


def refuse(settings: Settings) -> None:
    """Raises UserError where anything is lacking."""
    faults = [*sign_in_faults(settings)]
    if faults:
        told = "; ".join(f"{each.what} ({each.hint})" for each in faults)
        raise UserError(
            f"nobody could be let in as the settings say: {told}", "or take that way in out of the settings"
        )
