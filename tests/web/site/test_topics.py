"""Where competitors meet, whoever adds an item chooses its topic: on the page of the partnership, on that of the review
and by the form of a letter.

Acme and Globex are rivals, and Léa is their counsel.
"""

import re
from collections.abc import Iterator

import pytest

from scheduler.services.app import App
from tests import builders
from tests.services.cases.test_competition import LEA
from tests.web.conftest import CELLS, DEV, INES, AppOf, Site, definition
from tests.web.forms.test_item_form import NEXT, items, link, post
from tests.web.forms.test_report_form import text
from tests.web.site.conftest import SignIn

OF_PARTNERSHIP, OF_REVIEW = f"/partnerships/{CELLS}", f"/reviews/{NEXT}"
PLACES: tuple[tuple[str, str, dict[str, str], str], ...] = (
    (OF_PARTNERSHIP, "add_item", {"review": NEXT}, "says"),
    (OF_REVIEW, "add", {}, "item"),
)


@pytest.fixture
def app(made: AppOf) -> Iterator[App]:
    people = {**builders.written()["people"], "lea": LEA}
    attendees = {"operating": {"attendees": ["ines", "dev", "lea"]}}
    opened = made(
        acme_globex=definition(
            people=people, reviews=attendees, competition_law={"rivals": True, "permitted": ["Test line"]}
        )
    )
    yield opened
    opened.close()


def choice(page: str) -> list[str]:
    found = re.search(r'<select id="topic" name="topic"( required)?[^>]*>(.*?)</select>', page, re.DOTALL)
    assert found
    return [found[1] or "", *re.findall(r'value="([^"]*)"', found[2])]


@pytest.mark.parametrize(("path", "act", "more", "field"), PLACES)
def test_the_pages_offer_the_topics_and_an_item_is_of_the_one_that_was_chosen(
    pages: Site, sign_in: SignIn, path: str, act: str, more: dict[str, str], field: str
) -> None:
    dev = sign_in(DEV)
    offered = choice(dev.get(path).text)
    assert offered[:3] == [" required", "", "Actions"] and offered[-1] == "Test line"
    refused = dev.act(path, act, **more, **{field: "The second press"})
    assert refused.status_code == 422 and 'id="topic-error"' in refused.text
    assert "The second press" in refused.text, "what was typed is not lost"
    dev.done(path, act, **more, **{field: "The second press"}, topic="Test line")
    dev.done(path, act, **more, **{field: "KPIs: one that names its own"}, topic="Actions")
    assert [each.says for each in items(pages)] == ["Test line: The second press", "KPIs: one that names its own"]


@pytest.mark.parametrize(("path", "act", "more", "field"), PLACES)
def test_counsel_need_not_choose(
    pages: Site, sign_in: SignIn, path: str, act: str, more: dict[str, str], field: str
) -> None:
    lea = sign_in(LEA["email"])
    assert choice(lea.get(path).text)[0] == ""
    lea.done(path, act, **more, **{field: "What may be said of prices"})
    assert [each.says for each in items(pages)] == ["What may be said of prices"]


def test_a_topic_that_is_not_permitted_is_none(pages: Site, sign_in: SignIn) -> None:
    refused = sign_in(INES).act(OF_REVIEW, "add", item="The second press", topic="Bids")
    assert refused.status_code == 422 and 'id="topic-error"' in refused.text and items(pages) == []


def test_the_form_of_a_letter_offers_them_too(site: Site) -> None:
    path = link(site)
    assert choice(site.client.get(path).text)[1:3] == ["", "Actions"]
    refused = post(site, path, says="The second press")
    assert refused.status_code == 422 and "Choose the topic that it is of" in text(refused)
    assert post(site, path, says="prices", topic="KPIs").status_code == 422, "a word for counsel stays one"
    assert post(site, path, says="The second press", topic="Milestones").status_code == 303
    assert [each.says for each in items(site)] == ["Milestones: The second press"]
