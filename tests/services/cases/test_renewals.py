"""What was decided about a term, and that notice was sent, ends what is asked about it; the next term is asked anew.

Acme × Globex renews by itself on 30 September 2027 for a year, unless notice leaves by Sunday 27 June; whether it does
is to be decided some weeks before. Inès and Dev, who manage the alliance, and the sponsors Marta and June are told.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from scheduler.domain.errors import AlreadyDone, UserError, WrongDay
from scheduler.rules.access import OPERATOR, Audience
from scheduler.services.cases.partnerships import end
from scheduler.services.cases.renewals import running_term, say, say_of_paper, take_back
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.views import history
from scheduler.services.views import partnership as view
from tests.builders import at
from tests.services.pipeline.test_digests import FROM_NOVEMBER, PEOPLE, QUIET, Mail, in_detroit, letters, lived
from tests.services.town import Town

ID = "acme-globex"
TACIT = {"kind": "tacit", "for": "12 months", "notice": "90 days", "buffer": "5 days"}
IN_MAY = at("2027-05-03 10:00")


def agreed(town: Town, renewal: dict[str, Any] | None = None) -> Town:
    far = {"cells-delivered": {**FROM_NOVEMBER, "from": "2027-09-01"}}
    agreement = {"ends": "2027-09-30", "renewal": renewal or TACIT}
    town.define(effective="2026-10-01", agreement=agreement, reviews=QUIET, people=PEOPLE, kpis=far)
    town.cycle(at("2027-03-01 09:00"))
    return town


def about(town: Town, first: str, last: str, words: str) -> list[Mail]:
    return [each for each in lived(town, in_detroit(first), in_detroit(last)) if words in each.text]


def notice_letters(town: Town) -> list[Mail]:
    return about(town, "2027-05-10 09:00", "2027-06-28 10:00", "notice must leave")


def test_unless_somebody_says_so_they_are_asked_until_the_last_day(town: Town) -> None:
    assert len(notice_letters(agreed(town))) > 3


def test_what_was_decided_is_asked_no_more_and_a_term_that_goes_on_by_itself_wants_no_notice(town: Town) -> None:
    say(agreed(town).app, ID, "renew", IN_MAY, by="ines")
    told = lived(town, in_detroit("2027-05-10 09:00"), in_detroit("2027-06-28 10:00"))
    of_its_own_days = ("under seal", "Health check of", "decided on Mon 3 May 2027 to go on")
    assert [each for each in told if not any(words in each.text for words in of_its_own_days)] == []


def test_a_decision_to_let_it_end_leaves_the_notice_to_be_sent_and_the_letters_say_so(town: Town) -> None:
    say(agreed(town).app, ID, "lapse", IN_MAY, by="ines", because="another supplier")
    told = notice_letters(town)
    assert told and all("It was decided to let it end: it renews by itself for 12 months" in each.text for each in told)
    assert not any("decide by" in each.text for each in letters(town) if each.at > IN_MAY)


def test_notice_that_was_sent_ends_the_letters_and_the_agreement_with_its_term(town: Town) -> None:
    say(agreed(town).app, ID, "notice-sent", IN_MAY, on=date(2027, 5, 1), by="ines")
    assert notice_letters(town) == []
    standing = view.partnership(town.app, ID, in_detroit("2027-08-01 09:00"), OPERATOR)
    assert standing.definition.agreement.ends == date(2027, 9, 30) and standing.definition.cancel_by is None
    found = view.as_json(standing)["renewal"]
    assert found["notice_sent"] | {"by": "ines"} == found["notice_sent"] and found["notice_sent"]["on"] == date(
        2027, 5, 1
    )
    ending = about(town, "2027-07-01 09:00", "2027-10-01 09:00", "the agreement ends on Thu 30 Sep 2027")
    assert ending and all("It is not renewed." in each.text for each in ending)


def test_what_was_said_by_mistake_is_taken_back_stays_on_record_and_is_asked_for_again(town: Town) -> None:
    say(agreed(town).app, ID, "notice-sent", IN_MAY, by="ines")
    gone = take_back(town.app, ID, "notice-sent", "the letter lay in a drawer", "dev", at("2027-05-04 10:00"))
    assert (gone.taken_back_by, gone.counts) == ("dev", False)
    assert len(notice_letters(town)) > 3
    [kept] = town.rows("partnership")[0]["renewals"]
    assert (kept["says"], kept["taken_back_because"]) == ("notice-sent", "the letter lay in a drawer")


def test_the_next_term_is_asked_about_anew(town: Town) -> None:
    say(agreed(town).app, ID, "renew", IN_MAY, by="ines")
    with town.database() as db:
        assert running_term(town.app, db, ID, at("2027-07-01 09:00")).standing.decided is None
    assert about(town, "2028-04-01 09:00", "2028-06-28 10:00", "notice must leave by Tue 27 Jun 2028")


def test_the_same_said_twice_is_on_record_once_and_another_decision_takes_its_place(town: Town) -> None:
    agreed(town)
    for word in ("renew", "renew", "lapse"):
        said = say(town.app, ID, word, IN_MAY, by="ines")
    assert said.says == "lapse"
    assert [each["says"] for each in town.rows("partnership")[0]["renewals"]] == ["renew", "lapse"]
    with town.database() as db:
        decided = running_term(town.app, db, ID, IN_MAY).standing.decided
    assert decided and decided.says == "lapse"


def test_after_notice_nothing_is_decided_and_a_day_to_come_is_refused(town: Town) -> None:
    agreed(town)
    with pytest.raises(WrongDay):
        say(town.app, ID, "notice-sent", IN_MAY, on=date(2027, 5, 4), by="ines")
    say(town.app, ID, "notice-sent", IN_MAY, by="ines")
    with pytest.raises(AlreadyDone, match="notice was sent"):
        say(town.app, ID, "renew", IN_MAY, by="ines")


def test_an_agreement_without_a_term_has_nothing_to_decide(town: Town) -> None:
    town.define(effective="2026-10-01")
    town.cycle(at("2026-12-01 09:00"))
    with pytest.raises(UserError, match="no term"):
        say(town.app, ID, "renew", IN_MAY, by="ines")
    with pytest.raises(UserError, match="nothing on record"):
        take_back(agreed(town).app, ID, "decided", "why not", "ines", IN_MAY)


def test_of_an_express_renewal_notice_stays_to_be_given_until_it_is_on_record(town: Town) -> None:
    say(agreed(town, {**TACIT, "kind": "express"}).app, ID, "renew", IN_MAY, by="ines")
    told = about(town, "2027-05-10 09:00", "2027-06-12 10:00", "renew by")
    assert told and "It was decided to go on: it ends on Thu 30 Sep 2027 unless that is said by" in told[0].text
    say(town.app, ID, "notice-sent", at("2027-06-12 11:00"), by="ines")
    assert about(town, "2027-06-12 12:00", "2027-06-28 10:00", "renew by") == []


def test_the_record_of_a_program_that_knew_none_of_this_tells_nobody_anew(build: Callable[..., Town]) -> None:
    town = agreed(build())
    before = lived(town, in_detroit("2027-05-10 09:00"), in_detroit("2027-05-20 10:00"))
    with town.app.store.write() as db:
        govern_in(town.app, db, ID, in_detroit("2027-05-20 11:00"))
    again: datetime = in_detroit("2027-05-20 12:00")
    assert before and lived(town, again, again) == []


# What was signed ---------------------------------------------------------------------------------------------------


def papered(town: Town, renewal: dict[str, Any] | None = None) -> Town:
    """The NDA of Acme × Globex runs out on Thursday 3 June 2027, the agreement on 30 September, and nothing goes on by
    itself."""
    far = {"cells-delivered": {**FROM_NOVEMBER, "from": "2027-09-01"}}
    papers = [{"kind": "nda", "signed": "2026-06-03", "expires": "2027-06-03"}]
    agreement = {"ends": "2027-09-30", "renewal": renewal or {"kind": "none"}, "documents": papers}
    town.define(effective="2026-10-01", agreement=agreement, reviews=QUIET, people=PEOPLE, kpis=far)
    town.cycle(at("2027-03-01 09:00"))
    return town


def nda_letters(town: Town) -> list[Mail]:
    return about(town, "2027-05-03 12:00", "2027-06-04 10:00", "the NDA expires on Thu 3 Jun 2027")


def test_a_document_that_runs_out_is_asked_about_until_somebody_says_what_was_signed(town: Town) -> None:
    assert len(nda_letters(papered(town))) > 3


def test_another_that_was_signed_ends_what_is_asked_and_runs_until_its_own_day(town: Town) -> None:
    until = date(2029, 6, 3)
    said = say_of_paper(papered(town).app, ID, "nda", "signed", IN_MAY, on=date(2027, 5, 2), by="ines", until=until)
    assert (said.words, said.by) == ("signed anew on 2027-05-02, until 2029-06-03", "ines")
    assert nda_letters(town) == []
    standing = view.partnership(town.app, ID, in_detroit("2027-06-10 09:00"), OPERATOR)
    papers = [(each.signed, each.expires) for each in standing.definition.agreement.documents]
    assert papers == [(date(2026, 6, 3), date(2027, 6, 3)), (date(2027, 5, 2), until)]


def test_the_same_once_more_is_nothing_new_and_another_word_takes_its_place(town: Town) -> None:
    papered(town)
    for _ in range(2):
        say_of_paper(town.app, ID, "nda", "lapse", IN_MAY, by="ines")
    say_of_paper(town.app, ID, "nda", "signed", IN_MAY, by="dev", ends=date(2027, 6, 3))
    assert [each["says"] for each in town.rows("partnership")[0]["renewals"]] == ["lapse", "signed"]
    gone = take_back(town.app, ID, "document", "it was not signed", "ines", IN_MAY, "nda")
    assert gone.says == "signed" and len(nda_letters(town)) > 3, "no earlier word comes back"


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("mou", {}, "has no MOU that expires"),
        ("nda", {"ends": date(2026, 6, 3)}, "has no NDA that expires on 2026-06-03"),
        ("nda", {"on": date(2027, 5, 4)}, "2027-05-04 has not come yet"),
        ("nda", {"until": date(2027, 6, 3)}, "2027-06-03 is no later than 2027-06-03"),
        ("nda", {"until": date(9999, 12, 31)}, "no partnership is governed in the year 9999"),
        ("nda", {"on": date(1, 1, 1)}, "no partnership is governed in the year 1"),
    ],
)
def test_what_cannot_be_of_a_document_is_refused(town: Town, kind: str, said: dict[str, Any], told: str) -> None:
    papered(town)
    with pytest.raises(UserError, match=told):
        say_of_paper(town.app, ID, kind, "signed", IN_MAY, by="ines", **said)
    assert town.rows("partnership")[0]["renewals"] is None


@pytest.mark.parametrize("kind", ["none", "express"])
def test_a_term_that_was_signed_anew_goes_on_to_its_new_end(town: Town, kind: str) -> None:
    papered(town, {"kind": kind, "for": "12 months", "notice": "60 days"})
    say(town.app, ID, "signed", IN_MAY, by="ines", ends=date(2027, 9, 30), until=date(2028, 9, 30))
    asked = about(town, "2027-05-10 09:00", "2027-10-01 09:00", "30 Sep 2027")
    assert [each for each in asked if "signed anew" not in each.text] == []
    with town.app.store.read() as db:
        assert running_term(town.app, db, ID, in_detroit("2027-10-02 09:00")).ends == date(2028, 9, 30)
    take_back(town.app, ID, "signed", "it was a draft", "ines", in_detroit("2027-10-02 09:00"))
    assert view.partnership(town.app, ID, at("2027-10-03 09:00"), OPERATOR).definition.agreement.ends == date(
        2027, 9, 30
    )


@pytest.mark.parametrize("said", [{"until": date(9998, 6, 1)}, {"until": date(2028, 9, 30), "on": date(1, 1, 1)}])
def test_a_term_is_signed_for_no_day_of_which_calendars_know_nothing(town: Town, said: dict[str, Any]) -> None:
    papered(town)
    with pytest.raises(WrongDay, match="no partnership is governed in the year"):
        say(town.app, ID, "signed", IN_MAY, by="ines", **said)
    assert town.rows("partnership")[0]["renewals"] is None


def test_one_that_renews_by_itself_is_not_signed_anew(town: Town) -> None:
    papered(town, TACIT)
    with pytest.raises(UserError, match="renews by itself"):
        say(town.app, ID, "signed", IN_MAY, by="ines", until=date(2028, 9, 30))


def test_a_document_is_spoken_of_after_its_partnership_has_ended_too(town: Town) -> None:
    papered(town)
    end(town.app, ID, "sold", None, at("2027-04-20 10:00"))
    say_of_paper(town.app, ID, "nda", "lapse", IN_MAY, by="ines")
    assert nda_letters(town) == []


# What the other side hears -----------------------------------------------------------------------------------------


def told(town: Town) -> list[tuple[str, str, dict[str, Any]]]:
    rows = [each for each in town.rows("notice") if each["about"] == "renewal" and each["state"] == "told"]
    return [(each["person"], each["rung"], each["facts"]) for each in rows]


def test_what_one_side_says_of_a_document_is_told_once_to_the_managers_of_all_but_to_whoever_said_it(
    town: Town,
) -> None:
    until = date(2029, 6, 3)
    say_of_paper(
        papered(town).app, ID, "nda", "signed", IN_MAY, by="ines", because="Signed on paper by both", until=until
    )
    said = "NDA until Thu 3 Jun 2027: signed anew on Mon 3 May 2027, until Sun 3 Jun 2029"
    [letter] = about(town, "2027-05-03 12:00", "2027-05-20 10:00", said)
    assert letter.to == PEOPLE["dev"]["email"]
    assert "Inès Falk said so: Signed on paper by both" in letter.text and "If that is not so, tell" in letter.text


def test_what_is_taken_back_is_told_too_and_what_another_word_replaced_unheard_is_not(town: Town) -> None:
    papered(town)
    say_of_paper(town.app, ID, "nda", "lapse", IN_MAY, by="ines")
    say(town.app, ID, "lapse", IN_MAY, by="ines")
    say(town.app, ID, "signed", IN_MAY, by="dev", until=date(2028, 9, 30))
    lived(town, in_detroit("2027-05-03 12:00"), in_detroit("2027-05-05 10:00"))
    assert sorted((person, rung) for person, rung, _ in told(town)) == [
        ("dev", "lapse"),
        ("dev", "lapse"),
        ("ines", "signed"),
    ]
    take_back(town.app, ID, "document", "a slip", "dev", at("2027-05-06 10:00"), "nda")
    lived(town, in_detroit("2027-05-06 12:00"), in_detroit("2027-05-08 10:00"))
    [(person, rung, facts)] = told(town)[3:]
    assert (person, rung, facts["who"], facts["because"]) == ("ines", "taken-back", "Dev Patel", "a slip")


def test_it_stands_in_the_history_with_name_and_note(town: Town) -> None:
    papered(town)
    say_of_paper(town.app, ID, "nda", "lapse", IN_MAY, by="ines", because="no secrets left")
    take_back(town.app, ID, "document", "a slip", "dev", at("2027-05-06 10:00"), "nda")
    with town.app.store.read() as db:
        wanted = history.HistoryFilter(at("2027-06-01 10:00"), kinds=("agreement",), partnership=ID)
        found = history.history(town.app, db, wanted, {ID: Audience("globex")}).entries
    words = "NDA until Thu 3 Jun 2027: decided on Mon 3 May 2027 to let it end"
    assert [(each.action, each.says, each.by, each.because) for each in found] == [
        ("undone", words, "Dev Patel", "a slip"),
        ("said", words, "Inès Falk", "no secrets left"),
    ]
