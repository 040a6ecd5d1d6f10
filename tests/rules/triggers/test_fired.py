"""Who is told that a trigger fired, of what, and when."""

from dataclasses import replace
from datetime import date

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.trigger_event import Cause, TriggerEvent
from scheduler.render.notifications.sentences import ToldMatter, sentences_of
from scheduler.rules.reviews.formal_review import called
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.triggers.notices import facts_of, notices
from tests.builders import a_partnership, at, playbooks
from tests.sentences import OPERATOR, SHIPPED, said

SCOPE = scopes(a_partnership(), playbooks())[0]
FIRED_ON = date(2027, 1, 19)
REVIEW = called(SCOPE, FIRED_ON)


def a_fired(of: str | None = None, review: str | None = "acme-globex/formal-review/2027-01-19") -> TriggerEvent:
    key, rule = "missed/acme-globex/cells-delivered/2026-10", "any KPI missed 3 periods in a row"
    cause = Cause("acme-globex", "acme-globex", key, rule, "Cells delivered missed", (), of, FIRED_ON)
    return TriggerEvent(cause, review, at("2027-01-19 09:00"))


def test_the_alliance_managers_and_sponsors_of_every_side_are_told_once_with_the_review_it_called() -> None:
    (notice,) = notices(a_fired(), REVIEW, SCOPE, date(2027, 6, 1))
    assert notice.people == ("ines", "marta", "dev", "june")
    assert (notice.rung, notice.occasion, notice.on, notice.of) == ("fired", "2027-01-19", FIRED_ON, None)
    assert notice.subject == "acme-globex/missed/acme-globex/cells-delivered/2026-10"
    assert said(notice).title == "Cells delivered missed"
    assert said(notice).detail == (
        "The trigger: any KPI missed 3 periods in a row. Formal governance review on Tue 2 Feb 2027, 15:00 "
        "Europe/Berlin (acme-globex/formal-review/2027-01-19); its agenda is Inès Falk's."
    )


def test_what_is_internal_to_an_organisation_is_told_to_its_own_alone_and_calls_no_review() -> None:
    (notice,) = notices(a_fired(of="acme", review=None), None, SCOPE, FIRED_ON)
    assert (notice.people, notice.of) == (("ines", "marta"), "acme")
    assert "internal to Acme Motors SE, so no joint review is called" in said(notice).detail


def test_nothing_is_told_before_the_day_or_after_it_has_ended() -> None:
    ended = TriggerEvent(a_fired().cause, None, at("2027-01-19 09:00"), at("2027-01-20 09:00"))
    assert list(notices(a_fired(), REVIEW, SCOPE, date(2027, 1, 18))) == []
    assert list(notices(ended, REVIEW, SCOPE, FIRED_ON)) == []


def test_where_the_agreement_ends_too_soon_it_says_so() -> None:
    (notice,) = notices(a_fired(review=None), None, SCOPE, FIRED_ON)
    assert "No formal review can be held before Acme × Globex battery cells ends" in said(notice).detail


def test_the_moment_is_told_on_the_readers_clock_and_on_that_of_the_review() -> None:
    (notice,) = notices(a_fired(), REVIEW, SCOPE, FIRED_ON)
    in_detroit = replace(OPERATOR, zone="America/Detroit")
    assert (
        "on Tue 2 Feb 2027, 09:00 America/Detroit = Tue 2 Feb 2027, 15:00 Europe/Berlin (acme-globex/formal-review"
        in said(notice, in_detroit).detail
    )


def test_of_a_review_that_is_not_planned_any_more_it_says_what_became_of_it() -> None:
    facts = facts_of(a_fired(), REVIEW, SCOPE, Status.CANCELLED)
    told = sentences_of(ToldMatter("trigger", "", "fired", facts), OPERATOR, [SHIPPED])
    assert told.detail.endswith("(acme-globex/formal-review/2027-01-19): cancelled.")
