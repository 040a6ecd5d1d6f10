"""What programs send and ask for: readings as JSON, and the pages' twins, by a token. A place is the number of a token,
or a word that is none, and a path."""

import json
import random
from typing import Any

from tests.simulation.year_definition import ID

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_year import Standing
from .requests import Requests, Sent

KPIS = (f"{ID}/stations", f"{ID}/stations", f"{ID}/quokka-cost", f"{ID}/nothing")
PERIODS = ("2026-Q4", "2026-Q4", "2027-Q1", "2027-Q2", "2026-12", None)
VALUES: tuple[Any, ...] = (
    3,
    4.5,
    "3",
    "3.5",
    "3,5",
    "1.234",
    1e300,
    10**400,
    -1,
    True,
    None,
    [],
    {},
    "",
    "3 EUR",
    0.1 + 0.2,
    -0.0,
)
TWINS = (
    "/portfolio.json", f"/partnerships/{ID}.json", "/decisions.json", "/horizon.json", "/load.json", "/history.json",
    f"/kpis/{ID}/stations.json", f"/kpis/{ID}/quokka-cost.json", "/now.json", "/openapi.json", "/metrics", "/healthz",
)  # fmt: skip
NO_READINGS = (
    b"[" * 100_000, b'{"a":' * 50_000, b"[]", b"null", b"1" * 100_000, b'"\\ud800"', b"NaN", b"1e99999",
    b'{"kpi":"a","kpi":"b","value":1}', b"[" + b"{}," * 5000 + b"{}]", b"[1,2,3]", b"-", b"\xef\xbb\xbf{}",
)  # fmt: skip
TOKENS = ("0", "1", "0", "1", "none", "x", "x" * 43)


class Api(Requests):
    name = "api"

    def make(self, rng: random.Random) -> bytes:
        chapter = rng.choice(self.year.chapters[-8:])
        if rng.random() < 0.1:
            asked = rng.choice(("", "", "?on=2026-11-11", "?on=x", "?as=globex", "?q=%00", "?page=9"))
            return Sent(chapter, "GET", f"{rng.choice(TOKENS)} {rng.choice(TWINS)}{asked}", (), b"").written
        kind = (
            "application/json"
            if rng.random() < 0.97
            else rng.choice(("text/json", "", "application/json; charset=utf-16"))
        )
        body = self._document(rng)
        if rng.random() < 0.35:
            body = damaged(body, rng)
        method = "POST" if rng.random() < 0.98 else rng.choice(("PUT", "GET", "PATCH"))
        return Sent(chapter, method, f"{rng.choice(TOKENS)} /api/readings", (("content-type", kind),), body).written

    def _document(self, rng: random.Random) -> bytes:
        chance = rng.random()
        if chance < 0.1:
            return rng.choice(NO_READINGS)
        count = rng.choice((1, 1, 1, 2, 5)) if chance < 0.97 else 1001
        readings = [self._reading(rng) for _ in range(count)]
        text = json.dumps(
            readings[0] if count == 1 and rng.random() < 0.6 else readings, ensure_ascii=rng.random() < 0.5
        )
        return encoded(text)

    def _reading(self, rng: random.Random) -> dict[str, Any]:
        said: dict[str, Any] = {"kpi": rng.choice(KPIS), "value": rng.choice(VALUES)}
        if rng.random() < 0.7:
            said["period"] = rng.choice(PERIODS)
        if rng.random() < 0.3:
            said["note"] = rng.choice((*odd_words.TEXTS, None, 3))
        if rng.random() < 0.3:
            said["by"] = rng.choice(("dev", "ines", "nobody", "dev.patel@globex.example", None, 7))
        if rng.random() < 0.3:
            said["confirm"] = rng.choice((True, False, "yes", None))
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            said[rng.choice((*said, odd_words.a_text(rng, 6)))] = an_odd_value(rng)
        return said

    def path(self, standing: Standing, where: str) -> str | None:
        _, _, path = where.partition(" ")
        return path if path.startswith("/") and path.isascii() and path.isprintable() else None

    def filled(self, standing: Standing, sent: Sent) -> tuple[dict[str, str], bytes]:
        which = sent.where.partition(" ")[0]
        return {**dict(sent.headers), **bearer(standing, which)}, sent.body


def an_odd_value(rng: random.Random) -> Any:
    return rng.choice((rng.choice(odd_words.ALL), odd_words.a_text(rng), rng.choice(VALUES), [[[]]], {"a": [1]}))


def bearer(standing: Standing, which: str) -> dict[str, str]:
    """The header of a token by its number, or of a word that is none; nothing for "none"."""
    token = standing.tokens[int(which)] if which in ("0", "1", "2", "3") else which
    return {} if which == "none" or not token.isascii() else {"authorization": f"Bearer {token}"}
