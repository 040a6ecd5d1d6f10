"""Mail to Inès, who owns the agendas of the autumn, does not arrive: Marta, sponsor of her side, is asked for what she
owes, until mail arrives again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.rsvp import Outcome
from scheduler.store import faults
from tests.builders import at
from tests.services.pipeline.test_answers_by_mail import a_reply, letters, take, text_of
from tests.services.town import Town

INES, MARTA = "ines.falk@acme.example", "marta.bauer@acme.example"
NOW = at("2027-01-05 09:00")
OPERATING = "acme-globex/operating/2026-12"
HOUR = timedelta(hours=1)


@pytest.fixture
def unreached(build: Callable[..., Town]) -> Town:
    town = build(
        replies={"maildir": "mail"},
        mail={"sender": "cadence@alliances.acme.example"},
        web={"listen": "127.0.0.1:8377"},
    )
    town.define()
    for day in ("2026-10-01 09:00", "2026-12-21 09:00", "2026-12-30 09:00", "2027-01-04 09:00", "2027-01-04 15:00"):
        town.cycle(at(day))
    with town.app.store.write() as db:
        faults.note(db, f"{faults.ADDRESS}{INES}", "mail does not arrive", "correct it", NOW)
    town.cycle(NOW)
    return town


def test_what_somebody_whom_no_letter_reaches_is_asked_is_asked_of_who_stands_in(unreached: Town) -> None:
    last = letters(unreached, MARTA)[-1]
    assert "Mail to Inès Falk does not arrive." in text_of(last)
    assert "was it held?" in text_of(last)
    number = max(
        (row for row in unreached.rows("letter_question") if (row["subject"], row["person"]) == (OPERATING, "marta")),
        key=lambda row: row["asked_at"],
    )["number"]
    assert take(unreached, a_reply(last, f"{number}: held", sender=MARTA), now=NOW + HOUR) == [Outcome.ANSWERED]
    assert unreached.reviews()[OPERATING].status is Status.HELD


def test_once_mail_arrives_again_nobody_else_is_asked(unreached: Town) -> None:
    before = len(letters(unreached, MARTA))
    with unreached.app.store.write("acme-globex") as db:
        faults.clear(db, f"{faults.ADDRESS}{INES}")
    unreached.cycle(NOW + 24 * HOUR)
    assert all("does not arrive" not in text_of(each) for each in letters(unreached, MARTA)[before:])
