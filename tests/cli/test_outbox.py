"""`cadence outbox` as it is called: the letters, one of them, and sending it again."""

import json
from pathlib import Path

import pytest

from scheduler.render.notifications.chat import body
from scheduler.render.notifications.chat.message import Message
from scheduler.store import delivery, open_store, outbox, retention
from tests.builders import at
from tests.cli.conftest import AsLived, Cadence
from tests.render.bar import assert_invitation
from tests.services.pipeline.test_routing import a_post


@pytest.fixture
def invited(cadence: Cadence, as_lived: AsLived) -> Path:
    """The example partnership after a cycle that invited people, without a mail server."""

    def live() -> None:
        assert cadence("init", ".").status == 0
        settings = Path("config", "cadence.yaml")
        settings.write_text(settings.read_text().replace("  sender:\n", "  sender: cadence@alliances.example\n"))
        assert cadence("once").status == 0

    return as_lived("invited", live)


def test_once_lays_the_letters_into_the_folder_and_the_list_shows_them(cadence: Cadence, invited: Path) -> None:
    listed = cadence("outbox", "list")
    files = sorted((invited / "data" / "outbox").glob("*.eml"))
    letters = json.loads(cadence("outbox", "list", "--json").out)
    assert len(files) == len(letters) > 4
    assert {each["state"] for each in letters} == {"sent"}
    assert "Invitation: Pipeline review" in listed.out and "ines.falk@acme.example" in listed.out
    for file in files:
        assert_invitation(file.read_bytes())


def test_where_no_letter_was_ever_written_the_list_says_so(installation: Cadence) -> None:
    assert installation("outbox", "list").out == "No letter has been written yet.\n"
    of_one = installation("outbox", "list", "--partnership", "acme-globex", "--state", "due").out
    assert of_one == "There is no letter of acme-globex that is due.\n"


def test_a_list_is_narrowed_by_state_and_partnership(cadence: Cadence, invited: Path) -> None:
    assert cadence("outbox", "list", "--state", "dead").out == "There is no letter that is dead.\n"
    assert json.loads(cadence("outbox", "list", "--partnership", "nobody", "--json").out) == []
    assert cadence("outbox", "list", "--state", "lost").status == 2


def test_one_letter_is_shown_in_words_as_data_and_as_it_is(cadence: Cadence, invited: Path) -> None:
    shown = cadence("outbox", "show", "1").out
    assert "Invitation: Pipeline review" in shown and "REQUEST, SEQUENCE 0" in shown and "Quorum:" in shown
    told = json.loads(cadence("outbox", "show", "1", "--json").out)
    assert told["id"] == 1 and told["attempts"] == 1 and "content" not in told


def test_a_letter_is_sent_again_by_a_persons_word_once(cadence: Cadence, invited: Path) -> None:
    assert cadence("outbox", "again", "1", "2").out == "2 letters are due again.\n"
    refused = cadence("outbox", "again", "1")
    assert refused.status == 1 and "on its way already" in refused.err
    assert cadence("once").status == 0
    assert json.loads(cadence("outbox", "show", "1", "--json").out)["state"] == "sent"


def test_a_letter_that_is_not_there_is_told_in_two_lines(cadence: Cadence, invited: Path) -> None:
    for call in (("show", "999"), ("again", "999")):
        outcome = cadence("outbox", *call)
        assert outcome.status == 1 and outcome.err.startswith("Error: there is no letter 999\n  ")
    assert cadence("outbox", "show", "17a").status == 2


def test_a_review_that_is_skipped_is_called_off_in_the_same_breath(cadence: Cadence, invited: Path) -> None:
    told = json.loads(cadence("outbox", "list", "--json").out)
    operating = next(each["subject"] for each in told if "/operating/2026-12" in each["subject"])
    assert cadence("review", "skip", operating, "--because", "nobody is there").status == 0
    new = json.loads(cadence("outbox", "list", "--state", "due", "--json").out)
    assert {(each["method"], each["subject"], each["sequence"]) for each in new} == {("CANCEL", operating, 1)}


def test_a_partnership_that_is_ended_calls_off_what_was_invited_to(cadence: Cadence, invited: Path) -> None:
    told = {each["subject"] for each in json.loads(cadence("outbox", "list", "--json").out)}
    assert cadence("partnership", "end", "acme-globex", "--because", "the agreement ran out", "--yes").status == 0
    due = json.loads(cadence("outbox", "list", "--state", "due", "--json").out)
    assert {each["subject"] for each in due} == told and {each["method"] for each in due} == {"CANCEL"}


def test_every_dead_letter_is_sent_again_by_one_word(cadence: Cadence, invited: Path) -> None:
    with open_store(f"sqlite:///{invited}/data/cadence.db") as store, store.write() as db:
        for id in (1, 2):
            delivery.dead(db, id, at("2026-11-21 09:00"), "550 nobody of that name")
    assert cadence("outbox", "again", "--dead").out == "2 letters are due again.\n"
    assert cadence("outbox", "again", "--dead").out == "0 letters are due again.\n"
    assert cadence("outbox", "again").status == cadence("outbox", "again", "--dead", "1").status == 2


def test_what_is_posted_in_a_chat_is_listed_by_its_chat_and_shown(cadence: Cadence, invited: Path) -> None:
    with open_store(f"sqlite:///{invited}/data/cadence.db") as store, store.write() as db:
        outbox.add(db, [a_post("a", "acme-hub", content=body(Message("Due \x9b: Cells"), "json"))])
    (listed,) = [each for each in json.loads(cadence("outbox", "list", "--json").out) if each["channel"] != "mail"]
    assert listed["channel"] == "acme-hub" and "acme-hub" in cadence("outbox", "list").out
    shown = cadence("outbox", "show", str(listed["id"])).out
    assert "by           acme-hub" in shown and '"title": "Due : Cells"' in shown


def test_a_letter_whose_text_was_let_go_says_so_and_is_not_sent_again(cadence: Cadence, invited: Path) -> None:
    with open_store(f"sqlite:///{invited}/data/cadence.db") as store, store.write() as db:
        assert retention.forget_letters(db, at("2029-01-01 09:00"), (), at("2028-01-03 09:00"), 1) == 1
    assert "let go on Mon 2028-01-03" in cadence("outbox", "show", "1").out
    for refused in (cadence("outbox", "again", "1"), cadence("outbox", "show", "1", "--mail")):
        assert refused.status == 1 and "letter_days" in refused.err
    assert cadence("outbox", "list").status == 0
