"""What is posted into a chat: each shape says the same, what people wrote stays text, no limit of a service is met."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.vocabulary import ChatShape
from scheduler.render.notifications.chat import body
from scheduler.render.notifications.chat.message import Message
from tests.golden import Golden
from tests.render.golden_chats import FOLDER, MESSAGE, files

SHAPES: tuple[ChatShape, ...] = get_args(ChatShape)
PARTS = st.lists(st.text(max_size=4000), max_size=70).map(tuple)


def posted(message: Message, shape: ChatShape) -> Any:
    return json.loads(body(message, shape))


def slack_texts(post: Any) -> list[tuple[str, str]]:
    return [(block["text"]["type"], block["text"]["text"]) for block in post["blocks"]]


def teams_card(post: Any) -> Any:
    (attachment,) = post["attachments"]
    return attachment["content"]


def teams_texts(post: Any) -> list[str]:
    return [run["text"] for block in teams_card(post)["body"] for run in block["inlines"]]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_bodies_are_those_that_one_can_open(shape: ChatShape, golden: Golden) -> None:
    golden(FOLDER / f"{shape}.json", files()[f"{shape}.json"])
    assert body(MESSAGE, shape) == body(MESSAGE, shape) and b"\n" not in body(MESSAGE, shape)


def test_json_has_a_title_lines_and_a_link() -> None:
    post = posted(Message("Due: Cells", ("Value?", "By Friday"), None), "json")
    assert post == {"title": "Due: Cells", "paragraphs": ["Value?", "By Friday"], "link": None}


def test_in_slack_nothing_that_people_wrote_is_markup() -> None:
    """Only our own link is mrkdwn; everything else is plain text, with the three characters escaped by which Slack
    marks a channel, a person or a link."""
    post = posted(
        Message("<!channel> & *Dev*", ("<@U1> said <http://x.example|this>", "@channel _x_"), "https://a"), "slack"
    )
    assert slack_texts(post) == [
        ("plain_text", "&lt;!channel&gt; &amp; *Dev*"),
        ("plain_text", "&lt;@U1&gt; said &lt;http://x.example|this&gt;"),
        ("plain_text", "@channel _x_"),
        ("mrkdwn", "<https://a|Open in cadence>"),
    ]
    assert (post["text"], post["mrkdwn"], post["parse"]) == ("&lt;!channel&gt; &amp; *Dev*", False, "none")


def test_a_link_cannot_end_early_in_slack() -> None:
    assert slack_texts(posted(Message("x", (), "https://a/?b|c>d&e"), "slack"))[-1][1] == (
        "<https://a/?b%7Cc&gt;d&amp;e|Open in cadence>"
    )


def test_in_teams_everything_is_a_run_of_text_and_no_function_is_called() -> None:
    post = posted(Message("**Dev**", ("[x](javascript:y) <at>Inès</at>", "{{DATE(2026-11-30)}}"), "https://a"), "teams")
    card = teams_card(post)
    assert (post["type"], card["type"], card["version"]) == ("message", "AdaptiveCard", "1.4")
    assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}
    assert teams_texts(post)[:2] == ["**Dev**", "[x](javascript:y) <at>Inès</at>"] and "{{" not in teams_texts(post)[2]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open in cadence", "url": "https://a"}]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_line_stays_on_its_line_and_an_empty_one_is_left_out(shape: ChatShape) -> None:
    said = body(Message("Acme\r\n× \x1b[31mGlobex\u202e", ("one\ntwo", " \n ", "")), shape).decode()
    assert "\\n" not in said and "\\u001b" not in said and "\u202e" not in said
    assert "Acme × [31mGlobex" in said and "one two" in said


def test_a_title_is_cut_at_150_characters_where_the_services_cut_it() -> None:
    for length, last in ((150, "x"), (151, "…")):
        message = Message("x" * length)
        (_, slack), *_ = slack_texts(posted(message, "slack"))
        teams, *_ = teams_texts(posted(message, "teams"))
        assert len(slack) == len(teams) == 150 and slack[-1] == teams[-1] == last


def test_a_title_is_never_cut_inside_an_escape() -> None:
    (_, title), *_ = slack_texts(posted(Message("&" * 40), "slack"))
    assert title == "&amp;" * 29 + "…"


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_left_out_is_counted(shape: ChatShape) -> None:
    assert "… and 4 lines more" in body(Message("x", tuple(f"line {n}" for n in range(50))), shape).decode()
    assert "lines more" not in body(Message("x", tuple(f"line {n}" for n in range(46))), shape).decode()


@given(st.text(max_size=3000), PARTS)
def test_whatever_is_said_no_service_refuses_it_for_its_length(title: str, paragraphs: tuple[str, ...]) -> None:
    """Slack: 1 to 150 characters in a header, 3,000 in a section, 50 blocks. Teams: 28 KB."""
    message = Message(title, paragraphs, "https://cadence.acme.example/report/abc")
    slack = slack_texts(posted(message, "slack"))
    assert 1 <= len(slack[0][1]) <= 150 and all(1 <= len(text) <= 3000 for _, text in slack) and len(slack) <= 50
    assert len(body(message, "teams")) <= 28 * 1024
    assert json.loads(body(message, "json"))
