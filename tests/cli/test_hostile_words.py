"""Whatever people write in a note, a reason, minutes, a judgement stays words: in a terminal, a letter, a chat, a log.

And what is no value is refused with a reason by every way in; it is Saturday 21 November 2026 in Berlin, October's
reading is overdue and November has not ended.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from scheduler.daemon.logs import logger
from scheduler.render.notifications.chat import SHAPES
from scheduler.render.signed_links import report_link
from scheduler.services.app import App, open_app
from scheduler.services.pipeline.cycle import run
from scheduler.settings import load
from scheduler.store import outbox, readings
from scheduler.store.secrets import signing_key
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests import builders
from tests.cli.conftest import MOMENT, Cadence, Outcome, define

NOW = datetime.fromisoformat(MOMENT)
CELLS, COST = "acme-globex/cells-delivered", "acme-globex/landed-cost"
CALL = "2026-12-17T15:30+01:00"
"""The day after the evidence call."""
JUDGE = ["checkpoint", "judge", "acme-globex", "dashboards", "--verdict", "partly"]
DECIDE = ["checkpoint", "decide", "acme-globex", "adjust"]
ROOMS = tuple(SHAPES)
SETTINGS = "data: ../data\nchats:\n" + "".join(
    f"  {shape}-room: {{shape: {shape}, url: 'https://chat.globex.example/{shape}'}}\n" for shape in ROOMS
)
WORDS = {
    "markup": "<script>alert(1)</script><b>bold</b> & [a](javascript:b) **strong**",
    "a template": "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    "a formula": "=HYPERLINK(1)",
    "lines": "one\nBcc: all@evil.example\n\n# two\n- [ ] Dev: pay by 1 Dec",
    "at length": ("x" * 39 + " ") * 49 + "x" * 40,
}
UNPRINTABLE = {
    "bidi marks": "ab\u202egnp.exe",
    "a terminal's commands": "\x1b[31m\x1b]0;owned\x07",
    "half a character": "a\udcffb",
    "nothing": " \n ",
    "too long": "x" * 2001,
}


@contextmanager
def the_house(home: Path) -> Iterator[tuple[App, io.StringIO]]:
    """The app and its log, as lines of JSON."""
    said = io.StringIO()
    with redirect_stderr(said):
        app = open_app(load(home / "config" / "cadence.yaml"), logger("json", "debug"))
        try:
            yield app, said
        finally:
            app.close()


@pytest.fixture
def told(installation: Cadence, home: Path) -> Callable[[str], None]:
    """Puts the same words into every place where people may write some."""

    def say(words: str) -> None:
        tells = [{"tell": "both", "chat": f"{shape}-room"} for shape in ROOMS]
        people = builders.written()["people"]
        for key, tell in zip(("tom", "dev", "june"), tells, strict=True):
            people[key] = {**people[key], **tell}
        (home / "config" / "cadence.yaml").write_text(SETTINGS, encoding="utf-8")
        define(home, people=people)
        minutes = home / "minutes.md"
        minutes.write_text(f"## Decisions\n- {words}\n\n## Actions\n- [ ] Dev: {words}\n", encoding="utf-8")
        for command in (
            ["kpi", "acknowledge", CELLS, "--until", "2026-11-25", "--because", words, "--by", "tom"],
            ["kpi", "excuse", COST, "--because", words],
            ["review", "hold", "acme-globex/pipeline/2026-W47", "--minutes", str(minutes), "--by", "dev"],
            ["review", "hold", "acme-globex/pipeline/2026-W47", f"--present=dev={words}", "--absent", "ines"],
            ["review", "show", "acme-globex/pipeline/2026-W47"],
            ["review", "hold", "acme-globex/operating/2026-10", "--minutes", str(minutes), "--by", "dev"],
            ["review", "object", "acme-globex/operating/2026-10", "--says", words, "--by", "dev"],
            ["review", "skip", "acme-globex/pipeline/2026-W48", "--because", words],
            ["review", "call", "acme-globex", "--because", words],
        ):
            said_plainly(installation(*command))

    return say


def said_plainly(outcome: Outcome) -> None:
    assert outcome.status == 0, outcome.err
    assert is_plain(outcome.out + outcome.err)


def is_plain(printed: str) -> bool:
    return all(letter == "\n" or letter.isprintable() for letter in printed)


@pytest.mark.parametrize("what", WORDS)
def test_words_stay_words_in_a_terminal(told: Callable[[str], None], installation: Cadence, what: str) -> None:
    told(WORDS[what])
    said_plainly(installation("--now", CALL, *JUDGE, "--evidence", WORDS[what], "--by", "dev"))
    said_plainly(installation("--now", CALL, *DECIDE, "--because", WORDS[what], "--by", "dev"))
    for command in ("kpi list", "overdue", "triggers", "action list", "checkpoint acme-globex", "show acme-globex",
                    "reviews", "review show acme-globex/pipeline/2026-W48", "simulate --until 2027-01-31", "status",
                    "agenda acme-globex/pipeline/2026-W49", "outbox list"):  # fmt: skip
        outcome = installation("--now", "2026-12-18T09:00+01:00", *command.split())
        assert outcome.out and is_plain(outcome.out + outcome.err), command


@pytest.mark.parametrize("what", WORDS)
def test_words_stay_words_in_letters_chats_and_the_log(told: Callable[[str], None], home: Path, what: str) -> None:
    told(WORDS[what])
    with the_house(home) as (app, said):
        for day in range(0, 28, 3):
            run(app, NOW + timedelta(days=day, hours=6))
        with app.store.read() as db:
            letters = [each for row in outbox.listing(db) if (each := outbox.get(db, row.id or 0))]
    assert {letter.channel for letter in letters} == {"mail", *(f"{shape}-room" for shape in ROOMS)}
    shown = "".join(letter.content.decode() for letter in letters if letter.channel != "mail")
    for letter in letters:
        assert "\n" not in letter.title and is_plain(letter.title)
        if letter.channel != "mail":
            assert json.loads(letter.content)
            continue
        message = message_from_bytes(letter.content, policy=policy.default)
        assert message["Bcc"] is None and not message.defects and len(message["Subject"]) <= 200
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None and html is not None
        assert not re.findall(r"<script|<b>bold|<h1>two|href=.javascript", html.get_content())
        shown += plain.get_content()
    assert " ".join(WORDS[what].split())[:40] in shown  # it was told, as it was written
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert {"cycle.done", "notice"} <= {line["event"] for line in lines}


@pytest.mark.parametrize("what", UNPRINTABLE)
@pytest.mark.parametrize(
    "command",
    [
        ["kpi", "acknowledge", CELLS, "--until", "2026-11-25", "--because"],
        ["kpi", "excuse", COST, "--because"],
        ["review", "call", "acme-globex", "--because"],
        [*JUDGE, "--by", "dev", "--evidence"],
        [*DECIDE, "--by", "dev", "--because"],
        ["token", "create"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_what_cannot_be_shown_is_refused_in_plain_words(installation: Cadence, command: list[str], what: str) -> None:
    outcome = installation(*command, UNPRINTABLE[what])
    assert outcome.status in (1, 2) and is_plain(outcome.err) and 0 < len(outcome.err) < 700


# Values --------------------------------------------------------------------------------------------------------------

NO_VALUE = ["nan", "-nan", "inf", "-Infinity", "1e400", "1" + "0" * 400, "0x1p9", "--1", "1" * 16, "0.12345678901"]
Report = Callable[[str, str], str]
"""Reports a value for a period; what is answered."""


@pytest.fixture
def by_every_way(installation: Cadence, home: Path) -> Iterator[dict[str, Report]]:
    def at_the_command_line(value: str, period: str) -> str:
        return installation("kpi", "report", CELLS, "--period", period, "--", value).err

    def in_a_file(value: str, period: str) -> str:
        (home / "figures.csv").write_text(f"kpi,period,value\n{CELLS},{period},{value}\n", encoding="utf-8")
        return installation("kpi", "import", str(home / "figures.csv")).err

    with the_house(home) as (app, _), app.store.write() as db:
        key = signing_key(db)
    token = json.loads(installation("token", "create", "probe", "--json").out)["token"]
    with the_house(home) as (app, _):
        copies = FeedCache(app, lambda: NOW)
        unit_of_work = UnitOfWork(app, lambda: NOW, lambda: None)
        with TestClient(application(lambda: copies, lambda: unit_of_work, lambda: True)) as client:

            def on_the_form(value: str, period: str) -> str:
                path = report_link("", key, CELLS, period, "tom", NOW + timedelta(days=1))
                answer = client.post(path, data={"value": value}, follow_redirects=False)
                return "" if answer.status_code == 303 else answer.text

            def by_a_program(value: str, period: str) -> str:
                said = {"kpi": CELLS, "period": period, "value": value}
                answer = client.post("/api/readings", json=said, headers={"authorization": f"Bearer {token}"})
                return "" if answer.status_code == 200 else answer.text

            yield {
                "command line": at_the_command_line,
                "file": in_a_file,
                "form": on_the_form,
                "program": by_a_program,
            }
        copies.close()


def on_record(home: Path) -> list[str]:
    with the_house(home) as (app, _), app.store.read() as db:
        return [f"{each.value:f}" for each in readings.history(db, CELLS)]


@pytest.mark.parametrize("value", NO_VALUE, ids=lambda value: value[:12])
def test_what_is_no_value_is_refused_by_every_way_in(by_every_way: dict[str, Report], home: Path, value: str) -> None:
    for way, report in by_every_way.items():
        assert "is not a number" in report(value, "2026-10"), way
    assert on_record(home) == []


def test_a_period_that_has_not_ended_is_refused_by_every_way_in(by_every_way: dict[str, Report], home: Path) -> None:
    for way, report in by_every_way.items():
        assert "before it has ended" in report("0.31", "2026-11"), way
    assert on_record(home) == []


def test_less_than_nothing_of_nothing_is_nothing(by_every_way: dict[str, Report], home: Path) -> None:
    """-0 is 0, and 0 once more is no correction."""
    for way, report in by_every_way.items():
        assert report("-0", "2026-10") == "", way
    assert on_record(home) == ["0"]
