"""What every answer says to browsers, whoever made it and whatever was asked."""

import re
from pathlib import Path
from typing import Any

import pytest

from scheduler.web.app import FORMS
from scheduler.web.security import ALWAYS
from tests.web.conftest import DEV, Site, subscribe
from tests.web.forms.test_report_form import FORM, link

NGINX = Path(__file__).parents[2] / "docs" / "nginx.md"
SIGNING_IN = NGINX.with_name("signing-in.md")


def answers(site: Site) -> dict[str, Any]:
    """One of each kind of answer that there is."""
    token = subscribe(site.app, email=DEV)
    feed, ask = f"/calendars/{token}.ics", site.client.request
    etag = ask("GET", feed).headers["etag"]
    return {
        "200 feed": ask("GET", feed),
        "200 zipped feed": ask("GET", feed, headers={"accept-encoding": "gzip"}),
        "304 feed": ask("GET", feed, headers={"if-none-match": etag}),
        "200 head": ask("HEAD", feed),
        "200 robots": ask("GET", "/robots.txt"),
        "200 health": ask("GET", "/healthz"),
        "404 nothing": ask("GET", "/nothing"),
        "404 no token": ask("GET", "/calendars/x.ics"),
        "404 form": ask("GET", "/report/x"),
        "404 judge": ask("GET", "/judge/x"),
        "404 step": ask("GET", "/step/x"),
        "404 close": ask("GET", "/close/x"),
        "404 away": ask("GET", "/away/x"),
        "404 dispute": ask("GET", "/dispute/x"),
        "404 action": ask("GET", "/action/x"),
        "404 item": ask("GET", "/item/x"),
        "404 minutes": ask("GET", "/minutes/x"),
        "404 objection": ask("GET", "/object/x"),
        "404 renewal": ask("GET", "/renewal/x"),
        "404 vote": ask("GET", "/vote/x"),
        "404 resolve": ask("GET", "/resolve/x"),
        "404 course": ask("GET", "/course/x"),
        "404 request": ask("GET", "/request/x"),
        "404 answer": ask("GET", "/answer/x"),
        "404 mine": ask("GET", "/mine/x"),
        "404 agenda": ask("GET", "/agendas/x"),
        "405 method": ask("PUT", feed),
        "403 foreign form": ask("POST", "/report/x", headers={**FORM, "origin": "https://x.example"}),
        "413 form": ask("POST", "/report/x", headers=FORM, content=b"a=" + b"x" * 70_000),
        "415 form": ask("POST", "/report/x", content=b"{}"),
        "400 form": ask("POST", link(site), headers=FORM, content=b"\xff"),
        "401 api": ask("POST", "/api/readings", json=[]),
    }


def test_each_kind_of_answer_says_all_that_browsers_are_to_be_told(still: Site) -> None:
    for kind, answer in answers(still).items():
        assert str(answer.status_code) == kind.split()[0], (kind, answer.text)
        for name in ALWAYS:
            assert len(answer.headers.get_list(name)) == 1, (kind, name)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, kind
        assert answer.headers["x-frame-options"] == "DENY" and answer.headers["x-content-type-options"] == "nosniff"


def test_what_fails_says_it_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 where the program fails, 503 where the daemon does not work; also where nobody saw it coming."""
    token = subscribe(site.app, email=DEV)
    site.working[0] = False
    failed = [site.client.get("/healthz")]
    monkeypatch.setattr(site.copies, "current", lambda *_: 1 / 0)
    failed.append(site.get(token))
    assert [each.status_code for each in failed] == [503, 500]
    for answer in failed:
        assert {name.lower() for name in ALWAYS} <= set(answer.headers)
        assert answer.headers["content-security-policy"] == ALWAYS["Content-Security-Policy"]


def test_a_page_admits_its_own_style_and_nothing_else(still: Site) -> None:
    policy = still.client.get("/report/x").headers["content-security-policy"]
    assert re.search(r"style-src 'nonce-[\w-]{20,}'", policy) and "form-action 'self'" in policy


def test_the_sample_for_nginx_tells_browsers_to_keep_to_tls() -> None:
    (sample,) = re.findall(r"```nginx\n(.*?)```", NGINX.read_text("utf-8"), re.DOTALL)
    (age,) = re.findall(r'add_header Strict-Transport-Security "max-age=(\d+); includeSubDomains" always;', sample)
    assert int(age) >= 31536000
    with_tls = sample[sample.index("listen 443") :]
    assert with_tls.index("add_header") < with_tls.index("location"), "for the whole server, not for one location"


def test_the_sample_for_nginx_takes_minutes_as_long_as_the_daemon_does() -> None:
    """Of several regular expressions nginx takes the first that matches."""
    (sample,) = re.findall(r"```nginx\n(.*?)```", NGINX.read_text("utf-8"), re.DOTALL)
    locations = re.findall(r'location ~ "([^"]*)" \{(.*?)\n    \}', sample, re.DOTALL)
    for form in FORMS:
        block = next(block for path, block in locations if re.search(path, f"/{form}/abc.DEF-_x"))
        assert f"client_max_body_size {'3m' if form == 'minutes' else '64k'};" in block, form


def test_no_location_of_the_samples_for_nginx_lets_a_browser_say_who_it_is() -> None:
    """nginx inherits `proxy_set_header` into a block that sets none of its own."""
    samples = [
        each
        for page in (NGINX, SIGNING_IN)
        for each in re.findall(r"```nginx\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    ]
    assert len(samples) >= 2
    for sample in samples:
        for block in re.findall(r"\{([^{}]*proxy_set_header[^{}]*)", sample):
            assert "proxy_set_header Remote-Email" in block and "cadence-proxy-secret" in block.casefold(), block
