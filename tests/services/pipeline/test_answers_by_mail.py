"""A reply to a letter answers what the letter asked, and nothing else: once, whoever sends what, and whenever.

Tom Reyes of Globex (Detroit) owes November 2026 by Thursday 10 December, and is written to from Friday on; Dev Patel is
his deputy. The target is at least 0.3 GWh.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.rsvp import Outcome
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from scheduler.rules.access import OPERATOR
from scheduler.services.cases.kpis import report
from scheduler.services.pipeline import rsvp_intake
from scheduler.services.views.overdue import overdue
from scheduler.store import delivery, faults, notifications, outbox, readings
from scheduler.store import replies as to_read
from scheduler.transports.mailbox import MailboxMessage
from tests.builders import CELLS_DELIVERED, DEV, INES, JUNE, MARTA, TOM, UWE, at
from tests.render import bounces
from tests.services.town import Town

Build = Callable[..., Town]
QUIET = {each: {"off": True} for each in ("pipeline", "operating", "health-audit", "sponsors", "strategy")}
CELLS = "acme-globex/cells-delivered"
PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
DASHBOARDS = {
    "agenda_owner": "ines",
    "criteria": [{"id": "dashboards", "says": "Both sides report from one KPI dashboard", "owner": "dev"}],
}
TOMS = "tom.reyes@globex.example"
HOUR = timedelta(hours=1)


def in_detroit(clock: str) -> datetime:
    return at(clock, "America/Detroit")


FRIDAY = in_detroit("2026-12-11 10:00")
"""November is overdue since midnight."""
NOW = FRIDAY + HOUR
MONDAY = in_detroit("2026-12-14 10:00")


@pytest.fixture
def late(build: Build) -> Town:
    """Tom is told on Friday that November is overdue."""
    return _late(build)


def _late(build: Build, **settings: Any) -> Town:
    said: dict[str, Any] = {
        "replies": {"maildir": "mail"},
        "mail": {"sender": "cadence@alliances.acme.example"},
        "web": {"listen": "127.0.0.1:8377"},
    }
    town = build(**(said | settings))
    _define(town)
    town.cycle(in_detroit("2026-11-02 09:00"))
    town.cycle(FRIDAY)
    return town


def _define(town: Town, **changes: Any) -> None:
    kpis = {"cells-delivered": {**CELLS_DELIVERED, "from": "2026-11-01"}}
    said: dict[str, Any] = {"kpis": kpis, "reviews": QUIET, "people": PEOPLE, **changes}
    town.define(effective="2026-07-01", agreement={"signed": "2026-06-01"}, **said)


def letters(town: Town, to: str = TOMS) -> list[EmailMessage]:
    """The letters to somebody, the first before the later ones."""
    with town.database() as db:
        rows = [outbox.get(db, row.id or 0) for row in outbox.listing(db) if row.email == to]
    kept = sorted((row for row in rows if row), key=lambda row: row.id or 0)
    return [message_from_bytes(row.content, policy=policy.default) for row in kept]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def a_reply(letter: EmailMessage, words: str, sender: str = TOMS, **headers: str) -> bytes:
    """As a mail program writes one: to where the letter says, the letter quoted below."""
    quoted = "\n".join(f"> {line}" for line in text_of(letter).splitlines())
    reply = EmailMessage(policy=policy.SMTP)
    said = {
        "From": sender,
        "To": str(letter["Reply-To"]),
        "Subject": f"Re: {letter['Subject']}",
        "In-Reply-To": str(letter["Message-ID"]),
        "References": str(letter["Message-ID"]),
        "Message-ID": f"<{abs(hash((words, sender, str(headers))))}@mail.globex.example>",
    }
    for name, value in {**said, **{each.replace("_", "-"): value for each, value in headers.items()}}.items():
        reply[name] = value
    reply.set_content(f"{words}\n\nOn Fri, 11 Dec 2026 at 10:00, Partnership governance wrote:\n{quoted}\n")
    return reply.as_bytes()


def take(town: Town, *mails: bytes, now: datetime = NOW) -> list[Outcome]:
    found: list[Outcome] = []
    for mail in mails:
        found += rsvp_intake.take_in(town.app, [MailboxMessage(mail, lambda: None)], now).elements()
    return found


def answered(town: Town, words: str, *, now: datetime = NOW, **said: Any) -> list[Outcome]:
    """What becomes of a reply to the last letter."""
    return take(town, a_reply(letters(town)[-1], words, **said), now=now)


def reading(town: Town, period: str = "2026-11") -> Reading | None:
    with town.database() as db:
        found = [each for each in readings.history(db, CELLS) if each.period == period]
    return found[-1] if found else None


def back(town: Town) -> str:
    """The words of the last letter to Tom."""
    return text_of(letters(town)[-1])


def test_a_value_alone_is_the_answer_and_the_rest_of_it_a_remark(late: Town) -> None:
    assert answered(late, "0.31 GWh two lines down for a week\n\nTom") == [Outcome.ANSWERED]
    found = reading(late)
    assert found is not None
    assert (str(found.value), found.note, found.by, found.way) == ("0.31", "two lines down for a week", "tom", "mail")


def test_one_letter_goes_back_in_the_thread_and_says_what_is_on_record(late: Town) -> None:
    first, mail = letters(late)[-1], a_reply(letters(late)[-1], "0.31")
    take(late, mail)
    *before, last = letters(late)
    assert before[-1]["Message-ID"] == first["Message-ID"]
    assert "* Cells delivered, 2026-11\n  0.31 GWh: the target is met (at least 0.3 GWh).\n" in text_of(last)
    theirs = message_from_bytes(mail, policy=policy.default)["Message-ID"]
    assert last["In-Reply-To"] == theirs
    assert str(last["References"]).split() == [first["Message-ID"], theirs]
    assert last["Auto-Submitted"] == "auto-replied"
    assert last["Subject"] == f"Re: {first['Subject']}"


def test_the_same_mail_counts_once_by_whatever_way_it_comes_again(late: Town) -> None:
    mail = a_reply(letters(late)[-1], "0.31")
    assert take(late, mail, mail, b"X-Copy: 2\r\n" + mail) == [Outcome.ANSWERED, Outcome.REPEATED]
    assert len(late.rows("reading")) == 1
    assert len(letters(late)) == 2


# What is not taken


def test_an_ambiguous_number_is_asked_back_and_the_answer_to_that_counts(late: Town) -> None:
    assert answered(late, "1.234") == [Outcome.ASKED_BACK]
    assert reading(late) is None
    assert '"1.234" can be read in two ways, as 1234 or as 1.234' in back(late)
    assert answered(late, "1.23") == [Outcome.ANSWERED]
    assert str(reading(late) and reading(late).value) == "1.23"  # type: ignore[union-attr]


def test_how_somebody_writes_numbers_settles_it(build: Build) -> None:
    town = _late(build)
    people = {**PEOPLE, "tom": {**TOM, "numbers": "1,234.5"}}
    _define(town, people=people)
    town.cycle(NOW)
    answered(town, "0.312", now=NOW + HOUR)
    assert str(reading(town) and reading(town).value) == "0.312"  # type: ignore[union-attr]


def test_a_value_far_from_its_target_is_asked_back_and_a_yes_puts_it_on_record(late: Town) -> None:
    assert answered(late, "42 two lines down") == [Outcome.ASKED_BACK]
    assert reading(late) is None
    assert "42 GWh is 140 × the target (at least 0.3 GWh): really?" in back(late)
    assert answered(late, "yes") == [Outcome.ANSWERED]
    found = reading(late)
    assert found is not None
    assert (str(found.value), found.note) == ("42", "two lines down")


def test_a_yes_to_a_letter_that_asked_nothing_back_is_no_value(late: Town) -> None:
    assert answered(late, "yes") == [Outcome.ASKED_BACK]
    assert reading(late) is None


def test_an_answer_from_another_address_is_held_and_its_reader_is_told_with_the_link(late: Town) -> None:
    assert answered(late, "0.31", sender="uwe.brandt@acme.example") == [Outcome.HELD]
    assert reading(late) is None
    assert "came from uwe.brandt@acme.example, which is not an address of yours" in back(late)
    assert "> 0.31" in back(late)
    assert "http://127.0.0.1:8377/report/" in back(late)
    assert answered(late, "0.31") == [Outcome.ANSWERED]
    with late.database() as db:
        assert [row.email for row in to_read.listing(db)] == ["uwe.brandt@acme.example"]


def test_an_address_that_somebody_also_writes_from_is_theirs(build: Build) -> None:
    town = _late(build)
    people = {**PEOPLE, "tom": {**TOM, "also": ["tom@cells.example"]}}
    _define(town, people=people)
    town.cycle(NOW)
    assert answered(town, "0.31", now=NOW + HOUR, sender="tom@cells.example") == [Outcome.ANSWERED]


def test_a_token_that_was_not_made_here_names_no_letter(late: Town) -> None:
    letter = letters(late)[-1]
    name, _, host = str(letter["Reply-To"].addresses[0].addr_spec).partition("@")
    wrong = f"{name[:-1]}{'a' if name[-1] != 'a' else 'b'}@{host}"
    mail = a_reply(letter, "0.31", To=wrong, In_Reply_To="<x@y.example>", References="<x@y.example>")
    assert take(late, mail) == [Outcome.NO_ANSWER]
    assert reading(late) is None


@pytest.mark.parametrize(
    "header", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}], ids=str
)
def test_what_a_program_answers_is_counted_and_answered_by_nothing(late: Town, header: dict[str, Any]) -> None:
    assert answered(late, "0.31", **header) == [Outcome.AUTOMATIC]
    assert reading(late) is None
    assert len(letters(late)) == 1


def test_what_comes_by_a_list_is_held(late: Town) -> None:
    assert answered(late, "0.31", List_Id="<cells.globex.example>") == [Outcome.HELD]


def test_nobody_is_written_back_to_more_than_twenty_times_a_day(late: Town) -> None:
    first = letters(late)[-1]
    for number in range(25):
        take(late, a_reply(first, f"what {number}?"))
    assert len(letters(late)) == 21
    assert take(late, a_reply(first, "0.31")) == [Outcome.ANSWERED]


def test_a_mail_that_our_own_server_found_false_is_counted_and_does_nothing(build: Build) -> None:
    replies = {"maildir": "mail", "authserv_id": "mx.acme.example"}
    town = _late(build, replies=replies)
    false: dict[str, Any] = {
        "Authentication_Results": "mx.acme.example; spf=pass; dmarc=fail (p=reject) header.from=globex.example"
    }
    theirs: dict[str, Any] = {"Authentication_Results": "mx.elsewhere.example; dmarc=fail"}
    assert answered(town, "0.31", **false) == [Outcome.UNAUTHENTIC]
    assert reading(town) is None
    assert answered(town, "0.31", **theirs) == [Outcome.ANSWERED]


# Late, twice, undone


def test_what_was_reported_by_form_since_is_corrected_by_a_yes_alone(late: Town) -> None:
    report(late.app, CELLS, "2026-11", "0.29", None, "dev", NOW, "form")
    assert answered(late, "0.31", now=NOW + HOUR) == [Outcome.ASKED_BACK]
    assert "0.29 GWh was reported since, by Dev Patel." in back(late)
    assert 'Answer "yes" to put 0.31 GWh in its place' in back(late)
    assert answered(late, "yes", now=NOW + 2 * HOUR) == [Outcome.ANSWERED]
    assert "0.31 GWh: the target is met (at least 0.3 GWh). It takes the place of 0.29 GWh." in back(late)


def test_what_was_reported_by_form_since_in_the_same_value_is_known(late: Town) -> None:
    report(late.app, CELLS, "2026-11", "0.31", None, "dev", NOW, "form")
    assert answered(late, "0.31", now=NOW + HOUR) == [Outcome.ANSWERED]
    assert "0.31 GWh is on record." in back(late)
    assert len(late.rows("reading")) == 1


def test_a_later_mail_of_ones_own_corrects_the_earlier_one(late: Town) -> None:
    first = letters(late)[-1]
    take(late, a_reply(first, "0.29", Date="Fri, 11 Dec 2026 10:30:00 -0500"))
    later = a_reply(first, "0.31", Date="Fri, 11 Dec 2026 13:30:00 -0500")
    assert take(late, later, now=NOW + 3 * HOUR) == [Outcome.ANSWERED]
    assert str(reading(late) and reading(late).value) == "0.31"  # type: ignore[union-attr]


def test_an_earlier_mail_that_comes_after_a_later_one_is_asked_back(late: Town) -> None:
    first = letters(late)[-1]
    take(late, a_reply(first, "0.31", Date="Fri, 11 Dec 2026 10:40:00 -0500"))
    earlier = a_reply(first, "0.29", Date="Fri, 11 Dec 2026 10:30:00 -0500")
    assert take(late, earlier, now=NOW + HOUR) == [Outcome.ASKED_BACK]
    assert str(reading(late) and reading(late).value) == "0.31"  # type: ignore[union-attr]


def test_a_promise_holds_the_ladder_and_an_excuse_lets_it_go(late: Town) -> None:
    assert answered(late, "later Thu, because the ledger closes late") == [Outcome.ANSWERED]
    assert "Promised for Thu 17 Dec 2026: the ledger closes late" in back(late)
    assert answered(late, "excuse, because the line burned down") == [Outcome.ANSWERED]
    said = [(row["kind"], row["because"], row["person"]) for row in late.rows("excuse")]
    assert ("acknowledged", "the ledger closes late", "tom") in said
    assert ("excused", "the line burned down", "tom") in said


def test_an_excuse_for_ever_is_said_without_a_day(late: Town) -> None:
    assert answered(late, "excuse until 9999-12-31, because ill") == [Outcome.ASKED_BACK]
    assert "no partnership is governed in the year 9999 try one from 1990 to 2099" in " ".join(back(late).split())
    assert late.rows("excuse") == []


def test_the_letter_back_says_numbers_and_refusals_in_the_language_of_its_reader(build: Build) -> None:
    town = _late(build)
    _define(town, people={**PEOPLE, "tom": {**TOM, "language": "es"}})
    town.cycle(NOW)
    answered(town, "0,41", now=NOW + HOUR)
    assert "0,41 GWh: el objetivo se cumple (al menos 0,3 GWh)" in back(town)
    for words in ("excuse, because the line burned down", "later Thu, because the ledger closes late"):
        assert answered(town, words, now=NOW + 2 * HOUR) == [Outcome.ASKED_BACK]
        assert "Cells delivered ya está informado para 2026-11" in back(town)
        assert "acme-globex/" not in back(town) and "is reported" not in back(town)


def test_why_an_answer_does_not_count_is_told_in_the_language_of_who_reads_of_it(build: Build) -> None:
    town = _late(build)
    _define(town, people={**PEOPLE, "dev": {**DEV, "language": "fr"}})
    town.cycle(NOW)
    assert answered(town, "0.31", sender="uwe.brandt@acme.example") == [Outcome.HELD]
    town.cycle(NOW + timedelta(days=3))
    told = next(text for each in letters(town, DEV["email"]) if "uwe.brandt@acme.example" in (text := text_of(each)))
    assert "Cela ne compte pas comme réponse : cela vient d'une adresse" in " ".join(told.split())


def test_an_answer_to_a_letter_that_is_older_than_its_links_is_refused_with_a_new_one(late: Town) -> None:
    assert answered(late, "0.31", now=NOW + timedelta(days=40)) == [Outcome.ASKED_BACK]
    assert "The letter that you answer is older than 30 days." in back(late)
    assert reading(late) is None


def test_an_answer_of_somebody_who_has_left_is_read_by_a_person(build: Build) -> None:
    town = _late(build)
    people = {**PEOPLE, "tom": {**TOM, "leaves": "2026-12-11"}}
    kpis = {"cells-delivered": {**CELLS_DELIVERED, "owner": "dev", "deputy": "tom", "from": "2026-11-01"}}
    first = letters(town)[-1]
    _define(town, kpis=kpis, people=people)
    town.cycle(NOW)
    assert take(town, a_reply(first, "0.31"), now=NOW + HOUR) == [Outcome.SHOWN]
    assert reading(town) is None


@pytest.mark.parametrize("tom", [None, {**TOM, "of": "acme"}], ids=["gone", "at the other side"])
def test_what_answers_a_letter_to_somebody_who_has_left_is_told_to_the_side_that_it_was_for(
    build: Build, tom: dict[str, Any] | None
) -> None:
    """Nobody knows the address: its words are Globex's, as the letter was, and never those of another side."""
    town = _late(build)
    first = letters(town)[-1]
    people = {key: each for key, each in {**PEOPLE, "tom": tom}.items() if each}
    kpis = {"cells-delivered": {**CELLS_DELIVERED, "owner": "dev", "deputy": "june", "from": "2026-11-01"}}
    _define(town, kpis=kpis, people=people)
    town.cycle(NOW)
    mail = a_reply(first, "our margin is down to 11.7", sender="tom@home.example")
    assert take(town, mail, now=NOW + HOUR) == [Outcome.SHOWN]
    town.cycle(MONDAY)
    everybody = {str(each["email"]) for each in PEOPLE.values()}
    assert [each for each in everybody if "11.7" in "".join(map(text_of, letters(town, each)))] == [DEV["email"]]


def test_an_answer_about_a_kpi_that_has_another_key_by_now_goes_to_it(build: Build) -> None:
    town = _late(build)
    kpis = {"cells": {**CELLS_DELIVERED, "from": "2026-11-01", "renamed_from": "cells-delivered"}}
    _define(town, kpis=kpis, success_at_90_days=DASHBOARDS)
    town.cycle(NOW)
    assert take(town, a_reply(letters(town)[0], "0.31"), now=NOW + HOUR) == [Outcome.ANSWERED]
    assert [row["kpi"] for row in town.rows("reading")] == ["acme-globex/cells"]


def test_an_answer_about_a_kpi_that_is_measured_no_more_is_refused_in_words(build: Build) -> None:
    town = _late(build)
    _define(
        town,
        kpis={"others": {**CELLS_DELIVERED, "name": "Others", "from": "2027-01-01"}},
        success_at_90_days=DASHBOARDS,
    )
    town.cycle(NOW)
    assert take(town, a_reply(letters(town)[0], "0.31"), now=NOW + HOUR) == [Outcome.ASKED_BACK]
    assert "there is no KPI" in back(town)
    assert "cadence " not in back(town)


def test_what_the_program_fails_on_is_read_by_a_person_and_stands_as_a_fault_until_an_answer_is_taken(
    late: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = letters(late)[-1]
    with monkeypatch.context() as broken:
        broken.setattr("scheduler.services.cases.answers_by_mail.taking.write_back", _fails)
        assert take(late, a_reply(first, "0.31")) == [Outcome.SHOWN]
        assert take(late, a_reply(first, "0.31", "tom@home.example")) == [Outcome.SHOWN]
    assert reading(late) is None
    with late.database() as db:
        assert faults.stands(db, rsvp_intake.ANSWERS)
        assert [row.of for row in to_read.listing(db)] == ["globex", "globex"], (
            "whoever wrote them: the letter was to Tom"
        )
    assert take(late, a_reply(first, "0.32")) == [Outcome.ANSWERED]
    with late.database() as db:
        assert not faults.stands(db, rsvp_intake.ANSWERS)


def _fails(*_: object) -> bool:
    raise ZeroDivisionError


def test_where_an_address_bears_no_token_the_subject_does(build: Build) -> None:
    town = _late(build, replies={"maildir": "mail", "known_by": "subject"})
    letter = letters(town)[-1]
    assert letter["Reply-To"].addresses[0].addr_spec == "cadence@alliances.acme.example"
    assert answered(town, "0.31", Subject=f"AW: {letter['Subject']}") == [Outcome.ANSWERED]
    assert answered(town, "0.32", Subject="AW: Overdue") != [Outcome.ANSWERED]


def test_without_a_mailbox_that_is_read_a_letter_offers_no_answer_by_mail(build: Build) -> None:
    town = _late(build, replies={})
    letter = letters(town)[-1]
    assert letter["Reply-To"].addresses[0].addr_spec == "cadence@alliances.acme.example"
    assert "replying" not in text_of(letter)
    assert not town.rows("letter_question")


# Letters that come back


def _comes_back(town: Town, letter: EmailMessage, to: str = TOMS) -> bytes:
    given_back = (
        f"From: cadence@alliances.acme.example\r\nTo: {to}\r\nMessage-ID: {letter['Message-ID']}\r\n"
        f"Subject: {letter['Subject']}\r\n\r\nx\r\n"
    )
    report = bounces.report(given_back=f"Content-Type: message/rfc822\r\n\r\n{given_back}")
    return report.replace(bounces.KARL.encode(), to.encode())


@pytest.fixture
def unreached(late: Town) -> Town:
    """Tom's letter of Friday has left, and come back: there is no such address."""
    with late.app.store.write() as db:
        for row in outbox.listing(db):
            delivery.sent(db, row.id or 0, FRIDAY, "smtp", "250 ok")
    assert take(late, _comes_back(late, letters(late)[-1])) == [Outcome.BOUNCED]
    late.cycle(NOW + HOUR)
    late.cycle(MONDAY)
    return late


def devs(town: Town) -> EmailMessage:
    """The letter that asks Dev."""
    found = letters(town, "dev.patel@globex.example")
    return next(each for each in reversed(found) if "You are asked to report it." in text_of(each))


def asked(town: Town, now: datetime) -> str:
    """Who is asked for November, as lists show it."""
    [late] = overdue(town.app, None, now, OPERATOR)
    return late.flag.measurement.asked


def test_where_letters_to_an_owner_come_back_the_deputy_is_asked_and_told_why(unreached: Town) -> None:
    last = devs(unreached)
    assert "Mail to Tom Reyes does not arrive." in text_of(last)
    assert "later 4 Dec" in text_of(last)
    assert "could not be told on its day" not in text_of(last)
    mail = a_reply(last, "0.31", sender="dev.patel@globex.example")
    assert take(unreached, mail, now=MONDAY + HOUR) == [Outcome.ANSWERED]
    assert (reading(unreached) or pytest.fail("nothing was reported")).by == "dev"


def test_an_owner_whose_address_is_another_one_by_now_is_asked_again(unreached: Town) -> None:
    _define(unreached, people={**PEOPLE, "tom": {**TOM, "email": "t.reyes@globex.example"}})
    unreached.cycle(MONDAY + HOUR)
    assert asked(unreached, MONDAY + 2 * HOUR) == "tom"


def test_a_deputy_whose_letters_come_back_too_is_not_asked(unreached: Town) -> None:
    last = devs(unreached)
    with unreached.app.store.write() as db:
        for row in outbox.listing(db):
            if row.email == "dev.patel@globex.example":
                delivery.sent(db, row.id or 0, MONDAY, "smtp", "250 ok")
    take(unreached, _comes_back(unreached, last, "dev.patel@globex.example"), now=MONDAY + HOUR)
    assert asked(unreached, MONDAY + 2 * HOUR) == "tom"


# A letter that asks nothing that a reply can answer


DEVS = "dev.patel@globex.example"


@pytest.fixture
def expiring(build: Build) -> Town:
    """Dev, who reads Spanish, is written to about the NDA, which his letter's link alone answers."""
    town = build(
        replies={"maildir": "mail"}, mail={"sender": "cadence@alliances.acme.example"}, web={"listen": "127.0.0.1:8377"}
    )
    papers = {"signed": "2026-06-01", "documents": [{"kind": "nda", "expires": "2027-01-10"}]}
    kpis = {"cells-delivered": {**CELLS_DELIVERED, "from": "2027-01-01"}}
    people = {**PEOPLE, "dev": {**DEV, "language": "es"}}
    town.define(effective="2026-07-01", agreement=papers, kpis=kpis, reviews=QUIET, people=people)
    town.cycle(in_detroit("2026-12-10 09:00"))
    town.cycle(FRIDAY)
    return town


def test_a_yes_to_a_letter_that_asks_nothing_gets_one_letter_back_that_says_so(expiring: Town) -> None:
    first = letters(expiring, DEVS)[-1]
    assert "NDA" in text_of(first)
    assert take(expiring, a_reply(first, "sí", DEVS)) == [Outcome.SHOWN]
    *before, last = letters(expiring, DEVS)
    assert before[-1]["Message-ID"] == first["Message-ID"]
    assert "no se registró nada" in text_of(last) and "Una respuesta" not in text_of(last)
    take(expiring, a_reply(last, "gracias", DEVS), now=NOW + HOUR)
    assert len(letters(expiring, DEVS)) == len(before) + 1, "nothing goes back about a letter that went back"


def test_who_reads_it_is_told_by_the_partnerships_name_and_why_it_is_no_answer(expiring: Town) -> None:
    take(expiring, a_reply(letters(expiring, DEVS)[-1], "sí", DEVS))
    expiring.cycle(NOW + HOUR)
    with expiring.database() as db:
        [told] = [each for each in notifications.listing(db) if each.about == "reply"]
    assert told.person == "june"
    words = sentences_of(
        ToldMatter("reply", told.subject, told.rung, told.facts),
        Means(has_shell=False),
        expiring.app.settings.template_folders,
    )
    assert words.title == "Dev Patel wrote about Acme × Globex battery cells"
    assert words.detail.endswith("it answers a letter that asks nothing that a reply can answer")


def test_no_letter_goes_back_to_a_program_nor_to_anybody_else(expiring: Town) -> None:
    first = letters(expiring, DEVS)[-1]
    count = len(letters(expiring, DEVS))
    take(
        expiring,
        a_reply(first, "sí", DEVS, Auto_Submitted="auto-replied"),
        a_reply(first, "sí", "mallory@evil.example"),
    )
    take(expiring, a_reply(first, "sí", DEVS, List_Id="<all.globex.example>"))
    assert len(letters(expiring, DEVS)) == count and letters(expiring, "mallory@evil.example") == []
