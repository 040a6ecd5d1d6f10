"""Who may say who somebody is: a proxy, providers, letters. What a stranger could use is refused with the way out."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from scheduler.settings import Settings, SettingsFault, load

URL = "public_url: https://cadence.acme.example"
ACME = "acme: {issuer: https://login.acme.example/realms/acme, client_id: cadence, domains: [acme.example]}"


def read(folder: Path, web: str) -> Settings:
    file = folder / "cadence.yaml"
    file.write_text(f"web: {{{web}}}\n", encoding="utf-8")
    return load(file)


def refused(folder: Path, web: str) -> str:
    with pytest.raises(SettingsFault) as caught:
        read(folder, web)
    return caught.value.what


def test_without_a_word_people_are_let_in_by_letter_alone(tmp_path: Path) -> None:
    sign_in = read(tmp_path, "").web.sign_in
    assert (sign_in.mail_link, sign_in.header, sign_in.openid) == (True, None, {})


def test_a_proxy_is_named_by_its_networks_and_by_a_secret(tmp_path: Path) -> None:
    header = read(
        tmp_path, "sign_in: {header: {networks: [127.0.0.1, 10.1.2.0/28], secret_file: p.key}}"
    ).web.sign_in.header
    assert header is not None
    assert header.name == "Remote-Email"
    assert header.networks == (ip_network("127.0.0.1/32"), ip_network("10.1.2.0/28"))
    assert header.secret_file == tmp_path / "p.key"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("{secret_file: p.key}", "web.sign_in.header: any machine could say who somebody is (name the address"),
        ("{networks: [127.0.0.1]}", "any program on the proxy's machine could say who somebody is (add secret_file:"),
        ("{networks: [0.0.0.0/0], secret_file: p}", "0.0.0.0/0 is more than a proxy's network"),
        ("{networks: ['::/0'], secret_file: p}", "::/0 is more than a proxy's network"),
        ("{networks: [10.0.0.0/8], secret_file: p}", "10.0.0.0/8 is more than a proxy's network"),
        ("{networks: [10.1.2.3/24], secret_file: p}", "'10.1.2.3/24' is no network"),
        ("{networks: [proxy.acme.example], secret_file: p}", "'proxy.acme.example' is no network"),
        ("{name: X-Forwarded-For, networks: [127.0.0.1], secret_file: p}", "X-Forwarded-For means something else"),
        ("{name: Cookie, networks: [127.0.0.1], secret_file: p}", "Cookie means something else"),
        ("{name: Remote_Email, networks: [127.0.0.1], secret_file: p}", "'Remote_Email' is no name of a header"),
        ("{names: X, networks: [127.0.0.1], secret_file: p}", "(did you mean name?)"),
    ],
)
def test_a_proxy_that_anybody_could_pass_for_is_refused(tmp_path: Path, header: str, told: str) -> None:
    assert told in refused(tmp_path, f"sign_in: {{header: {header}}}")


def test_each_company_has_a_provider_of_its_own(tmp_path: Path) -> None:
    globex = (
        "globex: {title: Globex, issuer: https://id.globex.example, client_id: c, client_secret_file: g.key,"
        " domains: [Globex.example], trusts_email: yes}"
    )
    sign_in = read(tmp_path, f"{URL}, sign_in: {{openid: {{{ACME}, {globex}}}}}").web.sign_in
    assert {key: each.domains for key, each in sign_in.openid.items()} == {
        "acme": ("acme.example",),
        "globex": ("globex.example",),
    }
    assert sign_in.openid["globex"].client_secret_file == tmp_path / "g.key"
    assert (sign_in.openid["acme"].trusts_email, sign_in.openid["globex"].trusts_email) == (False, True)
    assert sign_in.provider_of("Dev.Patel@GLOBEX.example") == "globex"
    assert sign_in.provider_of("june@initech.example") is None


@pytest.mark.parametrize(
    ("openid", "told"),
    [
        (
            "acme: {issuer: http://login.acme.example, client_id: c, domains: [acme.example]}",
            "without TLS could be anybody",
        ),
        ("acme: {issuer: login.acme.example, client_id: c, domains: [acme.example]}", "is no address of a provider"),
        ("acme: {issuer: https://a.example, client_id: c, domains: []}", "it could bring any address"),
        ("acme: {issuer: https://a.example, client_id: c}", "web.sign_in.openid.acme.domains: field required"),
        ("acme: {issuer: https://a.example, client_id: c, domain: [a.example]}", "(did you mean domains?)"),
        ("acme: {issuer: https://a.example, client_id: c, domains: ['@acme']}", "is no domain of mail addresses"),
        (
            "acme: {issuer: https://login.microsoftonline.com/common/v2.0, client_id: c, domains: [acme.example]}",
            "lets in every company that has an account there",
        ),
        (
            "acme: {issuer: https://a.example, client_id: c, domains: [gmail.com], trusts_email: yes}",
            "an address at gmail.com may be anybody's",
        ),
        (f"{ACME}, other: {{issuer: https://b.example, client_id: c, domains: [ACME.example]}}", "openid.other"),
        (f"{ACME}, other: {ACME[6:]}", "are the same issuer"),
        ("A B: {issuer: https://a.example, client_id: c, domains: [a.example]}", "a provider's name is of"),
    ],
)
def test_a_provider_that_could_bring_anybodys_address_is_refused(tmp_path: Path, openid: str, told: str) -> None:
    assert told in refused(tmp_path, f"{URL}, sign_in: {{openid: {{{openid}}}}}")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "must know where to send them back"),
        ("public_url: http://cadence.acme.example, ", "write public_url: https://cadence.acme.example"),
    ],
)
def test_a_provider_sends_people_back_to_an_address_with_tls(tmp_path: Path, url: str, told: str) -> None:
    assert told in refused(tmp_path, f"{url}sign_in: {{openid: {{{ACME}}}}}")


def test_on_this_machine_a_provider_can_be_tried_without_tls(tmp_path: Path) -> None:
    near = "acme: {issuer: http://127.0.0.1:9000, client_id: c, domains: [acme.example]}"
    web = read(tmp_path, f"public_url: http://127.0.0.1:8377, sign_in: {{openid: {{{near}}}}}").web
    assert web.is_private


def test_hosts_are_names_without_port_or_path(tmp_path: Path) -> None:
    assert read(tmp_path, "hosts: [Alliances.acme.example, cadence]").web.hosts == ("alliances.acme.example", "cadence")
    assert "is no name of a host" in refused(tmp_path, "hosts: ['cadence.acme.example:443']")
