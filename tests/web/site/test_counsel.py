"""Where competitors meet, counsel saves the joint agenda on the page of the review and adds an item there, invited or
not; the letter that asks for it leads there. Whoever else may not still may not.

Acme and Globex are rivals. Léa is counsel of nobody, Ada of Acme; neither is invited to the operating review.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import col, select

from scheduler.services.app import App
from scheduler.services.pipeline.counsel_letters import RUNG
from scheduler.services.pipeline.cycle import run
from scheduler.store import agendas
from scheduler.store.tables import LetterRow
from tests import builders
from tests.builders import at
from tests.services.cases.test_competition import LEA
from tests.web.conftest import CELLS, INES, TOM, UWE, AppOf, Site, definition
from tests.web.forms.test_item_form import items
from tests.web.site.conftest import SignIn, words_of
from tests.web.site.test_review_page import AFTER, OPERATING, PAGE

ADA = {"name": "Ada Kern", "email": "ada.kern@acme.example", "of": "acme", "role": "counsel"}
COUNSEL = pytest.mark.parametrize("counsel", [LEA["email"], ADA["email"]])
LINE = "- What are your margins?"
TENDER = "- Our bids for tender seven"


@pytest.fixture
def app(made: AppOf) -> Iterator[App]:
    people = {**builders.written()["people"], "lea": LEA, "ada": ADA}
    attendees = {"operating": {"attendees": ["ines", "dev"]}}
    opened = made(acme_globex=definition(people=people, reviews=attendees, competition_law={"rivals": True}))
    yield opened
    opened.close()


def lea_or_ada(email: str) -> str:
    return "lea" if email == LEA["email"] else "ada"


def text_in(form: str) -> str:
    """The agenda as the form has it."""
    return unescape(form.partition('name="text"')[2].partition(">")[2].partition("</textarea>")[0].strip())


def written_into_the_file(site: Site, line: str = LINE) -> None:
    """Somebody writes a line for counsel into the file of the joint agenda, four days before the review."""
    site.clock.now = at("2026-12-14 09:00")
    run(site.app, site.clock.now)
    path = Path(site.app.settings.data) / f"agendas/{OPERATING}.md"
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    run(site.app, site.clock.now)


@COUNSEL
def test_counsel_saves_the_joint_agenda_with_what_may_stay(pages: Site, sign_in: SignIn, counsel: str) -> None:
    written_into_the_file(pages)
    lea = sign_in(counsel)
    assert "For counsel before the meeting" in lea.text(PAGE) and f"{PAGE}?edit=#edit" in lea.get(PAGE).text
    form = lea.get(f"{PAGE}?edit=").text
    card = form.partition('id="edit"')[2].partition("<textarea")[0]
    assert "For counsel before the meeting" in card and f"<li>{LINE}</li>" in card, "where the letter's link leads"
    assert "For counsel before the meeting" not in sign_in(INES).get(f"{PAGE}?edit=acme").text, "it is of the joint one"
    text = text_in(form)
    assert LINE in text
    told = lea.done(f"{PAGE}?edit=", "edit", text=text.replace(LINE, "- How public prices are quoted"), version="1")
    assert "The agenda is kept." in told and "public prices" in told and "For counsel before" not in told


@COUNSEL
def test_counsel_who_saves_it_as_it_is_lets_all_of_it_stay(pages: Site, sign_in: SignIn, counsel: str) -> None:
    written_into_the_file(pages)
    lea = sign_in(counsel)
    text = text_in(lea.get(f"{PAGE}?edit=").text)
    told = lea.done(f"{PAGE}?edit=", "edit", text=text, version="1")
    assert "The agenda is kept." in told and LINE.strip("- ") in told and "For counsel before" not in told
    assert "Nothing was changed." in lea.done(f"{PAGE}?edit=", "edit", text=text, version="2")


@COUNSEL
@pytest.mark.parametrize("stays", [True, False])
def test_what_was_written_while_counsel_edited_is_not_seen_and_what_counsel_took_out_is_out(
    pages: Site, sign_in: SignIn, counsel: str, *, stays: bool
) -> None:
    written_into_the_file(pages)
    lea = sign_in(counsel)
    text = text_in(lea.get(f"{PAGE}?edit=").text)
    written_into_the_file(pages, TENDER)
    sent = text if stays else text.replace(f"{LINE}\n", "").replace(LINE, "")
    told = lea.done(f"{PAGE}?edit=", "edit", text=sent, version="1")
    assert "both edits are in it" in told and "For counsel before" in told
    form = lea.get(f"{PAGE}?edit=").text
    assert f"<li>{TENDER}</li>" in form and f"<li>{LINE}</li>" not in form
    assert (LINE in text_in(form)) is stays
    with pages.app.store.read() as db:
        versions = agendas.versions(db, OPERATING, None)
    assert [each.by for each in versions] == [None, None, lea_or_ada(counsel), None]
    run(pages.app, pages.clock.now)
    assert f"Written into its file: {TENDER}" in lea.text("/")
    lea.done(f"{PAGE}?edit=", "edit", text=text_in(form), version="4")
    assert "For counsel before" not in lea.text(PAGE) and TENDER.strip("- ") in lea.text(PAGE)


@COUNSEL
def test_counsel_who_changes_nothing_lets_nothing_stay_that_was_written_since(
    pages: Site, sign_in: SignIn, counsel: str
) -> None:
    written_into_the_file(pages)
    lea = sign_in(counsel)
    text = text_in(lea.get(f"{PAGE}?edit=").text)
    lea.done(f"{PAGE}?edit=", "edit", text=text, version="1")
    written_into_the_file(pages, TENDER)
    told = lea.done(f"{PAGE}?edit=", "edit", text=text, version="2")
    assert "Nothing was changed." in told and "For counsel before" in told


@COUNSEL
def test_what_the_letter_asks_stands_on_counsels_page_now_until_it_is_done(
    pages: Site, sign_in: SignIn, counsel: str
) -> None:
    written_into_the_file(pages)
    lea = sign_in(counsel)
    shown = lea.text("/")
    assert "1 thing waits for you." in shown and f"Written into its file: {LINE}" in shown
    opened = lea.act("/", "open", partnership=CELLS, about="review", subject=OPERATING, rung=RUNG)
    assert opened.headers["location"].endswith(f"{PAGE}?edit=#edit")
    lea.done(f"{PAGE}?edit=", "edit", text=text_in(lea.get(f"{PAGE}?edit=").text), version="1")
    assert "Nothing needs you now" in lea.text("/")
    assert LINE.strip("- ") not in sign_in(INES).text("/")


@COUNSEL
def test_counsel_adds_any_item(pages: Site, sign_in: SignIn, counsel: str) -> None:
    lea = sign_in(counsel)
    lea.done(PAGE, "add", item="What may be said of prices")
    lea.done(f"/partnerships/{CELLS}", "add_item", review=OPERATING, says="What of bids may be said")
    assert [each.says for each in items(pages)] == ["What may be said of prices", "What of bids may be said"]
    assert sign_in(INES).act(PAGE, "add", item="Milestones: x", topic="Milestones").status_code == 303


@COUNSEL
def test_counsel_does_nothing_else_there(pages: Site, sign_in: SignIn, counsel: str) -> None:
    lea = sign_in(counsel)
    sign_in(INES).done(PAGE, "add", item="Milestones: x")
    page = lea.get(PAGE).text
    assert set(re.findall(r'name="act" value="(\w+)"', page.partition("<main")[2])) == {"add", "sign_out"}
    assert lea.act(PAGE, "move", to="2026-12-10T10:00", why_moved="x").status_code == 403
    assert lea.act(PAGE, "skip", why_skipped="x").status_code == 403


def test_an_internal_brief_is_for_its_side_alone_and_counsel_edits_none(pages: Site, sign_in: SignIn) -> None:
    lea, ada = sign_in(LEA["email"]), sign_in(ADA["email"])
    assert "Internal brief" not in lea.get(PAGE).text and "Internal brief of Acme" in ada.text(PAGE)
    for counsel in (lea, ada):
        assert "Edit the internal brief" not in counsel.text(PAGE)
        assert counsel.get(f"{PAGE}?edit=acme").status_code == 404
        assert counsel.act(PAGE, "edit", of="acme", text="x", version="0").status_code == 403
        assert counsel.act(PAGE, "begin_anew", of="acme").status_code == 403
    with pages.app.store.read() as db:
        assert agendas.versions(db, OPERATING, "acme") == []


@pytest.mark.parametrize("person", [TOM, UWE])
def test_whoever_else_is_not_invited_neither_edits_nor_adds(pages: Site, sign_in: SignIn, person: str) -> None:
    other = sign_in(person)
    assert "Edit the agenda" not in other.text(PAGE) and 'id="edit"' not in other.get(f"{PAGE}?edit=").text
    refused = other.act(PAGE, "edit", text="x", version="0")
    assert refused.status_code == 403 and "Léa Roux" in words_of(refused.text), "who may is named"
    assert other.act(PAGE, "add", item="Milestones: x", topic="Milestones").status_code == 403
    assert items(pages) == []


def letters_to(site: Site, email: str) -> list[str]:
    with site.app.store.read() as db:
        rows = db.execute(select(col(LetterRow.content)).where(col(LetterRow.email) == email)).scalars().all()
    read = [message_from_bytes(bytes(row or b""), policy=default).get_body(("plain",)) for row in rows]
    return [" ".join(each.get_content().split()) for each in read if each]


def test_the_letter_asks_counsel_and_leads_to_the_form(pages: Site, sign_in: SignIn) -> None:
    written_into_the_file(pages)
    for _ in range(2):
        pages.clock.forward(days=1)
        run(pages.app, pages.clock.now)
    [letter] = letters_to(pages, LEA["email"])
    assert "For you to know" not in letter, "it asks"
    assert f"Written into its file: {LINE}" in letter
    link = re.search(rf"Edit the agenda: {pages.app.settings.web.url}(/\S+)", letter)
    assert link, letter
    assert 'id="edit"' in sign_in(LEA["email"]).get(link[1].partition("#")[0]).text


def test_the_preview_of_minutes_says_which_of_their_lines_are_for_counsel_on_the_next_agenda(
    pages: Site, sign_in: SignIn
) -> None:
    pages.clock.now = AFTER
    shown = words_of(sign_in(INES).act(PAGE, "file", minutes="# Unfinished\n- Prices for 2027\n- The press\n").text)
    assert "For counsel on the next agenda Prices for 2027" in shown.partition("Unfinished, for the next agenda")[2]
