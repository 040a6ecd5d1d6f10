"""That a member asks for a formal review, as what those of the other members are told while more have to ask."""

from collections.abc import Iterator, Mapping
from datetime import date

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import Requested
from scheduler.domain.definition.vocabulary import Kind, Role, Status
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import RequestFacts
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.review_request import ReviewRequest
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scopes import Scope

SUBJECT = "request"
"""What a request is told under: ``<partnership>/request/<organisation>``."""


def notices(
    partnership: Partnership, scope: Scope, recorded: Mapping[str, Recorded], until: date
) -> Iterator[Notification]:
    """Each request that counts, on its day, up to the civil date `until` in the zone of the umbrella `scope`; none once
    enough ask, or a formal review was held since."""
    trigger = next((each for each in partnership.triggers if isinstance(each, Requested)), None)
    asking = _asking(partnership, scope, recorded) if trigger else {}
    lacking = trigger.needed(len(partnership.organisations)) - len(asking) if trigger else 0
    if lacking <= 0:
        return
    others = tuple(
        key
        for key in scope.with_roles((Role.ALLIANCE_MANAGER, Role.SPONSOR))
        if scope.people[key].of is not None and scope.people[key].of not in asking
    )
    for each in asking.values():
        on = each.said_at.astimezone(zone(scope.timezone)).date()
        facts: RequestFacts = {
            "name": partnership.name,
            "member": partnership.organisations[each.organisation].name,
            "who": partnership.name_of(each.by),
            "because": each.because,
            "lacking": lacking,
        }
        if others and on <= until:
            yield Notification(
                partnership=partnership.partnership,
                about="request",
                subject=f"{partnership.partnership}/{SUBJECT}/{each.organisation}",
                period="",
                rung="asked",
                occasion=on.isoformat(),
                on=on,
                people=others,
                facts=facts,
                asked=others,
            )


def _asking(partnership: Partnership, scope: Scope, recorded: Mapping[str, Recorded]) -> dict[str, ReviewRequest]:
    """The first request of each member that counts and was made after the last formal review that was held."""
    held = (each.review.start for each in recorded.values() if _is_formal(each) and each.review.scope_id == scope.id)
    last, found = max(held, default=None), dict[str, ReviewRequest]()
    for each in partnership.requests:
        is_new = last is None or each.said_at > last
        if each.counts and is_new and each.organisation in partnership.organisations:
            found.setdefault(each.organisation, each)
    return found


def _is_formal(record: Recorded) -> bool:
    return record.review.kind is Kind.FORMAL_REVIEW and record.status is Status.HELD
