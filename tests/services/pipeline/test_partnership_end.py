"""What goes on after somebody has left, or after a partnership has ended."""

from datetime import timedelta

from scheduler.domain.record.minutes import Action
from scheduler.store import actions, notifications, partnerships
from tests.builders import TOM, at
from tests.builders import written as a_definition
from tests.services.town import DAY_ONE, Town

NDA = {"kind": "nda", "expires": "2027-06-30"}
LEAVING = {**TOM, "leaves": "2026-12-01", "successor": "dev"}


def an_action(number: int, owner: str | None, done: bool = False) -> Action:
    review, series = "acme-globex/operating/2026-10", "acme-globex/operating"
    ended = at("2026-11-01 09:00") if done else None
    opened = at("2026-10-21 09:00")
    return Action(f"{review}#{number}", "acme-globex", series, review, "Send it", owner, None, opened, ended)


def owners(town: Town) -> list[str | None]:
    with town.app.store.read() as db:
        return [each.owner for each in actions.recorded(db, "acme-globex")]


def spoken_of(town: Town) -> set[str]:
    with town.app.store.read() as db:
        return {f"{each.subject} {each.rung}" for each in notifications.listing(db) if each.about == "document"}


def end(town: Town) -> None:
    with town.app.store.write() as db:
        partnerships.end(db, "acme-globex", DAY_ONE)
        partnerships.wake(db, "acme-globex", DAY_ONE)


def test_open_actions_are_the_successors_from_the_day_of_leaving_and_done_ones_stay(town: Town) -> None:
    town.define(people={**a_definition()["people"], "tom": LEAVING})
    town.cycle(at("2026-11-20 09:00"))
    with town.app.store.write() as db:
        actions.save(
            db, [an_action(1, "tom"), an_action(2, "tom", done=True), an_action(3, "ines"), an_action(4, None)]
        )
    town.cycle(at("2026-11-30 23:59"))
    assert owners(town) == ["tom", "tom", "ines", None]
    town.cycle(at("2026-12-01 00:00"))
    assert owners(town) == ["dev", "tom", "ines", None]


def test_a_document_that_outlives_a_partnership_wakes_it_on_the_day_of_each_step(town: Town) -> None:
    """The playbook tells 90, 60, 30, 7 and 0 days ahead; of 30 June 2027 the first is 1 April."""
    town.define(agreement={"documents": [NDA]})
    town.cycle()
    end(town)
    town.cycle()
    assert spoken_of(town) == set()
    assert town.cycle(at("2027-03-31 23:59")).governed == 0
    assert town.cycle(at("2027-04-01 00:00")).governed == 1
    assert spoken_of(town) == {"acme-globex/documents/nda expires-90"}
    town.cycle(at("2027-06-30 12:00"))
    assert spoken_of(town) == {f"acme-globex/documents/nda expires-{days}" for days in (90, 60, 30, 7, 0)}
    assert town.cycle(at("2027-07-01 09:00")).governed == 0


def test_what_its_file_says_of_the_document_after_the_end_counts(town: Town) -> None:
    town.define(agreement={"documents": [NDA]})
    town.cycle()
    end(town)
    town.define(agreement={"documents": [{**NDA, "expires": "2028-06-30"}]})
    town.cycle(DAY_ONE + timedelta(days=1))
    town.cycle(at("2027-06-30 12:00"))
    assert spoken_of(town) == set()


def test_a_document_that_had_expired_at_the_end_is_not_spoken_of(town: Town) -> None:
    town.define(agreement={"documents": [{**NDA, "expires": "2026-09-30"}]})
    town.cycle()
    end(town)
    assert town.cycle(at("2027-06-30 12:00")).problems == 0
    assert spoken_of(town) == set()


KEPT_SECRET = {"says": "What each side learns stays with it", "survives": "1 year"}


def told_of(town: Town, about: str) -> set[str]:
    with town.app.store.read() as db:
        return {each.rung for each in notifications.listing(db) if about in each.subject}


def test_what_outlasts_the_end_is_told_in_its_last_weeks_counted_from_the_day_of_the_end(town: Town) -> None:
    """Ended on Thursday 1 October 2026: it binds until 1 October 2027. The steps of the last 30 days are told."""
    town.define(agreement={"confidentiality": KEPT_SECRET})
    town.cycle()
    end(town)
    town.cycle()
    assert town.cycle(at("2027-08-31 23:59")).governed == 0
    town.cycle(at("2027-09-01 00:00"))
    assert told_of(town, "obligations/confidentiality-1") == {"binds-30"}
    town.cycle(at("2027-10-01 12:00"))
    assert told_of(town, "obligations/confidentiality-1") == {"binds-30", "binds-7", "binds-0"}


def test_what_outlasts_the_agreement_is_a_mark_in_the_shared_calendar_and_in_those_of_alliance_managers(
    town: Town,
) -> None:
    town.define(agreement={"ends": "2029-09-30", "confidentiality": KEPT_SECRET, "survives": ["The licence"]})
    town.cycle()
    folder = town.app.settings.data / "calendars"
    for file in ("acme-globex.ics", "people/ines.falk@acme.example.ics", "people/dev.patel@globex.example.ics"):
        text = (folder / file).read_text(encoding="utf-8").replace("\r\n ", "")
        assert "DTSTART;VALUE=DATE:20300930" in text
        assert text.count("CATEGORIES:Obligation") == 1
    assert "Obligation" not in (folder / "people" / "tom.reyes@globex.example.ics").read_text(encoding="utf-8")
