"""All that leaves the program, with whoever reads it.

The operator alone reads the log, what a command prints without --for (a portfolio's feed shows them the network level
as well), the database and the settings. Whatever else there is has a reader.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from starlette.testclient import TestClient

from scheduler.render.signed_links import AGENDA, judge_link, report_link, signed
from scheduler.store import subscriptions
from scheduler.store.secrets import signing_key
from scheduler.web.mcp.tools import listed
from scheduler.web.site import PAGES
from scheduler.web.site.paths import twin
from scheduler.web.site.programs import is_for_programs
from tests.builders import at
from tests.confidential.outputs import FORMS, Output, in_folder, of_mail, output, paths, side_of
from tests.confidential.partnership import CHAIR, ID, MARKS, manager, owner, person
from tests.confidential.site_pages import foreign_site, site_pages
from tests.confidential.year import PROGRAMS, ROOMS, Program, everybody
from tests.transports.hooks import Receiver

CHECKPOINTS = (f"{ID}/checkpoint", f"{ID}/pilot/checkpoint")
REVIEWS = (*CHECKPOINTS, f"{ID}/operating/2027-09", f"{ID}/health-audit/2027-Q3", f"{ID}/pilot/operating/2027-09")
ASKED = at("2027-01-08 11:00")
"""A day on which the links to judge the criteria of the consortium's checkpoint are good, and each is judged."""
_LINKS = 8
ROOM_OF = {name: side_of(f"x@{name.partition('-')[0]}.example") for name in (*ROOMS, *PROGRAMS)}
"""Who reads in a chat, or by a program: an organisation or, in the shared one, everybody."""


def everything(program: Program) -> Iterator[Output]:
    yield from letters(program)
    yield from program.posted
    yield from in_folder("file", program.data)
    yield from exported(program)
    yield from feeds(program)
    yield from commands(program)
    yield from evidence(program)
    yield from office_files(program)
    yield from pages(program)
    yield from foreign_pages(program)
    yield from site_pages(program)
    yield from foreign_site(program)
    yield from answers_to_programs(program)
    yield from read_by_programs(program)
    yield from read_by_assistants(program)
    yield from for_anybody(program)


# Letters -----------------------------------------------------------------------------------------------------------


def letters(program: Program) -> Iterator[Output]:
    """Every letter that was ever written, sent or replaced."""
    for letter in program.letters():
        what = f"{letter.title}, {letter.created_at:%Y-%m-%d}, to {letter.email}"
        if letter.channel == "mail":
            yield output("mail", what, side_of(letter.email), of_mail(letter.content))
        elif letter.method == "EVENT":
            yield output("event", what, ROOM_OF[letter.channel.removeprefix("webhook:")], letter.content)
        else:
            yield output("chat", f"{letter.channel}: {what}", ROOM_OF[letter.channel], letter.content)


def posts(receiver: Receiver) -> Iterator[Output]:
    """What came in at the chats, with its headers."""
    for path, head, said in zip(receiver.paths, receiver.heads, receiver.posts, strict=True):
        yield output("post", path, ROOM_OF[path.strip("/")], f"{head}\n{said.decode()}")


# Files, feeds, commands ----------------------------------------------------------------------------------------------


def exported(program: Program) -> Iterator[Output]:
    out = program.folder / "out"
    program.call("export", "--out", str(out))
    yield from in_folder("export", out)


def feeds(program: Program) -> Iterator[Output]:
    """A subscription of each person, of each organisation, of all partners, and of the portfolio."""
    wanted: list[tuple[str | None, dict[str, Any]]] = [(side_of(each), {"email": each}) for each in everybody()]
    wanted += [(of, {"partnership": ID, "organisation": of}) for of in MARKS]
    wanted += [(None, {"partnership": ID}), (None, {})]
    wanted += [(of, {**whose, "reports": "all"}) for of, whose in wanted]
    with program.site() as client:
        for reader, whose in wanted:
            token = subscriptions.new_token()
            with program.app.store.write() as db:
                subscriptions.add(db, token, program.now, **whose)
            for query in ("", "?alarms=1"):
                answer = client.get(f"/calendars/{token}.ics{query}")
                assert answer.status_code == 200
                yield output("feed", f"of {whose or 'the portfolio'}", reader, f"{answer.headers}\n{answer.text}")


def commands(program: Program) -> Iterator[Output]:
    """Whatever takes --for, as each organisation sees it; and what is shown to all partners without it."""
    listings = (
        ["list"],
        ["show", ID],
        ["reviews"],
        ["kpi", "list"],
        ["overdue"],
        ["triggers"],
        ["decisions"],
        ["matrix", ID],
        ["load"],
        ["portfolio"],
        ["adherence", "--by", "series"],
        ["disputes", "list", "--all"],
    )
    for of in MARKS:
        yield _printed(program, of, "decisions", "export", "--from", "2020-01-01", "--until", "2039-12-31", "--for", of)
    shown = [["checkpoint", id] for id in CHECKPOINTS] + [["launch", "list"], ["decide", "list", "--all"]]
    shown += [["exit", "show"], ["exit", "obligations"]]
    shown += [["review", "show", id] for id in REVIEWS]
    for command, of in product((*listings, *shown), MARKS):
        yield from (_printed(program, of, *command, "--for", of, *json) for json in ([], ["--json"]))
    for of, form in product(MARKS, ([], ["--json"])):
        yield _printed(program, of, "kpi", "show", f"{ID}/{MARKS[of].margin}", "--for", of, *form)
    for command in (["matrix", ID], *shown[: len(CHECKPOINTS)]):
        yield _printed(program, None, *command, "--json")
    for id, reader in product(REVIEWS, (None, *MARKS)):
        yield _printed(program, reader, "agenda", id, *(["--for", reader] if reader else ["--html"]))


def office_files(program: Program) -> Iterator[Output]:
    """What each organisation is given for spreadsheet programs and for Word."""
    for of in MARKS:
        for kind, more in (("xlsx", ()), *(("csv", ("--of", each)) for each in ("kpis", "actions", "decisions"))):
            file = program.data.parent / f"sheets-{of}.{kind}"
            yield _printed(program, of, "sheets", "--for", of, "--out", str(file), *more)
            yield output("sheets", " ".join((kind, *more)), of, _unpacked(file))
        for command in (("agenda",), ("review", "show")):
            for id in REVIEWS:
                file = program.data.parent / "paper.docx"
                status, said = program.tried(*command, id, "--for", of, "--docx", str(file))
                yield output("word", f"{command[0]} {id}", of, said if status else _unpacked(file))


def _unpacked(file: Path) -> str:
    if file.suffix == ".csv":
        return file.read_text(encoding="utf-8-sig")
    with ZipFile(file) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def evidence(program: Program) -> Iterator[Output]:
    """What each organisation is given for an assessor, every file of it."""
    for of in MARKS:
        file = program.data.parent / f"evidence-{of}.zip"
        yield _printed(program, of, "evidence", ID, "--for", of, "--out", str(file), "--replace")
        with ZipFile(file) as pack:
            for name in pack.namelist():
                yield output("evidence", name, of, pack.read(name).decode())


def _printed(program: Program, reader: str | None, *command: str) -> Output:
    return output("command", " ".join(command), reader, program.call(*command))


# Pages and programs --------------------------------------------------------------------------------------------------


def pages(program: Program) -> Iterator[Output]:
    """The forms that letters link to and the agendas that invitations do, opened by whoever reads the letter: as they
    are shown, with a mistake in them, and after they were sent."""
    today = program.now
    with program.site() as client:
        for reader, path in sorted(_links(program), key=lambda link: "/judge/" in link[1]):
            program.now = ASKED if "/judge/" in path else today
            yield _page(client, reader, "GET", path)
            if not path.startswith("/agendas/"):
                yield _page(client, reader, "POST", path, value="nan", verdict="great", done_on="nan", note="x" * 2001)
                said = {"value": "1", "verdict": "met", "evidence": "seen", "note": "counted"}
                said |= {
                    "done_on": f"{program.now:%Y-%m-%d}",
                    "whole": "yes",
                    "says": "not so",
                    "act": "done",
                    "choice": "yes",
                }
                yield _page(client, reader, "POST", path, **said)  # it is far off: they are asked whether it is meant
                yield _page(client, reader, "POST", path, **said, confirm="1")
                yield _page(client, reader, "GET", f"{path}?recorded")
    program.now = today


def _links(program: Program) -> Iterator[tuple[str | None, str]]:
    """Of each kind the last links that an organisation's people, or everybody in the shared chat, were sent."""
    found: dict[tuple[str | None, str], dict[str, None]] = defaultdict(dict)
    for letter in program.letters():
        mail = letter.channel == "mail"
        reader = side_of(letter.email) if mail else ROOM_OF[letter.channel.removeprefix("webhook:")]
        text = of_mail(letter.content) if mail else letter.content.decode()
        for kind in FORMS.split("|"):
            found[reader, kind] |= dict.fromkeys(paths(text, kind))
    for (reader, _), links in found.items():
        yield from ((reader, path) for path in [*links][-_LINKS:])


def _page(client: TestClient, reader: str | None, method: str, path: str, **fields: str) -> Output:
    answer = client.request(method, path, data=fields or None)
    assert answer.status_code in (200, 303, 409, 410, 422), answer.text
    return output("page", f"{method} {path[:20]}… {answer.status_code}", reader, f"{answer.headers}\n{answer.text}")


def foreign_pages(program: Program) -> Iterator[Output]:
    """Good links to what is another organisation's: nobody was ever sent one."""
    expires = program.now.replace(year=program.now.year + 1)
    with program.app.store.write() as db:
        key = signing_key(db)
    with program.site() as client:
        for of, reader in product(MARKS, (None, *MARKS)):
            stranger = manager(reader) if reader else "ada"
            if reader == of:
                said = {"review": REVIEWS[0], "organisation": of}
                yield _page(client, of, "GET", f"/agendas/{signed(key, AGENDA, said, None)}")
                continue
            for period in ("2026-10", "2027-07", "2019-01"):
                link = report_link("", key, f"{ID}/{MARKS[of].margin}", period, stranger, expires)
                yield _foreign(client, reader, link)
            yield _foreign(client, reader, judge_link("", key, CHECKPOINTS[0], f"of-{of}", stranger, expires))
        for of in MARKS:
            yield _page(
                client, of, "GET", report_link("", key, f"{ID}/{MARKS[of].margin}", "2026-12", owner(of), expires)
            )


def _foreign(client: TestClient, reader: str | None, path: str) -> Output:
    """The address itself is left out: it is ours."""
    answers = client.get(path), client.post(path, data={"value": "1", "verdict": "met"})
    return output("foreign page", f"{path[:10]}…", reader, "".join(f"{each.headers}\n{each.text}" for each in answers))


def answers_to_programs(program: Program) -> Iterator[Output]:
    """What the API says to an organisation's program of every KPI that there is, whoever is said to report it."""
    with program.site() as client:
        for mine in MARKS:
            token = json.loads(program.call("token", "create", "probe", "--organisation", mine, "--json"))["token"]
            for of, mark in MARKS.items():
                for value, by in product(("1", "nan"), (None, person(manager(mine)), CHAIR)):
                    said = {"kpi": f"{ID}/{mark.margin}", "period": "2027-08", "value": value, "by": by}
                    answer = client.post("/api/readings", json=said, headers={"authorization": f"Bearer {token}"})
                    assert (answer.status_code == 404) is (of != mine)
                    told = answer.text.replace(said["kpi"] or "", "") if of != mine else answer.text
                    yield output("api", f"{mine}'s program about {of}", mine, f"{answer.headers}\n{told}")


def read_by_programs(program: Program) -> Iterator[Output]:
    """What a program of each organisation, and one of none, reads of every page that there is for programs."""
    kpis = [f"{ID}/{mark.margin}" for mark in MARKS.values()]
    there = {"partnerships": [ID], "reviews": REVIEWS, "checkpoints": CHECKPOINTS, "kpis": kpis}
    of_programs = [each.path for each in PAGES if is_for_programs(each)]
    addresses = [
        re.sub(r"{[^}]*}", id, twin(path)) for path in of_programs for id in there.get(path.split("/")[1], ["-"])
    ]
    with program.site() as client:
        for reader in (None, *MARKS):
            of = ("--organisation", reader) if reader else ()
            token = json.loads(program.call("token", "create", "reader", "--may", "read", *of, "--json"))["token"]
            for path in addresses:
                answer = client.get(path, headers={"authorization": f"Bearer {token}"})
                assert answer.status_code in (200, 404), (reader, path, answer.text)
                found = answer.text if answer.status_code == 200 else ""
                yield output("twin", f"{path} for {reader or 'no organisation'}", reader, found)


def read_by_assistants(program: Program) -> Iterator[Output]:
    """What an assistant with each organisation's token, and with one of none, reads by every tool that there is."""
    kpis = [f"{ID}/{mark.margin}" for mark in MARKS.values()]
    there = {"partnership": [ID], "review": REVIEWS, "kpi": kpis}
    calls = [
        (tool["name"], {named: id})
        for tool in listed()
        for named in [next((key for key in tool["inputSchema"]["properties"] if key in there), "")]
        for id in there.get(named, ["-"])
    ]
    with program.site() as client:
        for reader in (None, *MARKS):
            of = ("--organisation", reader) if reader else ()
            token = json.loads(program.call("token", "create", "helper", "--may", "read", *of, "--json"))["token"]
            for name, asked in calls:
                arguments = {key: id for key, id in asked.items() if key}
                said = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
                said |= {"params": {"name": name, "arguments": arguments}}
                answer = client.post("/mcp", json=said, headers={"authorization": f"Bearer {token}"})
                assert answer.status_code == 200, (reader, name, answer.text)
                yield output("assistant", f"{name} {arguments} for {reader or 'no organisation'}", reader, answer.text)


def for_anybody(program: Program) -> Iterator[Output]:
    with program.site() as client:
        for path in ("/healthz", "/robots.txt", "/", "/report/x", "/judge/x", "/agendas/x", "/calendars/x.ics"):
            answer = client.get(path)
            yield output("page", path, None, f"{answer.headers}\n{answer.text}")
    with program.site("127.0.0.1") as client:
        yield output(
            "metrics", "/metrics", None, client.get("/metrics", headers={"host": "127.0.0.1"}).raise_for_status().text
        )
