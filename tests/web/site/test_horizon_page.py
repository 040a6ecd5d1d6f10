"""The Horizon: what lies ahead over two years, and what becomes of a term, said there."""

import json
import re

import pytest

from scheduler.services.pipeline.cycle import run
from tests.web.conftest import CELLS, CHIPS, DEV, INES, NOW, TOM, UWE, Site, definition
from tests.web.site.conftest import OPERATOR, SignIn

HORIZON = "/horizon"
TERM = {
    "ends": "2027-09-30",
    "renewal": {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days"},
    "documents": [{"kind": "nda", "signed": "2026-05-04", "expires": "2027-05-04"}],
}


@pytest.fixture
def renewing(pages: Site) -> Site:
    """Acme × Globex has an agreement that renews by itself, unless notice leaves by 23 May 2027."""
    file = pages.app.settings.definitions / f"{CELLS}.yaml"
    file.write_text(definition(agreement=TERM), encoding="utf-8")
    run(pages.app, NOW)
    return pages


def test_the_horizon_says_what_somebody_has_to_do_next_and_draws_it(renewing: Site, sign_in: SignIn) -> None:
    page = sign_in(INES).get(HORIZON).text
    assert "<strong>decide by Fri 23 Apr 2027" in page and "notice has to leave by Sun 23 May 2027" in page
    assert "expires on Tue 4 May 2027" in page
    assert 'role="img"' in page and "style=" not in page


def test_each_reader_sees_their_own_partnerships_alone(renewing: Site, sign_in: SignIn) -> None:
    def shown(email: str, query: str = "") -> list[str]:
        twin = json.loads(sign_in(email).get(f"{HORIZON}.json{query}").text)
        return sorted(each["id"] for each in twin["partnerships"])

    assert shown(INES) == [CELLS]
    assert shown(DEV) == [CELLS, CHIPS]
    assert shown(OPERATOR) == [CELLS, CHIPS]
    assert shown(OPERATOR, "?as=initech") == [CHIPS]
    assert shown(DEV, f"?partnership={CHIPS}") == [CHIPS]


def test_one_that_is_not_the_readers_is_as_one_that_never_was(renewing: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.get(f"{HORIZON}?partnership={CHIPS}").status_code == 404
    assert ines.get(f"{HORIZON}?partnership=nobody").status_code == 404
    operator = sign_in(OPERATOR)
    assert operator.get(f"{HORIZON}?partnership=nobody").status_code == 404
    assert operator.get(f"{HORIZON}?partnership={CELLS}&as=initech").status_code == 404
    assert operator.get(f"{HORIZON}.json?partnership={CELLS}&as=initech").status_code == 404
    assert operator.get(f"{HORIZON}?partnership={CELLS}&as=globex").status_code == 200


def test_a_sponsor_or_alliance_manager_records_what_was_decided(renewing: Site, sign_in: SignIn) -> None:
    page = sign_in(INES).done(
        HORIZON, "decided", partnership=CELLS, ends="2027-09-30", course="renew", because="both want it"
    )
    assert "decided on Sat 21 Nov 2026 to go on (Inès Falk)" in page
    assert "<strong>decide by Fri 23 Apr 2027" not in sign_in(INES).get(HORIZON).text


def test_that_notice_was_sent_ends_the_agreement_with_its_term(renewing: Site, sign_in: SignIn) -> None:
    page = sign_in(INES).done(HORIZON, "notice_sent", partnership=CELLS, ends="2027-09-30", sent_on="2026-11-20")
    assert "notice sent on Fri 20 Nov 2026 (Inès Falk)" in page
    assert "if nobody gives notice" not in page


@pytest.mark.parametrize(
    ("act", "said", "told"),
    [
        ("decided", {"course": ""}, "Choose what was decided"),
        ("decided", {"course": "<b>burn"}, "is no decision"),
        ("decided", {"course": "renew", "decided_on": "2027-01-01"}, "has not come yet"),
        ("decided", {"course": "renew", "decided_on": "tomorrow"}, "This is no date"),
        ("decided", {"course": "renew", "ends": "2026-09-30"}, "is not the one that runs"),
        ("notice_sent", {"sent_on": "2027-01-01"}, "has not come yet"),
        ("paper", {"becomes": ""}, "Choose what becomes of it"),
        ("paper", {"becomes": "signed", "paper": "nda/2027-05-04"}, "Name the last day: or choose that it has no end"),
        ("paper", {"becomes": "lapse", "paper": ""}, "Choose one"),
        ("paper", {"becomes": "lapse", "paper": "<b>/2027-05-04"}, "that expires on 2027-05-04"),
        ("paper", {"becomes": "lapse", "paper": "nda"}, "This is no date"),
    ],
)
def test_what_cannot_be_recorded_is_told(
    renewing: Site, sign_in: SignIn, act: str, said: dict[str, str], told: str
) -> None:
    answer = sign_in(INES).act(HORIZON, act, **{"partnership": CELLS, "ends": "2027-09-30", **said})
    assert answer.status_code == 422
    assert told in answer.text and "<b>" not in answer.text


def test_what_was_signed_in_the_place_of_a_document_is_recorded(renewing: Site, sign_in: SignIn) -> None:
    said = {"partnership": CELLS, "paper": "nda/2027-05-04", "becomes": "signed", "paper_until": "2029-05-04"}
    page = sign_in(INES).done(HORIZON, "paper", **said, paper_on="2026-11-20")
    assert "signed anew on 20 Nov 2026, until 4 May 2029." in page
    assert "<strong>expires on Tue 4 May 2027" not in page and "expires on Fri 4 May 2029" in page


def test_what_was_said_stands_with_its_days_in_words_and_whose_word_it_is(renewing: Site, sign_in: SignIn) -> None:
    ines, said = sign_in(INES), {"partnership": CELLS, "paper": "nda/2027-05-04", "becomes": "signed"}
    ines.done(HORIZON, "paper", **said, paper_until="2029-05-04", paper_on="2026-11-20", paper_because="on paper")
    words = "signed anew on Fri 20 Nov 2026, until Fri 4 May 2029"
    assert f"{words} (Inès Falk)" in ines.text(HORIZON)
    history = sign_in(DEV).text("/history?kind=agreement")
    assert f"NDA until Tue 4 May 2027: {words}" in history and "Inès Falk: on paper" in history


def test_a_document_that_is_settled_is_chosen_by_nobody_who_does_not_mean_it(renewing: Site, sign_in: SignIn) -> None:
    def choices() -> list[str]:
        [papers] = re.findall(r'<select[^>]* name="paper".*?</select>', sign_in(INES).get(HORIZON).text, re.S)
        return re.findall(r"<option[^>]*>([^<]*)", papers)

    said = {"partnership": CELLS, "paper": "nda/2027-05-04"}
    assert choices() == ["NDA, until Tue 4 May 2027"]
    sign_in(INES).done(HORIZON, "paper", **said, becomes="lapse")
    assert choices() == ["Choose one", "NDA, until Tue 4 May 2027: already said"]
    sign_in(INES).done(HORIZON, "paper", **said, becomes="signed", paper_until="2029-05-04")
    assert choices() == ["NDA, until Fri 4 May 2029", "NDA, until Tue 4 May 2027: already said"]


def test_the_next_term_of_an_agreement_that_is_not_renewed_is_recorded(renewing: Site, sign_in: SignIn) -> None:
    file = renewing.app.settings.definitions / f"{CELLS}.yaml"
    file.write_text(definition(agreement={"ends": "2027-09-30"}), encoding="utf-8")
    run(renewing.app, NOW)
    ines = sign_in(INES)
    assert "Record that notice was sent" not in ines.text(HORIZON)
    ines.done(HORIZON, "signed", partnership=CELLS, ends="2027-09-30", until="2028-09-30")
    assert "Say what becomes of the term until Sat 30 Sep 2028" in ines.text(HORIZON)


@pytest.mark.parametrize(
    ("act", "said", "field"),
    [
        ("signed", {"until": "9999-12-31"}, "until"),
        ("signed", {"until": "2028-09-30", "signed_on": "0001-01-01"}, "signed-on"),
        ("paper", {"becomes": "signed", "paper": "nda/2027-05-04", "paper_until": "9998-06-01"}, "paper-until"),
        ("paper", {"becomes": "lapse", "paper": "nda/2027-05-04", "paper_on": "0001-01-01"}, "paper-on"),
    ],
)
def test_a_day_of_which_calendars_know_nothing_is_told_at_its_field(
    pages: Site, sign_in: SignIn, act: str, said: dict[str, str], field: str
) -> None:
    file = pages.app.settings.definitions / f"{CELLS}.yaml"
    file.write_text(definition(agreement={**TERM, "renewal": {"kind": "none"}}), encoding="utf-8")
    run(pages.app, NOW)
    answer = sign_in(INES).act(HORIZON, act, partnership=CELLS, ends="2027-09-30", **said)
    assert answer.status_code == 422
    [told] = re.findall(rf'id="{field}-{CELLS}-error"[^>]*>([^<]*)', answer.text)
    assert "o partnership is governed in the year" in told and "1990 to 2099" in told


def test_who_may_not_say_it_reads_who_may_and_a_stranger_learns_nothing(renewing: Site, sign_in: SignIn) -> None:
    said = {"partnership": CELLS, "ends": "2027-09-30", "course": "renew"}
    tom = sign_in(TOM)
    assert "Say what becomes" not in tom.text(HORIZON)
    refused = tom.act(HORIZON, "decided", **said)
    assert refused.status_code == 403 and "Dev Patel" in refused.text
    assert sign_in(UWE).act(HORIZON, "decided", **{**said, "partnership": CHIPS}).status_code == 404
    assert sign_in(OPERATOR).act(HORIZON, "decided", **said).status_code == 303


def test_a_page_of_nothing_says_so(sign_in: SignIn) -> None:
    assert "There is no such page" in sign_in(INES).text(f"{HORIZON}?page=7")


def test_a_checkpoint_is_named_once_in_its_sentence(sign_in: SignIn) -> None:
    page = sign_in(INES).get(HORIZON).text
    assert "Next: checkpoint on " in page and "heckpoint: checkpoint" not in page
