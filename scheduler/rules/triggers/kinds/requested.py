"""So many of the members ask for a formal review."""

from collections.abc import Iterator

from scheduler.domain.definition.trigger import Requested
from scheduler.domain.record.review_request import ReviewRequest
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.triggers.runs import listed
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, cause

_MATTER = "requested"


def in_words(trigger: Requested) -> str:
    if trigger.members is None:
        return f"{trigger.share.words} of the members ask for it"
    return "a member asks for it" if trigger.members == 1 else f"{trigger.members} members ask for it"


def causes(trigger: Requested, at: Situation) -> Iterator[Cause]:
    asking = _asking(at)
    if len(asking) >= trigger.needed(len(at.partnership.organisations)):
        names = [_name(each, at) for each in asking]
        says = f"{listed(names)} {'asks' if len(names) == 1 else 'ask'} for a formal review: {asking[0].because}"
        key = f"{_MATTER}/{at.day_of(asking[0].said_at)}"
        yield cause(at, in_words(trigger), key, says, (_evidence(each, at) for each in asking))


def forecast(trigger: Requested, at: Situation) -> Iterator[TriggerForecast]:
    asking, needed = _asking(at), trigger.needed(len(at.partnership.organisations))
    holds = len(asking) >= needed
    ask, call = "asks" if len(asking) == 1 else "ask", "calls" if needed == 1 else "call"
    says = f"{len(asking)} of the members {ask}, {needed} {call} a review"
    which = f": {listed([_name(each, at) for each in asking])}" if asking else ""
    yield TriggerForecast(at.scope.id, in_words(trigger), "members", holds, says + which)


def _asking(at: Situation) -> list[ReviewRequest]:
    """The first request of each member that counts, made after the day of the last formal review about one."""
    since, found = at.since(_MATTER), dict[str, ReviewRequest]()
    for each in at.partnership.requests:
        if each.counts and each.organisation in at.partnership.organisations and at.day_of(each.said_at) > since:
            found.setdefault(each.organisation, each)
    return list(found.values())


def _name(request: ReviewRequest, at: Situation) -> str:
    return at.partnership.organisations[request.organisation].name


def _evidence(request: ReviewRequest, at: Situation) -> Evidence:
    by = at.partnership.name_of(request.by)
    return Evidence(at.day_of(request.said_at), f"{_name(request, at)} asked for it, by {by}: {request.because}")


RULES = TriggerRules(in_words, causes, forecast)
