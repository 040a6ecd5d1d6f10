"""An answer about a task: an action of the minutes, or a step on the way to a checkpoint."""

from scheduler.domain.errors import AlreadyDone
from scheduler.domain.ids import SeriesId
from scheduler.render.languages import sentence
from scheduler.rules.answers.understood import Finished, PutOff, understand
from scheduler.rules.reminders.actions import commitment, owners_zone
from scheduler.rules.reviews.launch_steps import launch_steps
from scheduler.rules.reviews.scopes import scopes
from scheduler.services import lookup
from scheduler.services.cases.actions import finish, give_date
from scheduler.services.cases.launch_track import tick
from scheduler.services.still_theirs import Gone, has_duty
from scheduler.store import actions, launch_ticks, reviews

from .answering import Answering, Became, Said, became, day_here, said


def action(of: Answering) -> Became:
    """Done, or due on another day."""
    known = actions.find(of.db, of.asked.asks.subject)
    if known is None:
        raise Gone("its action is not there")
    parts = scopes(of.partnership, of.app.playbooks)
    scope = next((each for each in parts if each.id == SeriesId(known.series).scope), parts[0])
    found = commitment(known, scope, reviews.recorded(of.db, known.partnership))
    has_duty(of.partnership, of.person, (found.owner, found.deputy, found.presides), of.now)
    says = understand("action", of.said, of.now.astimezone(owners_zone(found, scope)).date())
    match says:
        case Finished():
            try:
                finish(of.app, known.id, says.because, of.person, of.now)
            except AlreadyDone:
                return became("known", said(sentence("It is done.")))
            return became("recorded", _done(says.because))
        case PutOff():
            give_date(of.app, known.id, says.until, of.person, of.now)
            return became("recorded", said(sentence("Due by %(day)s."), day=says.until))
    raise AssertionError(says)


def step(of: Answering) -> Became:
    """Done."""
    asks = of.asked.asks
    record = lookup.checkpoint(of.db, asks.subject)
    scope = next((each for each in scopes(of.partnership, of.app.playbooks) if each.id == record.review.scope_id), None)
    steps = launch_steps(record, scope, launch_ticks.ticks(of.db, asks.partnership)) if scope else ()
    known = next((each for each in steps if each.key == asks.period), None)
    if known is None:
        raise Gone("its step is not there")
    has_duty(of.partnership, of.person, (known.owner, record.review.agenda_owner, record.review.deputy), of.now)
    says = understand("step", of.said, day_here(of, record.review.timezone))
    if known.done_on is not None:
        return became("known", said(sentence("It is done, since %(day)s."), day=known.done_on))
    because = says.because if isinstance(says, Finished) else None
    tick(of.app, record.id, known.key, None, of.person, of.now, because)
    return became("recorded", _done(because))


def _done(because: str | None) -> Said:
    return said(sentence("Done: %(words)s"), words=because) if because else said(sentence("It is done."))
