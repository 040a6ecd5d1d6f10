"""Answers are read in every shape that mail programs give them; what is none, or a stranger's, is told apart."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.answer import Outcome, Says
from scheduler.publish.reply import MOST_BYTES, MOST_COMMENT, Ignored, Proposal, Reply, Said, read
from tests.publish.letters_in import DEV, INES, JUNE, OPERATING, SAID, TOKEN, a_calendar, a_letter

GOLDEN = Path(__file__).parent / "golden" / "replies"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(letter: bytes) -> Said:
    """The one answer of a letter that bears one."""
    reply = read(letter)
    assert isinstance(reply, Reply)
    [answer] = reply.answers
    return answer


def ignored(letter: bytes) -> Outcome:
    found = read(letter)
    assert isinstance(found, Ignored)
    return found.outcome


# The shapes of real programs


@pytest.mark.parametrize(
    ("file", "who", "says", "stamp", "comment"),
    [
        ("thunderbird-accepted", INES, Says.ACCEPTED, "2026-12-02 10:15:00", None),
        ("gmail-tentative", DEV, Says.TENTATIVE, "2026-12-02 14:10:07", "I may be on the shop floor"),
        ("outlook-declined", DEV, Says.DECLINED, "2026-12-02 14:20:30", "Audit week, sorry."),
        ("outlook-counter", DEV, Says.TENTATIVE, "2026-12-02 14:25:30", "Monday would be better"),
        ("proton-accepted", JUNE, Says.ACCEPTED, "2026-12-02 15:20:30", None),
        ("octet-stream-declined", INES, Says.DECLINED, "2026-12-02 16:00:00", "Bin krank – Grüße"),
        ("ics-alone-delegated", DEV, Says.DECLINED, "2026-12-02 17:00:00", None),
    ],
)
def test_each_program_is_understood(file: str, who: str, says: Says, stamp: str, comment: str | None) -> None:
    reply = read((GOLDEN / f"{file}.eml").read_bytes())
    assert isinstance(reply, Reply)
    assert (reply.email, reply.uid, reply.tokens) == (who, OPERATING, (TOKEN,))
    [answer] = reply.answers
    assert (answer.says, answer.dtstamp, answer.comment) == (says, moment(stamp), comment)
    assert (answer.sequence, answer.occurrence) == (0, None)


def test_outlook_proposes_another_time_in_a_zone_of_windows_naming() -> None:
    """Ten in the morning of Michigan's winter is 15:00 UTC."""
    proposed = said((GOLDEN / "outlook-counter.eml").read_bytes()).proposed
    assert proposed == Proposal(moment("2026-12-21 15:00"), moment("2026-12-21 16:00"))


def test_a_zone_of_the_senders_own_making_is_read_from_its_definition() -> None:
    """Ten in the morning of its summer is 14:00 UTC."""
    proposed = said((GOLDEN / "outlook-counter-own-zone.eml").read_bytes()).proposed
    assert proposed == Proposal(moment("2026-07-14 14:00"), moment("2026-07-14 15:00"))


def test_who_sends_somebody_else_declines_and_names_them() -> None:
    assert said((GOLDEN / "ics-alone-delegated.eml").read_bytes()).delegate == "tom.reyes@globex.example"


# What counts in a letter


@pytest.mark.parametrize(
    "type",
    [
        "text/calendar; method=REPLY",
        "text/calendar",
        "text/calendar; method=REQUEST",
        "application/ics; charset=utf-8",
        'application/octet-stream; name="invite.ics"',
        'TEXT/CALENDAR; CHARSET="UTF-8"',
        "text/calendar; charset=no-such-charset",
        "text/calendar; charset=unicode_escape",
    ],
)
def test_the_method_in_the_calendar_counts_whatever_the_letter_calls_it(type: str) -> None:
    assert said(a_letter("DECLINED", type=type)).says is Says.DECLINED


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_the_charset_is_the_one_that_is_named(charset: str) -> None:
    calendar = a_calendar(more="COMMENT:Grüße aus Norwegen").encode(charset)
    assert said(a_letter(calendar=calendar, type=f"text/calendar; charset={charset}")).comment == "Grüße aus Norwegen"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "REFRESH", ""])
def test_what_is_no_answer_is_none(method: str) -> None:
    assert ignored(a_letter(method=method)) is Outcome.NO_ANSWER


def test_a_persons_own_words_are_no_answer() -> None:
    assert ignored(b"From: dev.patel@globex.example\r\n\r\nI will be there.\r\n") is Outcome.NO_ANSWER


def test_a_returned_letter_does_not_answer_for_who_sent_it() -> None:
    """A server gives a letter back with the letter in it."""
    inner = a_letter()
    assert ignored(b"From: dev.patel@globex.example\r\nContent-Type: message/rfc822\r\n\r\n" + inner) is (
        Outcome.NO_ANSWER
    )


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("Delivered-To", f"cadence+{TOKEN}@acme.example"),
        ("X-Original-To", f"cadence+{TOKEN.upper()}@acme.example"),
        ("Envelope-To", f"<reply-{TOKEN}@acme.example>"),
        ("Cc", f'"Reviews, all" <{TOKEN}@answers.acme.example>, x@acme.example'),
    ],
)
def test_a_token_is_found_in_every_address_the_letter_was_sent_to(header: str, address: str) -> None:
    letter = a_letter().replace(f"cadence+{TOKEN}@".encode(), b"cadence@")
    reply = read(f"{header}: {address}\r\n".encode() + letter)
    assert isinstance(reply, Reply)
    assert TOKEN in reply.tokens


def test_a_token_in_a_subject_or_a_name_is_none() -> None:
    letter = a_letter(token="", headers=f"Subject: {TOKEN}\r\n")
    reply = read(letter.replace(b"To: ", f'To: "{TOKEN}" '.encode()))
    assert isinstance(reply, Reply)
    assert reply.tokens == ()


# Who answers


def test_the_sender_must_be_the_attendee_however_they_are_spelled() -> None:
    assert said(a_letter(sender='"Patel, Dev" <Dev.Patel@GLOBEX.example>')).says is Says.ACCEPTED
    assert ignored(a_letter(sender="mallory@evil.example")) is Outcome.FORGED
    assert ignored(a_letter(sender='"dev.patel@globex.example" <mallory@evil.example>')) is Outcome.FORGED


def test_a_letter_from_two_people_or_from_nobody_is_forged() -> None:
    assert ignored(a_letter(sender=f"{DEV}, {INES}")) is Outcome.FORGED
    assert ignored(a_letter(headers=f"From: {INES}\r\n")) is Outcome.FORGED
    assert ignored(a_letter(sender="undisclosed")) is Outcome.FORGED


def test_a_service_may_send_in_the_name_of_the_person() -> None:
    """Google's Sender is Google's, a delegate's is the delegate's; From is the person who was invited."""
    assert said(a_letter(headers="Sender: calendar-notification@google.example\r\n")).says is Says.ACCEPTED


def test_of_a_list_of_attendees_the_senders_own_answer_counts() -> None:
    """A counter-proposal repeats everybody with the answers the sender has seen."""
    others = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{INES}"
    assert said(a_letter("DECLINED", more=others)).says is Says.DECLINED


# What is said


def test_whoever_proposes_another_time_has_not_accepted_this_one() -> None:
    again = a_letter("ACCEPTED", method="COUNTER", more="DTSTART:20261221T150000Z\nDURATION:PT1H30M")
    assert said(again).says is Says.TENTATIVE
    assert said(again).proposed == Proposal(moment("2026-12-21 15:00"), moment("2026-12-21 16:30"))
    assert said(a_letter("DECLINED", method="COUNTER")).says is Says.DECLINED


def test_the_time_in_a_plain_answer_proposes_nothing() -> None:
    assert said(a_letter(more="DTSTART:20261221T150000Z")).proposed is None


@pytest.mark.parametrize(
    ("start", "read_as"),
    [
        (";TZID=Europe/Berlin:20261221T160000", "2026-12-21 15:00"),
        (";TZID=/citadel.example/20261101_1/Europe/Berlin:20261221T160000", "2026-12-21 15:00"),
        (';TZID="Tokyo Standard Time":20261222T000000', "2026-12-21 15:00"),
        (":20261221T160000", None),
        (";TZID=Nowhere/Atlantis:20261221T160000", None),
        (";TZID=../../etc/passwd:20261221T160000", None),
        (";VALUE=DATE:20261221", None),
        (":20261341T160000Z", None),
        (":22011221T160000Z", None),
    ],
)
def test_a_proposed_time_is_a_moment_or_nothing(start: str, read_as: str | None) -> None:
    proposed = Proposal(moment(read_as), None) if read_as else None
    assert said(a_letter(method="COUNTER", more=f"DTSTART{start}")).proposed == proposed


def test_an_end_before_its_start_is_not_taken() -> None:
    more = "DTSTART:20261221T150000Z\nDTEND:20261221T150000Z"
    assert said(a_letter(method="COUNTER", more=more)).proposed == Proposal(moment("2026-12-21 15:00"), None)


@pytest.mark.parametrize(
    ("line", "occurrence"),
    [
        ("RECURRENCE-ID;TZID=Europe/Berlin:20261208T150000", moment("2026-12-08 14:00")),
        ("RECURRENCE-ID:20261208T140000Z", moment("2026-12-08 14:00")),
        ("RECURRENCE-ID;VALUE=DATE:20261208", date(2026, 12, 8)),
    ],
)
def test_an_answer_to_one_occurrence_names_it(line: str, occurrence: datetime | date) -> None:
    assert said(a_letter(more=line)).occurrence == occurrence


def test_an_answer_to_an_occurrence_that_cannot_be_told_is_unreadable_and_not_one_to_all() -> None:
    assert ignored(a_letter(more="RECURRENCE-ID:20261208T150000")) is Outcome.UNREADABLE


def test_one_letter_may_answer_to_the_series_and_otherwise_to_an_occurrence() -> None:
    accepts, declines = a_calendar(), a_calendar("DECLINED", more="RECURRENCE-ID:20261208T140000Z")
    event = declines[declines.index("BEGIN:VEVENT") : declines.index("END:VCALENDAR")]
    reply = read(a_letter(calendar=accepts.replace("END:VCALENDAR", event + "END:VCALENDAR")))
    assert isinstance(reply, Reply)
    assert [answer.says for answer in reply.answers] == [Says.ACCEPTED, Says.DECLINED]


@pytest.mark.parametrize("sequence", ["", "x", "-1", "99999999999999999999"])
def test_a_sequence_that_is_none_is_the_first(sequence: str) -> None:
    assert said(a_letter(sequence=sequence)).sequence == 0


def test_a_stamp_without_its_z_is_utc() -> None:
    assert said(a_letter(stamp="20261202T140000")).dtstamp == moment("2026-12-02 14:00")
    assert ignored(a_letter(stamp="yesterday")) is Outcome.UNREADABLE


def test_an_answer_that_nobody_knows_is_unreadable() -> None:
    assert ignored(a_letter("X-PERHAPS")) is Outcome.UNREADABLE


def test_a_comment_is_one_line_of_at_most_a_thousand_characters() -> None:
    comment = r"COMMENT:Back\, on Monday\nand " + "\x07\u202e" + "\U0001f600" * 3 * MOST_COMMENT
    told = said(a_letter(more=comment)).comment
    assert told is not None
    assert told.startswith("Back, on Monday and \U0001f600")
    assert len(told) == MOST_COMMENT
    assert told.isprintable()


# Bounds


def nested(depth: int) -> bytes:
    """A letter whose calendar lies so many parts deep."""
    head = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode() for level in range(depth)
    )
    return f"From: {DEV}\r\nTo: c+{TOKEN}@acme.example\r\n".encode() + head + a_letter().partition(b"\r\n")[2]


def test_parts_within_parts_are_read_as_deep_as_programs_nest_them_and_no_deeper() -> None:
    assert isinstance(read(nested(5)), Reply)
    assert ignored(nested(50)) is Outcome.UNREADABLE
    assert ignored(nested(5000)) is Outcome.UNREADABLE


@pytest.mark.parametrize("depth", [50, 5000])
def test_components_nested_too_deep_are_unreadable(depth: int) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "BEGIN:VEVENT\r\n" * depth + "END:VEVENT\r\n" * depth
    assert ignored(a_letter(calendar=calendar + "END:VCALENDAR\r\n")) is Outcome.UNREADABLE


def test_a_letter_of_more_than_a_mebibyte_is_not_looked_at() -> None:
    head, mark, rest = nested(1).partition(b"\r\n\r\n")
    room = MOST_BYTES - len(nested(1)) - 2
    fitting, too_large = (head + mark + b"x" * size + b"\r\n" + rest for size in (room, room + 1))
    assert isinstance(read(fitting), Reply)
    assert ignored(too_large) is Outcome.OVERSIZED


def test_a_head_longer_than_any_program_writes_is_unreadable() -> None:
    """The mail library's time grows with the square of an address's length."""
    assert ignored(a_letter(sender="a." * 100_000 + "@globex.example")) is Outcome.UNREADABLE


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYSECOND=0,1,2", "FREQ=YEARLY;BYMONTH=3;BYHOUR=1", "FREQ=YEARLY;BYDAY=SU"]
)
def test_a_zone_whose_rule_would_take_for_ever_is_not_worked_out(rule: str) -> None:
    letter = a_letter(method="COUNTER", more='DTSTART;TZID="Ours":20261221T160000')
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\n"
        f"TZOFFSETTO:+0100\r\nRRULE:{rule}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    assert said(letter.replace(b"BEGIN:VEVENT", zone.encode())).proposed is None


@pytest.mark.parametrize(
    "letter",
    [
        b"",
        b"\0" * 1000,
        b"From: \xff\xfe\r\nTo: =?utf-8?b?////?=\r\n\r\n",
        a_letter(calendar="BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"),
        a_letter(calendar="BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"),
        a_letter(uid="a\0b"),
        a_letter(uid=""),
        a_letter(type='multipart/mixed; boundary=""'),
        b"From: <" + b"(" * 100_000 + b"\r\n" + a_letter(),
    ],
)
def test_rubbish_is_no_answer_and_no_failure(letter: bytes) -> None:
    assert isinstance(read(letter), Ignored)


lines = st.sampled_from(
    [*a_letter().decode().splitlines(), "BEGIN:VEVENT", "END:VEVENT", "DURATION:P9W", " folded", ""]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(lines | st.text(max_size=20), max_size=40))
def test_whatever_comes_is_an_answer_or_ignored(written: list[str]) -> None:
    assert isinstance(read("\r\n".join(written).encode("utf-8", "surrogatepass")), Reply | Ignored)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(GOLDEN.glob("*.eml"))), st.data())
def test_a_damaged_letter_is_an_answer_or_ignored(file: Path, data: Any) -> None:
    raw = bytearray(file.read_bytes())
    for _ in range(5):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read(bytes(raw)), Reply | Ignored)


def test_a_stamp_is_told_in_utc() -> None:
    assert said(a_letter()).dtstamp == SAID
    assert said(a_letter()).dtstamp.utcoffset() == timedelta()
