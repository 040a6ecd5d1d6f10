"""The pages that people sign in to, as each side finds its way through them, with their twins; and what each of them
answers about what is another side's."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from starlette.testclient import TestClient

from scheduler.services.app import App, Basis
from scheduler.services.cases.sessions import open_session
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.site import PAGES, gate, paths
from scheduler.web.unit_of_work import UnitOfWork
from tests.confidential.outputs import Output, output, side_of
from tests.confidential.partnership import CHAIR, ID, MARKS, deputy, manager, owner, person
from tests.confidential.year import Program

OPERATOR = "root@alliances.example"
_EACH = 14
"""So many pages of a kind are opened by each reader: those that they come to first."""
_LINK = re.compile(r'href="(/[^"#]*)')
_ELSEWHERE = re.compile(r"/(static|sign-in|sign-out|calendars|metrics)\b")
_DAYS_BACK = (30, 200, 340)
"""So long ago is asked for as well: what they might see then."""


def site_pages(program: Program) -> Iterator[Output]:
    """Every page that somebody of each side comes to by its links, and by those of an operator who looks as it does."""
    for email in (CHAIR, *(person(who(of)) for of in MARKS for who in (manager, owner, deputy))):
        yield from _found(program, email, side_of(email))
    for of in MARKS:
        yield from _found(program, OPERATOR, of, f"as={of}")


def _found(program: Program, email: str, reader: str | None, asked: str = "") -> Iterator[Output]:
    """Pages are opened as they are found, each twin beside its page, some of them as of days that are past."""
    with as_somebody(program, email) as client:
        start = [each.path for each in PAGES if "{" not in each.path]
        start += [paths.partnership(ID), *(f"{path}?q={word}" for path in ("/search",) for word in ("margin", "three"))]
        start += [f"{paths.MINUTES_FILE}?from=2020-01-01&until=2039-12-31", f"{paths.DECISIONS}?shows=actions"]
        wanted, seen, opened = [_with(path, asked) for path in start], set[str](), Counter[str]()
        while wanted:
            path = wanted.pop(0)
            kind = _kind(path)
            if path in seen or _ELSEWHERE.match(path) or opened[kind] >= _EACH:
                continue
            if "download=pdf" in path:
                continue  # it is made from the page that is saved to print, and its text is compressed
            seen.add(path)
            opened[kind] += 1
            answer = client.get(path)
            assert answer.status_code in (200, 303, 404, 422), (email, path, answer.status_code)
            yield output("site", f"{path} for {email}", reader, f"{answer.headers}\n{_text(answer)}")
            if answer.status_code == 200 and "text/html" in answer.headers["content-type"]:
                wanted += [_with(unescape(link), asked) for link in _LINK.findall(answer.text)]
            if opened[kind] <= len(_DAYS_BACK):
                back = program.now.date() - timedelta(days=_DAYS_BACK[opened[kind] - 1])
                past = client.get(_with(path, f"on={back}"))
                assert past.status_code in (200, 303, 404, 422), (email, path, back, past.status_code)
                yield output("site of a past day", f"{path} on {back} for {email}", reader, _text(past))


def named_site(program: Program, ids: Iterable[str]) -> Iterator[Output]:
    """The pages of the partnership, of reviews by those ids and of each side's KPI, as each side and the chair opens
    them, and where an operator looks as a side does: whatever links there are."""
    wanted = [each.path for each in PAGES if "{" not in each.path and each.path != paths.MINUTES_FILE]
    wanted += [
        paths.partnership(ID),
        paths.pack(ID),
        *(f"{paths.sheets(ID)}{asked}" for asked in ("", "?of=kpis", "?of=actions", "?of=decisions")),
        paths.evidence(ID),
        paths.evidence_pack(ID),
        *(paths.review(id) for id in ids),
        *(f"{paths.review(id)}?download={file}" for id in ids for file in ("docx", "minutes.docx", "minutes.md")),
        *(f"{paths.PORTFOLIO}?export={file}" for file in ("xlsx", "kpis", "actions", "decisions")),
        *(paths.checkpoint(id) for id in ids),
    ]
    wanted += [paths.kpi(f"{ID}/{mark.margin}") for mark in MARKS.values()]
    for email, asked, reader in (
        (CHAIR, "", None),
        *((person(manager(of)), "", of) for of in MARKS),
        *((OPERATOR, f"as={of}", of) for of in MARKS),
    ):
        with as_somebody(program, email) as client:
            for path in wanted:
                answer = client.get(_with(path, asked))
                assert answer.status_code in (200, 404, 422), (email, path, answer.status_code)
                yield output("site", f"{path} for {email} {asked}", reader, _text(answer))


def foreign_site(program: Program) -> Iterator[Output]:
    """What each side is answered about KPIs of another one, and about what there never was: the same, word for word."""
    for mine in MARKS:
        with as_somebody(program, person(manager(mine))) as client:
            for path in (paths.kpi(f"{ID}/{mark.margin}") for of, mark in MARKS.items() if of != mine):
                for address in (path, paths.twin(path)):
                    theirs, never = client.get(address), client.get(address.replace("-margin", "-nothing"))
                    assert theirs.status_code == never.status_code == 404, address
                    assert _bare(theirs.text) == _bare(never.text)
                    yield output("foreign site", address[:12], mine, theirs.text)
                act = client.post(path, data={"csrf": "x", "act": "report", "value": "1"})
                yield output("foreign site", f"POST {path[:8]}", mine, act.text)


def as_somebody(program: Program, email: str) -> TestClient:
    """The browser of somebody who has signed in."""
    settings = program.app.settings.model_copy(update={"operators": (OPERATOR,)})
    app: App = replace(program.app, basis=Basis(lambda: settings))
    copies, work = FeedCache(app, lambda: program.now), UnitOfWork(app, lambda: program.now, lambda: None)
    made = application(lambda: copies, lambda: work, lambda: True)
    token = open_session(app, email, "mail", "Firefox", program.now).token
    cookies = {gate.cookie_name(settings): token}
    return TestClient(made, base_url="https://cadence.alliances.example", follow_redirects=False, cookies=cookies)


def _text(answer: Any) -> str:
    """What an answer says; of a pack each file in it."""
    if not answer.content.startswith(b"PK\x03\x04"):  # a pack, a workbook, a file for Word
        return str(answer.text)
    with ZipFile(BytesIO(answer.content)) as pack:
        return "\n".join(f"{each}\n{pack.read(each).decode(errors='replace')}" for each in pack.namelist())


def _with(path: str, query: str) -> str:
    if not query or query in path:
        return path
    return f"{path}{'&' if '?' in path else '?'}{query}"


def _kind(path: str) -> str:
    """Pages of one kind: by the first word of their path, and whether they are a twin."""
    bare = path.partition("?")[0]
    return f"{bare.split('/')[1]}{'.json' if bare.endswith('.json') else ''}"


def _bare(text: str) -> str:
    """Without the form's secret, which is another one each time."""
    return re.sub(r'name="csrf" value="[^"]*"', "", text)
