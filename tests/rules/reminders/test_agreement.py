"""The agreement's dates, told ahead of them. Acme is in Bavaria, Globex in Michigan; Inès and Dev manage the alliance,
Marta and June are its sponsors.

The playbook asks for a decision 30 days before notice must leave, tells 60, 7 and 0 days before that, 14 and 0 days
before notice must leave, and 30 and 0 days before an end.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.renewal import RenewalWord, Word
from scheduler.rules.reminders.agreement import document_notices, notices, settlements, vacancies
from scheduler.rules.reviews.scopes import scopes
from tests.builders import DEV, INES, JUNE, MARTA, TOM, UWE, Written, a_partnership, at, playbooks
from tests.sentences import COUNTERPART, end_of, said

MANAGERS, EVERYBODY = ("ines", "dev"), ("ines", "marta", "dev", "june")
PEOPLE: Written = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
TACIT: Written = {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days"}
LAYER: Written = {"name": "Cell licence", "model": "contractual_alliance", "effective": "2027-01-15"}


def told(
    until: str, today: str = "2026-11-21", agreement: Written | None = None, about: str = "agreement", **changes: Any
) -> list[Notification]:
    """What Acme × Globex tells about this until a day, as seen at noon in Berlin today."""
    partnership = a_partnership(agreement=agreement, **changes).as_of(at(f"{today} 12:00"))
    found = notices(partnership, scopes(partnership, playbooks()), date.fromisoformat(today), date.fromisoformat(until))
    return [notice for notice in found if notice.about == about]


def steps(found: Sequence[Notification]) -> list[str]:
    return [f"{notice.on} {notice.rung}" for notice in found]


def renewing(ends: str = "2029-09-30", **renewal: str) -> Written:
    return {"ends": ends, "renewal": {**TACIT, **renewal}}


# The agreement -----------------------------------------------------------------------------------------------------


def test_both_alliance_managers_hear_of_the_decision_and_of_the_last_day_for_notice() -> None:
    """The end, 30 September 2029, less 120 days of notice and 10 of transit, is 23 May; the decision is due on 23
    April, a monday."""
    found = told("2029-06-30", agreement=renewing())
    assert steps(found) == [
        "2029-02-22 decide-60",
        "2029-04-16 decide-7",
        "2029-04-23 decide-0",
        "2029-05-09 notice-14",
        "2029-05-23 notice-0",
    ]
    assert [notice.people for notice in found] == [MANAGERS, MANAGERS, EVERYBODY, MANAGERS, EVERYBODY]
    assert {notice.subject for notice in found} == {"acme-globex/agreement"}


def test_a_step_is_told_on_its_day_and_not_on_the_eve() -> None:
    assert told("2029-02-21", agreement=renewing()) == []
    assert steps(told("2029-02-22", agreement=renewing())) == ["2029-02-22 decide-60"]


def test_a_step_on_a_day_off_of_any_side_comes_on_the_working_day_before() -> None:
    """3 July 2027 is a saturday; friday the 2nd is a working day in Bavaria and in Michigan. 5 July, a monday, is the
    day on which the Fourth is kept in Michigan alone."""
    agreement = {"ends": "2027-07-03"}
    assert steps(told("2027-07-31", agreement=agreement)) == ["2027-06-03 end-30", "2027-07-02 end-0"]
    agreement = {"ends": "2027-07-05"}
    assert steps(told("2027-07-31", agreement=agreement))[-1] == "2027-07-02 end-0"


def people_away(**away: str) -> Written:
    return {key: {**each, "away": [away[key]]} if key in away else each for key, each in PEOPLE.items()}


def by_step(found: Sequence[Notification]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for notice in found:
        told[notice.rung] = told.get(notice.rung, set()) | {*notice.people}
    return told


def test_while_an_alliance_manager_is_away_the_sponsor_of_that_side_is_told_at_every_step() -> None:
    """Inès is away from February to August 2029: back after notice must have left, she hears of none of it."""
    people = people_away(ines="2029-02-01/2029-08-31")
    found = told("2029-06-30", agreement=renewing(), people=people)
    assert by_step(found) == {
        "decide-60": {"marta", "dev"},
        "decide-7": {"marta", "dev"},
        "decide-0": {"marta", "dev", "june"},
        "notice-14": {"marta", "dev"},
        "notice-0": {"marta", "dev", "june"},
    }
    [instead] = [said(each).detail for each in found if each.rung == "decide-60" and each.people == ("marta",)]
    assert instead.startswith("Inès Falk is away on Thu 22 Feb 2029, so this comes to you. It renews by itself")


def test_who_is_back_before_the_date_hears_of_it_too_and_who_is_back_too_late_does_not() -> None:
    """The decision is due on monday 23 April 2029: back on that day is in time, on the 24th is not."""
    in_time = told("2029-02-28", agreement=renewing(), people=people_away(ines="2029-02-01/2029-04-22"))
    assert by_step(in_time) == {"decide-60": {"ines", "marta", "dev"}}
    too_late = told("2029-02-28", agreement=renewing(), people=people_away(ines="2029-02-01/2029-04-23"))
    assert by_step(too_late) == {"decide-60": {"marta", "dev"}}


def test_where_the_sponsor_is_away_too_somebody_else_of_that_side_hears() -> None:
    people = people_away(ines="2029-02-01/2029-08-31", marta="2029-02-01/2029-08-31")
    assert by_step(told("2029-02-28", agreement=renewing(), people=people)) == {"decide-60": {"uwe", "dev"}}


def test_a_day_to_decide_or_give_notice_by_that_has_passed_is_asked_of_nobody() -> None:
    """On the day itself it is; on the next day what was not told of the decision is told no more."""
    assert steps(told("2029-04-23", today="2029-04-23", agreement=renewing()))[-1] == "2029-04-23 decide-0"
    assert steps(told("2029-05-09", today="2029-04-24", agreement=renewing())) == ["2029-05-09 notice-14"]
    assert steps(told("2029-06-30", today="2029-05-24", agreement=renewing(kind="express"))) == []


def test_the_occasion_is_the_date_so_a_changed_one_arms_its_alerts_anew() -> None:
    before = told("2030-12-31", agreement=renewing(kind="express"))
    after = told("2030-12-31", agreement=renewing("2029-10-31", kind="express"))
    assert {notice.occasion for notice in before} == {"2029-04-23", "2029-05-23", "2029-09-30"}
    assert {notice.occasion for notice in after} == {"2029-05-24", "2029-06-23", "2029-10-31"}
    assert {notice.rung for notice in before} == {notice.rung for notice in after}


def test_a_tacit_renewal_rolls_on_and_each_term_has_its_own_dates() -> None:
    found = told("2031-06-30", agreement=renewing())
    assert [occasion for occasion, _ in groupby(found, key=lambda notice: notice.occasion)] == [
        "2029-04-23",
        "2029-05-23",
        "2030-04-23",
        "2030-05-23",
        "2031-04-23",
        "2031-05-23",
    ]
    assert [len([*of_one]) for _, of_one in groupby(found, key=lambda notice: notice.occasion)] == [3, 2] * 3


def test_once_notice_is_too_late_the_next_term_is_spoken_of_and_the_past_one_no_more() -> None:
    on_the_day = told("2029-05-23", today="2029-05-23", agreement=renewing())
    assert steps(on_the_day)[-1] == "2029-05-23 notice-0"
    assert told("2029-05-24", today="2029-05-24", agreement=renewing()) == []
    assert steps(told("2030-02-22", today="2029-05-24", agreement=renewing())) == ["2030-02-22 decide-60"]


def test_where_it_renews_from_month_to_month_nothing_is_said_before_the_month_has_begun() -> None:
    """Notice of 2 weeks: it must leave by 16 November 2026 for the end of November, and by 17 December for that of
    December. Of December's decision, the alerts 60 and 7 days ahead would fall into November's own time."""
    agreement = renewing("2026-11-30", **{"for": "1 month", "notice": "14 days", "buffer": "0 days"})
    found = told("2026-12-17", today="2026-11-17", agreement=agreement)
    assert steps(found) == ["2026-11-17 decide-0", "2026-12-03 notice-14", "2026-12-17 notice-0"]


def test_steps_before_the_agreement_takes_effect_are_left_out() -> None:
    """It holds for 100 days: the decision would be due before the first, and notice must leave 14 days after it."""
    agreement = renewing("2027-01-08", notice="85 days", buffer="0 days")
    found = told("2026-10-31", today="2026-10-01", agreement=agreement)
    assert steps(found) == ["2026-10-01 notice-14", "2026-10-15 notice-0"]


def test_what_is_asked_depends_on_the_kind_of_renewal() -> None:
    tacit = told("2029-05-23", agreement={**renewing(), "decides": "marta"})[-1]
    assert said(tacit).title == "Acme × Globex battery cells: notice must leave by Wed 23 May 2029"
    assert said(tacit).detail == (
        "It renews by itself for 12 months after Sun 30 Sep 2029, unless notice leaves by Wed 23 May 2029: go on, "
        "renegotiate or give notice. Who decides: Marta Bauer."
    )
    express = told("2029-05-23", agreement={**renewing(kind="express"), "decides": "joint steering committee"})[-1]
    assert said(express).title == "Acme × Globex battery cells: renew by Wed 23 May 2029"
    assert said(express).detail == (
        "It ends on Sun 30 Sep 2029 unless it is renewed: whoever wants it to go on says so by Wed 23 May 2029. "
        "Who decides: joint steering committee."
    )
    none = told("2029-09-30", agreement={"ends": "2029-09-30", "survives": ["Confidentiality for five years"]})[-1]
    assert said(none).title == "Acme × Globex battery cells: the agreement ends on Sun 30 Sep 2029"
    assert said(none).detail.startswith("It is not renewed. Agree on what comes after, or on how to wind down.")


def test_without_renewal_the_end_is_told() -> None:
    found = told("2030-01-01", agreement={"ends": "2029-09-28"})
    assert [(notice.on, notice.people) for notice in found] == [
        (date(2029, 8, 29), MANAGERS),
        (date(2029, 9, 28), EVERYBODY),
    ]


def test_an_express_renewal_that_nobody_asked_for_in_time_ends() -> None:
    """Notice of 15 days: the alert 30 days before the end is overtaken by the renewal, which can still be asked for."""
    found = told("2030-01-01", agreement=renewing("2029-09-28", kind="express", notice="15 days", buffer="0 days"))
    assert steps(found)[-2:] == ["2029-09-13 notice-0", "2029-09-28 end-0"]


def test_without_an_end_there_is_nothing_to_tell() -> None:
    assert told("2099-12-31") == []


def test_a_name_on_two_lines_stays_one_line() -> None:
    found = told("2029-09-30", agreement={"ends": "2029-09-28"}, name="Acme\r\nBcc: all@globex.example")
    assert {said(notice).title.partition(":")[0] for notice in found} == {"Acme Bcc"}
    assert not any("\n" in said(notice).title or "\r" in said(notice).title for notice in found)


# Layers ------------------------------------------------------------------------------------------------------------


def test_a_layer_that_ends_is_told_to_those_who_take_part_in_it() -> None:
    layer = {**LAYER, "ends": "2028-03-31"}
    found = told("2030-01-01", agreement={"ends": "2029-09-28"}, layers={"licence": layer})
    of_layer = [notice for notice in found if notice.subject == "acme-globex/licence/agreement"]
    assert steps(of_layer) == ["2028-03-01 end-30", "2028-03-31 end-0"]
    assert said(of_layer[-1]).title == "Acme × Globex battery cells, Cell licence: the layer ends on Fri 31 Mar 2028"


def test_of_a_layer_that_ends_with_its_umbrella_only_the_umbrella_speaks() -> None:
    for ends in ("2029-09-28", "2029-12-31"):
        found = told("2030-01-01", agreement={"ends": "2029-09-28"}, layers={"licence": {**LAYER, "ends": ends}})
        assert {notice.subject for notice in found} == {"acme-globex/agreement"}


# Documents ---------------------------------------------------------------------------------------------------------


def papers(*documents: Written) -> list[Notification]:
    return told("2030-01-01", agreement={"documents": documents}, about="document")


def test_a_document_that_expires_is_told_and_one_without_an_end_is_not() -> None:
    found = papers({"kind": "mou", "signed": "2026-05-04"}, {"kind": "nda", "expires": "2028-05-04"})
    assert steps(found) == ["2028-04-04 expires-30", "2028-05-04 expires-0"]
    assert {notice.subject for notice in found} == {"acme-globex/documents/nda"}
    assert said(found[-1]).title == "Acme × Globex battery cells: the NDA expires on Thu 4 May 2028"
    assert found[-1].people == EVERYBODY


def test_each_of_two_documents_of_one_kind_is_watched_and_the_earlier_says_that_there_is_another() -> None:
    old = {"kind": "nda", "expires": "2028-05-04"}
    for longer, expected in (({"expires": "2029-05-04"}, {"2028-05-04", "2029-05-04"}), ({}, {"2028-05-04"})):
        new = {"kind": "nda", **longer}
        for order in ((old, new), (new, old)):
            found = papers(*order)
            assert {notice.occasion for notice in found} == expected
            assert {
                "Another NDA is on record" in said(notice).detail for notice in found if "2028" in notice.occasion
            } == {True}
            assert not [notice for notice in found if "2029" in notice.occasion and "Another" in said(notice).detail]


def test_of_a_document_that_has_expired_while_another_lasts_on_nothing_is_said() -> None:
    old, new = {"kind": "nda", "expires": "2028-05-04"}, {"kind": "nda", "expires": "2029-05-04"}
    documents = {"documents": [old, new]}
    on_the_day = told("2030-01-01", "2028-05-04", agreement=documents, about="document")
    assert {notice.occasion for notice in on_the_day} == {"2028-05-04", "2029-05-04"}
    the_day_after = told("2030-01-01", "2028-05-05", agreement=documents, about="document")
    assert {notice.occasion for notice in the_day_after} == {"2029-05-04"}
    alone = told("2030-01-01", "2028-05-05", agreement={"documents": [old]}, about="document")
    assert {notice.occasion for notice in alone} == {"2028-05-04"}


def said_of_the_nda(*words: RenewalWord) -> list[str]:
    """What is told of an NDA that expires on 4 May 2028, where people said these words of it."""
    agreement = {"documents": [{"kind": "nda", "expires": "2028-05-04"}]}
    partnership = a_partnership(agreement=agreement).with_renewals(words)
    known = scopes(partnership, playbooks())
    return steps([*document_notices(partnership, known[0], date(2026, 11, 21), date(2031, 1, 1))])


def of_the_nda(says: Word, until: str | None = None, expires: str = "2028-05-04") -> RenewalWord:
    last = date.fromisoformat(until) if until else None
    said = RenewalWord(date.fromisoformat(expires), says, date(2028, 4, 3), at("2028-04-03 10:00"), "ines")
    return replace(said, document="nda", until=last)


def test_a_document_that_was_signed_anew_is_told_before_its_new_end_and_no_more_before_the_old_one() -> None:
    assert said_of_the_nda() == ["2028-04-04 expires-30", "2028-05-04 expires-0"]
    new = ["2030-04-04 expires-30", "2030-05-03 expires-0"]
    assert said_of_the_nda(of_the_nda("signed", "2030-05-04")) == new
    assert said_of_the_nda(of_the_nda("signed")) == [], "it has no end"


def test_a_document_that_lapses_is_told_no_more_and_the_last_word_counts() -> None:
    signed, lapses = of_the_nda("signed", "2030-05-04"), of_the_nda("lapse")
    assert said_of_the_nda(lapses) == said_of_the_nda(signed, lapses) == []
    assert len(said_of_the_nda(lapses, signed)) == 2
    taken_back = replace(lapses, taken_back_at=at("2028-04-04 10:00"))
    assert len(said_of_the_nda(taken_back)) == 2


def test_a_word_of_a_document_that_the_definition_has_no_more_changes_nothing() -> None:
    assert said_of_the_nda(of_the_nda("signed", "2030-05-04", expires="2027-05-04")) == said_of_the_nda()
    once_more = of_the_nda("signed", "2029-05-04"), of_the_nda("signed", "2030-05-04", expires="2029-05-04")
    assert said_of_the_nda(*once_more) == ["2030-04-04 expires-30", "2030-05-03 expires-0"]


def test_a_term_that_was_signed_anew_ends_on_its_new_day() -> None:
    agreement = {"ends": "2029-09-30", "renewal": {"kind": "express", "for": "12 months", "notice": "120 days"}}
    word = RenewalWord(date(2029, 9, 30), "signed", date(2029, 5, 1), at("2029-05-01 10:00"), until=date(2031, 9, 30))
    written = a_partnership(agreement=agreement)
    assert written.with_renewals((word,)).agreement.ends == date(2031, 9, 30)
    assert written.with_renewals((replace(word, until=None),)).agreement.ends is None
    assert written.with_renewals((replace(word, ends=date(2028, 9, 30)),)).agreement.ends == date(2029, 9, 30)
    tacit = a_partnership(agreement={**agreement, "renewal": TACIT})
    assert tacit.with_renewals((word,)).agreement.ends == date(2029, 9, 30)


def test_of_documents_that_expire_on_one_day_one_is_told() -> None:
    nda = {"kind": "nda", "expires": "2028-05-04"}
    assert len(papers(nda, nda)) == len(papers(nda))


# Seats -------------------------------------------------------------------------------------------------------------


def without_role(person: Written) -> Written:
    return {key: value for key, value in person.items() if key != "role"}


def seats(today: str = "2026-11-21", until: str | None = None, **people: Written) -> list[Notification]:
    return told(until or today, today, about="seat", people={**PEOPLE, **people})


def test_a_seat_that_nobody_fills_is_told_to_those_who_remain_on_that_side() -> None:
    (notice,) = seats(june=without_role(JUNE))
    assert (notice.subject, notice.people) == ("acme-globex/seats/globex/sponsor", ("dev",))
    assert said(notice).title == "Acme × Globex battery cells: Globex Cells Inc has no sponsor"
    assert notice.late


def test_who_is_to_sit_there_is_named_in_the_definition_or_told_to_whoever_can() -> None:
    (notice,) = seats(june=without_role(JUNE))
    assert said(notice).detail == "Name somebody of Globex Cells Inc as sponsor, in the definition under people."
    assert said(notice, COUNTERPART).detail == "Agree on who of Globex Cells Inc is to be sponsor, and tell Inès Falk."


def test_where_nobody_remains_on_that_side_the_other_sides_hear_of_it() -> None:
    found = seats(june=without_role(JUNE), dev=without_role(DEV))
    assert {notice.subject.rpartition("/")[2] for notice in found} == {"sponsor", "alliance_manager"}
    assert {notice.people for notice in found} == {("ines", "marta")}


def test_where_all_seats_are_filled_nothing_is_said() -> None:
    assert seats() == []


def test_a_seat_is_empty_from_the_day_on_which_its_holder_leaves() -> None:
    june = {**JUNE, "leaves": "2026-12-01"}
    assert seats("2026-11-30", june=june) == []
    (notice,) = seats("2026-12-01", june=june)
    assert (notice.on, notice.occasion) == (date(2026, 12, 1), "2026-12-01")
    assert seats("2026-11-30", until="2026-12-01", june=june) == [notice]


def test_a_seat_that_is_emptied_again_is_told_again() -> None:
    june = {**without_role(JUNE), "leaves": "2026-11-01"}
    rosa = {**JUNE, "email": "rosa@globex.example", "leaves": "2026-11-20"}
    assert [notice.occasion for notice in seats(june=june)] == ["2026-11-01"]
    assert [notice.occasion for notice in seats(june=june, rosa=rosa)] == ["2026-11-20"]


def test_a_successor_of_that_side_takes_the_seat() -> None:
    assert seats("2026-12-01", june={**JUNE, "leaves": "2026-12-01", "successor": "tom"}) == []


def test_when_a_seat_is_filled_those_who_were_told_hear_who_fills_it() -> None:
    parts = scopes(a_partnership(people={**PEOPLE, "june": without_role(JUNE)}), playbooks())
    assert ("acme-globex/seats/globex/sponsor", "") not in settlements(parts)
    filled = settlements(scopes(a_partnership(), playbooks()))
    assert end_of(filled["acme-globex/seats/globex/sponsor", ""]) == "June Okafor is sponsor"


def test_vacancies_name_side_role_and_since_when() -> None:
    partnership = a_partnership(people={**PEOPLE, "june": without_role(JUNE)})
    today = date(2026, 11, 21)
    found = vacancies(scopes(partnership, playbooks()), today)
    assert found == (("globex", Role.SPONSOR, date(2026, 10, 1)),)
    assert vacancies(scopes(a_partnership(), playbooks()), today + timedelta(days=1)) == ()
