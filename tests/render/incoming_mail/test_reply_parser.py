"""Answers are read in every shape that mail programs give them; what is none, or a stranger's, is told apart."""

import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.record.rsvp import Outcome, Says
from scheduler.render.incoming_mail import reply_parser
from scheduler.render.incoming_mail.bounce import Bounce
from scheduler.render.incoming_mail.reply_parser import (
    MOST_BYTES,
    MOST_COMMENT,
    Ignored,
    InWords,
    ProposedTime,
    Reply,
    Said,
    read,
)
from tests.render.letters_in import DEV, INES, JUNE, OPERATING, SAID, TOKEN, a_calendar, a_letter

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
    assert isinstance(found, Ignored | InWords)
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
    assert proposed == ProposedTime(moment("2026-12-21 15:00"), moment("2026-12-21 16:00"))


def test_a_zone_of_the_senders_own_making_is_read_from_its_definition() -> None:
    """Ten in the morning of its summer is 14:00 UTC."""
    proposed = said((GOLDEN / "outlook-counter-own-zone.eml").read_bytes()).proposed
    assert proposed == ProposedTime(moment("2026-07-14 14:00"), moment("2026-07-14 15:00"))


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


@pytest.mark.parametrize(
    ("sender", "email", "name"),
    [
        ('"Patel, Dev" <Dev.Patel@GLOBEX.example>', DEV, "Patel, Dev"),
        ("Patel, Dev <dev.patel@globex.example>", DEV, "Patel, Dev"),
        (f"{DEV} <{DEV}>", DEV, DEV),
        (f'"{DEV}" <{DEV}>', DEV, DEV),
        (f"Dev Patel ({DEV}) <{DEV}>", DEV, f"Dev Patel ({DEV})"),
        (f"{DEV} (Dev Patel)", DEV, f"{DEV} (Dev Patel)"),
        ('"Dev \\"DP\\" Patel" <dev.patel@globex.example>', DEV, 'Dev "DP" Patel'),
        ("'Dev Patel' via Globex <dev.patel@globex.example>", DEV, "'Dev Patel' via Globex"),
        ("=?utf-8?q?D=C3=A9v_Patel?= <dev.patel@globex.example>", DEV, "Dév Patel"),
        (f"{INES} <mallory@evil.example>", "mallory@evil.example", INES),
        (f'"{DEV}" <mallory@evil.example>', "mallory@evil.example", DEV),
    ],
)
def test_the_sender_is_the_address_in_angles_whatever_the_name_says(sender: str, email: str, name: str) -> None:
    reply = read(a_letter(sender=sender))
    assert isinstance(reply, Reply)
    assert (reply.email, reply.letter.name) == (email, name)
    assert [each.attendee for each in reply.answers] == [DEV]


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
    assert said(again).proposed == ProposedTime(moment("2026-12-21 15:00"), moment("2026-12-21 16:30"))
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
    proposed = ProposedTime(moment(read_as), None) if read_as else None
    assert said(a_letter(method="COUNTER", more=f"DTSTART{start}")).proposed == proposed


def test_an_end_before_its_start_is_not_taken() -> None:
    more = "DTSTART:20261221T150000Z\nDTEND:20261221T150000Z"
    assert said(a_letter(method="COUNTER", more=more)).proposed == ProposedTime(moment("2026-12-21 15:00"), None)


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


@pytest.mark.parametrize("zone", ["", ";TZID=Nowhere/Atlantis", ';TZID="(UTC+01:00) Berlin, Rome"'])
def test_an_occurrence_in_a_zone_that_cannot_be_told_is_its_civil_start(zone: str) -> None:
    occurrence = said(a_letter(more=f"RECURRENCE-ID{zone}:20261208T150000")).occurrence
    assert occurrence == datetime(2026, 12, 8, 15)  # that is the point


@pytest.mark.parametrize("when", ["yesterday", "20261341T150000", "22011221T160000"])
def test_an_answer_to_an_occurrence_that_is_no_time_is_unreadable_and_not_one_to_all(when: str) -> None:
    assert ignored(a_letter(more=f"RECURRENCE-ID:{when}")) is Outcome.UNREADABLE


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


@pytest.mark.parametrize("stamp", ["yesterday", "", "20261341T140000Z"])
def test_what_does_not_say_when_is_said_when_its_letter_is_dated(stamp: str) -> None:
    assert said(a_letter(stamp=stamp)).dtstamp is None
    dated = a_letter(stamp=stamp, headers="Date: Wed, 02 Dec 2026 15:30:00 +0100\r\n")
    assert said(dated).dtstamp == moment("2026-12-02 14:30")
    assert said(a_letter(stamp=stamp, headers="Date: some day\r\n")).dtstamp is None


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


def test_whatever_a_reader_of_a_part_fails_with_keeps_no_other_letter_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise zlib.error("Error -3 while decompressing data")

    monkeypatch.setattr(reply_parser, "_read", fails)
    assert ignored(a_letter()) is Outcome.UNREADABLE


@pytest.mark.parametrize("depth", [50, 5000])
def test_components_nested_too_deep_are_unreadable(depth: int) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "BEGIN:VEVENT\r\n" * depth + "END:VEVENT\r\n" * depth
    assert ignored(a_letter(calendar=calendar + "END:VCALENDAR\r\n")) is Outcome.UNREADABLE


def test_of_a_letter_no_more_than_a_mebibyte_is_looked_at() -> None:
    head, mark, rest = nested(1).partition(b"\r\n\r\n")
    room = MOST_BYTES - len(nested(1)) - 2
    fitting, too_large = (head + mark + b"x" * size + b"\r\n" + rest for size in (room, room + 100))
    assert isinstance(read(fitting), Reply)
    assert ignored(too_large) is Outcome.OVERSIZED


def with_attachment(calendar: bytes, size: int) -> bytes:
    """A letter whose calendar comes first, and behind it an attachment of so many bytes."""
    head = f"From: {DEV}\r\nTo: c+{TOKEN}@acme.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    behind = b"\r\n--b\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * size + b"\r\n--b--\r\n"
    return head.encode() + b"Content-Type: text/calendar\r\n\r\n" + calendar + behind


def test_of_a_larger_letter_the_calendar_counts_that_comes_first() -> None:
    assert said(with_attachment(a_calendar("DECLINED").encode(), 3 * MOST_BYTES)).says is Says.DECLINED
    cut = a_calendar("DECLINED", more="COMMENT:" + "x" * 100).encode().replace(b"END:VCALENDAR", b"")
    assert ignored(with_attachment(cut, 3 * MOST_BYTES)) is Outcome.OVERSIZED


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
    assert isinstance(read(letter), Ignored | InWords)


lines = st.sampled_from(
    [*a_letter().decode().splitlines(), "BEGIN:VEVENT", "END:VEVENT", "DURATION:P9W", " folded", ""]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(lines | st.text(max_size=20), max_size=40))
def test_whatever_comes_is_an_answer_or_ignored(written: list[str]) -> None:
    found = read("\r\n".join(written).encode("utf-8", "surrogatepass"))
    assert isinstance(found, Reply | InWords | Ignored | Bounce)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(GOLDEN.glob("*.eml"))), st.data())
def test_a_damaged_letter_is_an_answer_or_ignored(file: Path, data: Any) -> None:
    raw = bytearray(file.read_bytes())
    for _ in range(5):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read(bytes(raw)), Reply | InWords | Ignored | Bounce)


def test_a_stamp_is_told_in_utc() -> None:
    assert said(a_letter()).dtstamp == SAID
    stamp = said(a_letter()).dtstamp
    assert stamp is not None and stamp.utcoffset() == timedelta()


# The shapes of other programs


FOREST = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"


def a_zone(name: str, more: str = "") -> str:
    """A zone of one's own making, with Berlin's clocks."""
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{more}"
        "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )


@pytest.mark.parametrize(
    ("parameter", "defined"),
    [
        (f'"{FOREST}"', FOREST.replace(",", "\\,")),
        (f'"{FOREST}"', FOREST),
        (FOREST, FOREST.replace(",", "\\,")),
        ('"tzone://Microsoft/Custom"', "tzone://Microsoft/Custom"),
        ('"Customized Time Zone 1"', '"Customized Time Zone 1"'),
    ],
)
def test_a_zone_of_their_own_is_known_by_its_name_however_commas_colons_and_quotes_are_written(
    parameter: str, defined: str
) -> None:
    letter = a_letter(more=f"RECURRENCE-ID;TZID={parameter}:20260708T150000").decode()
    with_zone = letter.replace("BEGIN:VEVENT", a_zone(defined) + "BEGIN:VEVENT")
    assert said(with_zone.encode()).occurrence == moment("2026-07-08 13:00")


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("tzone://Microsoft/Utc", "15:00"),
        ("UTC", "15:00"),
        ("Coordinated Universal Time", "15:00"),
        ("W. Europe Standard Time", "14:00"),
        ("W. Europe Standard Time 1", "14:00"),
        ("europe/berlin", "14:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "14:00"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "18:00"),
        ("America/Indiana/Indianapolis", "20:00"),
        ("UTC+01:00", "14:00"),
        ("GMT+0100", "14:00"),
        ("GMT-5", "20:00"),
        ("Etc/GMT-1", "14:00"),
    ],
)
def test_a_zone_is_known_by_the_names_that_vendors_give_it(zone: str, utc: str) -> None:
    assert said(a_letter(more=f'RECURRENCE-ID;TZID="{zone}":20261209T150000')).occurrence == moment(f"2026-12-09 {utc}")


def test_a_zone_that_says_which_one_it_stands_for_is_that_one() -> None:
    letter = a_letter(more="RECURRENCE-ID;TZID=Ours:20260708T150000").decode()
    zone = a_zone("Ours", "X-LIC-LOCATION:Asia/Tokyo\r\n")
    assert said(letter.replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT").encode()).occurrence == moment("2026-07-08 06:00")


@pytest.mark.parametrize(
    "line",
    [
        'ATTENDEE;CN="Dev \\"DP\\" Patel";PARTSTAT=DECLINED:mailto:dev.patel@globex.example',
        'ATTENDEE;CN=Dev "DP" Patel;PARTSTAT=DECLINED:mailto:dev.patel@globex.example',
        'ATTENDEE;CN="Dev; the "DP": Patel";PARTSTAT=DECLINED:mailto:dev.patel@globex.example',
        "ATTENDEE;CN=Patel: Dev;PARTSTAT=DECLINED:mailto:dev.patel@globex.example",
        "ATTENDEE;PARTSTAT=DECLINED;CN=Patel, Dev:MAILTO:dev.patel@globex.example",
        'ATTENDEE;CN="Dev Patel;PARTSTAT=DECLINED:mailto:dev.patel@globex.example',
        "ATTENDEE;PARTSTAT=DECLINED:dev.patel@globex.example",
        "ATTENDEE;PARTSTAT=DECLINED: mailto: <dev.patel@globex.example>",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:dev.patel%40globex.example",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:dev.patel@globex.example?subject=x",
        "ATTENDEE;EMAIL=dev.patel@globex.example;PARTSTAT=DECLINED:/aMTIzNDU2/principal/",
        'ATTENDEE;EMAIL="dev.patel@globex.example";PARTSTAT=DECLINED:urn:uuid:5f0c2e9a-7b41-d883-6c1f-4e2a90b7d563',
    ],
)
def test_an_attendee_is_found_however_name_and_address_are_written(line: str) -> None:
    written = a_calendar().replace(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{DEV}", line)
    answer = said(a_letter(calendar=written))
    assert (answer.attendee, answer.says) == (DEV, Says.DECLINED)


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r\r\n"])
def test_bytes_are_unfolded_before_they_are_decoded(end: bytes) -> None:
    """A fold in the midst of a character, after each of its bytes."""
    comment = "COMMENT:Grüße aus dem Werk – die Zahlen kommen von Jürgen".encode()
    lines = a_calendar("DECLINED").encode().split(b"\r\n")
    for at in range(1, len(comment)):
        folded = comment[:at] + end + b" " + comment[at:]
        calendar = end.join([*lines[:6], folded, *lines[6:]])
        assert said(a_letter(calendar=calendar)).comment == "Grüße aus dem Werk – die Zahlen kommen von Jürgen"


def test_a_long_comment_between_lines_that_end_in_two_returns_is_whole() -> None:
    calendar = a_calendar("DECLINED", more="COMMENT:long enough to be folded\r\n  and it goes on\r\n\t here")
    read_back = said(a_letter(calendar=calendar.replace("\r\n", "\r\r\n")))
    assert read_back.comment == "long enough to be folded and it goes on here"


def test_what_a_delegate_answers_is_theirs_and_not_that_of_who_sent_them() -> None:
    """RFC 5546 3.2.2.3: the delegate's own answer lists who delegated to them as well."""
    tom = "tom.reyes@globex.example"
    delegated = f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{tom}":mailto:{DEV}'
    reply = read(a_letter("ACCEPTED", who=tom, more=delegated))
    assert isinstance(reply, Reply)
    assert (reply.email, [(each.attendee, each.says) for each in reply.answers]) == (tom, [(tom, Says.ACCEPTED)])


def test_of_an_answer_from_elsewhere_it_is_read_of_whom_it_speaks() -> None:
    reply = read(a_letter("DECLINED", sender="d.patel@globexcells.example"))
    assert isinstance(reply, Reply)
    assert (reply.email, reply.answers[0].attendee) == ("d.patel@globexcells.example", DEV)


@pytest.mark.parametrize("filler", [';A="', ":", ";", '"', ";A=:", ';A=\\"', "("])
def test_a_line_that_would_take_for_ever_is_read_in_no_time(filler: str) -> None:
    line = "ATTENDEE" + filler * (200_000 // len(filler))
    assert isinstance(read(a_letter(more=line)), Reply)


# Words, and programs that write by themselves


def written_by(words: bytes, headers: str = "", type: str = "text/plain; charset=utf-8") -> bytes:
    head = f"From: Dev Patel <{DEV}>\r\nTo: c+{TOKEN}@acme.example\r\nSubject: Re: Review\r\n{headers}"
    return f"{head}Content-Type: {type}\r\n\r\n".encode() + words


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (written_by("Ich komme später, grüße\r\n\r\n> Ines wrote".encode()), "Ich komme später, grüße"),
        (written_by(b"I will be late.\r\nOn Wed, 2 Dec 2026, Ines Falk wrote:\r\n> x"), "I will be late."),
        (written_by(b"Yes\r\n\r\n-----Original Message-----\r\nx"), "Yes"),
        (written_by(b"<style>p {}</style><p>Yes &amp; no</p><blockquote>x</blockquote>", type="text/html"), "Yes & no"),
        (written_by(b""), ""),
    ],
)
def test_what_somebody_writes_is_read_without_what_they_quote(letter: bytes, words: str) -> None:
    found = read(letter)
    assert isinstance(found, InWords)
    assert (found.letter.words, found.letter.tokens, found.letter.name) == (words, (TOKEN,), "Dev Patel")


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated; type=vacation\r\n",
        "Precedence: auto_reply\r\n",
        "Precedence: bulk\r\n",
        "X-Autoreply: yes\r\n",
        "Return-Path: <>\r\n",
        "Subject: Automatic reply: Review\r\n",
        "Subject: Abwesenheitsnotiz: Review\r\n",
    ],
)
def test_what_a_program_writes_by_itself_is_counted_and_no_answer(headers: str) -> None:
    letter = written_by(b"I am away until Monday.", headers)
    if "Subject" in headers:
        letter = letter.replace(b"Subject: Re: Review\r\n", b"")
    assert ignored(letter) is Outcome.AUTOMATIC


def test_a_receipt_is_counted_and_no_answer() -> None:
    assert ignored(written_by(b"read", type="multipart/report; report-type=disposition-notification; boundary=b")) is (
        Outcome.AUTOMATIC
    )


def test_an_answer_that_a_calendar_program_sends_by_itself_is_one() -> None:
    assert said(a_letter("DECLINED", headers="Auto-Submitted: auto-generated\r\n")).says is Says.DECLINED


def test_not_submitted_by_itself_is_a_persons() -> None:
    assert isinstance(read(written_by(b"Yes", "Auto-Submitted: no\r\n")), InWords)
