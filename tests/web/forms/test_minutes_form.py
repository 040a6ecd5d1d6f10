"""The form on which Inès (Acme), who owns the agenda, files the minutes of Monday's operating review.

It is Tuesday 24 November 2026, 09:00 in Berlin.
"""

import re
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.record.review import Recorded
from scheduler.render.signed_links import Holder, minutes_link
from scheduler.services.cases.reviews import hold
from scheduler.services.state import state_of
from scheduler.store import actions, filings, partnerships, reviews, secrets
from tests.builders import at
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import text

TUESDAY = at("2026-11-24 09:00")
PAST = f"{CELLS}/operating/2026-11"
MINUTES = """## Decisions
- Three shifts

## Next steps
- Dev: send the samples by 18 Dec

## Weather
It rained.
- and we talked
"""


@pytest.fixture
def over(site: Site) -> Site:
    site.clock.now = TUESDAY
    return site


def link(site: Site, person: str = "ines", filed: int = 0, review: str = PAST) -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return minutes_link("", key, review, filed, Holder(person, seal), NOW + timedelta(days=30))


def post(site: Site, path: str, file: tuple[str, bytes] | None = None, **said: str) -> Any:
    """As browsers send a form with a file in it, chosen or not."""
    return site.client.post(path, data=said, files={"file": file or ("", b"")})


def kept(site: Site) -> Recorded:
    with site.app.store.read() as db:
        record = reviews.find(db, PAST)
    assert record
    return record


def seen(answer: Any) -> str:
    found = re.search(r'name="keep" value="(\w+)"', answer.text)
    assert found, answer.text
    return found[1]


def test_it_shows_what_was_understood_and_what_was_not_before_anything_is_kept(over: Site) -> None:
    answer = post(over, link(over), text=MINUTES)
    assert answer.status_code == 200
    shown = text(answer)
    for words in (
        "Nothing is kept yet",
        "Three shifts",
        "send the samples (Dev Patel; by Fri 18 Dec 2026)",
        "line 9: and we",
    ):
        assert words in shown
    assert "cadence " not in shown
    assert kept(over).minutes is None and over.changes == []


def test_what_was_shown_is_filed_as_by_the_command_and_the_link_shows_it_from_then_on(over: Site) -> None:
    path = link(over)
    shown = post(over, path, text=MINUTES.replace("\n", "\r\n"))
    for _ in range(2):
        assert post(over, path, text=MINUTES.replace("\n", "\r\n"), keep=seen(shown)).status_code == 303
    record = kept(over)
    assert (record.status, record.minutes) == ("held", MINUTES)
    with over.app.store.read() as db:
        assert [each.says for each in actions.recorded(db, CELLS)] == ["send the samples"]
        [filing] = filings.of_review(db, PAST).filings
    assert (filing.filed_by, filing.filed_at) == ("ines", TUESDAY)
    other = post(over, path, text="# Decisions\n- another\n")
    assert (
        other.status_code == 409 and "What you sent now was not kept" in text(other) and kept(over).minutes == MINUTES
    )
    assert "Thank you" not in over.client.get(path).text
    after = over.client.get(f"{path}?recorded")
    assert "Filed. Thank you, Inès Falk" in text(after) and "<form" not in after.text


def test_a_text_that_was_mended_after_it_was_shown_is_shown_again(over: Site) -> None:
    path = link(over)
    digest = seen(post(over, path, text=MINUTES))
    again = post(over, path, text=MINUTES.replace("Three", "Two"), keep=digest)
    assert again.status_code == 200 and seen(again) != digest
    assert kept(over).minutes is None


@pytest.mark.parametrize("content", [MINUTES.encode(), b"\xef\xbb\xbf" + MINUTES.encode(), MINUTES.encode("utf-16")])
def test_a_file_counts_instead_of_what_is_pasted(over: Site, content: bytes) -> None:
    shown = post(over, link(over), ("minutes.md", content), text="nothing of it")
    assert "Three shifts" in text(shown) and "nothing of it" not in shown.text


@pytest.mark.parametrize(
    ("said", "file", "field"),
    [
        ({"text": "  \n"}, None, "text"),
        ({"text": "- a\0b"}, None, "text"),
        ({"text": "x" * (1024 * 1024 + 1)}, None, "text"),
        ({"text": ""}, ("minutes.doc", b"\xd0\xcf\x11\xe0"), "file"),
    ],
)
def test_what_are_no_minutes_is_told_beside_the_field(
    over: Site, said: dict[str, str], file: tuple[str, bytes] | None, field: str
) -> None:
    answer = post(over, link(over), file, **said)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert kept(over).minutes is None


def test_markup_in_minutes_stays_text(over: Site) -> None:
    answer = post(over, link(over), text="## Decisions\n- </textarea><script>alert(1)</script>\n")
    assert "<script>" not in answer.text


def test_once_somebody_else_has_filed_them_the_link_is_closed_and_a_new_one_corrects_them(over: Site) -> None:
    path = link(over)
    hold(over.app, PAST, MINUTES, "dev", TUESDAY)
    assert over.client.get(path).status_code == post(over, path, text=MINUTES).status_code == 410
    anew = link(over, filed=1)
    assert "takes their place" in text(over.client.get(anew))
    corrected = MINUTES.replace("Three", "Two")
    assert post(over, anew, text=corrected, keep=seen(post(over, anew, text=corrected))).status_code == 303
    assert kept(over).minutes == corrected


def test_it_opens_for_who_owes_them_or_looks_after_the_partnership_and_for_nobody_else(over: Site) -> None:
    assert over.client.get(link(over, "dev")).status_code == 200
    assert over.client.get(link(over, "tom")).status_code == 410
    assert over.client.get(link(over, review=f"{CELLS}/operating/2026-12")).status_code == 410, "it is not over"
    with over.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert over.client.get(link(over)).status_code == 410


def test_what_comes_in_parts_and_is_no_form_is_refused(over: Site) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x\r\n\r\nno name\r\n--x--\r\n", b"\xff\xfe"):
        assert over.client.post(link(over), content=body, headers=kind).status_code == 400
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nb\r\n' % n for n in range(99))
    assert over.client.post(link(over), content=parts + b"--x--\r\n", headers=kind).status_code == 400


NAMED = b'Content-Disposition: form-data; name="text"'


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\n" + NAMED + b"\r\n\r\nit breaks off",
        b"--x\r\n" + NAMED + b"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--x--\r\n",
        b"--x\r\n" + NAMED + b"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
        b"--x nothing\r\n" + NAMED + b"\r\n\r\na\r\n--x--\r\n",
        b"--x\r\n" + NAMED + b" " * 9000 + b"\r\n\r\na\r\n--x--\r\n",
        b"--x\r\n\r\n--x--\r\n",
    ],
)
def test_parts_that_no_browser_sends_are_refused_and_none_is_looked_into_for_further_ones(
    over: Site, body: bytes
) -> None:
    kind = {"content-type": 'multipart/form-data; charset=utf-8; boundary="x"'}
    assert over.client.post(link(over), content=body, headers=kind).status_code == 400
    for no_boundary in ("multipart/form-data", "multipart/form-data; boundary="):
        assert over.client.post(link(over), content=body, headers={"content-type": no_boundary}).status_code == 400


def test_parts_that_lie_in_each_other_or_are_without_number_cost_no_more_than_to_look_through_them(over: Site) -> None:
    """Each is refused for what it is, whatever a reader of mails would make of it: that one counts none before it has
    read them all, and follows parts in parts until it can no more."""
    kind = {"content-type": "multipart/form-data; boundary=x"}
    many = (b"--x\r\n" + NAMED + b"\r\n\r\na\r\n") * 40_000 + b"--x--\r\n"
    nested = b"".join(
        b"--x%s\r\nContent-Type: multipart/mixed; boundary=x%d\r\n\r\n" % (b"%d" % n if n else b"", n + 1)
        for n in range(3000)
    )
    for body in (many, nested):
        assert over.client.post(link(over), content=body, headers=kind).status_code == 400


def test_what_is_posted_is_read_only_behind_a_link_that_opens_the_form(over: Site) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for body in (b"no form", b"--x\r\n" + b"x" * 1024 * 1024):
        assert over.client.post("/minutes/x", content=body, headers=kind).status_code == 404
        assert over.client.post(link(over, "tom"), content=body, headers=kind).status_code == 410


def test_a_field_is_read_as_browsers_write_it(over: Site) -> None:
    kind = {"content-type": "multipart/form-data; boundary=----WebKitFormBoundary7"}
    begins = b"------WebKitFormBoundary7\r\nContent-Disposition: form-data; name="
    parts = (
        begins + b'"text"\r\n\r\n\r\n' + begins + b'"file"; filename="a; name=text \xc3\xa9.md"\r\n'
        b"Content-Type: text/markdown\r\n\r\n" + MINUTES.encode() + b"\r\n------WebKitFormBoundary7--\r\n"
    )
    shown = over.client.post(link(over), content=parts, headers=kind)
    assert shown.status_code == 200 and "Three shifts" in text(shown)


def test_that_there_are_none_is_an_answer_too_and_ends_the_asking(over: Site) -> None:
    path = link(over)
    assert "There are none: nothing was decided" in over.client.get(path).text
    for _ in range(2):
        assert post(over, path, none="yes").status_code == 303
    assert (kept(over).status, kept(over).minutes) == ("held", "No minutes were taken: nothing was decided.\n")
