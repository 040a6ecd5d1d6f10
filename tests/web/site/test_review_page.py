"""The page of a review: what it shows to whom, and everything that can be done on it."""

import re
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from scheduler.domain.record.pre_read import MOST_BYTES, MOST_FILES
from scheduler.domain.record.review import Recorded
from scheduler.render.office import extra
from scheduler.render.office.word_archive import WORD
from scheduler.services.cases.pre_reads import file_name
from scheduler.services.cases.reviews import hold
from scheduler.store import agendas, pre_reads, reviews
from tests.builders import at
from tests.web.conftest import CELLS, CHIPS, DEV, INES, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, Browser, SignIn, words_of

OPERATING = f"{CELLS}/operating/2026-12"
PAGE = f"/reviews/{OPERATING}"
SAVED = "content-disposition"
LAST = f"{CELLS}/operating/2026-11"
AFTER = at("2026-12-19 09:00")
MINUTES = "## Decisions\n\n- A second press is ordered\n\n## Actions\n\n- [ ] Dev: send the offer, by 2027-01-15\n"


def word(answer: Any) -> str:
    """What a file for Word says."""
    assert answer.status_code == 200, answer.text
    made = Document(BytesIO(answer.content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in made.paragraphs), *cells])


def record(site: Site, id: str = OPERATING) -> Recorded:
    with site.app.store.read() as db:
        found = reviews.find(db, id)
    assert found
    return found


# What it shows ------------------------------------------------------------------------------------------------------


def test_it_shows_when_on_the_readers_clock_who_comes_the_clocks_and_the_agenda(sign_in: SignIn) -> None:
    text = sign_in(DEV).text(PAGE)
    start = "Fri 18 Dec 2026, 09:00 (15:00 Europe/Berlin)"
    assert "Operating review 2026-12" in text and start in text
    for each in ("Inès Falk", "Dev Patel", "no answer yet", "Quorum", "Notice", "Minutes", "Objections until"):
        assert each in text
    assert "KPIs against target" in text and "Cells delivered" in text


def test_the_agenda_repeats_nothing_that_the_page_says_above_it_and_its_hours_bear_their_zone(sign_in: SignIn) -> None:
    page = sign_in(DEV).get(PAGE).text
    goal = sign_in(DEV).get(f"{PAGE}.json").json()["goal"]
    assert words_of(page).count(goal) == 1
    assert "At, CET" in words_of(page), "the reader lives in Detroit, and the review in Berlin"


def test_each_side_sees_its_own_brief_and_no_other(sign_in: SignIn) -> None:
    """The landed cost is Acme's own."""
    assert "Landed cost" in sign_in(INES).text(PAGE) and "Internal brief of Acme" in sign_in(INES).text(PAGE)
    assert "Landed cost" not in sign_in(DEV).get(PAGE).text
    assert "Landed cost" not in sign_in(DEV).get(f"{PAGE}.json").text
    assert "Landed cost" in sign_in(OPERATOR).text(PAGE)
    assert "Landed cost" not in sign_in(OPERATOR).get(f"{PAGE}?as=globex").text


def test_its_twin_is_the_same_value(sign_in: SignIn) -> None:
    twin = sign_in(INES).get(f"{PAGE}.json").json()
    assert twin["id"] == OPERATING and twin["status"] == "planned"
    assert [each["name"] for each in twin["clocks"]][-1] == "objections_until"
    assert {each["name"] for each in twin["seats"]} >= {"Inès Falk", "Dev Patel"}


@pytest.mark.parametrize(
    "path", [f"/reviews/{CELLS}/operating/1999-01", "/reviews/nowhere/operating/2026-12", "/reviews/x"]
)
def test_what_is_not_there_and_what_is_anothers_are_told_alike(sign_in: SignIn, path: str) -> None:
    uwe = sign_in(UWE)
    theirs = uwe.get(f"/reviews/{CHIPS}/operating/2026-12")
    assert theirs.status_code == 404 and uwe.get(path).status_code == 404
    assert words_of(theirs.text) == words_of(uwe.get(path).text)
    assert uwe.act(f"/reviews/{CHIPS}/operating/2026-12", "skip", why_skipped="x").status_code == 404


def test_as_an_organisation_that_is_no_partner_there_is_nothing(sign_in: SignIn) -> None:
    assert sign_in(OPERATOR).get(f"{PAGE}?as=initech").status_code == 404


def test_no_style_and_no_script_stands_in_the_agenda(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    text = ines.get(f"{PAGE}?edit").text
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version
    ines.done(
        f"{PAGE}?edit",
        "edit",
        text="# X\n\n<script>alert(1)</script>\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
        version="0",
    )
    page = ines.get(PAGE).text
    assert " style=" not in page and "<script" not in page and 'class="num"' in page


# Acts ---------------------------------------------------------------------------------------------------------------


def test_who_may_do_nothing_is_told_who_may(sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    assert "may move or skip it" in tom.text(PAGE)
    for act, said in (
        ("move", "why_moved"),
        ("skip", "why_skipped"),
        ("hold", "on"),
        ("file", "minutes"),
        ("edit", "text"),
    ):
        answer = tom.act(PAGE, act, to="2026-12-21", **{said: ""})
        assert answer.status_code == 403, act
        assert "Inès Falk" in words_of(answer.text)


def test_a_move_is_shown_with_what_it_breaks_and_better_moments_before_it_is_made(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    text = ines.text(f"{PAGE}?to=2026-12-19T03:00")
    assert "What speaks against it" in text and "day off" in text and "Less or no more speaks against" in text
    assert record(pages).review.start == at("2026-12-18 15:00")
    assert "nothing speaks against it" in ines.text(f"{PAGE}?to=2026-12-17T15:00")
    told = ines.done(PAGE, "move", to="2026-12-17T15:00", why_moved="the fair")
    assert "is moved" in told and "Moved by Inès Falk" in told and "the fair" in told
    assert "Moved from Fri 18 Dec 2026, 09:00 (15:00 Europe/Berlin): the fair" in sign_in(DEV).text(PAGE)
    assert record(pages).review.start == at("2026-12-17 15:00") and record(pages).moved_by_person


@pytest.mark.parametrize("to", ["nonsense", "1066-01-01", "2026-10-01"])
def test_a_moment_to_which_it_cannot_be_moved_is_told(sign_in: SignIn, to: str) -> None:
    assert 'class="error"' in sign_in(INES).get(f"{PAGE}?to={to}").text
    assert sign_in(INES).act(PAGE, "move", to=to, why_moved="x").status_code == 422


def test_what_somebody_does_in_another_partnership_is_told_as_elsewhere_and_no_more(
    pages: Site, sign_in: SignIn
) -> None:
    """Dev is expected at a review of Globex and Initech, which is none of Inès's business."""
    with pages.app.store.read() as db:
        theirs = next(each for each in reviews.recorded(db, CHIPS).values() if each.review.start > pages.clock.now)
    to = theirs.review.start.isoformat().replace("+", "%2B")
    told = sign_in(INES).text(f"{PAGE}?to={to}")
    assert "somebody who attends is expected elsewhere at that time" in told and CHIPS not in told
    assert CHIPS in sign_in(DEV).text(f"{PAGE}?to={to}") and CHIPS in sign_in(OPERATOR).text(f"{PAGE}?to={to}")


def test_a_review_is_skipped_with_a_reason_and_opened_again(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.act(PAGE, "skip").status_code == 422
    assert "fair week" in ines.done(PAGE, "skip", why_skipped="fair week")
    assert record(pages).status == "skipped"
    assert "open again" in ines.done(PAGE, "reopen", why_reopened="the fair is off")
    assert record(pages).status == "planned"


def test_who_is_invited_answers_and_may_think_again(sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    sequence = re.search(r'name="sequence" value="(\d+)"', dev.get(PAGE).text)
    assert sequence
    assert "You have answered: accepted" in dev.done(PAGE, "answer", says="accepted", sequence=sequence[1])
    assert "You have answered: declined" in dev.done(
        PAGE, "answer", says="declined", sequence=sequence[1], word="the flu"
    )
    seats, _, _ = sign_in(TOM).text(PAGE).partition("Who comes")[2].partition("Quorum")
    assert seats.count("declined") == 1 and "has declined" not in seats
    assert "the flu" not in sign_in(TOM).get(PAGE).text, "it was written to the organiser"
    assert dev.act(PAGE, "answer", says="perhaps").status_code == 422
    assert dev.act(PAGE, "answer", says="accepted", sequence="99").status_code == 422, "it was changed since"
    assert sign_in(OPERATOR).act(PAGE, "answer", says="accepted").status_code == 403


def test_a_word_with_an_answer_is_before_whoever_runs_the_review_and_nobody_else(sign_in: SignIn) -> None:
    sequence = re.search(r'name="sequence" value="(\d+)"', sign_in(DEV).get(PAGE).text)
    assert sequence
    sign_in(DEV).done(PAGE, "answer", says="declined", word="Audit week", sequence=sequence[1])
    assert "Audit week" in sign_in(INES).text(PAGE)
    assert "Audit week" not in sign_in(TOM).text(PAGE)


def test_who_is_invited_adds_an_item_and_drops_it(sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    assert "A second press" in dev.done(PAGE, "add", item="A second press", length="15")
    assert (
        dev.act(PAGE, "add", item="").status_code == 422
        and dev.act(PAGE, "add", item="x", length="y").status_code == 422
    )
    assert sign_in(TOM).act(PAGE, "add", item="x").status_code == 403
    assert "on the agenda no more" in dev.done(PAGE, "drop", item_id=f"{OPERATING}+1")
    assert dev.act(PAGE, "drop", item_id=f"{LAST}+1").status_code == 404


def test_the_agenda_is_edited_begun_anew_and_two_edits_at_once_are_joined(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    form = ines.get(f"{PAGE}?edit").text
    assert "&lt;!-- figures: kpis --&gt;" in form and "end figures" not in form
    text = form.partition('name="text"')[2].partition(">")[2].partition("</textarea>")[0].strip()
    text = (
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    )
    told = ines.done(f"{PAGE}?edit", "edit", text=f"{text}\n\nWho orders the press?\n", version="0")
    assert (
        "The agenda is kept." in told
        and "Who orders the press?" in told
        and "Agenda edited (version 1) by Inès Falk" in told
    )
    told = sign_in(DEV).done(f"{PAGE}?edit", "edit", text=f"Bring the drawings.\n\n{text}", version="0")
    assert "Somebody else had edited it meanwhile" in told and "Who orders the press?" in told and "drawings" in told
    told = ines.done(f"{PAGE}?edit", "begin_anew")
    assert "as its template has it" in told and "drawings" not in told.partition("History")[0]
    with pages.app.store.read() as db:
        assert [each.by for each in agendas.versions(db, OPERATING, None)] == ["ines", "dev", "ines"]


@pytest.mark.parametrize(
    "said", [{"text": "MINE", "version": "-1"}, {"text": "MINE", "version": ""}, {"text": "a\0b", "version": "1"}]
)
def test_what_says_not_what_it_was_made_of_and_what_is_no_text_replaces_nothing(
    pages: Site, sign_in: SignIn, said: dict[str, str]
) -> None:
    sign_in(INES).done(f"{PAGE}?edit", "edit", text="# Ours\n\nWho orders the press?\n", version="0")
    assert sign_in(DEV).act(f"{PAGE}?edit", "edit", **said).status_code == 422
    assert "Who orders the press?" in sign_in(DEV).get(f"{PAGE}?download=md").text


def test_a_reason_without_a_letter_is_none_and_a_review_begins_at_a_full_minute(pages: Site, sign_in: SignIn) -> None:
    ines, start = sign_in(INES), record(pages).review.start
    assert ines.act(PAGE, "skip", why_skipped="\0\x07").status_code == 422
    assert ines.act(PAGE, "move", to="2026-12-10T10:00:00.123456", why_moved="x").status_code == 422
    assert record(pages).status == "planned" and record(pages).review.start == start


def test_only_a_side_itself_edits_its_brief(sign_in: SignIn) -> None:
    ines, dev = sign_in(INES), sign_in(DEV)
    assert ines.get(f"{PAGE}?edit=acme").status_code == 200
    assert dev.get(f"{PAGE}?edit=acme").status_code == 404
    assert dev.act(PAGE, "edit", of="acme", text="x", version="0").status_code == 404
    assert "Ours alone" in ines.done(f"{PAGE}?edit=acme", "edit", of="acme", text="Ours alone", version="0")
    assert "Ours alone" not in dev.get(PAGE).text and "edited by Inès" not in dev.text(PAGE)


def test_afterwards_it_is_closed_with_who_was_there_and_its_minutes_are_shown_before_they_are_kept(
    pages: Site, sign_in: SignIn
) -> None:
    pages.clock.now = AFTER
    ines = sign_in(INES)
    assert "nobody has closed it" in ines.text(PAGE)
    told = ines.done(PAGE, "hold", **{"was-ines": "there", "was-dev": "there"})
    assert "It is on record that the review was held" in told and record(pages).status == "held"
    shown = ines.act(PAGE, "file", minutes=MINUTES)
    assert shown.status_code == 200 and record(pages).minutes is None
    assert "Nothing is kept yet" in words_of(shown.text) and "A second press is ordered" in words_of(shown.text)
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    assert seen
    told = ines.done(PAGE, "file", minutes=MINUTES, seen=seen[1])
    assert "The minutes are filed." in told and "A second press is ordered" in told and "send the offer" in told
    assert "by Fri 15 Jan 2027" in told


def test_minutes_come_as_a_file_and_what_is_no_text_is_refused(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = AFTER
    ines = sign_in(INES)
    shown = ines.act(PAGE, "file", files={"minutes_file": ("m.md", MINUTES.encode())})
    assert shown.status_code == 200 and "A second press is ordered" in words_of(shown.text)
    wrong = ines.act(PAGE, "file", files={"minutes_file": ("m.docx", b"PK\x03\x04\xff\xfe\x00")})
    assert wrong.status_code == 422 and "no text" in words_of(wrong.text)
    assert ines.act(PAGE, "file", minutes=" ").status_code == 422
    assert "The minutes are filed" in ines.done(PAGE, "file", none="yes")


def test_what_is_understood_of_minutes_is_told_in_the_language_of_whoever_files_them(
    pages: Site, sign_in: SignIn
) -> None:
    pages.clock.now = AFTER
    ines = sign_in(INES)
    ines.done("/me", "write", language="de", numbers="", dates="")
    shown = words_of(ines.act(PAGE, "file", minutes=MINUTES).text)
    assert "Beschlüsse" in shown and "bis Fr., 15. Jan. 2027" in shown and "by Fri 15 Jan" not in shown


def test_who_was_to_attend_objects_and_who_runs_it_settles(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = AFTER
    hold(pages.app, OPERATING, MINUTES, "ines", AFTER)
    pages.clock.forward(hours=1)
    dev = sign_in(DEV)
    told = dev.done(PAGE, "object", item=f"{OPERATING}!1", objection="it was rented")
    assert "Dev Patel objects to “A second press is ordered”: it was rented" in told
    tom = sign_in(TOM)
    assert "Object to the minutes" in dev.text(PAGE) and "Object to the minutes" not in tom.text(PAGE)
    assert "may correct who was there, file its minutes or open it again" in tom.text(PAGE)
    assert tom.act(PAGE, "object", objection="x").status_code == 403
    told = sign_in(INES).done(PAGE, "settle", objection_id=f"{OPERATING}~1", settled="rented it is")
    assert "settled : rented it is" in told or "settled: rented it is" in told
    history = told.partition("History")[2]
    assert "An objection settled by Inès Falk: rented it is" in history
    assert "Minutes objected to by Dev Patel: it was rented" in history and "Held by Inès Falk" in history


def test_its_history_tells_that_it_was_held_from_what_was_put_on_record_later(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = AFTER
    ines = sign_in(INES)
    ines.done(PAGE, "hold", **{"was-ines": "there"})
    ines.done(PAGE, "hold", **{"was-ines": "there", "was-dev": "there"})
    told = ines.done(PAGE, "file", none="yes").partition("History")[2]
    assert told.count("Held by Inès Falk") == 1 and told.count("Minutes filed by Inès Falk") == 1


def test_what_is_done_late_is_told_why_not(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = AFTER
    ines = sign_in(INES)
    for act, said in (
        ("move", {"to": "2026-12-17", "why_moved": "x"}),
        ("edit", {"text": "x"}),
        ("add", {"item": "x"}),
    ):
        assert ines.act(PAGE, act, **said).status_code == 422, act
    assert ines.act(f"/reviews/{OPERATING[:-2]}11", "answer", says="accepted").status_code == 422


def test_a_refusal_names_the_page_of_the_way_out_and_no_command(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = AFTER
    hold(pages.app, OPERATING, None, "ines", AFTER)
    for act, said in (("hold", {}), ("skip", {"why_skipped": "x"})):
        answer = sign_in(INES).act(PAGE, act, **said)
        assert answer.status_code == 422, act
        told = words_of(answer.text)
        assert "is opened again: on the page of the review." in told and "cadence review" not in told


def test_looking_as_an_organisation_nothing_is_done(sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    assert "What can be done" in operator.text(f"{PAGE}?as=acme")
    assert operator.act(f"{PAGE}?as=acme", "skip", why_skipped="x").status_code == 403


def test_the_agenda_can_be_saved_as_a_file(sign_in: SignIn) -> None:
    answer = sign_in(INES).get(f"{PAGE}?download=md")
    assert answer.headers["content-disposition"].startswith("attachment") and "# Operating review" in answer.text
    assert sign_in(DEV).get(f"{PAGE}?download=md&of=acme").status_code == 404
    assert "Landed cost" in sign_in(INES).get(f"{PAGE}?download=md&of=acme").text


def test_the_agenda_can_be_saved_to_print_and_as_pdf_and_is_never_shown_in_the_browser(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert b"%PDF-" in ines.get(f"{PAGE}?download=pdf").content[:8]
    page = ines.get(f"{PAGE}?download=html")
    assert page.headers["content-disposition"].startswith("attachment") and "<h1>Operating review" in page.text
    assert page.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert 'class="pic-clocks"' in page.text and 'fill="#fff"' in page.text, "what is hollow is so on paper, too"
    assert ines.get(f"{PAGE}?download=exe").status_code == 404


# Pre-reads ----------------------------------------------------------------------------------------------------------

PICTURE = bytes(range(256)) * 4
"""No text in any encoding."""


def give(browser: Browser, name: str = "offer.pdf", content: bytes = PICTURE, **said: str) -> Any:
    return browser.act(PAGE, "give", files={"pre_read": (name, content, "text/html")}, **said)


def test_an_agenda_and_minutes_are_saved_for_word_each_brief_by_its_side_alone(pages: Site, sign_in: SignIn) -> None:
    ines, dev = sign_in(INES), sign_in(DEV)
    answer = ines.get(f"{PAGE}?download=docx&of=acme")
    assert answer.headers["content-type"] == WORD and "acme-globex-operating-2026-12-acme.docx" in answer.headers[SAVED]
    assert "Landed cost" in word(answer) and "Landed cost" not in word(dev.get(f"{PAGE}?download=docx"))
    assert dev.get(f"{PAGE}?download=docx&of=acme").status_code == 404
    assert ines.get(f"{PAGE}?download=minutes.docx").status_code == 404, "there are none yet"
    assert ines.get(f"{PAGE}?download=minutes.exe").status_code == 404
    pages.clock.now = AFTER
    text = f"{MINUTES}\n## Internal: Acme\n\nOur margin is thin\n"
    hold(pages.app, OPERATING, text, "ines", AFTER)
    ines, dev = sign_in(INES), sign_in(DEV)
    assert f"{PAGE}?download=minutes.docx" in dev.get(PAGE).text
    for browser, is_told in ((ines, True), (dev, False)):
        for kind in ("docx", "md"):
            answer = browser.get(f"{PAGE}?download=minutes.{kind}")
            said = word(answer) if kind == "docx" else answer.text
            assert "A second press is ordered" in said and ("Our margin" in said) is is_told
    assert "Minutes of Operating review 2026-12" in word(dev.get(f"{PAGE}?download=minutes.docx"))


def test_where_the_extra_is_not_installed_nothing_for_word_is_offered(
    pages: Site, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    assert "for Word" not in sign_in(INES).text(PAGE)
    answer = sign_in(INES).get(f"{PAGE}?download=docx")
    assert answer.status_code == 422 and "python-docx, which is not installed" in answer.text


def test_a_file_is_given_to_all_and_is_saved_byte_for_byte_and_never_shown(sign_in: SignIn) -> None:
    ines, dev = sign_in(INES), sign_in(DEV)
    assert give(dev, "Angebot für März.pdf").status_code == 303
    assert "Angebot für März.pdf" in ines.text(PAGE) and "Dev Patel, 1 KB" in ines.text(PAGE)
    answer = ines.get(f"{PAGE}?file=1")
    assert answer.content == PICTURE and answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Angebot%20f%C3%BCr%20M%C3%A4rz.pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert ines.get(f"{PAGE}?file=2").status_code == 404


def test_a_file_for_one_side_alone_is_nothing_to_the_other(sign_in: SignIn) -> None:
    ines, dev, operator = sign_in(INES), sign_in(DEV), sign_in(OPERATOR)
    assert give(ines, "ours.txt", for_side="acme").status_code == 303
    assert "ours.txt" in ines.text(PAGE) and "ours.txt" in operator.text(PAGE)
    for path in (PAGE, f"{PAGE}.json"):
        assert "ours.txt" not in dev.get(path).text
    assert dev.get(f"{PAGE}?file=1").status_code == 404
    assert dev.act(PAGE, "take_back", file_id=f"{OPERATING}@1").status_code == 404
    assert give(dev, for_side="acme").status_code == 404, "nobody gives what is another side's alone"


def test_the_agenda_names_what_is_to_be_read_before_and_a_brief_what_its_side_alone_reads(sign_in: SignIn) -> None:
    ines, dev = sign_in(INES), sign_in(DEV)
    give(dev, "offer.pdf")
    give(ines, "ours.pdf", for_side="acme")
    joint = dev.get(f"{PAGE}?download=md").text
    assert (
        "- To read: offer.pdf (1 KB, from Dev Patel), on the page of this review" in joint and "ours.pdf" not in joint
    )
    assert "alone: ours.pdf (1 KB, from Inès Falk)" in ines.get(f"{PAGE}?download=md&of=acme").text
    dev.done(PAGE, "take_back", file_id=f"{OPERATING}@1")
    assert "offer.pdf" not in dev.get(f"{PAGE}?download=md").text


def test_who_gave_a_file_takes_it_back_or_who_runs_the_review_and_its_content_is_gone(
    pages: Site, sign_in: SignIn
) -> None:
    ines, dev = sign_in(INES), sign_in(DEV)
    give(dev, "a.txt")
    give(ines, "b.txt")
    assert "is there no more" in dev.done(PAGE, "take_back", file_id=f"{OPERATING}@1")
    assert sign_in(TOM).act(PAGE, "take_back", file_id=f"{OPERATING}@2").status_code == 403
    assert "is there no more" in sign_in(OPERATOR).done(PAGE, "take_back", file_id=f"{OPERATING}@2")
    assert ines.act(PAGE, "take_back", file_id=f"{OPERATING}@2").status_code == 422
    with pages.app.store.read() as db:
        assert [pre_reads.content(db, each.id) for each in pre_reads.of_review(db, OPERATING)] == [None, None]


def test_what_is_no_file_too_large_or_one_too_many_is_refused(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.act(PAGE, "give").status_code == 422
    assert give(ines, content=b"").status_code == 422
    assert give(ines, content=b"x" * (MOST_BYTES + 1)).status_code == 422
    assert give(ines, content=b"x" * 2 * MOST_BYTES).status_code == 413
    assert give(sign_in(TOM)).status_code == 403
    for number in range(MOST_FILES):
        assert give(ines, content=b"%d" % number).status_code == 303
    assert give(ines, content=b"19").status_code == 303, "it stands there already"
    assert give(ines, content=b"one more").status_code == 422


def test_nothing_is_given_to_a_review_that_is_over(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = AFTER
    assert give(sign_in(INES)).status_code == 422


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.doc", "a.doc"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_the_name_of_a_file_is_a_name_and_no_path(written: str, name: str) -> None:
    assert file_name(written) == name
