"""A briefing says who meets when, who owns the agenda, how the figures stand, and what to ask about."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.playbook import Topic
from scheduler.domain.definition.target import Target
from scheduler.domain.definition.vocabulary import Kind, Model
from scheduler.domain.record.burden import Burden
from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.domain.record.rsvp import Answer, RsvpStanding, Says
from scheduler.render.agenda.agreement_facts import quorum_members
from scheduler.render.agenda.attendance import clock_note, local_times
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.agenda.items import apportioned, balance, items
from scheduler.render.agenda.kpi_lines import kpi_line, overdue_lines
from scheduler.render.agenda.markdown import agenda
from scheduler.render.templating import escaped
from scheduler.render.wording import figure, hour_words, listed, offset_words
from scheduler.rules.kpis.verdicts import by_readings
from scheduler.rules.minutes.parser import read
from tests.builders import a_kpi, a_partnership, a_reading, at, playbooks, written
from tests.render.agendas import AGREEMENT, KPIS, NOW, SHIPPED, VALUES, a_briefing, a_case
from tests.store.remembered import november, overdue

PEOPLE = written()["people"]


def people(**changes: dict[str, Any]) -> dict[str, Any]:
    """The people of Acme × Globex, some of them changed."""
    return {key: {**person, **changes.get(key, {})} for key, person in PEOPLE.items()}


def clocks(told: Briefing) -> dict[str, str]:
    return {time.place: f"{time.start}-{time.end}" for time in told.times}


def signs(told: Briefing) -> list[str]:
    return [risk.sign for risk in told.figures.risks]


# Times


@pytest.mark.parametrize(
    ("day", "detroit", "noted"),
    [
        (date(2027, 3, 9), "09:00-09:30", False),
        (date(2027, 3, 16), "10:00-10:30", True),  # Michigan changed on 14 March
        (date(2027, 3, 23), "10:00-10:30", True),
        (date(2027, 3, 30), "09:00-09:30", False),  # Germany followed on 28 March
        (date(2027, 10, 26), "09:00-09:30", False),
        (date(2027, 11, 2), "10:00-10:30", True),  # Germany changed back on 31 October
        (date(2027, 11, 9), "09:00-09:30", False),  # Michigan followed on 7 November
    ],
)
def test_both_sides_read_their_own_clocks_also_while_only_one_has_changed_them(
    day: date, detroit: str, noted: bool
) -> None:
    told = a_briefing(key="pipeline", day=day)
    assert clocks(told) == {"Berlin": "15:00-15:30", "Detroit": detroit}
    note = "On this date Berlin and Detroit are 5 h apart, not 6 h: only one side has changed its clocks."
    assert told.clock_note == (note if noted else None)


def test_a_zone_without_summer_time_is_no_surprise_after_the_others_have_changed() -> None:
    assert clock_note(at("2027-04-20 15:00"), ["Europe/Berlin", "Asia/Kolkata"]) is None


def test_a_review_that_ends_after_midnight_for_somebody_says_on_which_date() -> None:
    start, end = at("2027-01-21 15:30"), at("2027-01-21 16:30")
    (tokyo,) = local_times(start, end, {"Asia/Tokyo": ("Nora Kimura",)})
    assert (tokyo.date, tokyo.start, tokyo.end) == ("Thu 21 Jan 2027", "23:30", "00:30 (Fri 22 Jan 2027)")


def test_the_series_own_zone_comes_first_even_where_nobody_lives_there() -> None:
    told = a_briefing(timezone="Asia/Tokyo")
    assert [time.place for time in told.times] == ["Tokyo", "Berlin", "Detroit"]
    assert told.times[0].people == ""


# Who


@pytest.mark.parametrize(
    ("away", "owner"),
    [
        ("2027-01-18/2027-01-20", "Inès Falk"),
        ("2027-01-18/2027-01-21", "Dev Patel"),
        ("2027-01-21", "Dev Patel"),
        ("2027-01-22/2027-01-29", "Inès Falk"),
    ],
)
def test_the_deputy_stands_in_on_the_days_the_agenda_owner_is_away(away: str, owner: str) -> None:
    told = a_briefing(a_case(people=people(ines={"away": [away]})), deputy="dev")
    assert told.owner.name == owner
    assert (told.owner_note is None) == (owner == "Inès Falk")


def test_a_stand_in_says_for_whom_and_until_when() -> None:
    told = a_briefing(a_case(people=people(ines={"away": ["2027-01-18/2027-01-22"]})), deputy="dev")
    assert told.owner_note == "stands in for Inès Falk, away until Fri 22 Jan 2027"
    assert [person.away for person in told.attendees] == ["away until Fri 22 Jan 2027", None]
    assert told.chair and told.chair.away == "away until Fri 22 Jan 2027"


@pytest.mark.parametrize("dev", [{}, {"away": ["2027-01-21"]}])
def test_an_owner_away_with_nobody_to_stand_in_stays_the_owner_and_is_flagged(dev: dict[str, Any]) -> None:
    deputy = "dev" if dev else None
    told = a_briefing(a_case(people=people(ines={"away": ["2027-01-21"]}, dev=dev)), deputy=deputy)
    assert told.owner.name == "Inès Falk"
    assert told.owner_note == "away until Thu 21 Jan 2027, and nobody stands in: name somebody today"


def test_an_agenda_whose_owner_has_left_the_partnership_still_has_one() -> None:
    told = a_briefing(agenda_owner="gone")
    assert told.owner.name == "Inès Falk"
    assert told.owner_note == "in place of gone, no longer in the partnership: name an owner"


def test_somebody_is_away_by_the_date_where_they_live() -> None:
    """15:00 in Berlin on 21 January is already the 22nd in Auckland."""
    for day, away in (("2027-01-21", None), ("2027-01-22", "away until Fri 22 Jan 2027")):
        told = a_briefing(a_case(people=people(dev={"timezone": "Pacific/Auckland", "away": [day]})))
        assert told.attendees[1].away == away


def test_who_decides_is_shown_by_name_where_it_is_a_person() -> None:
    assert a_briefing().decides == "joint steering committee"
    assert a_briefing(a_case(agreement={**AGREEMENT, "decides": "june"})).decides == "June Okafor"


# Minutes


KINDS = st.sampled_from(Kind)
MODELS = st.sampled_from(Model)


@given(kind=KINDS, model=MODELS, minutes=st.integers(15, 480))
def test_the_minutes_of_all_items_add_up_to_the_length_exactly(kind: Kind, model: Model, minutes: int) -> None:
    planned = items(topics(kind, model), NOW, timedelta(minutes=minutes))
    assert sum(item.minutes for item in planned) == minutes
    assert all(item.minutes >= 1 for item in planned)
    assert planned[0].at == NOW
    assert all(b.at - a.at == timedelta(minutes=a.minutes) for a, b in pairwise(planned))
    weights = balance(planned)
    assert sum(weight.minutes for weight in weights) == minutes
    assert sum(weight.percent for weight in weights) == 100


@given(kind=KINDS, model=MODELS, fives=st.integers(9, 96))
def test_a_length_in_fives_is_divided_in_fives(kind: Kind, model: Model, fives: int) -> None:
    planned = items(topics(kind, model), NOW, timedelta(minutes=5 * fives))
    assert {item.minutes % 5 for item in planned} == {0}


@pytest.mark.parametrize(("kind", "model", "minutes"), list(product(Kind, [Model.JOINT_VENTURE], [0, 1, 3])))
def test_a_review_too_short_for_all_items_keeps_the_largest(kind: Kind, model: Model, minutes: int) -> None:
    planned = items(topics(kind, model), NOW, timedelta(minutes=minutes))
    assert [item.minutes for item in planned] == [1] * minutes
    assert sum(weight.minutes for weight in balance(planned)) == minutes


@given(total=st.integers(0, 1000), shares=st.lists(st.integers(0, 90), min_size=1).filter(any))
def test_apportioned_parts_add_up_and_stay_within_one_of_their_share(total: int, shares: list[int]) -> None:
    parts = apportioned(total, shares)
    assert sum(parts) == total
    assert all(abs(part - Decimal(total * share) / sum(shares)) < 1 for part, share in zip(parts, shares, strict=True))


def topics(kind: Kind, model: Model) -> tuple[Topic, ...]:
    return playbooks()[model].agendas[kind].topics


def test_items_keep_real_minutes_across_a_change_of_clocks() -> None:
    """On 28 March 2027 Berlin's clocks go from 02:00 to 03:00."""
    planned = items(topics(Kind.PIPELINE, Model.REVENUE_SHARING), at("2027-03-28 01:30"), timedelta(minutes=60))
    assert [f"{item.at:%H:%M}" for item in planned] == ["01:30", "01:40", "03:00", "03:20"]


def test_a_review_across_a_change_of_clocks_has_its_real_length() -> None:
    start, end = datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 3, 30)
    berlin = ZoneInfo("Europe/Berlin")
    assert a_briefing(start=start.replace(tzinfo=berlin), end=end.replace(tzinfo=berlin)).minutes == 60


def test_a_boards_time_is_not_spent_on_routine() -> None:
    board = balance(items(topics(Kind.HEALTH_AUDIT, Model.JOINT_VENTURE), NOW, timedelta(minutes=240)))
    reporting, strategy, governance = (weight.percent for weight in board)
    assert reporting < 20 <= strategy
    assert governance >= 20


# Figures


def line(target: str = ">= 0.3", *values: str, unit: str | None = "GWh") -> Any:
    told = [a_reading(value, f"2026-{month:02}") for month, value in enumerate(values, 1)]
    return kpi_line(a_kpi(target=target, unit=unit), (), told, lambda key: key)


def test_a_kpi_shows_its_last_six_readings_their_course_and_how_far_off_it_is() -> None:
    shown = line(">= 0.3", "0.10", "0.11", "0.12", "0.20", "0.22", "0.25", "0.27")
    assert shown.trend == ("0.11", "0.12", "0.2", "0.22", "0.25", "0.27")
    assert (shown.latest, shown.period, shown.met) == ("0.27 GWh", "2026-07", False)
    assert shown.against == "missed, 10% below the target"
    assert shown.course == "up, towards the target"
    assert shown.attention


def test_a_kpi_never_reported_is_not_measured_rather_than_missed() -> None:
    shown = line()
    assert (shown.latest, shown.met, shown.against, shown.attention) == (None, None, "not measured yet", False)


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    told = (a_reading("0.2", "2026-10"), a_reading("0.4", "2026-11"), a_reading("0.3", "2026-10"))
    assert kpi_line(a_kpi(), (), told, lambda key: key).trend == ("0.3", "0.4")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (">= 0.3", "at least 0.3 GWh"),
        ("<= 150000", "at most 150,000 GWh"),
        ("= 4", "exactly 4 GWh"),
        ("3..5", "3 to 5 GWh"),
        ("yes", "yes"),
    ],
)
def test_a_target_is_said_in_words(target: str, words: str) -> None:
    assert line(target).target == words


def test_a_milestone_is_met_or_missed_not_one_or_nought() -> None:
    assert line("yes", "0", "1").trend == ("missed", "met")


def test_an_overdue_owner_is_shown_with_days_rung_and_the_next_step() -> None:
    """Dev owed December by 13 January; on the 19th, a day after Martin Luther King Day, that is three working days."""
    (late,) = a_briefing().figures.overdue
    assert (late.owner, late.kpi, late.period) == ("Dev Patel", "Formats qualified", "2026-12")
    assert (late.due, late.since, late.days) == ("Wed 13 Jan 2027", "Thu 14 Jan 2027", "3 working days")
    assert (late.rung, late.told, late.untold) == ("T+3", "Dev Patel (Tue 19 Jan 2027)", "")
    assert late.next == "T+6 on Fri 22 Jan 2027: June Okafor"


def test_nobody_counts_as_told_before_a_channel_has_accepted_their_letter() -> None:
    """On the 19th the ladder has reached Dev alone; by the 25th it has reached June, too."""
    (late,) = a_briefing(became={"dev": "waiting"}).figures.overdue
    assert (late.told, late.untold) == ("", "the letter to Dev Patel waits")
    (late,) = a_briefing(now=at("2027-01-25 09:00"), became={"june": "dead"}).figures.overdue
    assert late.told == "Dev Patel (Tue 19 Jan 2027)"
    assert late.untold == "the letter to June Okafor could not be delivered"


def test_a_promise_is_shown_with_its_day_and_its_reason() -> None:
    promised = Excuse("", "2026-11", "the press is being moved", date(2026, 12, 18), "acknowledged", by="tom")
    late = overdue(november("overdue", excuse=promised, held_until=promised.until))
    [line] = overdue_lines([late], Kind.OPERATING, str, {}, "Europe/Berlin")
    assert line.held == "acknowledged by tom until Fri 18 Dec 2026: the press is being moved"


def test_an_owner_who_owes_several_periods_of_a_kpi_stands_on_one_line_and_is_asked_why() -> None:
    """Dev reported October and nothing since: on 19 January November and December are owed."""
    silent = a_briefing(values={**VALUES, "formats-qualified": ("1",)}).figures
    (late,) = silent.overdue
    assert (late.owner, late.period, late.periods, late.since) == ("Dev Patel", "2026-11", 2, "Fri 11 Dec 2026")
    assert any(risk.sign == "Formats qualified has not been reported for 2 periods" for risk in silent.risks)
    assert not any("has not been reported" in risk.sign for risk in a_briefing().figures.risks)


@pytest.mark.parametrize(("now", "escalated"), [("2027-01-27 23:00", False), ("2027-01-29 09:00", True)])
def test_the_tenth_working_day_puts_an_overdue_owner_on_the_audits_agenda(now: str, escalated: bool) -> None:
    audit = a_briefing(key="health-audit", day=date(2027, 2, 16), now=at(now))
    assert [late.on_this_agenda for late in audit.figures.overdue] == [escalated]
    operating = a_briefing(key="operating", day=date(2027, 2, 16), now=at(now))
    assert [late.on_this_agenda for late in operating.figures.overdue] == [False]


# The success at 90 days


def readings(*values: str) -> list[Reading]:
    return [a_reading(value, f"2026-{month}") for month, value in enumerate(values, 10)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), "not measured"),
        (("0.29",), "missed"),
        (("0.3",), "met"),
        (("0.1", "0.3"), "met"),
        (("0.3", "0.29"), "partly"),
        (("0.1", "0.2", "0.29"), "missed"),
    ],
)
def test_the_verdict_on_a_criterion_follows_from_its_readings(values: tuple[str, ...], expected: str) -> None:
    assert by_readings(Target.read(">= 0.3"), readings(*values)) == expected


def test_a_criterions_own_target_comes_before_the_kpis() -> None:
    success = {"criteria": [{"id": "a", "says": "More than agreed", "kpi": "cells-delivered", "target": ">= 0.4"}]}
    told = a_briefing(a_case(success_at_90_days=success), "checkpoint", values={"cells-delivered": ("0.35",)})
    assert (told.criteria[0].verdict, told.criteria[0].target) == ("missed", "Cells delivered at least 0.4 GWh")


def test_a_criterion_without_readings_names_who_owes_one() -> None:
    told = a_briefing(key="checkpoint", values={})
    assert (told.criteria[0].verdict, told.criteria[0].evidence) == (
        "not measured",
        "no reading yet: Tom Reyes owes one",
    )


def test_a_criterion_with_an_owner_alone_is_judged_at_the_table() -> None:
    told = a_briefing(key="checkpoint")
    assert (told.criteria[1].verdict, told.criteria[1].judge) == ("to be judged", "Dev Patel")


def test_only_the_checkpoint_goes_through_the_criteria() -> None:
    assert a_briefing(key="strategy").criteria == ()


def test_who_declines_and_names_a_stand_in_is_shown_with_them_and_their_seat_counts_for_the_quorum() -> None:
    declined = Answer("dev.patel@globex.example", Says.DECLINED, 0, NOW, NOW, delegate="june.okafor@globex.example")
    told = a_briefing(attendees=("ines", "dev"), answers={declined.email: RsvpStanding(declined)})
    assert "**has declined, June Okafor comes instead**" in agenda(told, [SHIPPED]).text
    assert told.forecast is not None and "Globex Cells Inc sends a stand-in" in told.forecast
    of_acme = replace(declined, delegate="marta.bauer@acme.example")
    told = a_briefing(attendees=("ines", "dev"), answers={declined.email: RsvpStanding(of_acme)})
    assert told.forecast is not None and told.forecast.startswith("out of reach: Globex Cells Inc has declined")


# Open actions


LAST_TIME = """## Actions
- [ ] Dev: send the drawings by Fri 18 Jan 2027
- [ ] Tom to call the plant
- [ ] Press shop: order a press by 19 Jan
- [ ] name a deputy
- [x] Ines: forecast

## Parked
- Budget 2027
- name a deputy
"""


def test_an_open_action_comes_back_with_its_owner_its_date_and_since_when_it_is_overdue() -> None:
    """The minutes are of 24 December. At 05:59 of 19 January in Berlin it is still the 18th in Detroit."""
    told = a_briefing(minutes=LAST_TIME, now=at("2027-01-19 05:59"))
    assert [str(line) for line in told.actions] == [
        "Dev Patel: send the drawings (due Mon 18 Jan 2027)",
        "Tom Reyes: call the plant (no date named: Tue 12 Jan 2027; overdue since Wed 13 Jan 2027)",
        "order a press (owner Press shop; nobody on record: Inès Falk answers for it; due Tue 19 Jan 2027)",
        "name a deputy (no owner named: Inès Falk answers for it; no date named: Tue 12 Jan 2027; "
        "overdue since Wed 13 Jan 2027)",
    ]
    (later, *_) = a_briefing(minutes=LAST_TIME, now=at("2027-01-19 06:00")).actions
    assert later.overdue_since == "Tue 19 Jan 2027"


def test_an_unfinished_item_comes_back_unless_it_stands_among_the_actions() -> None:
    assert a_briefing(minutes=LAST_TIME).unfinished == ("Budget 2027",)


def test_an_agenda_without_minutes_before_it_carries_nothing_on() -> None:
    told = a_briefing()
    assert (told.actions, told.unfinished) == ((), ())


def test_overdue_actions_are_asked_about_once_for_each_owner() -> None:
    late = "- [ ] Dev: one by 11 Jan\n- [ ] Dev: two by 12 Jan\n- [ ] Tom: three by 12 Jan\n- [ ] Tom: four by 20 Jan\n"
    found = [sign for sign in signs(a_briefing(minutes=late)) if "action" in sign]
    assert found == [
        "Dev Patel is overdue since Tue 12 Jan 2027 with an action: one, and 1 more action",
        "Tom Reyes is overdue since Wed 13 Jan 2027 with an action: three",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Dev: send the drawings by Fri 18 Dec 2026",
        "send the drawings @ghost",
        "Press shop: order by 20 Jan",
        "owner: Dev and Tom; call",
        "call (urgent) (Dev)",
        "look at this (due to the strike)",
        "note: by 2 Jan by 3 Jan: call",
        "a: b: c",
    ],
)
def test_an_action_carried_from_agenda_to_agenda_keeps_its_words_owner_and_date(words: str) -> None:
    case = a_case()
    (before,) = read(f"- [ ] {words}", case.people, date(2026, 12, 24)).tasks
    (line,) = a_briefing(case, minutes=f"- [ ] {words}").actions
    (task,) = read(f"- [ ] {escaped(line)}", case.people, date(2027, 1, 21)).tasks
    assert (task.says, task.owner, task.due) == (before.says, before.owner, before.due)


@pytest.mark.parametrize("name", ["Dev: Patel", "Dev (Globex)", "Dev; Patel", "- Dev", "Inès Falk", "due 1 Jan"])
def test_whatever_somebody_is_called_their_action_stays_theirs(name: str) -> None:
    case = a_case(people=people(dev={"name": name}))
    (line,) = a_briefing(case, minutes="- [ ] send it, owner: dev").actions
    (task,) = read(f"- [ ] {escaped(line)}", case.people, date(2027, 1, 21)).tasks
    assert (task.says, task.owner, task.due) == ("send it", "dev", None)


PIECES = "Dev|dev|Tom Reyes|Ghost|: |:|; |, | - |(|)|[|]|by |due |owner |owner: |18 Dec|31 Feb|@|call|no owner named|. "
SENTENCES = st.lists(st.sampled_from(PIECES.split("|")), max_size=8).map("".join)


@given(st.text(max_size=60) | SENTENCES)
def test_any_action_carried_on_is_the_same_action(words: str) -> None:
    case = a_case()
    before = read(f"- [ ] {words}", case.people, date(2026, 12, 24)).tasks
    lines = a_briefing(case, minutes=f"- [ ] {words}").actions
    again = read("".join(f"- [ ] {escaped(line)}\n" for line in lines), case.people, date(2027, 1, 21)).tasks
    assert [(task.words, task.owner, task.due) for task in again] == [
        (task.words, task.owner, task.due) for task in before
    ]


# Risks


def test_a_kpi_missed_twice_running_is_asked_about_and_one_met_between_is_not() -> None:
    def missed(*values: str) -> list[str]:
        told = a_briefing(values={"cells-delivered": values})
        return [sign for sign in signs(told) if "missed twice" in sign]

    assert missed("0.2") == missed("0.2", "0.3") == missed("0.2", "0.3", "0.29") == []
    assert missed("0.3", "0.29", "0.2") == [
        "Cells delivered missed twice running: 0.29 GWh in 2026-11 and 0.2 GWh in 2026-12, target at least 0.3 GWh"
    ]


def test_owners_without_a_deputy_are_named() -> None:
    assert "No deputy for Formats qualified (Dev Patel)" in signs(a_briefing())


def test_an_empty_sponsors_seat_is_named_by_organisation() -> None:
    told = a_briefing(a_case(people=people(june={"role": "member"})))
    assert "No sponsor named at Globex Cells Inc" in signs(told)
    assert not any("No sponsor" in sign for sign in signs(a_briefing()))


def test_a_joint_ventures_director_fills_the_seat_of_a_sponsor() -> None:
    directed = people(june={"role": "director"})
    assert not any("No sponsor" in sign for sign in signs(a_briefing(a_case(Model.JOINT_VENTURE, people=directed))))
    assert "No sponsor named at Globex Cells Inc" in signs(a_briefing(a_case(people=directed)))


@pytest.mark.parametrize(
    ("expires", "sign"),
    [
        ("2027-01-20", ["The NDA expired on Wed 20 Jan 2027"]),
        ("2027-01-21", ["The NDA expires on Thu 21 Jan 2027"]),
        ("2027-05-21", ["The NDA expires on Fri 21 May 2027"]),  # 120 days after the review
        ("2027-05-22", []),
    ],
)
def test_a_document_is_asked_about_from_120_days_before_it_expires(expires: str, sign: list[str]) -> None:
    agreement = {**AGREEMENT, "ends": None, "documents": [{"kind": "nda", "expires": expires}]}
    assert [found for found in signs(a_briefing(a_case(agreement=agreement))) if "NDA" in found] == sign


@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2026, 11, 23), None), (date(2026, 11, 24), 180), (date(2027, 5, 23), 0), (date(2027, 5, 24), None)],
)
def test_the_cancel_by_date_is_asked_about_from_180_days_before_it(day: date, left: int | None) -> None:
    """30 September 2027, less 120 days of notice and 10 days of transit, is 23 May."""
    found = [sign for sign in signs(a_briefing(day=day)) if "Notice must leave" in sign]
    assert found == ([] if left is None else [f"Notice must leave by Sun 23 May 2027, in {left} days"])


def test_a_review_moved_by_hand_says_so_and_asks_about_the_rhythm() -> None:
    told = a_briefing(recorded={"moved_by_person": True, "because": "June is at the fair"})
    assert told.moved_because == "moved by hand from Thu 21 Jan 2027: June is at the fair"
    assert "This review was moved by hand: June is at the fair" in signs(told)


# What the structural model adds


def test_the_model_of_the_day_is_shown_not_the_one_before_its_amendment() -> None:
    amendment = {
        "effective": "2027-01-21",
        "model": "contractual_alliance",
        "form": "supply",
    }
    partnership = a_case(agreement={**AGREEMENT, "amendments": [amendment]}, form="licensing")
    assert a_briefing(partnership, day=date(2027, 1, 20)).arrangement.form == "licensing"
    assert a_briefing(partnership, day=date(2027, 1, 21)).arrangement.form == "supply"


def test_an_amended_stake_replaces_the_signed_one_from_its_date_on() -> None:
    def stake(percent: int) -> dict[str, Any]:
        return {"holder": "acme", "in": "globex", "percent": percent}

    amendment = {"effective": "2027-02-01", "model": "equity_alliance", "equity": stake(12)}
    agreement = {**AGREEMENT, "equity": stake(8), "amendments": [amendment]}
    partnership = a_partnership(model="equity_alliance", agreement=agreement, kpis=KPIS)
    for day, percent in ((date(2027, 1, 31), "8%"), (date(2027, 2, 1), "12%")):
        stakes = a_briefing(partnership, "health-audit", day).arrangement.stake
        assert stakes and stakes.percent == percent


@pytest.mark.parametrize(
    ("quorum", "members", "needed"),
    [
        ("two thirds of the members", 3, 2),
        ("two thirds of the members", 4, 3),
        ("half of the members", 5, 3),
        ("2/3", 6, 4),
        ("one of each side", 3, None),
    ],
)
def test_a_quorum_in_fractions_is_counted_in_members(quorum: str, members: int, needed: int | None) -> None:
    assert quorum_members(quorum, members) == needed


def test_a_member_with_no_contribution_on_record_is_shown_without_one() -> None:
    contributions = a_briefing(a_case(Model.CONSORTIUM)).arrangement.contributions
    assert [(share.organisation, bool(share.what)) for share in contributions] == [
        ("Acme Motors SE", True),
        ("Globex Cells Inc", True),
        ("Initech KK", False),
    ]


# Words


def test_figures_and_offsets_read_as_people_write_them() -> None:
    assert [figure(Decimal(value)) for value in ("150000", "0.250", "1E+3", "-2.50", "0")] == [
        "150,000",
        "0.25",
        "1,000",
        "-2.5",
        "0",
    ]
    zones = ("Asia/Kolkata", "America/St_Johns", "UTC", "America/Detroit")
    assert [offset_words(at("2027-01-21 12:00", zone)) for zone in zones] == ["UTC+5:30", "UTC-3:30", "UTC", "UTC-5"]
    assert [hour_words(timedelta(minutes=m)) for m in (300, 270, 765)] == ["5 h", "4½ h", "12 h 45 min"]
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


# Whom it burdens


EARLY: dict[str, Any] = {
    "key": "pipeline",
    "day": date(2026, 12, 8),
    "start": at("2026-12-08 14:00"),
    "end": at("2026-12-08 14:30"),
}


def test_whoever_sits_outside_their_hours_is_named_with_their_own_clock() -> None:
    said = "08:00–08:30 for Globex Cells Inc, 60 min beyond its hours, 09:00–17:00"
    told = a_briefing(**EARLY)
    assert told.hardship == (said,)
    assert f"Not everybody's hour: {said}." in agenda(told, [SHIPPED]).text


def test_where_all_keep_their_hours_nothing_is_said_of_them() -> None:
    told = a_briefing(key="pipeline", day=date(2026, 12, 8))
    assert told.hardship == () and "everybody's hour" not in agenda(told, [SHIPPED]).text


def test_of_a_review_that_is_over_it_is_said_as_it_was_noted_then() -> None:
    """Since then Globex begins at eight."""
    noted = Burden("globex", "America/Detroit", "10:00-17:00", 120)
    assert a_briefing(**EARLY, recorded={"burdens": (noted,)}).hardship == (
        "08:00–08:30 for Globex Cells Inc, 120 min beyond its hours, 10:00–17:00",
    )
