"""A health check as its people live it: six people of two sides, asked by letter on Tuesday 30 March 2027 (day 180 of
an agreement that began on 1 October 2026), and the answers that they give by the links of their letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

from scheduler.domain.record.health import HealthRound
from scheduler.services.app import App
from scheduler.services.cases.health_checks import answer
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.store import health_checks
from scheduler.store.health_checks import Answer
from scheduler.store.outbox import MAIL
from tests.builders import at

CELLS = "acme-globex"
ROUND = f"{CELLS}/health/2027-H1"
OPENS, CLOSED = at("2027-03-30 10:00"), at("2027-04-21 00:00")
"""The morning of day 180, and the first moment after the last day, Tuesday 20 April."""
ACME, GLOBEX = ("ines", "marta", "uwe"), ("dev", "june", "tom")
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class HealthCheck:
    """What people do in a round of an app, by their links."""

    app: App

    def cycle(self, now: datetime) -> None:
        run(self.app, now)

    def send(self, now: datetime) -> None:
        """Let the letters leave that are due."""
        deliver_by(Sender(self.app, "sender", lambda: now, lambda: 0.5), MAIL)

    def tokens(self) -> dict[str, str]:
        """The token of the last letter that asked each, by the first part of their address."""
        found = {}
        for path in sorted((self.app.settings.data / "outbox").glob("*.eml"), key=_when):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = letter.get_body(("plain",))
            text = body.get_content() if body else ""
            if token := re.search(r"/health/([A-Za-z0-9_-]{43})\s", text):
                found[str(letter["To"].addresses[0].username).partition(".")[0].replace("inès", "ines")] = token[1]
        return found

    def answers(
        self, person: str, values: Mapping[str, int | None] | int, words: str | None = None, **more: Any
    ) -> str:
        """Somebody answers by their link; the key of their browser."""
        browser = more.pop("browser", None) or health_checks.new_secret()
        answer(self.app, self.tokens()[person], browser, self.said(values, words), more.pop("now", OPENS))
        return str(browser)

    def said(self, values: Mapping[str, int | None] | int, words: str | None = None) -> list[Answer]:
        """A whole form: the same value of every statement, or those that are named and else a 3."""
        each: Mapping[str, int | None] = {} if isinstance(values, int) else values
        other = values if isinstance(values, int) else 3
        terms = self.rounds()[-1].terms
        keys = [question.key for area in terms.areas for question in area.questions]
        found = [Answer(key, each.get(key, other)) for key in keys]
        return [*found, Answer(terms.in_words[0].key, words=words)] if words else found

    def rounds(self) -> Sequence[HealthRound]:
        with self.app.store.read() as db:
            return health_checks.recorded(db, CELLS)

    def table(self, name: str) -> list[dict[str, Any]]:
        from scheduler.store import core_tables

        table = getattr(core_tables, name)
        with self.app.store.read() as db:
            return [dict(row) for row in db.execute(table.select()).mappings()]


def _when(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name


def opened(app: App) -> HealthCheck:
    """The round is open, and its letters have left."""
    check = HealthCheck(app)
    check.cycle(OPENS)
    check.send(at("2027-03-31 16:30"))
    return check


def post(client: TestClient, token: str, said: Sequence[Answer], **more: str) -> Any:
    """Send the page's form."""
    typed = {each.question: each.words or str(each.value or "cannot") for each in said}
    return client.post(f"/health/{token}", content=urlencode({**typed, **more}), headers=FORM, follow_redirects=False)
