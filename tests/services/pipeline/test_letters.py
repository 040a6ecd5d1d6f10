"""Letters of the day that one can open, in `golden/letters/`: what each reader is to do comes first, on one screen.

Acme × Globex has a year behind it in which nobody answered much: Tom Reyes of Globex owes three figures, one of them
for three weeks; June Okafor is his sponsor, Dev Patel his alliance manager; Inès Falk of Acme owns the agendas.
"""

import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from starlette.testclient import TestClient

from scheduler.render.notifications.digest import Digest, headline
from scheduler.render.notifications.letter_parts import Chapter, Matter
from scheduler.services.cases.formal_review import call
from scheduler.store import notifications, outbox
from scheduler.store.tables import LetterRow
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.golden import Golden
from tests.services.pipeline.test_digests import (
    FROM_NOVEMBER,
    PEOPLE,
    QUIET,
    Mail,
    _mails,
    defined,
    in_detroit,
    letters,
    lived,
)
from tests.services.town import Town

FOLDER = Path(__file__).parent / "golden" / "letters"
SCREEN, WIDTH = 24, 78
SCRAP = {**FROM_NOVEMBER, "name": "Scrap rate", "every": "week", "due": "2 working days", "from": "2026-12-07"}
UPTIME = {**FROM_NOVEMBER, "name": "Line uptime", "owner": "dev", "deputy": "june"}
OPERATING = {"every": "month", "on": "working day 5", "at": "15:00", "agenda_owner": "ines"}
RENEWAL = {"kind": "tacit", "for": "12 months", "notice": "90 days", "buffer": "5 days"}


def the_last(town: Town, person: str) -> Mail:
    return [each for each in letters(town) if each.to == PEOPLE[person]["email"]][-1]


def as_a_file(letter: Mail) -> str:
    """A letter as its reader opens it, whose links are cut, since they are this installation's own."""
    links = re.sub(r"(https?://\S+?/)[\w.-]{40,}", r"\1…", letter.text)
    return f"To: {letter.to}\nSubject: {letter.subject}\n\n{links}"


def first_part(letter: str) -> list[str]:
    """The lines of its first screen: subject and first part as a mail program wraps them, where a link is one line."""
    body = letter.partition("\n\n")[2]
    rest = re.search(r"(?m)^(== (?:For you to know|In detail)|--$)", body)
    lines = body[: rest.start() if rest else len(body)].rstrip().splitlines()
    return [line for each in lines for line in textwrap.wrap(each, WIDTH, break_long_words=False) or [""]]


def silent(town: Town) -> Town:
    """Nobody has said a word until Monday 11 January 2027; Scrap rate is owed each week."""
    kpis = {"cells-delivered": FROM_NOVEMBER, "scrap": SCRAP, "uptime": UPTIME}
    defined(town, kpis=kpis, reviews={**QUIET, "operating": OPERATING})
    lived(town, in_detroit("2026-12-10 09:00"), in_detroit("2027-01-12 17:00"))
    return town


def test_each_reader_first_reads_what_to_do_on_one_screen(town: Town, golden: Golden) -> None:
    silent(town)
    for person in ("tom", "dev", "june", "ines"):
        letter = as_a_file(the_last(town, person))
        golden(FOLDER / f"{person}.txt", letter)
        assert len(first_part(letter)) <= SCREEN, person


# No act in a chat ----------------------------------------------------------------------------------------------------


def test_a_chat_holds_the_address_of_a_page_and_no_link_by_which_one_acts(build: Callable[..., Town]) -> None:
    """Whoever reads along in Globex's room may have Tom's letter sent, to Tom alone, and once an hour."""
    town = build(chats={"globex-teams": {"shape": "json", "url": "https://chat.globex.example/hook"}})
    people = {**PEOPLE, "tom": {**PEOPLE["tom"], "tell": "chat", "chat": "globex-teams"}}
    defined(town, people=people)
    now = in_detroit("2026-12-11 09:00")
    town.cycle(now)
    [post] = [json.loads(each.content) for each in sent(town) if each.channel == "globex-teams"]
    assert "/mine/" in post["link"] and "/report/" not in json.dumps(post)
    with town.database() as db:
        steps = notifications.counts(db)
    unit, cache = UnitOfWork(town.app, lambda: now, lambda: None), FeedCache(town.app, lambda: now)
    path = post["link"][post["link"].index("/mine/") :]
    with TestClient(application(lambda: cache, lambda: unit, lambda: True), follow_redirects=False) as client:
        page = client.get(path)
        assert page.status_code == 200 and "Cells" not in page.text, "it shows nothing of anybody's"
        assert not _mails(town)
        for _ in range(2):
            assert client.post(path, data={"send": "yes"}).status_code == 303
    [letter] = _mails(town)
    assert letter.to == PEOPLE["tom"]["email"] and "/report/" in letter.text
    with town.database() as db:
        assert notifications.counts(db) == steps, "it is no step of what it lists"


def sent(town: Town) -> list[LetterRow]:
    with town.database() as db:
        return [letter for row in outbox.listing(db) if (letter := outbox.get(db, row.id or 0))]


# Reviews of a series that nobody closed ------------------------------------------------------------------------------


def test_the_reviews_of_a_series_that_nobody_closed_are_one_matter_with_a_line_and_a_link_each(
    town: Town, golden: Golden
) -> None:
    """Nobody has closed a weekly review since November, nor the formal one that Inès called for 8 January."""
    weekly = {"every": "week", "on": "tuesday", "at": "15:00", "agenda_owner": "ines"}
    far = {**FROM_NOVEMBER, "from": "2027-06-01"}
    defined(town, kpis={"cells-delivered": far}, reviews={**QUIET, "pipeline": weekly})
    town.cycle(in_detroit("2026-12-07 09:00"))
    call(town.app, "acme-globex", "quality has slipped", "ines", in_detroit("2026-12-07 10:00"))
    lived(town, in_detroit("2026-12-07 11:00"), in_detroit("2027-01-12 17:00"))
    letter = as_a_file(the_last(town, "ines"))
    golden(FOLDER / "unclosed.txt", letter)
    assert len(first_part(letter)) <= SCREEN
    first, second = [each for each in letter.splitlines() if each.startswith("* ")]
    assert first.startswith("* Formal governance review ") and second.startswith("* Pipeline review 2026-W50 ")
    assert letter.count("/close/") == 1 + 5, "each has a link of its own"


def test_a_subject_names_what_is_owed_before_what_is_settled() -> None:
    owed = Matter("Line uptime, 2026-11", "overdue", (), is_news=False)
    other = Matter("Scrap rate, 2026-W50", "overdue", (), is_news=False)
    ended = Matter("Pipeline review 2026-W50: was it held?", "settled", ())
    asked = Chapter("Acme × Globex", (owed, other), asked=True)
    known = Chapter("Acme × Globex", (ended,))
    assert headline(Digest("Dev", (asked, known))) == (
        "Overdue: Line uptime, 2026-11 (Acme × Globex), and 1 more overdue and 1 settled"
    )
    assert headline(Digest("Dev", (known,))) == "Settled: Pipeline review 2026-W50: was it held? (Acme × Globex)"
    new = Chapter("Acme × Globex", (replace(owed, is_news=True), other), asked=True)
    assert headline(Digest("Dev", (new, known))).startswith("Overdue: Line uptime, 2026-11 (Acme × Globex), and 1 more")
