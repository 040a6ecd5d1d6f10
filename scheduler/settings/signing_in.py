"""How people get in to the pages: by what a proxy in front says, by their company's OpenID provider, by a letter.

There are no accounts: who somebody is, is a mail address that the definitions know. So each way has to be sure of the
address, and what could let a stranger bring one of their own is refused here, with what to write instead.
"""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, model_validator

from scheduler.domain.errors import InvalidValue

from .block import Part

PROOF_HEADER = "Cadence-Proxy-Secret"
"""The header in which a proxy shows that it is the one that the settings name."""
SHORTEST_PROOF = 32
"""Characters: as hexadecimal 128 bits, as `openssl rand -hex 32` writes them 256."""
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,30}(-[A-Za-z0-9]{1,30}){0,4}")
_OF_BROWSERS = frozenset(
    {
        "accept", "authorization", "connection", "content-length", "content-type", "cookie", "expect", "forwarded",
        "from", "host", "origin", "referer", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via",
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", PROOF_HEADER.lower(),
    }
)  # fmt: skip
"""Headers that mean something else, to browsers or to proxies."""
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_MANY_TENANTS = frozenset({"common", "organizations", "consumers", "{tenantid}"})
"""What Microsoft's addresses have where one company's own would name its tenant: whoever has an account anywhere."""
_ANYBODYS = frozenset({"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "gmx.net",
                       "gmx.de", "web.de", "icloud.com", "proton.me", "aol.com"})  # fmt: skip
"""Where anybody can have an address: no company's domain, so no company's provider can speak for it."""
_WIDEST = {4: 16, 6: 48}
"""The shortest prefix by IP version: a network of proxies is smaller than that."""

Network = IPv4Network | IPv6Network


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _host(written: str) -> str:
    if not _HOST.fullmatch(written.lower()):
        raise InvalidValue(
            f"{written[:60]!r} is no name of a host", "write one like cadence.acme.example, without port"
        )
    return written.lower()


def _header(name: str) -> str:
    if not _HEADER.fullmatch(name):
        raise InvalidValue(f"{name[:60]!r} is no name of a header", "write one like Remote-Email")
    if name.lower() in _OF_BROWSERS:
        raise InvalidValue(
            f"{name} means something else, and programs other than the proxy send it", "write one like Remote-Email"
        )
    return name


def network_of(written: object) -> Network:
    """A network of IP addresses; a single address is one, too. Raises InvalidValue."""
    try:
        return ip_network(str(written).strip())
    except ValueError:
        raise InvalidValue(
            f"{str(written)[:60]!r} is no network", "write addresses or networks, like [127.0.0.1, 10.1.2.0/28]"
        ) from None


def _proxys_network(written: object) -> Network:
    network = network_of(written)
    if network.prefixlen < _WIDEST[network.version]:
        raise InvalidValue(
            f"{network} is more than a proxy's network: every machine in it could say who somebody is",
            "name the address that the proxy connects from, like 127.0.0.1",
        )
    return network


def _domain(written: str) -> str:
    if not _DOMAIN.fullmatch(written.lower()):
        raise InvalidValue(
            f"{written[:60]!r} is no domain of mail addresses", "write what stands behind the @: acme.example"
        )
    return written.lower()


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    is_plain = bool(re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~{}/-]*)?", url))
    if not is_plain or not parts.hostname:
        raise InvalidValue(
            f"{url[:80]!r} is no address of a provider",
            "write what it calls its issuer, like https://login.acme.example/realms/acme",
        )
    if parts.scheme != "https" and not is_loopback(parts.hostname):
        raise InvalidValue("a provider without TLS could be anybody", f"write https://{url.partition('://')[2][:80]}")
    if _MANY_TENANTS & set(parts.path.lower().split("/")):
        raise InvalidValue(
            "this provider lets in every company that has an account there",
            "write the tenant's own, like https://login.microsoftonline.com/TENANT-ID/v2.0",
        )
    return url


def _issuer_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise InvalidValue("a provider's name is of a-z, 0-9 and '-', 32 characters at most", "like acme")
    return key


Host = Annotated[str, AfterValidator(_host)]
"""The name of a host, in lower case."""


class TrustedHeader(Part):
    """A proxy in front that knows who asks, and says so in the header `name` with each request. It counts where the
    connection comes from one of the `networks` and shows the secret that stands in `secret_file`."""

    name: Annotated[str, AfterValidator(_header)] = "Remote-Email"
    networks: tuple[Annotated[Network, BeforeValidator(_proxys_network)], ...] = ()
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _is_one_proxys(self) -> Self:
        if not self.networks:
            raise InvalidValue(
                "any machine could say who somebody is",
                "name the address that the proxy connects from, also on this machine: networks: [127.0.0.1]",
            )
        if self.secret_file is None:
            raise InvalidValue(
                "any program on the proxy's machine could say who somebody is",
                f"add secret_file:, a file with what the proxy sends as {PROOF_HEADER} (openssl rand -hex 32)",
            )
        return self


class OpenIdProvider(Part):
    """A company's OpenID provider, by the address that it calls its issuer, under the name that cadence has there. It
    speaks for mail addresses in its `domains` alone; `title` is what people know it by. `trusts_email` takes its word
    for an address though it does not say that it has verified it: for one's own tenant."""

    title: str | None = None
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str
    client_secret_file: Path | None = None
    domains: tuple[Annotated[str, AfterValidator(_domain)], ...]
    trusts_email: bool = False

    @model_validator(mode="after")
    def _speaks_for_its_own(self) -> Self:
        if not self.domains:
            raise InvalidValue(
                "it could bring any address", "name the mail domains that it speaks for: domains: [acme.example]"
            )
        if self.trusts_email and (open_to_all := sorted({*self.domains} & _ANYBODYS)):
            raise InvalidValue(
                f"an address at {open_to_all[0]} may be anybody's, so it has to be verified",
                "leave out trusts_email:, or the domain",
            )
        return self


class SignIn(Part):
    """The ways in. `mail_link` is for whoever has neither of the others; it takes a mail server."""

    mail_link: bool = True
    header: TrustedHeader | None = None
    openid: Mapping[Annotated[str, AfterValidator(_issuer_key)], OpenIdProvider] = {}

    @model_validator(mode="after")
    def _each_for_its_own(self) -> Self:
        issuers: dict[str, str] = {}
        domains: dict[str, str] = {}
        for key, provider in self.openid.items():
            if (other := issuers.setdefault(provider.issuer, key)) != key:
                raise InvalidValue(f"openid.{other} and openid.{key} are the same issuer", "write its domains in one")
            for domain in provider.domains:
                if (other := domains.setdefault(domain, key)) != key:
                    raise InvalidValue(
                        f"{domain} stands in openid.{other} and in openid.{key}", "leave it to the one that is its own"
                    )
        return self

    def provider_of(self, email: str) -> str | None:
        """The key of the provider that speaks for an address; None for none."""
        domain = email.rpartition("@")[2].casefold()
        return next((key for key, provider in self.openid.items() if domain in provider.domains), None)
