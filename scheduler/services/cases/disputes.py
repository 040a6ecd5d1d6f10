"""Somebody says that a reading, or what an edit of the definition changed, is not right: by command or by link. It is
on record and stands on the next agenda until they withdraw it or it is settled; a corrected reading ends it too.

At the network level alone: what is internal to an organisation is nobody else's to contest.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.ids import KpiId
from scheduler.domain.record.dispute import DefinitionChange, Dispute
from scheduler.rules.access import JOINT, may_see
from scheduler.services import lookup
from scheduler.services.kpi_lookup import call
from scheduler.store import disputes, partnerships

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.services.app import App


def contest(app: "App", kpi: str, period: str | None, because: str, by: str, now: datetime) -> Dispute:
    """A person of another side than the owner's says that a reading is not right; without `period` the last one that
    was reported. The same words once more change nothing. Raises `UserError`: an unknown KPI, period or person, one
    that is internal to an organisation, a period without a reading, a reading of their own side."""
    with app.store.write(kpi) as db:
        named = call(app, db, kpi, now)
        person = lookup.person(named.partnership, by) or by
        if not may_see(named.kpi, JOINT):
            raise UserError(f"{named.id} is internal to an organisation", "what is its own is nobody else's to contest")
        reported = [each for each in named.periods if each.reading]
        if period is None and not reported:
            raise UserError(f"nothing of {named.id} was reported yet", "there is nothing to contest")
        owed = named.named(period) if period is not None else reported[-1]
        if owed.reading is None:
            raise UserError(f"{named.id} is not reported for {owed.period.name}", "there is nothing to contest")
        _of_another_side(named.partnership.organisation_of(person), named.partnership.organisation_of(owed.kpi.owner))
        return _said(db, named.row.id, "reading", named.id, owed.period.label, because, person, now)


def object_to_change(app: "App", partnership: str, number: int, because: str, by: str, now: datetime) -> Dispute:
    """A person objects to what an edit of the definition changed. Raises `UserError` for an unknown partnership, change
    or person."""
    with app.store.write(partnership) as db:
        row = lookup.not_ended(lookup.partnership(db, partnership))
        person = lookup.person(app.in_force(row).as_of(now), by) or by
        change_of(db, row.id, number)
        return _said(db, row.id, "change", str(number), "", because, person, now)


def settle(
    app: "App", number: int, how: Literal["withdrawn", "settled"], because: str | None, by: str | None, now: datetime
) -> Dispute:
    """It stands no longer. Raises AlreadyDone where it stands no more, `UserError` where there is none of that
    number, or where somebody else would withdraw it."""
    with app.store.write_found(lambda db: _whose(db, number)) as db:
        found = disputes.find(db, number)
        if found is None:
            raise UserError(f"there is no dispute {number}", "cadence disputes list shows them")
        if not found.is_open:
            raise AlreadyDone(f"dispute {number} was {found.how} already", "it stays as it is")
        row = lookup.partnership(db, found.partnership)
        person = lookup.person(app.in_force(row).as_of(now), by)
        if how == "withdrawn" and person and person != found.by:
            raise UserError(
                f"{found.by} has said it, and nobody else takes that back", "settle it, with what was agreed"
            )
        disputes.settle(db, found, how, because, person, now)
        partnerships.wake(db, row.id, now)
        return found


def _whose(db: "Connection", number: int) -> list[str]:
    found = disputes.find(db, number)
    return [found.partnership] if found else []


def change_of(db: "Connection", partnership: str, number: int) -> DefinitionChange:
    """A change of a definition. Raises `UserError` where there is none of that number."""
    known = disputes.changes(db, partnership)
    found = next((each for each in known if each.number == number), None)
    if found is None:
        numbers = ", ".join(str(each.number) for each in known[-5:])
        what = f"{partnership} has no change {number}"
        raise UserError(what, f"its last are {numbers}" if numbers else "nothing was changed that concerns all sides")
    return found


def _of_another_side(person: str | None, owner: str | None) -> None:
    if person is not None and person == owner:
        raise UserError(
            "that is a reading of their own side", "correct it: cadence kpi report KPI VALUE --period PERIOD"
        )


def _said(
    db: "Connection",
    partnership: str,
    about: Literal["reading", "change"],
    subject: str,
    period: str,
    because: str,
    by: str,
    now: datetime,
) -> Dispute:
    for each in disputes.of_partnership(db, partnership):
        same = (each.about, each.subject, each.period, each.by, each.says) == (about, subject, period, by, because)
        if same and each.is_open:
            return each
    disputes.add(db, partnership, about, subject, period, because, by, now)
    partnerships.wake(db, KpiId(subject).partnership if about == "reading" else partnership, now)
    return disputes.of_partnership(db, partnership)[-1]
