"""What somebody wrote into a reply is told from what they quote, in the shapes of programs, in twelve languages."""

from email import message_from_bytes

import pytest

from scheduler.render.incoming_mail.own_words import own_lines, without_quotes
from tests.render.incoming_mail.replies_in_shapes import Shaped, shaped

REPLIES = tuple(shaped())


def test_there_are_more_than_two_hundred_replies() -> None:
    assert len({each.name for each in REPLIES}) == len(REPLIES) > 200


@pytest.mark.parametrize("reply", REPLIES, ids=lambda each: each.name)
def test_the_lines_of_a_reply_are_its_writers_own(reply: Shaped) -> None:
    assert own_lines(message_from_bytes(reply.mail)) == reply.lines


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("1: 42\n> 2: Others\n2: met\n", ("1: 42", "2: met")),
        ("Thanks to strong sales 42\n", ("Thanks to strong sales 42",)),
        ("Hi, 42\n", ("Hi, 42",)),
        ("42\nThanks\nTom\n", ("42",)),
        ("Thanks,\n42\n", ("Thanks,", "42")),
        ("From: our side nothing is late\n42\n", ("From: our side nothing is late", "42")),
        ("We wrote to them in May:\n42\n", ("We wrote to them in May:", "42")),
        ("\u200b42\u00a0%\u200e\n", ("42 %",)),
        ("> 42\n", ()),
        ("", ()),
    ],
)
def test_what_looks_like_a_program_s_line_and_is_none_stays(text: str, own: tuple[str, ...]) -> None:
    assert tuple(without_quotes(text.split("\n"))) == own


def test_a_letter_in_html_says_what_its_tags_show_on_a_line() -> None:
    html = b"Content-Type: text/html\n\n<style>p{}</style><p>1: <b>42</b>&nbsp;%<br>2: met</p><script>x</script>"
    assert own_lines(message_from_bytes(html)) == ("1: 42 %", "2: met")


def test_a_file_is_no_part_of_the_words() -> None:
    mail = (
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain; name="minutes.txt"\n\nx\n'
        b"--b\nContent-Type: text/plain\n\nheld\n--b--\n"
    )
    assert own_lines(message_from_bytes(mail)) == ("held",)
