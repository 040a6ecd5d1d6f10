"""What reaches a mail's headers, and what a mail is made of."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.render.mime import Envelope, Unsendable, header_text, mail, message_id, plain_mail

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Prüfung\r\nEND:VCALENDAR\r\n".encode()
KEY = "5f0c" * 16


def an_envelope(**changes: str) -> Envelope:
    said = {
        "sender": "cadence@alliances.example",
        "sender_name": "Partnership review (Acme × Globex)",
        "reply_to": "cadence+5f0c@alliances.example",
        "to": "dev.patel@globex.example",
        "to_name": "Dev Patel",
        "subject": "Invitation: Pipeline review – Acme × Globex",
        "message_id": message_id(KEY, "cadence@alliances.example"),
        "thread": message_id("ab" * 32, "cadence@alliances.example"),
        **changes,
    }
    return Envelope(**said, date=datetime(2026, 12, 1, 8, tzinfo=UTC))


def a_mail(**changes: str) -> bytes:
    return mail(an_envelope(**changes), "words\n", "<p>words</p>\n", ICS, "REQUEST")


def test_the_same_letter_is_the_same_mail() -> None:
    assert a_mail() == a_mail()


def test_the_calendar_survives_byte_for_byte_in_both_places() -> None:
    parts = [part for part in message_from_bytes(a_mail(), policy=policy.SMTP).walk() if not part.is_multipart()]
    assert [part.get_payload(decode=True) for part in parts[2:]] == [ICS, ICS]


def test_the_first_letter_of_a_thread_refers_to_none() -> None:
    first = message_id(KEY, "cadence@alliances.example")
    assert message_from_bytes(a_mail(thread=first), policy=policy.SMTP)["References"] is None


@pytest.mark.parametrize("field", ["sender", "sender_name", "reply_to", "to", "to_name", "subject"])
@pytest.mark.parametrize("poison", ["\r\nBcc: eve@evil.example", "\n", "\0", "\x85", "=?utf-8?q?a=0D=0ABcc=3Aeve?="])
def test_nothing_that_could_make_a_line_of_its_own_reaches_a_header(field: str, poison: str) -> None:
    with pytest.raises(Unsendable):
        a_mail(**{field: f"{getattr(an_envelope(), field)}{poison}"})


@pytest.mark.parametrize("address", ["", "dev", "dev@globex.example, eve@evil.example", "Dev <dev@globex.example>"])
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(Unsendable):
        a_mail(to=address)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_title_and_any_name_make_a_mail_with_the_headers_that_were_meant(title: str, name: str) -> None:
    content = a_mail(subject=header_text(title), to_name=header_text(name))
    message = message_from_bytes(content, policy=policy.SMTP)
    assert sorted({name.lower() for name in message}) == [
        "auto-submitted", "content-type", "date", "from", "in-reply-to", "message-id", "mime-version", "references",
        "reply-to", "subject", "to",
    ]  # fmt: skip
    assert [each.addr_spec for each in message["To"].addresses] == ["dev.patel@globex.example"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x0b\x0c\r"), max_size=2000))
def test_any_words_are_read_as_they_were_written_as_text_and_as_html(words: str) -> None:
    message = message_from_bytes(plain_mail(an_envelope(), words, f"<p>{words}</p>"), policy=policy.SMTP)
    for kind, meant in (("plain", words), ("html", f"<p>{words}</p>")):
        body = message.get_body((kind,))
        assert body is not None and not body.defects
        read = body.get_content().replace("\r\n", "\n")
        assert read.removesuffix("\n") == meant.removesuffix("\n")


def test_a_mail_is_of_ascii_and_no_line_is_longer_than_every_server_takes() -> None:
    content = plain_mail(an_envelope(), "Überfällig " * 300, f"<p>{'x' * 5000}</p>")
    assert content.isascii() and b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 78


# What every reader unfolds and decodes ----------------------------------------------------------------------------

SIGNS = "×é–ü中ж😀"
"""Of one to four bytes, in words and alone."""
WORDS = st.lists(
    st.text(alphabet=st.sampled_from("ab.,()\"\\:@<>[];'=?_-") | st.sampled_from(SIGNS), min_size=1, max_size=40),
    max_size=20,
).map(" ".join)


def unfolded(content: bytes, name: str) -> str:
    """The value of a header as RFC 5322 2.2.3 reads it, and one blank that follows its name."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    return head.replace("\r\n ", " ").split(f"{name}:", 1)[1].partition("\r\n")[0].removeprefix(" ")


def decoded(value: str) -> str:
    """As RFC 2047 reads it: blanks between two encoded words are no part of the text, all others are."""
    return str(make_header(decode_header(value)))


def assert_reads(title: str, name: str) -> None:
    """By the rules of the standards; the subject also by the library's newer reader, which takes two encoded words in a
    name for two words."""
    title, name = header_text(title), header_text(name)
    content = a_mail(subject=title, to_name=name, sender_name=name)
    assert decoded(unfolded(content, "Subject")) == title
    message = message_from_bytes(content, policy=policy.SMTP)
    assert message["Subject"] == title
    for header in ("To", "From", "Reply-To"):
        shown, address = parseaddr(unfolded(content, header))
        assert (decoded(shown), address) == (name, message[header].addresses[0].addr_spec)
    head = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 78 and line == line.rstrip() for line in head)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_at_any_place_of_a_subject_or_a_name_is_read_as_it_was_meant(sign: str) -> None:
    words = "Overdue: Cells delivered a week, 2026-11 (Acme and Globex pilot), Kestrel courses on the lake"
    for place in range(len(words) + 1):
        with_sign = f"{words[:place]}{sign}{words[place:]}"
        assert_reads(with_sign, with_sign.replace(":", "").replace(",", ""))


@pytest.mark.parametrize("length", range(1, 180, 7))
def test_a_sign_after_any_length_is_read_as_it_was_meant(length: int) -> None:
    for words in ("x" * length, ("abc " * 60)[:length].strip(), ("Ж " * 100)[:length].strip()):
        assert_reads(f"{words} × Globex", f"{words} × Globex")
        assert_reads(f"{words}×", f"{words}×")


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_any_subject_and_any_name_are_read_as_they_were_meant(title: str, name: str) -> None:
    assert_reads(title, name)


def test_a_message_id_fits_on_its_line_however_long_the_domain() -> None:
    sender = f"cadence@{'.'.join(['alliances-of-the-world'] * 8)}.example"
    id = message_id(KEY, sender)
    assert len(id) <= 75 and id.endswith("alliances-of-the-world.example>")
    message = message_from_bytes(a_mail(sender=sender, message_id=id), policy=policy.SMTP)
    assert message["Message-ID"] == id
