"""A year of the consortium, driven as in life: letters read and answered on the form, at the command line and by a
program; readings missed, late, excused and never given; a checkpoint judged and decided; minutes filed; a formal review
called; reviews skipped; calendars subscribed to."""

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from starlette.testclient import TestClient

from scheduler.cli import main
from scheduler.services.app import App, open_app
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.digests import tell
from scheduler.services.pipeline.govern import govern
from scheduler.services.pipeline.intake import gather
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from scheduler.settings import load
from scheduler.store import outbox
from scheduler.store.tables import LetterRow
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.builders import Written
from tests.confidential.outputs import Output, of_mail, paths
from tests.confidential.partnership import CHAIR, ID, MARKS, NAMES, definition, manager, owner, person
from tests.services.town import Events

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2026, 9, 21), date(2027, 9, 30)
BEFORE = datetime.combine(FIRST, time(11), BERLIN)
ROOMS = ("acme-room", "globex-room", "initech-room", "shared-room")
PROGRAMS = ("acme-program", "globex-program", "initech-program", "joint-program")


@dataclass
class Program:
    """cadence in a folder of its own, on a clock that is moved on."""

    folder: Path
    chats: str
    log: Events = field(default_factory=Events)
    now: datetime = BEFORE
    said: list[str] = field(default_factory=list)
    """What commands told the operator as errors."""
    posted: tuple[Output, ...] = ()
    """What came in at the chats."""
    app: App = field(init=False)

    def __post_init__(self) -> None:
        settings = self.folder / "cadence.yaml"
        if not settings.exists():
            (self.folder / "partnerships").mkdir()
            settings.write_text(yaml.safe_dump(a_configuration(self.chats)), encoding="utf-8")
            (self.folder / "programs.key").write_text("whsec_YSBrZXk=\n", encoding="utf-8")
        self.open(create=True)

    def open(self, *, create: bool = False) -> None:
        self.app = open_app(load(self.folder / "cadence.yaml"), self.log, create=create)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def define(self, written: Written) -> None:
        text = yaml.safe_dump(written, sort_keys=False, allow_unicode=True)
        (self.folder / "partnerships" / f"{ID}.yaml").write_text(text, encoding="utf-8")

    def cycle(self, *, publishes: bool = True) -> None:
        """A cycle, and a round of the senders; without `publishes` the files are left for a later one."""
        if publishes:
            run(self.app, self.now)
        else:
            gather(self.app, self.now)
            govern(self.app, ID, self.now)
            tell(self.app, self.now)
        for each in deliver(Sender(self.app, "one", lambda: self.now, lambda: 0.5)).values():
            assert each is not None

    def call(self, *arguments: str) -> str:
        """What a command prints; it has to succeed."""
        status, out = self.tried(*arguments)
        assert status == 0, (arguments, self.said[-1:])
        return out

    def tried(self, *arguments: str) -> tuple[int, str]:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main(["--now", self.now.isoformat(), "--config", str(self.folder / "cadence.yaml"), *arguments])
            except SystemExit as left:
                status = int(left.code or 0)
        self.said.append(err.getvalue())
        return status, out.getvalue()

    def letters(self) -> list[LetterRow]:
        with self.app.store.read() as db:
            return [each for row in outbox.listing(db) if (each := outbox.get(db, row.id or 0))]

    def site(self, peer: str = "testclient") -> TestClient:
        copies = FeedCache(self.app, lambda: self.now)
        unit_of_work = UnitOfWork(self.app, lambda: self.now, lambda: None)
        made = application(lambda: copies, lambda: unit_of_work, lambda: True)
        return TestClient(
            made, base_url="https://cadence.alliances.example", follow_redirects=False, client=(peer, 50000)
        )


def a_configuration(chats: str) -> dict[str, Any]:
    """Each organisation has a chat of its own, in each of the shapes; one is shared."""
    shapes = dict(zip(ROOMS, ("json", "slack", "teams", "json"), strict=True))
    rooms = {name: {"shape": shape, "url": f"{chats}/{name}", "internal": True} for name, shape in shapes.items()}
    for of in MARKS:
        rooms[f"{of}-room"]["of"] = f"{of}.example"
    return {
        "definitions": "partnerships",
        "data": "data",
        "templates": "templates",
        "horizon_days": 120,
        "mail": {"sender": "cadence@alliances.example"},
        "web": {"public_url": "https://cadence.alliances.example"},
        "chats": rooms,
        "webhooks": {name: _program(name, chats) for name in PROGRAMS},
    }


def _program(name: str, chats: str) -> dict[str, Any]:
    """A webhook by which a program of an organisation hears of events; one is nobody's."""
    of = name.removesuffix("-program")
    said = {"url": f"{chats}/{name}", "internal": True, "secret_file": "programs.key"}
    return said | ({"organisation": of} if of in MARKS else {})


# The year ----------------------------------------------------------------------------------------------------------


def lived(program: Program) -> Program:
    """From before the effective date until the end of the agreement's first year, on mondays and thursdays."""
    program.define(definition())
    todo = sorted(_events(), key=lambda event: event[0])
    day = FIRST
    while day <= LAST:
        program.now = datetime.combine(day, time(11), BERLIN)
        while todo and todo[0][0] <= day:
            todo.pop(0)[1](program)
        program.cycle(publishes=day.day > 24 or day >= LAST)
        day += timedelta(days=3 if day.weekday() == 0 else 4)
    assert not todo
    return program


Event = tuple[date, Callable[[Program], object]]


def _events() -> Iterator[Event]:
    for of in MARKS:
        yield from _readings(of)
        yield from _judged(of)
    yield date(2026, 12, 21), _judged_by_another_side
    yield date(2027, 1, 4), lambda p: p.call(*f"checkpoint decide {ID} adjust --because begun --by ada".split())
    yield date(2027, 3, 1), lambda p: p.call(*f"review call {ID} --because slow --by ada".split())
    yield date(2027, 3, 15), _filed
    for day in (date(2027, 3, 1), date(2027, 5, 10), date(2027, 8, 2)):
        yield day, lambda p: p.call("kpi", "report", f"{ID}/packages", "4", "--by", "tom")
    yield date(2027, 4, 5), lambda p: p.call("decide", "deadlock", ID, "--says", "who pays", "--by", "ada")
    yield date(2027, 9, 20), lambda p: p.call("decide", "propose", ID, "--says", "it goes on", "--by", "ada")
    yield date(2027, 5, 28), lambda p: _skipped(p, "2027-05")
    yield date(2027, 6, 28), lambda p: _skipped(p, "2027-06")


def _skipped(program: Program, month: str) -> None:
    program.call("review", "skip", f"{ID}/operating/{month}", "--because", "nobody had time")


def _readings(of: str) -> Iterator[Event]:
    """October and November missed, December silent until February, January excused, February promised; March entered by
    a program, April on the form; then late again, and missed by far."""
    mark, by = MARKS[of], owner(of)
    kpi, note = f"{ID}/{mark.margin}", f"so says {mark.secret}"
    report = ("kpi", "report", kpi)
    yield date(2026, 11, 6), lambda p: p.call(*report, f"{mark.figure[:-1]}.1", "--note", note, "--by", by, "--confirm")
    yield date(2026, 12, 21), lambda p: p.call(*report, f"-{mark.figure}.2", "--note", note, "--by", by)
    held = ("--because", f"{mark.secret} is closed", "--by", by)
    yield date(2027, 2, 15), lambda p: p.call("kpi", "excuse", kpi, "--period", "2027-01", *held)
    yield date(2027, 2, 17), lambda p: p.call(*report, f"{mark.figure}.3", "--period", "2026-12")
    promised = ("--period", "2027-02", "--until", "2027-03-24")
    yield date(2027, 3, 15), lambda p: p.call("kpi", "acknowledge", kpi, *promised, *held)
    yield date(2027, 4, 2), lambda p: p.call(*report, f"{mark.figure}.4", "--period", "2027-02")
    one = {"kpi": kpi, "period": "2027-03", "value": "1", "note": note, "confirm": True}
    yield date(2027, 5, 3), lambda p: _sent(p, of, one)
    yield date(2027, 6, 7), lambda p: _filled_in(p, of, f"{mark.figure}.5", note)
    low = {"kpi": kpi, "value": f"-{mark.figure}.6", "note": note}
    yield date(2027, 7, 8), lambda p: _sent(p, of, {**low, "period": "2027-05"})
    yield date(2027, 7, 29), lambda p: _sent(p, of, {**low, "period": "2027-06"})
    yield date(2027, 8, 16), lambda p: _sent(p, of, {**low, "period": "2027-07"})


def _sent(program: Program, of: str, reading: Written) -> None:
    token = json.loads(program.call("token", "create", f"erp of {of}", "--organisation", of, "--json"))["token"]
    with program.site() as client:
        headers = {"authorization": f"Bearer {token}"}
        assert client.post("/api/readings", json=reading, headers=headers).status_code == 200


def _filled_in(program: Program, of: str, value: str, note: str) -> None:
    """The form that the latest letter to the owner links to, on a later day; who is told by chat has it sent first."""
    with program.site() as client:
        if not _links(program, person(owner(of)), "report"):
            sent = client.post(_last_link(program, person(owner(of)), "mine"), data={"send": "yes"})
            assert sent.status_code == 303
        path = _last_link(program, person(owner(of)), "report")
        assert client.post(path, data={"value": value, "note": note}).status_code == 303


def _last_link(program: Program, email: str, kind: str) -> str:
    """The path of the form that the latest letter to somebody links to."""
    return _links(program, email, kind)[-1]


def _links(program: Program, email: str, kind: str) -> list[str]:
    mine = (each for each in program.letters() if each.email == email and each.method == "NOTICE")
    texts = [each.content.decode() if each.channel != "mail" else of_mail(each.content) for each in mine]
    return [*paths("\n".join(texts), kind)]


def _judged(of: str) -> Iterator[Event]:
    """Acme's at the command line, Initech's on the form, each by its manager."""
    said = f"as {MARKS[of].secret} shows"
    if of == "acme":
        judged = ("--verdict", "partly", "--evidence", said, "--by", manager(of))
        yield date(2026, 12, 17), lambda p: p.call("checkpoint", "judge", ID, "of-acme", *judged)
    elif of == "initech":
        yield date(2026, 12, 21), lambda p: _judged_on_the_form(p, manager(of), said)


def _judged_by_another_side(program: Program) -> None:
    """What Ines of Acme says of it she heard from Globex: it is for Globex alone."""
    _judged_on_the_form(program, "ines", f"as heard from {MARKS['globex'].secret}")


def _judged_on_the_form(program: Program, judge: str, evidence: str) -> None:
    with program.site() as client:
        path = _last_link(program, person(judge), "judge")
        assert client.post(path, data={"verdict": "met", "evidence": evidence}).status_code == 303


def _filed(program: Program) -> None:
    """The minutes of an executive board: Acme's own brief of it, filled in and filed as it is."""
    review = f"{ID}/health-audit/2027-Q1"
    brief = program.call("agenda", review, "--for", "acme")
    file = program.folder / "minutes.md"
    internal = f"\n- [ ] Uwe: sell {MARKS['acme'].secret}\n- Decided: sell {MARKS['acme'].secret}\n"
    actions = "\n## Actions\n- Dev: send the drawings by 1 Apr 2027\n- Ada: ask the harbours\n"
    joint = f"\n## Decisions\n- Share the berths (Dev)\n{actions}\n## Parked\n- The fourth\n"
    file.write_text(brief + internal + joint, encoding="utf-8")
    program.call("review", "hold", review, "--minutes", str(file), "--by", "ada")


def everybody() -> list[str]:
    """The mail addresses of all people."""
    return [CHAIR, *(person(name.partition(" ")[0].lower()) for names in NAMES.values() for name in names)]
