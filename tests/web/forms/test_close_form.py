"""The form on which a review is closed: Dev (Globex) owns the agenda of the pipeline review of Wednesday 18 November.

It is Saturday 21 November 2026, 09:00 in Berlin. Inès (Acme) attends too; one of each side is a quorum.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Answer, Says
from scheduler.render.signed_links import Holder, close_link
from scheduler.services.cases.presence import Attended
from scheduler.services.cases.reviews import hold, skip
from scheduler.services.cases.undoing import reopen
from scheduler.services.state import state_of
from scheduler.store import partnerships, presence, reviews, rsvps, secrets
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import FORM, text

OVER, TO_COME = f"{CELLS}/pipeline/2026-W47", f"{CELLS}/pipeline/2026-W49"


def link(site: Site, person: str = "dev", review: str = OVER, words: int = 0) -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return close_link("", key, review, words, Holder(person, seal), NOW + timedelta(days=30))


def post(site: Site, path: str, **said: str) -> Any:
    fields = {name.replace("_", "-"): value for name, value in said.items()}
    return site.client.post(path, content=urlencode(fields), headers=FORM)


def found(site: Site) -> Recorded:
    with site.app.store.read() as db:
        record = reviews.find(db, OVER)
    assert record
    return record


def there(site: Site) -> dict[str, tuple[bool, str | None]]:
    with site.app.store.read() as db:
        return {key: (each.was_present, each.stand_in) for key, each in presence.of_review(db, OVER).items()}


def test_it_says_which_review_for_whom_and_who_was_to_attend_and_changes_nothing(still: Site) -> None:
    shown = text(still.client.get(link(still)))
    for words in ("Pipeline review 2026-W47: was it held?", "Wed 18 Nov 2026", "one of each side", "Dev Patel"):
        assert words in shown
    assert "Filled in by the answers" not in shown, "nobody answered"
    assert found(still).status is Status.UNRECORDED


def test_held_with_who_was_there_is_on_record_and_shown_from_then_on(site: Site) -> None:
    path = link(site)
    assert post(site, path, outcome="held", was_ines="there", was_dev="there").status_code == 303
    assert (found(site).status, found(site).quorate) == (Status.HELD, True)
    assert there(site) == {"dev": (True, None), "ines": (True, None)}
    assert post(site, path, outcome="held", was_ines="there", was_dev="there").status_code == 303, "sent twice"
    for other in ({"outcome": "skipped", "because": "x"}, {"outcome": "held", "was_ines": "absent"}, {}):
        told = post(site, path, **other)
        assert told.status_code == 409 and "What you sent now was not kept" in text(told)
        assert "Thank you" not in text(told) and "is on record since Sat 21 Nov 2026" in text(told)
    assert "Recorded. Thank you, Dev Patel" in text(site.client.get(f"{path}?recorded"))
    shown = site.client.get(path)
    assert "Thank you" not in shown.text
    for words in ("This is on record since", "Held", "Dev Patel, Inès Falk", "there was one"):
        assert words in text(shown)
    assert "<form" not in shown.text and found(site).status is Status.HELD
    with site.app.store.read() as db:
        assert reviews.history(db, OVER)[-1].person == "dev"


def test_whoever_is_not_named_is_not_known_and_a_stand_in_sits_in_a_seat(site: Site) -> None:
    post(site, link(site), outcome="held", was_dev="there", instead_dev="Ada Lovelace")
    assert there(site) == {"dev": (True, "Ada Lovelace")}
    assert found(site).quorate is None


def test_those_who_answered_are_proposed(site: Site) -> None:
    with site.app.store.write() as db:
        for email, says in (("ines.falk@acme.example", Says.ACCEPTED), ("dev.patel@globex.example", Says.DECLINED)):
            rsvps.record(db, CELLS, OVER, Answer(email, says, 0, NOW, NOW))
    shown = site.client.get(link(site)).text
    assert "Filled in by the answers" in shown
    assert shown.count('<option value="there" selected>') == shown.count('<option value="absent" selected>') == 1


@pytest.mark.parametrize(("delegate", "proposed"), [("june.okafor@globex.example", 2), ("marta.bauer@acme.example", 1)])
def test_a_stand_in_of_another_side_is_proposed_for_no_seat(site: Site, delegate: str, proposed: int) -> None:
    with site.app.store.write() as db:
        rsvps.record(db, CELLS, OVER, Answer("ines.falk@acme.example", Says.ACCEPTED, 0, NOW, NOW))
        sent = Answer("dev.patel@globex.example", Says.DECLINED, 0, NOW, NOW, delegate=delegate)
        rsvps.record(db, CELLS, OVER, sent)
    shown = site.client.get(link(site)).text
    assert shown.count('<option value="there" selected>') == proposed


def test_who_cannot_sit_in_a_seat_is_named_and_nothing_is_kept(site: Site) -> None:
    answer = post(site, link(site), outcome="held", was_ines="there", instead_dev="Inès Falk")
    assert answer.status_code == 422 and "Inès Falk is of Acme Motors SE, and cannot sit for Dev Patel" in text(answer)
    assert found(site).status is Status.UNRECORDED and there(site) == {}


def test_not_held_wants_a_reason(site: Site) -> None:
    path = link(site)
    answer = post(site, path, outcome="skipped", was_ines="absent")
    assert answer.status_code == 422 and 'id="because-error"' in answer.text
    assert '<option value="absent" selected>' in answer.text, "what was typed comes back"
    assert post(site, path, outcome="skipped", because="nobody came").status_code == 303
    assert (found(site).status, found(site).because) == (Status.SKIPPED, "nobody came")


@pytest.mark.parametrize("said", [{}, {"outcome": "perhaps"}, {"outcome": "held", "instead_dev": "x@nowhere.example"}])
def test_what_cannot_be_meant_is_told_and_nothing_is_kept(still: Site, said: dict[str, str]) -> None:
    assert post(still, link(still), **said).status_code == 422
    assert found(still).status is Status.UNRECORDED


def test_once_it_was_closed_otherwise_the_link_is_closed_and_one_made_after_it_was_opened_again_is_good(
    site: Site,
) -> None:
    path = link(site)
    hold(site.app, OVER, None, "ines", NOW, Attended(present=("ines",)))
    assert site.client.get(path).status_code == post(site, path, outcome="held").status_code == 410
    reopen(site.app, OVER, "a mistake", "ines", NOW)
    assert site.client.get(path).status_code == 410
    assert site.client.get(link(site, words=2)).status_code == 200


def test_what_is_still_to_come_is_not_closed_by_it(still: Site) -> None:
    assert still.client.get(link(still, review=TO_COME)).status_code == 410
    assert still.client.get(link(still, review=f"{CELLS}/gone/2026-W47")).status_code == 410


def test_the_link_of_whoever_has_nothing_to_do_with_it_opens_nothing(still: Site) -> None:
    """Tom reports KPIs; Inès manages the alliance for Acme, and may."""
    path = link(still, "tom")
    assert still.client.get(path).status_code == post(still, path, outcome="held").status_code == 410
    assert still.client.get(link(still, "ines")).status_code == 200


def test_after_the_partnerships_end_nothing_is_closed(site: Site) -> None:
    path = link(site)
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert post(site, path, outcome="held").status_code == 410


def test_the_word_of_somebody_else_is_not_shown_as_ones_own(site: Site) -> None:
    path = link(site)
    skip(site.app, OVER, "nobody came", "ines", NOW)
    assert site.client.get(path).status_code == 410
