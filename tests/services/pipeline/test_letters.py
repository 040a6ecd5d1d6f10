"""Letters of the day that one can open, in `golden/letters/`: what each reader is to do comes first, on one screen.

Acme × Globex has a year behind it in which nobody answered much: Tom Reyes of Globex owes three figures, one of them
for three weeks; June Okafor is his sponsor, Dev Patel his alliance manager; Inès Falk of Acme owns the agendas.
"""

import re
import textwrap
from pathlib import Path

from tests.golden import Golden
from tests.services.pipeline.test_digests import FROM_NOVEMBER, PEOPLE, QUIET, Mail, defined, in_detroit, letters, lived
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
