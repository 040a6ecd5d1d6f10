"""What happens in the year, and what each of the four then finds in their mailbox and on the pages behind its links."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from scheduler.rules.access import JOINT
from scheduler.services.cases.deadlocks import record
from scheduler.services.cases.proposals import propose
from scheduler.services.views.obligations import obligations
from scheduler.store import partnerships

from .people import Person, links_in
from .year import BERLIN, Year
from .year_definition import ID, PEOPLE, definition

MINUTES = """Minutes of the strategic health audit

Present: Inès, Marta, Dev, June

Decisions
1. The plug of type C is the standard.
2. Globex pays for the test field.

Actions
- Dev: publish the drawings by 4 Dec 2026
- Marta: ask the board for two engineers by 11 Dec 2026

Unfinished
- Who owns the test data
"""


def everybody_is_invited(year: Year) -> None:
    for each in year.people:
        letter = each.letter("Invitation: Strategic health audit")
        assert "third Tuesday" in letter.subject


def the_launch_is_on_its_way(year: Year) -> None:
    year.until("2026-10-15 12:00")
    link = year.ines.link("step", "Every KPI owner has confirmed")
    assert "Recorded" in year.ines.fills_in(link, {}, "It is done")
    assert "Recorded" in year.ines.opens(link), "the link shows what is on record"


def the_audit_is_held(year: Year) -> None:
    year.until("2026-11-18 12:00")
    _is_closed(year, year.ines, "Strategic health audit 2026-Q4")
    assert year.review("health-audit/2026-Q4").quorate
    year.until("2026-11-25 12:00")


def the_minutes_are_uploaded(year: Year) -> None:
    _minutes_are_filed(year.ines, "Strategic health audit 2026-Q4", MINUTES)
    assert year.review("health-audit/2026-Q4").minutes
    for each in year.people:
        letter = each.letter("Minutes of Strategic health audit 2026-Q4")
        assert "The plug of type C is the standard" in letter.text and "publish the drawings" in letter.text


def one_side_objects(year: Year) -> None:
    link = year.dev.link("object", "The plug of type C")
    name, value = year.dev.form(link, "Object").choice("Globex pays for the test field")
    year.dev.fills_in(link, {name: value, "says": "Both sides pay half of it."}, "Object")
    year.until("2026-11-26 12:00")
    asked = year.ines.letter("the minutes are objected to")
    assert "Both sides pay half of it." in asked.text


def the_objection_is_settled(year: Year) -> None:
    link = year.ines.link("object", "the minutes are objected to")
    year.ines.fills_in(link, {"because": "Globex pays until June, then both pay half."}, "It is settled")
    assert "Globex pays until June" in year.dev.opens(year.dev.link("object", "The plug of type C"))


def an_action_is_ticked(year: Year) -> None:
    year.until("2026-12-03 12:00")
    link = year.dev.link("action", "publish the drawings")
    year.dev.fills_in(link, {}, "It is done")


def silence_accepts(year: Year) -> None:
    year.until("2026-12-10 12:00")
    year.ines.letter("the minutes are accepted")
    assert year.dev.is_refused(year.dev.link("object", "The plug of type C"))


def a_decision_is_found(year: Year) -> None:
    [found] = year.search(year.june, "plug standard")
    assert (found.state, found.body) == ("binding", "Strategic health audit")


def the_start_is_judged(year: Year) -> None:
    year.until("2026-12-17 12:00")
    link = year.dev.link("judge", "One team works from one plan")
    year.dev.fills_in(link, {"verdict": "met", "evidence": "One plan since November."}, "Record the verdict")
    year.marta.fills_in(year.marta.link("action", "Action: ask the board"), {}, "It is done")


def they_say_who_comes(year: Year) -> None:
    """By the link of the invitation; somebody else may come instead. An item is added by its other link."""
    link = year.dev.link("answer", "90-day success checkpoint")
    year.dev.fills_in(link, dict([year.dev.form(link, "Answer").choice("I come")]), "Answer")
    adding = year.june.link("item", "90-day success checkpoint")
    year.june.fills_in(adding, {"says": "Plugs of type D"}, "Add it to the agenda")
    assert "Plugs of type D" in year.marta.opens(year.marta.agenda("20261230"))


def figures_are_reported(year: Year) -> None:
    year.until("2027-01-18 12:00")
    year.dev.fills_in(year.dev.link("report", "Stations tested"), {"value": "4"})
    year.ines.fills_in(year.ines.link("report", "Quokka cost"), {"value": "88"})


def the_checkpoint_decides(year: Year) -> None:
    """Chair and agenda owner are asked what was decided, and say it by a link that a code confirms."""
    adding = year.june.link("item", "90-day success checkpoint")
    year.until("2027-01-07 12:00")
    assert year.june.is_refused(adding)
    _is_closed(year, year.ines, "90-day success checkpoint")
    year.until("2027-01-08 12:00")
    _minutes_are_filed(year.ines, "90-day success checkpoint", "Decisions\n- We go on as we are.\n")
    year.until("2027-01-12 12:00")
    link = year.marta.link("course", "what was decided?")
    assert "Recorded" in year.marta.fills_in(link, {"course": "continue", "because": "One plan, one team."})
    assert "One plan, one team." in year.ines.opens(year.ines.link("course", "what was decided?"))


def a_decision_is_superseded(year: Year) -> None:
    """The next audit replaces what the first decided; that counts until the new one binds, and is kept."""
    year.until("2027-02-17 12:00")
    _is_closed(year, year.ines, "Strategic health audit 2027-Q1")
    year.until("2027-02-23 12:00")
    says = f"Decisions\n- The plug of type D is the standard; replaces {ID}/health-audit/2026-Q4!1\n"
    _minutes_are_filed(year.ines, "Strategic health audit 2027-Q1", says)
    first, second = year.search(year.june, "plug standard")
    assert (first.state, second.state) == ("binding", "draft")
    year.until("2027-03-20 12:00")
    assert year.ines.letter("2027-Q1 of Acme × Globex charging standard: the minutes are accepted").at.day == 10
    first, second = year.search(year.june, "plug standard")
    assert (first.state, first.replaced_by, second.state) == ("superseded", second.decision.id, "binding")


def all_vote_without_meeting(year: Year) -> None:
    """Each side by its sponsor. What is put to the vote is typed where the program runs: it has no link."""
    propose(year.at.app, ID, "A test field in Espoo", None, None, "ines", year.at.now)
    year.until("2027-03-22 12:00")
    for each in (year.marta, year.june):
        link = each.link("vote", "A test field in Espoo")
        assert "Recorded" in each.fills_in(link, {"choice": "yes", "because": "It is close to both."})
    year.until("2027-04-20 12:00")
    [found] = year.search(year.june, "Espoo")
    assert (found.state, found.body) == ("binding", "all parties, without a meeting")


def a_change_is_disputed(year: Year) -> None:
    """The operator writes another target into the definition: both sides hear it, and one of them says no."""
    written = definition()
    written["kpis"]["stations"]["target"] = ">= 5"
    year.at.define(written)
    year.until("2027-04-21 12:00")
    year.dev.fills_in(year.dev.link("dispute", ">= 5"), {"because": "Nobody asked us."}, "It is not right")


def a_deadlock_is_resolved(year: Year) -> None:
    """That the sides cannot agree is typed where the program runs; whose it is says by a link what was decided."""
    record(year.at.app, ID, "Who owns the test data", None, "dev", year.at.now)
    year.until("2027-04-22 12:00")
    link = year.ines.link("resolve", "Who owns the test data")
    year.ines.fills_in(link, {"says": "The test data are both sides'."})
    assert [each.state for each in year.search(year.marta, "test data")] == ["binding"]


def there_is_no_quorum(year: Year) -> None:
    """Globex was not there: the audit is convened again by itself, and the four are invited to it."""
    year.ines.fills_in(year.ines.link("report", "Quokka cost"), {"value": "91"})
    year.until("2027-05-19 12:00")
    _is_closed(year, year.ines, "Strategic health audit 2027-Q2", absent=("dev", "june"))
    assert year.review("health-audit/2027-Q2").quorate is False
    again = year.review("health-audit/2027-Q2-2").review
    assert (again.start - year.at.now).days <= 15
    for each in year.people:
        assert "Wed 26 May 2027" in each.letter("Invitation: Strategic health audit (reconvened)").subject
    year.at.until(again.start + timedelta(days=2))
    _is_closed(year, year.ines, "Strategic health audit (reconvened) 2027-Q2-2")
    assert year.review("health-audit/2027-Q2-2").quorate
    year.until("2027-06-02 10:00")
    _minutes_are_filed(year.ines, "Strategic health audit 2027-Q2", "Decisions\n- To meet again.\n")
    _minutes_are_filed(
        year.ines, "Strategic health audit (reconvened)", "Actions\n- June: find a site by 11 Jun 2027\n"
    )


def a_formal_review_is_called(year: Year) -> None:
    """One of the two sides asks for it, then the other; that calls it, and both hear so."""
    year.until("2027-06-02 12:00")
    year.dev.fills_in(year.dev.link("request"), {"because": "Nobody builds the test field."}, "Ask for it")
    assert year.formal_reviews() == []
    year.until("2027-06-03 12:00")
    year.ines.fills_in(year.ines.link("request"), {"because": "We see it so, too."}, "Ask for it")
    [called] = year.formal_reviews()
    for each in year.people:
        assert "Thu 17 Jun 2027" in each.letter("Invitation: Formal governance review").subject
    assert year.june.opens(year.june.agenda(called.review.start.strftime("%Y%m%d")))


def it_decides_to_cure(year: Year) -> None:
    """Held, its minutes filed, then by the chair's word: a plan that Dev owns, in ten working days."""
    _formal_review_decides(year, {"course": "cure", "because": "The test field can still be built.", "who": "dev"})


def the_cure_is_late(year: Year) -> None:
    """Dev is reminded, then the sponsor of that side hears of it; it is done late, and says so."""
    [due] = [each.due for each in year.actions() if each.owner == "dev" and each.is_open]
    assert due is not None
    year.at.until(_noon(due) + timedelta(days=14))
    for each in (year.dev, year.june):
        each.letter("The test field can still be built.")


def the_cure_is_done(year: Year) -> None:
    link = year.dev.link("action", "The test field can still be built.")
    year.dev.fills_in(link, {"because": "Three weeks late, but it stands."}, "It is done")
    assert "Recorded" in year.dev.opens(link)
    year.dev.fills_in(year.dev.link("report", "Stations tested"), {"value": "5"})


def the_term_is_to_be_renewed(year: Year) -> None:
    """What was decided of it ends the letters about it."""
    year.until("2027-08-20 12:00")
    year.ines.fills_in(year.ines.link("report", "Quokka cost"), {"value": "87"})
    link = year.ines.link("renewal")
    year.ines.fills_in(link, {"word": "renew"})
    before = len(year.dev.letters)
    year.until("2027-09-01 10:00")
    assert not any("2027-12-31" in each.text for each in year.dev.letters[before:])


def it_decides_to_exit(year: Year) -> None:
    """Both sides ask for another formal review; that ends the partnership, and everybody hears so."""
    year.until("2027-09-01 12:00")
    year.dev.fills_in(year.dev.link("request"), {"because": "Nobody buys type D."}, "Ask for it")
    year.ines.fills_in(year.ines.link("request"), {"because": "Neither do we."}, "Ask for it")
    _formal_review_decides(year, {"course": "exit", "because": "The market chose another plug."})


def the_exit_is_wound_down(year: Year) -> None:
    """Whoever has a task in it ticks that by the link of their letter; the partnership ends on its day, counted from
    the review that decided it."""
    year.marta.letter("exit is decided; it ends on Tue 14 Dec 2027")
    while year.at.now < _noon(date(2027, 12, 23)):
        year.at.until(year.at.now + timedelta(days=5))
        for each in year.people:
            for kind, path in [link for letter in each.new_letters() for link in links_in(letter.text)]:
                if kind == "action" and each.can(path, "It is done"):
                    each.fills_in(path, {}, "It is done")
    assert not any(each.is_open for each in year.actions())
    with year.at.app.store.read() as db:
        row = partnerships.get(db, ID)
        assert row is not None and row.ended_at is not None
    assert all(each.is_refused(each.link("away")) for each in year.people)
    [survives] = obligations(year.at.app, ID, JOINT)
    assert "stays between us" in survives.says


def _minutes_are_filed(person: Person, review: str, text: str) -> None:
    """By the link of the letter that asks for them: what was understood is shown first, then it is kept."""
    page = person.fills_in(person.link("minutes", review), {"text": text}, "Show what is understood")
    assert f"Filed. Thank you, {PEOPLE[person.key][0]}" in page


def _is_closed(year: Year, person: Person, review: str, absent: Collection[str] = ()) -> None:
    """A review that was held is closed by the link of the letter that asks whether it was; all but these were there."""
    there = {f"was-{key}": "absent" if key in absent else "there" for key in PEOPLE}
    link = person.link("close", review)
    assert "Recorded" in person.fills_in(link, {"outcome": "held", **there}, "Record it")


CHAPTERS = (
    everybody_is_invited,
    the_launch_is_on_its_way,
    the_audit_is_held,
    the_minutes_are_uploaded,
    one_side_objects,
    the_objection_is_settled,
    an_action_is_ticked,
    silence_accepts,
    a_decision_is_found,
    the_start_is_judged,
    they_say_who_comes,
    the_checkpoint_decides,
    figures_are_reported,
    a_decision_is_superseded,
    all_vote_without_meeting,
    a_change_is_disputed,
    a_deadlock_is_resolved,
    there_is_no_quorum,
    a_formal_review_is_called,
    it_decides_to_cure,
    the_cure_is_late,
    the_cure_is_done,
    the_term_is_to_be_renewed,
    it_decides_to_exit,
    the_exit_is_wound_down,
)


def _formal_review_decides(year: Year, decision: dict[str, str]) -> None:
    """The last formal review is closed and its minutes are filed; the chair says what it decided, by a code."""
    last = year.formal_reviews()[-1].review
    year.at.until(last.start + timedelta(days=1))
    owner, chair = year.person(last.agenda_owner), year.person(last.chair or last.agenda_owner)
    _is_closed(year, owner, f"Formal governance review {last.period}")
    year.at.until(last.start + timedelta(days=5))
    _minutes_are_filed(owner, f"Formal governance review {last.period}", f"Decisions\n- {decision['because']}\n")
    year.at.until(last.start + timedelta(days=8))
    chair.fills_in(chair.link("course", "what was decided?"), decision)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), BERLIN)
