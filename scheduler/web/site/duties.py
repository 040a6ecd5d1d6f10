"""What people do on several pages: tick a step, say that an action is done, hand it on, give it a date, be led to the
form of what is asked of them. Who may is asked here, once."""

from datetime import date

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue
from scheduler.domain.ids import FromMinutesId, Id, ReviewId
from scheduler.domain.record.minutes import Action
from scheduler.render.languages import known as known_words
from scheduler.render.languages import say, sentence
from scheduler.rules.permissions import NotPermitted, who_owns, who_ticks
from scheduler.services.cases import actions, launch_track, own_matters
from scheduler.services.viewer import NotThere
from scheduler.store import actions as action_store
from scheduler.store import partnerships, reviews
from scheduler.web.forms.lifecycle import Wrong, remark

from .page import Acting, Done


def tick(acting: Acting) -> Done:
    """The step ``rung`` of the checkpoint ``subject`` is done."""
    checkpoint, step = acting.said.get("subject", ""), acting.said.get("rung", "")
    definition = partnership(acting, ReviewId(checkpoint).partnership)
    review, owner = launch_track.step_of(acting.app, checkpoint, step, acting.now)
    acting.check(definition, who_ticks(owner, review, definition), "tick this step")
    by = person(acting, definition.partnership)
    on = day(acting, "on") if acting.said.get("on", "").strip() else None
    done = launch_track.tick(acting.app, checkpoint, step, on, by, acting.now, remark(acting.said, "because"))
    return Done(lambda: say("%(step)s: done.", step=known_words(done.step.says)))


def finish(acting: Acting) -> Done:
    """The action ``subject`` is done."""
    action, by = _action(acting, "say that this action is done")
    done = actions.finish(acting.app, action.id, remark(acting.said, "because"), by, acting.now)
    return Done(lambda: say("Done: %(action)s", action=done.says))


def hand_on(acting: Acting) -> Done:
    """The action ``subject`` is that of the person ``to``."""
    action, by = _action(acting, "hand this action on")
    to = acting.said.get("to", "")
    if not to:
        raise Wrong(
            "to", InvalidValue(sentence("Name whose it is from now on"), sentence("choose somebody of the list"))
        )
    handed = actions.hand_on(acting.app, action.id, to, remark(acting.said, "because"), by, acting.now)
    return Done(lambda: say("Handed on: %(action)s", action=handed.says))


def give_date(acting: Acting) -> Done:
    """The action ``subject`` is due on the day ``due``."""
    action, by = _action(acting, "give this action a date")
    due = day(acting, "due")
    given = actions.give_date(acting.app, action.id, due, by, acting.now)
    return Done(lambda: say("It has its date: %(action)s", action=given.says))


def open_form(acting: Acting) -> Done:
    """To the form on which a matter is answered, by a link that is made now: no page ever holds one."""
    said = acting.said
    known = said.get("partnership", "") or Id(said.get("subject", "")).partnership
    matter = said.get("about", ""), said.get("subject", ""), said.get("rung", "")
    return Done("", own_matters.form_of(acting.app, known, person(acting, known), matter, acting.now))


def _action(acting: Acting, what: str) -> tuple[Action, str | None]:
    """An action, and who speaks of it. Raises NotThere, Refused."""
    id = acting.said.get("subject", "")
    known = partnership(acting, FromMinutesId(id).partnership)
    with acting.app.store.read() as db:
        action = action_store.find(db, id)
        record = reviews.find(db, action.review) if action else None
    if action is None:
        raise NotThere
    nobody = action.owner is None or action.owner not in known.people
    owner = record.review.agenda_owner if record and nobody else action.owner
    acting.check(known, who_owns(owner, known), what)
    return action, acting.person(known.partnership)


def partnership(acting: Acting, id: str) -> Partnership:
    """The partnership of that id, as it stands. Raises NotThere."""
    acting.person(id)
    with acting.app.store.read() as db:
        row = partnerships.get(db, id)
        if row is None:
            raise NotThere
        return acting.app.in_force(row).as_of(acting.now)


def person(acting: Acting, partnership: str) -> str:
    """Who does what only somebody of the partnership can. Raises Refused, NotThere."""
    key = acting.person(partnership)
    if key is None:
        raise NotPermitted(
            sentence("You are nobody of this partnership"), sentence("whoever it is asked of can answer")
        )
    return key


def day(acting: Acting, field: str) -> date:
    """The day in a field. Raises Wrong."""
    try:
        return date.fromisoformat(acting.said.get(field, "").strip())
    except ValueError:
        raise Wrong(field, InvalidValue(sentence("Name a day"), sentence("like 2026-12-18"))) from None
