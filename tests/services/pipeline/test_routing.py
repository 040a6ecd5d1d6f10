"""Letters leave by mail and by chats, each at its own pace; what is wrong with one channel is seen, and holds up no
other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.definition.people import Person
from scheduler.render.notifications.chat import body
from scheduler.render.notifications.chat.message import Message
from scheduler.services.pipeline.invitations import TEMPLATE
from scheduler.services.pipeline.sending.delivery import Round, Sender, deliver, deliver_by
from scheduler.services.pipeline.sending.routing import Reach, reach
from scheduler.store import faults, outbox
from scheduler.store.tables import LetterRow
from tests.builders import at, written
from tests.services.pipeline.test_delivery import DEV, INES, MONDAY, SENDER, SMALL, Clock, states, with_mail
from tests.services.town import Town, under
from tests.transports.hooks import Receiver, behaving, receiving
from tests.transports.smtpd import Mailbox, listening
from tests.transports.trust import certified, trust_file

Build = Callable[..., Town]
LONG = timedelta(hours=7)
"""Longer than any wait after a fault."""


def a_chat(url: str, **more: Any) -> dict[str, Any]:
    return {"shape": "json", "url": url, "internal": "yes", **more}


def a_post(key: str, channel: str, **changes: Any) -> LetterRow:
    """To Inès, in a chat."""
    said = {
        "dedup_key": key,
        "partnership": "acme-globex",
        "subject": "acme-globex",
        "uid": f"uid-of-{key}",
        "instance": "",
        "sequence": 0,
        "method": "NOTICE",
        "channel": channel,
        "email": INES,
        "title": "Due: Cells delivered",
        "sender": SENDER,
        "message_id": f"<{key}@alliances.example>",
        "created_at": MONDAY,
        "due_at": MONDAY,
        "content": body(Message(f"Due: {key}"), "json"),
    }
    return LetterRow(**{**said, **changes})


def put(town: Town, *letters: LetterRow) -> None:
    with town.app.store.write() as db:
        outbox.add(db, letters)


def chatting(build: Build, *posts: LetterRow, **chats: dict[str, Any]) -> Town:
    """A town where nothing is on its way but these posts."""
    town = build(chats={name.replace("_", "-"): chat for name, chat in chats.items()})
    town.define()
    town.cycle(MONDAY)
    with town.app.store.write() as db:
        db.exec_driver_sql("DELETE FROM letter")
    put(town, *posts)
    return town


def sender(town: Town, clock: Clock) -> Sender:
    return Sender(town.app, "one", clock, lambda: 0.5)


def post(town: Town, clock: Clock, channel: str = "acme-hub") -> Round:
    return deliver_by(sender(town, clock), channel)


def standing(town: Town) -> dict[str, str]:
    with town.database() as db:
        return {each.key: each.what for each in faults.listing(db)}


# Chats -------------------------------------------------------------------------------------------------------------


def test_posts_reach_their_chat_in_their_order_each_signed_and_known_by_its_key(build: Build, tmp_path: Path) -> None:
    (tmp_path / "hub.key").write_text("the key\n")
    receiver, other = Receiver(), Receiver()
    with receiving(receiver) as url, receiving(other) as elsewhere:
        hub = a_chat(url, secret_file=tmp_path / "hub.key")
        letters = [a_post("first", "acme-hub"), a_post("else", "acme-else"), a_post("second", "acme-hub")]
        town = chatting(build, *letters, acme_hub=hub, acme_else=a_chat(elsewhere))
        done = deliver(sender(town, Clock()))
    assert {name: each.sent for name, each in done.items()} == {"mail": 0, "acme-hub": 2, "acme-else": 1}
    assert receiver.posts == [letters[0].content, letters[2].content] and other.posts == [letters[1].content]
    assert [head["webhook-id"] for head in receiver.heads] == ["first", "second"]
    assert all(head["webhook-signature"].startswith("v1,") for head in receiver.heads)
    with town.database() as db:
        assert {each.via for each in outbox.listing(db)} == {"acme-hub", "acme-else"}


def test_a_chat_that_answers_500_is_left_alone_and_hears_everything_once_when_it_is_well(build: Build) -> None:
    receiver, clock = Receiver(status=500), Clock()
    with receiving(receiver) as url:
        town = chatting(build, *(a_post(each, "acme-hub") for each in "abc"), acme_hub=a_chat(url))
        done = post(town, clock)
        assert done.fault and done.put_off == 1 and len(receiver.posts) == 1
        assert "500" in standing(town)["channel:acme-hub"] and states(town) == {"due": 3}
        receiver.status = 200
        receiver.posts.clear()
        clock.now += LONG
        assert post(town, clock).sent == 3
    assert standing(town) == {} and len(set(receiver.posts)) == len(receiver.posts) == 3


def test_a_chat_that_asks_for_patience_is_given_it(build: Build) -> None:
    receiver, clock = Receiver(status=429, headers={"Retry-After": "1800"}), Clock()
    with receiving(receiver) as url:
        town = chatting(build, a_post("a", "acme-hub"), acme_hub=a_chat(url))
        assert post(town, clock).after == timedelta(minutes=30)
        receiver.status = 200
        clock.now += timedelta(minutes=30) - timedelta(seconds=1)
        assert post(town, clock).sent == 0
        clock.now += timedelta(seconds=1)
        assert post(town, clock).sent == 1


def test_a_post_that_is_refused_is_dead_and_the_next_goes_its_way(build: Build) -> None:
    receiver = Receiver(status=400, says=b"invalid_blocks")
    with receiving(receiver) as url:
        town = chatting(build, a_post("a", "acme-hub"), a_post("b", "acme-hub"), acme_hub=a_chat(url))
        assert (post(town, Clock()).dead, len(receiver.posts)) == (2, 2)
    with town.database() as db:
        assert "invalid_blocks" in (outbox.listing(db, state="dead")[0].said or "")


def test_a_redirect_to_an_internal_address_is_refused_and_the_posts_wait(build: Build) -> None:
    within = Receiver()
    with receiving(within) as secret_place, receiving(Receiver(308, {"Location": secret_place})) as url:
        town = chatting(build, a_post("a", "acme-hub"), a_post("b", "acme-hub"), acme_hub=a_chat(url))
        assert post(town, Clock()).fault and states(town) == {"due": 2} and within.posts == []
    assert "not followed" in standing(town)["channel:acme-hub"]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:10.0.0.1]", "169.254.169.254"])
def test_a_chat_that_leads_inside_by_itself_is_refused_and_its_secret_is_nowhere(build: Build, host: str) -> None:
    chat = {"shape": "json", "url": f"https://{host}/T0SECRET"}
    town = chatting(build, a_post("a", "acme-hub"), acme_hub=chat)
    assert post(town, Clock()).fault and states(town) == {"due": 1}
    assert "no public address" in standing(town)["channel:acme-hub"]
    assert "T0SECRET" not in f"{town.log.said} {standing(town)} {town.remembered()}"


def test_a_chat_that_hangs_up_may_have_the_post_which_comes_again_under_its_key_and_marked(build: Build) -> None:
    clock = Clock()
    with behaving(lambda caller: caller.recv(9999)) as url:
        town = chatting(build, a_post("a", "acme-hub"), acme_hub=a_chat(url))
        assert post(town, clock).fault
    receiver = Receiver()
    with receiving(receiver) as back:
        clock.now += LONG
        assert post(with_chats(town, acme_hub=a_chat(back)), clock).sent == 1
    assert receiver.heads[0]["webhook-id"] == "a" and town.log.of("letter.sent_again")


def with_chats(town: Town, **chats: dict[str, Any]) -> Town:
    """The same town after its settings were edited."""
    named = {name.replace("_", "-"): chat for name, chat in chats.items()}
    edited = type(town.app.settings).model_validate({**dict(town.app.settings), "chats": named})
    return replace(town, app=under(town.app, edited))


def test_a_secret_that_cannot_be_read_keeps_the_posts_and_says_which_file(build: Build, tmp_path: Path) -> None:
    chat = {"shape": "teams", "url_file": tmp_path / "hub.url"}
    town = chatting(build, a_post("a", "acme-hub"), acme_hub=chat)
    assert "hub.url cannot be read" in str(post(town, Clock()).fault)
    for wrong in (b"\xff", b"http://hooks.acme.example/SECRET", b"SECRET"):
        (tmp_path / "hub.url").write_bytes(wrong)
        fault = post(town, Clock()).fault
        assert fault and "SECRET" not in fault.what + fault.hint
    assert states(town) == {"due": 1}


def test_mail_and_chats_do_not_wait_for_each_other(build: Build) -> None:
    """The mail server has something against us, and one chat is away: the other chat hears what it should."""
    well = Receiver()
    with receiving(Receiver()) as gone:
        pass
    with listening(Mailbox(at_mail="550 who are you")) as server, receiving(well) as url:
        town = with_chats(with_mail(build, server), acme_hub=a_chat(url), acme_away=a_chat(gone))
        put(town, a_post("a", "acme-away"), a_post("b", "acme-hub"))
        done = deliver(sender(town, Clock()))
    assert done["mail"].fault and done["acme-away"].fault and done["acme-hub"].fault is None
    assert len(well.posts) == 1 and set(standing(town)) == {"channel:mail", "channel:acme-away"}


def test_posts_for_a_chat_that_was_taken_out_of_the_settings_wait_for_it_visibly(build: Build) -> None:
    clock, late = Clock(), at("2026-12-02 09:00")
    town = chatting(build, a_post("a", "acme-hub", expires_at=late))
    deliver(sender(town, clock))
    deliver(sender(town, clock))
    assert "the chat acme-hub, which the settings do not have" in standing(town)["channel:acme-hub"]
    assert len(town.log.of("chat.unknown")) == 1 and states(town) == {"due": 1}
    clock.now = late + timedelta(seconds=1)
    deliver(sender(town, clock))
    deliver(sender(town, clock))
    assert states(town) == {"expired": 1} and standing(town) == {}


# Mail --------------------------------------------------------------------------------------------------------------


def test_three_days_without_a_mail_server_and_then_each_letter_once_in_their_order(build: Build) -> None:
    mailbox, clock = Mailbox(), Clock()
    with listening(mailbox) as server:
        pass
    town = with_mail(build, server)
    due = states(town)["due"]
    for _ in range(3 * 8):
        assert post(town, clock, "mail").fault
        clock.now += timedelta(hours=3)
    with town.database() as db:
        (fault,) = faults.listing(db)
    assert (fault.key, fault.first_at, fault.times) == ("channel:mail", MONDAY, 24)
    with listening(mailbox) as back:
        mail = town.app.settings.mail.model_copy(update={"port": back.port})
        settings = town.app.settings.model_copy(update={"mail": mail})
        assert post(replace(town, app=under(town.app, settings)), clock, "mail").sent == due
    with town.database() as db:
        kept = [outbox.get(db, each.id or 0) for each in outbox.listing(db)]
    assert mailbox.letters == [each.content for each in kept if each] and standing(town) == {}


def test_a_server_that_dies_between_the_last_line_and_its_answer_gets_the_same_message_id_again(build: Build) -> None:
    mailbox, clock = Mailbox(hangs_up=1), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        assert post(town, clock, "mail").fault and "channel:mail" in standing(town)
        clock.now += LONG
        assert post(town, clock, "mail").fault is None
    (again,) = town.log.of("letter.sent_again")
    assert sum(f"Message-ID: {again['message_id']}".encode() in letter for letter in mailbox.letters) == 2
    assert standing(town) == {}


def test_one_refused_recipient_of_several_is_no_fault_of_the_server(build: Build) -> None:
    mailbox = Mailbox(at_rcpt={DEV: "550 nobody of that name"})
    with listening(mailbox) as server:
        town = with_mail(build, server)
        assert post(town, Clock(), "mail").dead and INES in mailbox.recipients
    assert standing(town) == {}


@pytest.mark.parametrize("kind", ["starttls", "tls"])
def test_letters_go_over_tls_with_a_login(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))
    (tmp_path / "password").write_text("right\n")
    mailbox = Mailbox()
    with listening(mailbox, certified("127.0.0.1"), login=True, from_the_start=kind == "tls") as server:
        login: dict[str, Any] = {"user": "cadence", "password_file": tmp_path / "password"}
        town = with_mail(build, host=server.host, port=server.port, tls=kind, **login)
        assert post(town, Clock(), "mail").sent == len(mailbox.taken) > 0
    assert mailbox.logins == [(b"cadence", b"right")]


def test_a_wrong_password_keeps_the_letters_and_is_never_shown(build: Build, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2\n")
    with listening(Mailbox(), login=True) as server:
        login: dict[str, Any] = {"user": "cadence", "password_file": tmp_path / "password"}
        town = with_mail(build, server, **login)
        due = states(town)["due"]
        assert post(town, Clock(), "mail").fault and states(town) == {"due": due}
    assert "hunter2" not in f"{standing(town)} {town.log.said}"


# Templates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{% if %}", "{{ no_such_thing }}", "{{ 1 / 0 }}"])
def test_an_operators_template_that_fails_stands_as_a_fault_until_it_renders(build: Build, text: str) -> None:
    """Everybody has their letter all the same, from the shipped template."""
    town = build(mail={"sender": SENDER})
    own = town.app.settings.templates / "mail"
    own.mkdir(parents=True)
    (own / "invitation.txt.j2").write_text(text)
    town.define(SMALL)
    town.cycle(MONDAY)
    assert "invitation.txt.j2, line 1" in standing(town)[TEMPLATE] and states(town)["due"] > 4
    (own / "invitation.txt.j2").write_text("Our own words\n")
    town.define({**SMALL, "reviews": {**SMALL["reviews"], "operating": {"title": "Committee"}}})
    town.cycle(MONDAY + timedelta(hours=1))
    assert TEMPLATE not in standing(town)


# People ------------------------------------------------------------------------------------------------------------


def someone(**said: Any) -> Person:
    return Person.model_validate({"name": "Inès Falk", "email": INES, **said})


@pytest.mark.parametrize(
    ("said", "channels"),
    [
        ({}, ("mail",)),
        ({"tell": "digest", "chat": "acme-hub"}, ("mail",)),
        ({"tell": "chat", "chat": "acme-hub"}, ("acme-hub",)),
        ({"tell": "both", "chat": "acme-hub"}, ("mail", "acme-hub")),
    ],
)
def test_a_person_is_told_by_mail_by_chat_or_by_both(
    build: Build, said: dict[str, str], channels: tuple[str, ...]
) -> None:
    town = build(chats={"acme-hub": a_chat("http://127.0.0.1/")})
    with town.app.store.write() as db:
        assert reach(town.app, db, "acme-globex", "ines", someone(**said), MONDAY) == Reach(channels)


def test_whose_chat_is_not_set_up_is_told_by_mail_and_that_stands_until_it_is_mended(build: Build) -> None:
    town = build()
    ines = someone(tell="chat", chat="acme-hub")
    with town.app.store.write() as db:
        found = [reach(town.app, db, "acme-globex", "ines", ines, MONDAY) for _ in range(2)]
    assert {each.channels for each in found} == {("mail",)} and "acme-hub is not set up" in found[0].remark
    assert "ines is to be told in the chat acme-hub" in standing(town)["chat:acme-globex/ines"]
    assert len(town.log.of("chat.unknown")) == 1
    mended = with_chats(town, acme_hub=a_chat("http://127.0.0.1/"))
    with town.app.store.write() as db:
        assert reach(mended.app, db, "acme-globex", "ines", ines, MONDAY).channels == ("acme-hub",)
    assert standing(town) == {}


def test_a_fault_of_a_person_ends_with_their_next_definition_too(build: Build) -> None:
    """Inès asks for mail again, and no letter is written meanwhile."""
    town = build()
    people = written()["people"]
    town.define(people={**people, "ines": {**people["ines"], "tell": "chat", "chat": "acme-hub"}})
    town.cycle(MONDAY)
    with town.app.store.write() as db:
        reach(town.app, db, "acme-globex", "ines", someone(tell="chat", chat="acme-hub"), MONDAY)
    deliver(sender(town, Clock()))
    assert "chat:acme-globex/ines" in standing(town)
    town.define()
    town.cycle(MONDAY)
    deliver(sender(town, Clock()))
    assert standing(town) == {}
