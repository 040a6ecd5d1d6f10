"""Who looks where a program reads: its token says what it may see. It is nobody's session and acts for nobody."""

from dataclasses import dataclass

from sqlalchemy import Connection

from scheduler.rules.access import OPERATOR, Audience
from scheduler.services.app import App
from scheduler.services.viewer import Membership, NotThere, Viewer
from scheduler.store import members, partnerships
from scheduler.store.tables import ApiTokenRow


@dataclass(frozen=True, slots=True)
class ProgramViewer(Viewer):
    """A program that reads. `reach` is the one partnership that it may read, None for all; one of no organisation sees
    what all partners may, or where it has `every_level` also what is internal to any."""

    reach: str | None = None
    every_level: bool = False

    @property
    def sees_all(self) -> bool:
        return self.every_level and self.reach is None

    def audience(self, partnership: str) -> Audience:
        if self.sees_all:
            return OPERATOR
        if partnership not in self.seats:
            raise NotThere
        return OPERATOR if self.every_level else Audience(self.seats[partnership].organisation)

    def person(self, partnership: str) -> str | None:
        return None


def program_viewer(app: App, db: Connection, token: ApiTokenRow) -> ProgramViewer:
    """What a token lets its program see: of the partnerships in force the one that it names, or all; of those where it
    is of an organisation, those in which that is a partner."""
    every_level = token.actor_level and token.organisation is None
    seats = {} if every_level and token.partnership is None else {id: _seat(id, token) for id in _reach(app, db, token)}
    return ProgramViewer("", token.name, "UTC", seats, reach=token.partnership, every_level=every_level)


def _seat(id: str, token: ApiTokenRow) -> Membership:
    return Membership(id, "", token.organisation, token.organisation, None, token.name, "UTC")


def _reach(app: App, db: Connection, token: ApiTokenRow) -> list[str]:
    if token.partnership is not None:
        row = partnerships.get(db, token.partnership)
        is_theirs = row is not None and token.organisation in (None, *app.in_force(row).organisations)
        return [token.partnership] if row is not None and row.ended_at is None and is_theirs else []
    in_force = [each.id for each in partnerships.briefs(db) if each.ended_at is None]
    theirs = members.partnerships_of_organisation(db, token.organisation) if token.organisation else in_force
    return sorted({*in_force} & {*theirs})
