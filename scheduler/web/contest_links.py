"""Where the reader of an agenda says that a figure of another side is not right: a link for each KPI's last reading."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.domain.record.review import Recorded
from scheduler.render.agenda.kpi_lines import value_words
from scheduler.render.languages import say
from scheduler.render.signed_links import Holder, dispute_link
from scheduler.render.templating import escaped
from scheduler.render.wording import period_words
from scheduler.rules.access import JOINT, may_see
from scheduler.services.state import PartnershipState


def contest_links(known: PartnershipState, record: Recorded, person: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """What can be contested by a person, in words, and the link: the last reading of each KPI of the review's scope
    that all may see and whose owner is of another side."""
    scope, site, side = known.scope_of(record.review), known.site, known.partnership.organisation_of(person)
    if scope is None or site is None:
        return ()
    found = []
    whose, until = Holder(person, known.seal(person)), now + timedelta(days=known.settings.web.link_days)
    for key in scope.kpis:
        reported = [each for each in known.owed[scope.id] if each.key == key and each.reading]
        last = reported[-1] if reported else None
        if last is None or last.reading is None or not may_see(last.kpi, JOINT):
            continue
        if side is not None and side == known.partnership.organisation_of(last.kpi.owner):
            continue
        subject, version = f"{last.id}:{last.period.label}", last.reading.reported_at.isoformat()
        link = dispute_link(*site, known.partnership.partnership, "reading", subject, version, whose, until)
        found.append((f"{last.kpi.name}, {period_words(last.period)}: {value_words(last.kpi, last.reading)}", link))
    return tuple(found)


def with_links(links: Iterable[tuple[str, str]]) -> str:
    """The section of the agenda's page, in Markdown."""
    lines = (f"- [{escaped(says)}]({url})" for says, url in links)
    heading, what = say("Is a figure not right?"), say("Say so, and it stands on the next agenda:")
    return "\n".join(("", f"## {heading}", "", what, "", *lines, ""))
