"""A way in that the settings open and that cannot be kept: the daemon does not start, and says what is lacking."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from scheduler.domain.errors import UserError
from scheduler.services.views.installation.sign_in_faults import refuse
from scheduler.settings import OpenIdProvider, Settings, SignIn, TrustedHeader, Web


def opening(**sign_in: object) -> Settings:
    return Settings(web=Web(public_url="https://cadence.acme.example", sign_in=SignIn.model_validate(sign_in)))


@pytest.mark.parametrize("held", ["", "short", "x" * 31, "ключ" * 16])
def test_a_proxy_without_a_secret_is_refused(tmp_path: Path, held: str) -> None:
    file = tmp_path / "proxy.secret"
    file.write_text(held, encoding="utf-8")
    settings = opening(header=TrustedHeader(networks=(ip_network("127.0.0.1/32"),), secret_file=file))
    with pytest.raises(UserError, match="holds no secret of 32 characters or more") as refused:
        refuse(settings)
    assert "openssl rand -hex 32" in refused.value.what
    file.write_text("x" * 32)
    refuse(settings)


def test_a_secret_that_cannot_be_read_is_not_called_too_short(tmp_path: Path) -> None:
    header = TrustedHeader(networks=(ip_network("127.0.0.1/32"),), secret_file=tmp_path / "proxy.secret")
    with pytest.raises(UserError, match=r"proxy\.secret is not there, or this user may not read it"):
        refuse(opening(header=header))


def test_a_provider_whose_secret_cannot_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "acme.secret"
    known = OpenIdProvider(
        issuer="https://login.acme.example", client_id="c", client_secret_file=file, domains=("acme.example",)
    )
    with pytest.raises(UserError, match=r"web\.sign_in\.openid\.acme: the secret of openid\.acme cannot be read"):
        refuse(opening(openid={"acme": known}))
    file.write_text("secret")
    refuse(opening(openid={"acme": known}))


def test_letters_alone_lack_nothing() -> None:
    refuse(opening())
