"""The health checks of a partnership: what the last round found, as pictures and words, how it was before; how many of
the reader's own side have answered, and what one may do: have a link sent again, open a round, skip one."""

from collections.abc import Mapping
from decimal import Decimal

from scheduler.domain.errors import InvalidValue
from scheduler.render.languages import say, sentence
from scheduler.render.pictures.dumbbell import Dumbbell
from scheduler.rules import permissions
from scheduler.services.cases import health_checks
from scheduler.services.state import remembered
from scheduler.services.viewer import NotThere
from scheduler.services.views.health import HealthChecks, RoundLine, shown
from scheduler.services.views.health_figure import means_picture
from scheduler.store import health_checks as rounds
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow
from scheduler.web.forms.lifecycle import Wrong, refusal_at, remark

from .page import Acting, Asked, Done, Page, Shown

_WIDE = 720


def _show(asked: Asked) -> Shown[HealthChecks]:
    row = _row(asked)
    facts = shown(asked.app, asked.db, remembered(asked.app, asked.db, row, asked.now), asked.audience(row.id))
    return Shown(
        say("Health checks: %(partnership)s", partnership=facts.name),
        facts,
        {**_pictures(facts), **_acts(asked, row, facts)},
    )


def _row(asked: Asked) -> PartnershipRow:
    id = asked.params["id"]
    audience, row = asked.audience(id), partnerships.get(asked.db, id)
    if row is None or not audience.is_of(asked.app.in_force(row).organisations):
        raise NotThere
    return row


def _pictures(facts: HealthChecks) -> Mapping[str, object]:
    latest = facts.latest
    return {
        "picture": _drawn(latest) if latest and any(_means(latest)) else None,
        "closed": [each for each in facts.rounds if each.state == "closed"],
    }


def _means(round: RoundLine) -> list[Decimal]:
    return [side.mean for area in round.areas for side in area.sides if side.mean is not None]


def _drawn(round: RoundLine) -> Dumbbell:
    return means_picture(((area.title, [(side.name, side.mean) for side in area.sides]) for area in round.areas), _WIDE)


def _acts(asked: Asked, row: PartnershipRow, facts: HealthChecks) -> Mapping[str, object]:
    definition = asked.app.in_force(row).as_of(asked.now)
    person = asked.viewer.person(row.id)
    can_act = row.ended_at is None and asked.viewer.as_organisation is None and asked.on is None and person is not None
    may_run = can_act and person in permissions.who_calls(definition)
    running = facts.running
    is_asked = can_act and running and any(each.person == person for each in rounds.asked_in(asked.db, running.id))
    return {"may_run": may_run, "is_asked": bool(is_asked)}


def _open(acting: Acting) -> Done:
    person, because = _who(acting, "open a round"), _because(acting, "open_because")
    with refusal_at("open_because"):
        health_checks.open_now(acting.app, acting.params["id"], because, person, acting.now)
    return Done(lambda: say("Both sides are asked by letter."))


def _skip(acting: Acting) -> Done:
    person, because = _who(acting, "skip a round"), _because(acting, "skip_because")
    round = acting.said.get("round", "")
    if not round.startswith(f"{acting.params['id']}/"):
        raise Wrong(
            "skip_because", InvalidValue(sentence("Choose a round"), sentence("those that are open or to come"))
        )
    with refusal_at("skip_because"):
        health_checks.skip(acting.app, round, because, person, acting.now)
    return Done(lambda: say("It is skipped, and stays on record as such."))


def _link(acting: Acting) -> Done:
    id, person = acting.params["id"], acting.person(acting.params["id"])
    with acting.app.store.read() as db:
        running = next((each for each in rounds.recorded(db, id) if each.is_open), None)
    if person is None or running is None:
        raise Wrong(
            "link",
            InvalidValue(
                sentence("Nothing is asked of you here"), sentence("a link goes to whoever is asked in a round")
            ),
        )
    with refusal_at("link"):
        health_checks.send_again(acting.app, running.id, person, acting.now)
    return Done(lambda: say("A letter with another link is on its way to you; the one before opens nothing any more."))


def _who(acting: Acting, what: str) -> str:
    """The key of whoever does it, who may. Raises NotPermitted, NotThere."""
    id, person = acting.params["id"], acting.person(acting.params["id"])
    with acting.app.store.read() as db:
        row = partnerships.get(db, id)
        if row is None:
            raise NotThere
        definition = acting.app.in_force(row).as_of(acting.now)
    if person is None:
        raise permissions.NotPermitted(
            f"A person has to {what}",
            "you are nobody in this partnership: cadence health has commands for it, with --by",
        )
    permissions.check(person, permissions.who_calls(definition), definition, what)
    return person


def _because(acting: Acting, field: str) -> str:
    because = remark(acting.said, field)
    if because is None:
        raise Wrong(field, InvalidValue(sentence("Say why"), sentence("it stays on record, and everybody reads it")))
    return because


PAGE = Page("/partnerships/{id}/health", "health_checks.html.j2", _show, {"open": _open, "skip": _skip, "link": _link})
