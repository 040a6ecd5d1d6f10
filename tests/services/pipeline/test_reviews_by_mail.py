"""What is asked after a review, before a checkpoint and of tasks is answered by mail, a line each where several things
are asked.

It is Tuesday 5 January 2027. Inès (Acme) owns the agendas; nobody has closed the reviews of the autumn, nor ticked the
steps on the way to the checkpoint of 30 December. Dev (Globex) judges a criterion.
"""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.rsvp import Outcome
from scheduler.store import filings, verdicts
from tests.builders import at
from tests.services.pipeline.test_answers_by_mail import a_reply, letters, take, text_of
from tests.services.town import Town

INES, DEV = "ines.falk@acme.example", "dev.patel@globex.example"
DECEMBER = at("2026-12-30 09:00")
NOW = at("2027-01-05 09:00")
OPERATING = "acme-globex/operating/2026-12"
MINUTES = "## Decisions\n- Two shifts from March\n\n## Actions\n- Dev: send the drawings, due 20 Jan 2027\n"


@pytest.fixture
def autumn(build: Callable[..., Town]) -> Town:
    town = build(
        replies={"maildir": "mail"},
        mail={"sender": "cadence@alliances.acme.example"},
        web={"listen": "127.0.0.1:8377"},
    )
    town.define()
    for day in ("2026-10-01 09:00", "2026-12-21 09:00", "2026-12-30 09:00", "2027-01-05 09:00"):
        town.cycle(at(day))
    return town


def number_of(town: Town, subject: str, period: str = "", kind: str = "") -> int:
    """The number under which the last letter that asks about this does so."""
    rows = [row for row in town.rows("letter_question") if row["subject"] == subject and row["period"] == period]
    rows = [row for row in rows if not kind or row["kind"] == kind]
    return int(max(rows, key=lambda row: row["asked_at"])["number"])


def answered(town: Town, words: str, sender: str = INES, **said: Any) -> list[Outcome]:
    return take(town, a_reply(letters(town, sender)[-1], words, sender=sender, **said), now=NOW)


def with_file(mail: bytes, name: str, content: bytes, subtype: str = "markdown", maintype: str = "text") -> bytes:
    read = message_from_bytes(mail, policy=policy.SMTP)
    assert isinstance(read, EmailMessage)
    read.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return read.as_bytes()


def test_each_line_is_done_by_its_number_and_the_letter_back_speaks_of_each(autumn: Town) -> None:
    operating, october = number_of(autumn, OPERATING), number_of(autumn, "acme-globex/operating/2026-10")
    november = number_of(autumn, "acme-globex/operating/2026-11")
    plan = number_of(autumn, "acme-globex/checkpoint", "joint-plan")
    words = (
        f"{operating}: held, all were there\n{october}: no: because of the strike\n{plan}: done\n{november}: no idea"
    )
    assert answered(autumn, words) == [Outcome.ANSWERED]
    known = autumn.reviews()
    assert known[OPERATING].status is Status.HELD
    assert known["acme-globex/operating/2026-10"].status is Status.SKIPPED
    assert known["acme-globex/operating/2026-10"].because == "of the strike"
    assert [(row["step"], row["person"]) for row in autumn.rows("launch_tick")] == [("joint-plan", "ines")]
    back = text_of(letters(autumn, INES)[-1])
    assert f"* {operating}: Operating review 2026-12\n  Held.\n" in back
    assert "What else you wrote is kept nowhere: all were there" in back
    assert f"* {november}: Operating review 2026-11\n" in back


def test_of_several_questions_an_answer_without_a_number_is_asked_back_with_all_of_them(autumn: Town) -> None:
    assert answered(autumn, "held") == [Outcome.ASKED_BACK]
    back = text_of(letters(autumn, INES)[-1])
    assert "To which of them this belongs is not clear: held" in back
    assert f"* {number_of(autumn, OPERATING)}: Operating review 2026-12" in back
    assert autumn.reviews()[OPERATING].status is Status.PLANNED


def test_a_line_that_is_refused_leaves_the_others(autumn: Town) -> None:
    operating = number_of(autumn, OPERATING)
    assert answered(autumn, f"{operating}: held\n99: held\n{operating + 1}: 42") == [Outcome.ANSWERED]
    assert autumn.reviews()[OPERATING].status is Status.HELD


def test_minutes_that_are_attached_are_filed_and_what_was_understood_goes_back(autumn: Town) -> None:
    operating = number_of(autumn, OPERATING)
    mail = a_reply(letters(autumn, INES)[-1], f"{operating}: held", sender=INES)
    assert take(autumn, with_file(mail, "minutes.md", MINUTES.encode()), now=NOW) == [Outcome.ANSWERED]
    record = autumn.reviews()[OPERATING]
    assert record.status is Status.HELD
    assert record.minutes == MINUTES
    back = text_of(letters(autumn, INES)[-1])
    assert "Decisions: Two shifts from March" in back
    with autumn.database() as db:
        assert filings.of_review(db, OPERATING).filings[-1].filed_by == "ines"


@pytest.mark.parametrize("name", ["minutes.docx", "minutes.html"])
def test_minutes_that_are_attached_as_a_word_file_or_a_page_are_read_as_text(autumn: Town, name: str) -> None:
    operating = number_of(autumn, OPERATING)
    mail = a_reply(letters(autumn, INES)[-1], f"{operating}: held", sender=INES)
    page = b"<h2>Decisions</h2><ul><li>Two shifts from March</li></ul>"
    content = page if name.endswith("html") else _word_file()
    sent = with_file(mail, name, content, "octet-stream", "application")
    assert take(autumn, sent, now=NOW) == [Outcome.ANSWERED]
    assert "- Two shifts from March" in (autumn.reviews()[OPERATING].minutes or "")
    assert "Decisions: Two shifts from March" in text_of(letters(autumn, INES)[-1])


def _word_file() -> bytes:
    document, made = Document(), BytesIO()
    document.add_heading("Decisions", 1)
    document.add_paragraph("Two shifts from March", style="List Bullet")
    document.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("minutes.docx", b"PK\x03\x04\x00\x00", "minutes.docx cannot be read here"),
        ("notes.txt", b"We had a nice day.\n", "No decisions, actions or unfinished items were found in them."),
    ],
)
def test_minutes_that_are_no_text_or_say_nothing_are_asked_back(
    autumn: Town, name: str, content: bytes, says: str
) -> None:
    held(autumn)
    autumn.cycle(at("2027-01-12 09:00"))
    number = number_of(autumn, OPERATING, kind="minutes")
    mail = with_file(
        a_reply(letters(autumn, INES)[-1], f"{number}:", sender=INES), name, content, "octet-stream", "application"
    )
    assert take(autumn, mail, now=at("2027-01-12 10:00")) == [Outcome.ASKED_BACK]
    assert says in text_of(letters(autumn, INES)[-1])
    assert autumn.reviews()[OPERATING].minutes is None


def test_minutes_for_several_meetings_at_once_are_asked_back_and_the_words_are_taken(autumn: Town) -> None:
    numbers = number_of(autumn, OPERATING), number_of(autumn, "acme-globex/operating/2026-11")
    mail = a_reply(letters(autumn, INES)[-1], "\n".join(f"{each}: held" for each in numbers), sender=INES)
    assert take(autumn, with_file(mail, "minutes.md", MINUTES.encode()), now=NOW) == [Outcome.ANSWERED]
    assert autumn.reviews()[OPERATING].status is Status.HELD
    assert autumn.reviews()[OPERATING].minutes is None
    assert "To which of them this belongs is not clear: minutes.md" in text_of(letters(autumn, INES)[-1])


def held(town: Town) -> None:
    assert answered(town, f"{number_of(town, OPERATING)}: held") == [Outcome.ANSWERED]


def test_held_once_more_is_known_and_not_held_is_refused_with_the_page(autumn: Town) -> None:
    first, number = letters(autumn, INES)[-1], number_of(autumn, OPERATING)
    held(autumn)
    assert take(autumn, a_reply(first, f"{number}: yes", sender=INES), now=NOW) == [Outcome.ANSWERED]
    assert take(autumn, a_reply(first, f"{number}: no: strike", sender=INES), now=NOW) == [Outcome.ASKED_BACK]
    assert "It is on record as held." in text_of(letters(autumn, INES)[-1])
    assert autumn.reviews()[OPERATING].status is Status.HELD


def test_a_yes_is_the_verdict_on_a_criterion_and_the_rest_its_evidence(autumn: Town) -> None:
    [letter] = [each for each in letters(autumn, DEV) if "Both sides report" in text_of(each)][-1:]
    mail = a_reply(letter, "yes, the dashboard is live since May", sender=DEV)
    assert take(autumn, mail, now=NOW) == [Outcome.ANSWERED]
    with autumn.database() as db:
        said = verdicts.judgements(db, "acme-globex")["acme-globex/checkpoint", "dashboards"]
    assert (said.verdict, said.evidence, said.by) == ("met", "the dashboard is live since May", "dev")


def test_a_letter_of_ones_own_forms_can_be_answered_too(autumn: Town) -> None:
    from scheduler.services.cases.links_by_mail import send

    send(autumn.app, "acme-globex", "dev", DECEMBER)
    letter = letters(autumn, DEV)[-1]
    assert take(autumn, a_reply(letter, "partly: one side", sender=DEV), now=NOW) == [Outcome.ANSWERED]
