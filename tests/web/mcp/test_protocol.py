"""The protocol: one request, one answer, in two eras; what is not one is refused in the protocol's own words."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from scheduler.web.mcp.rate import MOST, Rate
from scheduler.web.mcp.tools import TOOLS
from tests.web.conftest import CELLS, NOW, Site
from tests.web.site.test_programs import token

META = "io.modelcontextprotocol"


@pytest.mark.parametrize("mode", ["auto", "legacy", "2026-07-28"])
def test_the_sdks_own_client_lists_the_tools_and_calls_each(pages: Site, mode: Any) -> None:
    """That of the protocol's authors, by HTTP, in the current revision and in those before it."""
    secret = token(pages, organisation="acme")

    async def spoken() -> tuple[Any, Any, Any]:
        transport = httpx2.ASGITransport(pages.client.app)
        headers = {"authorization": f"Bearer {secret}"}
        async with httpx2.AsyncClient(transport=transport, headers=headers) as http:
            way = streamable_http_client(f"{pages.client.base_url}/mcp", http_client=http)
            async with Client(way, mode=mode) as client:
                listed = await client.list_tools()
                shown = await client.call_tool("partnership", {"partnership": CELLS})
                missing = await client.call_tool("partnership", {"partnership": "acme-initech"})
                return listed, shown, missing

    listed, shown, missing = asyncio.run(spoken())
    assert [tool.name for tool in listed.tools] == [*TOOLS]
    assert not shown.is_error
    assert shown.structured_content["id"] == CELLS
    assert missing.is_error


def test_the_sdks_client_is_told_that_its_token_is_no_good(pages: Site) -> None:
    async def spoken() -> None:
        transport = httpx2.ASGITransport(pages.client.app)
        headers = {"authorization": f"Bearer {'a' * 43}"}
        async with (
            httpx2.AsyncClient(transport=transport, headers=headers) as http,
            Client(streamable_http_client(f"{pages.client.base_url}/mcp", http_client=http)) as client,
        ):
            await client.list_tools()

    with pytest.raises((MCPError, ExceptionGroup, httpx2.HTTPError)):
        asyncio.run(spoken())


# Who asks, from where ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bearer", [None, "Bearer x", f"Bearer {'a' * 43}", "Basic YTpi"])
def test_without_a_good_token_nothing_is_answered(assistant: Any, bearer: str | None) -> None:
    answer = assistant().ask("tools/list", authorization=bearer)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "result" not in answer.json()


def test_a_token_that_only_reports_reads_nothing(assistant: Any) -> None:
    answer = assistant(reads=False, reports=True).ask("tools/list")
    assert answer.status_code == 403
    assert "--may read" in answer.json()["error"]["message"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://evil.example:8377", "https://["])
def test_a_page_of_another_site_asks_nothing(assistant: Any, origin: str) -> None:
    assert assistant().ask("tools/list", origin=origin).status_code == 403


def test_a_page_of_this_host_may_ask(assistant: Any, pages: Site) -> None:
    assert assistant().ask("tools/list", origin=str(pages.client.base_url)).status_code == 200


def test_under_another_name_than_its_own_there_is_nothing(assistant: Any) -> None:
    assert assistant().ask("tools/list", host="evil.example").status_code == 404


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_stream_and_no_session(pages: Site, method: str) -> None:
    answer = pages.client.request(method, "/mcp", headers={"authorization": f"Bearer {token(pages)}"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_session_is_never_given(assistant: Any) -> None:
    reader = assistant()
    hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18"}}
    answer = reader.post(hello)
    assert answer.json()["result"]["protocolVersion"] == "2025-06-18"
    assert "mcp-session-id" not in answer.headers
    assert reader.post({"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    listed = reader.post({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, mcp_protocol_version="2025-06-18")
    assert [each["name"] for each in listed.json()["result"]["tools"]] == [*TOOLS]


@pytest.mark.parametrize(
    ("asked", "spoken"), [("2025-11-25", "2025-11-25"), ("2024-11-05", "2025-11-25"), ("x", "2025-11-25")]
)
def test_a_handshake_agrees_on_a_revision_that_both_speak(assistant: Any, asked: str, spoken: str) -> None:
    hello = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": asked}}
    assert assistant().post(hello).json()["result"]["protocolVersion"] == spoken


# What is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"mcp_method": "tools/call"}, -32020),
        ({"mcp_method": None}, -32020),
        ({"mcp_protocol_version": "2025-06-18"}, -32020),
        ({"mcp_protocol_version": None}, -32020),
    ],
)
def test_headers_say_what_the_body_does(assistant: Any, headers: dict[str, str | None], code: int) -> None:
    answer = assistant().ask("tools/list", **headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_the_header_names_the_tool_that_is_called(assistant: Any) -> None:
    answer = assistant().ask("tools/call", {"name": "portfolio", "arguments": {}}, mcp_name="partnership")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


def test_a_header_that_comes_twice_is_refused(assistant: Any) -> None:
    reader = assistant()
    pairs = [("authorization", f"Bearer {reader.secret}"), ("content-type", "application/json")]
    pairs += [("mcp-method", "tools/list"), ("mcp-method", "tools/call")]
    answer = reader.site.client.post("/mcp", headers=httpx2.Headers(pairs), json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


def test_a_revision_that_is_not_spoken_is_answered_with_those_that_are(assistant: Any) -> None:
    meta = {f"{META}/protocolVersion": "2031-01-01", f"{META}/clientCapabilities": {}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    answer = assistant().post(body, mcp_protocol_version="2031-01-01", mcp_method="tools/list")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, -32022)
    assert "2026-07-28" in error["data"]["supported"]
    assert error["data"]["requested"] == "2031-01-01"


@pytest.mark.parametrize("lacking", ["protocolVersion", "clientCapabilities"])
def test_a_request_of_the_current_revision_says_who_asks(assistant: Any, lacking: str) -> None:
    meta: dict[str, Any] = {f"{META}/protocolVersion": "2026-07-28", f"{META}/clientCapabilities": {}}
    del meta[f"{META}/{lacking}"]
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    answer = assistant().post(body, mcp_protocol_version="2026-07-28", mcp_method="tools/list")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32602)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[" * 20_000, -32700),
        (b"[]", -32600),
        (b'"tools/list"', -32600),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}]', -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "tools/list"}', -32600),
        (b'{"jsonrpc": "2.0", "id": null, "method": "tools/list"}', -32600),
        (b'{"jsonrpc": "2.0", "id": true, "method": "tools/list"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 3}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": []}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "review", "arguments": []}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete"}}', -32602),
    ],
    ids=lambda each: str(each)[:40],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_the_protocols_words(assistant: Any, content: bytes, code: int) -> None:
    answer = assistant().post(content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("method", ["resources/list", "prompts/get", "logging/setLevel", "completion/complete", "x"])
def test_what_it_cannot_do_it_says(assistant: Any, method: str) -> None:
    reader = assistant()
    assert (reader.ask(method).status_code, reader.last.json()["error"]["code"]) == (404, -32601)
    assert reader.post({"jsonrpc": "2.0", "id": 1, "method": method}).json()["error"]["code"] == -32601


def test_a_body_that_is_too_long_is_not_read(assistant: Any) -> None:
    assert assistant().post(content=b" " * (64 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"content_type": "text/plain"}, 415), ({"accept": "text/html"}, 406), ({"accept": "*/*"}, 200)],
)
def test_it_is_asked_and_answered_as_json(assistant: Any, headers: dict[str, str], status: int) -> None:
    assert assistant().ask("tools/list", **headers).status_code == status


# How often --------------------------------------------------------------------------------------------------------


def test_a_token_that_asks_too_often_waits_a_minute_and_holds_up_nobody_else(assistant: Any, pages: Site) -> None:
    hasty, other = assistant(), assistant()
    for _ in range(MOST):
        assert hasty.ask("ping").status_code == 200
    refused = hasty.ask("ping")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.json()["error"]["code"] == -32000
    assert other.ask("ping").status_code == 200
    pages.clock.forward(seconds=59)
    assert hasty.ask("ping").status_code == 429
    pages.clock.forward(seconds=1)
    assert hasty.ask("ping").status_code == 200


def test_a_clock_that_was_set_back_keeps_no_token_waiting() -> None:
    rate = Rate(2)
    assert rate.take(1, NOW) and rate.take(1, NOW) and not rate.take(1, NOW)
    assert rate.take(1, NOW - timedelta(days=1))


def test_half_a_character_in_an_id_goes_back_as_it_came(assistant: Any) -> None:
    content = b'{"jsonrpc": "2.0", "id": "\\udfff", "method": "ping"}'
    answer = assistant().post(content=content)
    assert answer.status_code == 200
    assert answer.json()["id"] == "\udfff"
