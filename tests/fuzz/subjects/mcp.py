"""What assistants send to `/mcp`: calls of tools in both eras of the protocol, of which one thing or more is strange. A
place is the number of a token, or a word that is none."""

import json
import random
from typing import Any
from unittest.mock import patch

from scheduler.web.mcp.messages import CURRENT, EARLIER
from scheduler.web.mcp.rate import Rate
from scheduler.web.mcp.tools import TOOLS
from tests.simulation.year_definition import ID

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_year import Standing
from .api import NO_READINGS, an_odd_value, bearer
from .requests import Requests, Sent

METHODS = (
    *("tools/call",) * 4,
    *("tools/list", "server/discover", "initialize", "ping", "notifications/initialized", "x"),
)
ARGUMENTS = ("partnership", "partnership", "review", "kpi", "search", "on", "words", "state", "page")
TOKENS = (*("2", "3") * 8, "0", "none", "x")
"""The third and the fourth may read."""
WORDS = (ID, f"{ID}/stations", f"{ID}/checkpoint", f"{ID}/operating/2026-12", "globex", "2026-12-01", "2", "", "../x")


class Mcp(Requests):
    name = "mcp"

    def try_one(self, content: bytes) -> str:
        """No token asks too often here: `tests/web/mcp` does."""
        with patch.object(Rate, "take", return_value=True):
            return super().try_one(content)

    def make(self, rng: random.Random) -> bytes:
        said, headers = self._request(rng)
        body = encoded(json.dumps(said, ensure_ascii=rng.random() < 0.5))
        if rng.random() < 0.25:
            body = damaged(body, rng)
        elif rng.random() < 0.06:
            body = rng.choice(NO_READINGS)
        elif rng.random() < 0.03:
            body = b"[" + b",".join([body] * 3) + b"]"
        method = "POST" if rng.random() < 0.97 else rng.choice(("GET", "DELETE", "PUT"))
        return Sent(rng.choice(self.year.chapters), method, rng.choice(TOKENS), tuple(headers.items()), body).written

    def _request(self, rng: random.Random) -> tuple[Any, dict[str, str]]:
        method, is_current = rng.choice(METHODS), rng.random() < 0.6
        revision = rng.choice((*CURRENT, *CURRENT, *EARLIER, "1999-01-01"))
        params: dict[str, Any] = {}
        if method == "tools/call":
            params = {"name": rng.choice((*TOOLS, *TOOLS, "x")), "arguments": self._arguments(rng)}
        headers = {"content-type": "application/json"}
        if is_current:
            params["_meta"] = {
                "io.modelcontextprotocol/protocolVersion": revision,
                "io.modelcontextprotocol/clientCapabilities": {},
            }
            headers |= {"mcp-protocol-version": revision, "mcp-method": method}
            headers |= {"mcp-name": params["name"]} if "name" in params else {}
        said: dict[str, Any] = {
            "jsonrpc": "2.0",
            "id": rng.choice((1, "a", 0, -1, 10**30)),
            "method": method,
            "params": params,
        }
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            place = rng.choice((said, params))
            place[rng.choice((*place, odd_words.a_text(rng, 6)))] = an_odd_value(rng)
        return said, headers

    def _arguments(self, rng: random.Random) -> Any:
        if rng.random() < 0.05:
            return an_odd_value(rng)
        count = rng.choice((0, 1, 1, 2, 3))
        return {
            rng.choice((*ARGUMENTS, odd_words.a_text(rng, 6))): rng.choice((*WORDS, *WORDS, an_odd_value(rng)))
            for _ in range(count)
        }

    def path(self, standing: Standing, where: str) -> str | None:
        return "/mcp"

    def filled(self, standing: Standing, sent: Sent) -> tuple[dict[str, str], bytes]:
        known = {name: value for name, value in sent.headers if value.isascii() and value.isprintable()}
        return {**known, **bearer(standing, sent.where)}, sent.body
