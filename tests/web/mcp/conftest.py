"""An endpoint for assistants over Acme and Globex, and Globex and Initech, as `tests/web/site` has them."""

from collections.abc import Iterator
from typing import Any

import pytest

from scheduler.services.app import App
from tests.web.conftest import Site, served
from tests.web.site.conftest import with_pages
from tests.web.site.test_programs import token


@pytest.fixture
def pages(app: App) -> Iterator[Site]:
    yield from served(app, with_pages(app.settings))


class Assistant:
    """Somebody's assistant, which speaks the current revision by hand; `last` is the whole answer to its last call."""

    def __init__(self, site: Site, secret: str) -> None:
        self.site, self.secret = site, secret
        self.last: Any = None

    def post(self, body: Any = None, content: bytes | None = None, **headers: str | None) -> Any:
        given = {"authorization": f"Bearer {self.secret}", "content-type": "application/json"}
        for name, value in headers.items():
            given.pop(name.replace("_", "-"), None)
            given |= {name.replace("_", "-"): value} if value is not None else {}
        sent = {"content": content} if content is not None else {"json": body}
        self.last = self.site.client.post("/mcp", headers=given, **sent)
        return self.last

    def ask(self, method: str, params: dict[str, Any] | None = None, **headers: str | None) -> Any:
        """A request of the revision 2026-07-28."""
        meta = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        said = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**(params or {}), "_meta": meta}}
        name = {"mcp_name": params["name"]} if params and method == "tools/call" else {}
        return self.post(said, **{"mcp_protocol_version": "2026-07-28", "mcp_method": method, **name, **headers})

    def call(self, tool: str, **arguments: object) -> Any:
        """What a tool shows; the words of its fault, where it could not."""
        result = self.ask("tools/call", {"name": tool, "arguments": arguments}).json()["result"]
        return result["content"][0]["text"] if result["isError"] else result["structuredContent"]


@pytest.fixture
def assistant(pages: Site) -> Any:
    """``assistant(organisation="acme")`` has a token for that organisation to read by."""
    return lambda **may: Assistant(pages, token(pages, **may))
