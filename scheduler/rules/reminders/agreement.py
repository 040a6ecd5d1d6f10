"""The agreement's dates as what people are told ahead of them: decide, give notice, renew, end; and seats left empty.

Steps count back, in calendar days, from the date that they are about, as the umbrella's playbook says. That date is
the occasion, so a changed one arms its alerts anew. A tacit renewal that nobody stops rolls on: each term has its own
dates. These dates wait for nobody: a step on a day off comes on the working day before; where an alliance manager is
away, somebody of that side who is there hears in their place, every time; and once a day to decide or to give notice by
has passed, nothing asks for it any more.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from scheduler.domain.definition.agreement import Agreement, Works, before
from scheduler.domain.definition.document import Document
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.playbook import Alerts
from scheduler.domain.definition.succession import as_left
from scheduler.domain.definition.vocabulary import DayOff, Role
from scheduler.domain.record.notification import About, Ending, Notification
from scheduler.domain.record.notification_facts import AgreementFacts, DocumentFacts, Facts, SeatFacts, ended
from scheduler.domain.record.renewal import TermStanding, of_paper, of_term
from scheduler.rules.reviews.scopes import Scope

SEATS = (Role.SPONSOR, Role.ALLIANCE_MANAGER)
"""The roles that each side needs: one to whom lateness climbs, one who keeps things moving."""
_DAY = timedelta(days=1)


_ASKS = ("decide", "notice")
"""The alerts that ask for what can be done until their day, and not later."""


class Vacancy(NamedTuple):
    """A role that nobody of an organisation has, and the day since when: that of the last to leave, else the start."""

    organisation: str
    role: Role
    since: date


def notices(partnership: Partnership, scopes: Sequence[Scope], today: date, until: date) -> Iterator[Notification]:
    """Every step on or before the civil date `until` for the dates of the agreement, its documents and layers, and for
    seats that are empty.

    `partnership` is as it stands on `today`; `scopes` are its own, the umbrella first. Steps before the agreement takes
    effect are left out, and those that another has overtaken: of a term the alerts before the term's predecessor was
    settled, of an express renewal the end while it can still be asked for.
    """
    umbrella = scopes[0]
    yield from _renewals(partnership, umbrella, today, until)
    yield from document_notices(partnership, umbrella, today, until)
    yield from obligation_notices(partnership, umbrella, until)
    for scope in scopes[1:]:
        yield from _layers_end(partnership, scope, umbrella, until)
    yield from _empty_seats(partnership, umbrella, today, until)


class DateAhead(NamedTuple):
    """A date `on` which something passes for good: to ``decide``, to give ``notice``, the ``end``; that a document
    ``expires`` or an obligation ``binds`` no more. `of` is the layer, document or obligation in words, where it is
    one's."""

    on: date
    what: str
    of: str


def dates_ahead(partnership: Partnership, scopes: Sequence[Scope], today: date, until: date) -> list[DateAhead]:
    """The dates from `today` until a civil date of which people are told ahead, the soonest first."""
    found = dict[DateAhead, None]()
    for each in notices(partnership, scopes, today, until):
        if each.by is not None and today <= each.by <= until and each.about in ("agreement", "document"):
            of = each.facts.get("layer") or each.facts.get("obligation") or each.facts.get("document") or ""
            found[DateAhead(each.by, each.rung.partition("-")[0], str(of))] = None
    return sorted(found)


# The agreement -----------------------------------------------------------------------------------------------------


def decide_by(agreement: Agreement, standards: Alerts, works: Works) -> date | None:
    """The last day on which to decide whether to go on: the cancel-by date, less the time that the playbook leaves."""
    cancel_by = agreement.cancel_by(works)
    return None if cancel_by is None else before(cancel_by, standards.decide, works)


class _Alert(NamedTuple):
    """What is told ahead of a date, on the days so many before it. `after` is the last day on which it is too early;
    `facts` lack who is away."""

    rung: str
    on: date
    days: tuple[int, ...]
    after: date
    facts: Facts


def _renewals(partnership: Partnership, umbrella: Scope, today: date, until: date) -> Iterator[Notification]:
    """The dates of the term that runs and, where it renews by itself, of those that follow."""
    agreement, after = partnership.agreement, _settled_before(partnership, today)
    if umbrella.wind_down is not None:  # it ends by that decision: what came before it was of another end
        after = max(after, umbrella.wind_down.decided_on)
    while agreement.ends is not None:
        alerts = list(_alerts(partnership, agreement, umbrella, after))
        subject = f"{partnership.partnership}/agreement"
        ahead = [each for each in alerts if each.on >= today or each.rung not in _ASKS]
        yield from _told(partnership, umbrella, "agreement", subject, ahead, until)
        cancel_by = agreement.cancel_by(partnership.works)
        rolled = agreement if cancel_by is None else agreement.as_of(cancel_by + _DAY, partnership.works)
        if rolled is agreement or cancel_by is None or cancel_by > until:
            return
        agreement, after = rolled, cancel_by


def _settled_before(partnership: Partnership, today: date) -> date:
    """The day on which the term before the running one was let go on, if there was one; else the eve of the start."""
    agreement = partnership.agreement
    eve = agreement.effective - _DAY
    if agreement.renewal.kind != "tacit" or agreement.ends is None:
        return eve
    term_before = agreement.model_copy(
        update={"ends": before(agreement.ends, agreement.renewal.for_, partnership.works)}
    )
    settled = term_before.cancel_by(partnership.works)
    return settled if settled and eve < settled < today else eve


def _alerts(partnership: Partnership, agreement: Agreement, umbrella: Scope, after: date) -> Iterator[_Alert]:
    playbook, ends = umbrella.playbook.agreement, agreement.ends
    decide = decide_by(agreement, playbook, partnership.works)
    cancel_by = agreement.cancel_by(partnership.works)
    if ends is None:
        return
    said = of_term(partnership.renewals, ends)
    if decide and said.decided is None and said.notice is None:
        facts = _facts(partnership, agreement, "decide", decide, ends)
        yield _Alert("decide", decide, playbook.before_decision, after, facts)
    if cancel_by and is_notice_asked(agreement, said):
        facts = _facts(partnership, agreement, "notice", cancel_by, ends)
        yield _Alert("notice", cancel_by, playbook.before_cancelling, after, facts)
    if agreement.renewal.kind != "tacit":
        sent = said.notice.on if said.notice and agreement.renewal.kind == "none" else after
        last = max(after, cancel_by or after, sent)
        yield _Alert("end", ends, playbook.before_expiry, last, _facts(partnership, agreement, "end", ends, ends))


def is_notice_asked(agreement: Agreement, said: TermStanding) -> bool:
    """Whether a notice is still to leave in a term: not once it was sent, nor where what is decided comes by itself."""
    by_itself = "renew" if agreement.renewal.kind == "tacit" else "lapse"
    return said.notice is None and (said.decided is None or said.decided.says != by_itself)


def _facts(
    partnership: Partnership, agreement: Agreement, asks: Literal["decide", "notice", "end"], on: date, ends: date
) -> AgreementFacts:
    cancel_by, renewal = agreement.cancel_by(partnership.works), agreement.renewal
    said = of_term(partnership.renewals, ends)
    return {
        "asks": asks,
        "name": partnership.name,
        "layer": None,
        "on": on.isoformat(),
        "cancel_by": cancel_by.isoformat() if cancel_by else None,
        "ends": ends.isoformat(),
        "renewal": renewal.kind,
        "term": str(renewal.for_) if renewal.kind == "tacit" else None,
        "decides": partnership.decided_by,
        "survives": bool(agreement.obligations()),
        "leaving": partnership.partnership in partnership.wind_downs,
        "decided": said.decided.says if said.decided else None,
        "away": [],
        "away_on": None,
    }


def _layers_end(partnership: Partnership, scope: Scope, umbrella: Scope, until: date) -> Iterator[Notification]:
    """The end of a layer; where it lasts as long as its umbrella, the umbrella's own alerts tell of it."""
    layer = partnership.layers[scope.layer or ""]
    if layer.ends is None or (umbrella.ends is not None and umbrella.ends <= layer.ends):
        return
    of_agreement = _facts(partnership, partnership.agreement, "end", layer.ends, layer.ends)
    leaving = scope.wind_down is not None
    facts: AgreementFacts = {**of_agreement, "layer": layer.name, "leaving": leaving}
    days = umbrella.playbook.agreement.before_expiry
    after = scope.wind_down.decided_on if scope.wind_down else layer.effective - _DAY
    alerts = [_Alert("end", layer.ends, days, after, facts)]
    yield from _told(partnership, scope, "agreement", f"{scope.id}/agreement", alerts, until)


# Documents ---------------------------------------------------------------------------------------------------------


def document_notices(partnership: Partnership, umbrella: Scope, today: date, until: date) -> Iterator[Notification]:
    """The steps before a document expires; they outlive the agreement. Of one that has expired while another of its
    kind lasts on, nothing more is said; nor of one that was signed anew, or is to lapse."""
    days, eve = umbrella.playbook.agreement.before_expiry, partnership.agreement.effective - _DAY
    for document, longer in running(partnership.agreement.documents, today):
        if document.expires is None or of_paper(partnership.renewals, document.kind, document.expires):
            continue
        facts: DocumentFacts = {
            "name": partnership.name,
            "document": document.words,
            "on": document.expires.isoformat(),
            "has_other": longer is not None,
            "other_expires": longer.expires.isoformat() if longer and longer.expires else None,
            "obligation": None,
            "away": [],
            "away_on": None,
        }
        alerts = [_Alert("expires", document.expires, days, eve, facts)]
        subject = f"{partnership.partnership}/documents/{document.kind}"
        yield from _told(partnership, umbrella, "document", subject, alerts, until)


_LAST_WEEKS = 30
"""So many days before an obligation ends its steps begin: nothing is to be renewed, but what it protected is free."""


def obligation_notices(
    partnership: Partnership, umbrella: Scope, until: date, ended: date | None = None
) -> Iterator[Notification]:
    """The steps of the last weeks before something ends that outlasts the agreement, which was `ended` or ends by
    itself; those of the playbook for documents. It is told apart by its clause and its place in it."""
    eve = partnership.agreement.effective - _DAY
    days = tuple(each for each in umbrella.playbook.agreement.before_expiry if each <= _LAST_WEEKS)
    counted: Counter[str] = Counter()
    for owed in partnership.agreement.obligations(ended):
        counted[owed.clause] += 1
        if owed.until is None:
            continue
        facts: DocumentFacts = {
            "name": partnership.name,
            "document": owed.clause.replace("_", " "),
            "on": owed.until.isoformat(),
            "has_other": False,
            "other_expires": None,
            "obligation": owed.says,
            "away": [],
            "away_on": None,
        }
        subject = f"{partnership.partnership}/obligations/{owed.clause}-{counted[owed.clause]}"
        alerts = [_Alert("binds", owed.until, days, eve, facts)]
        yield from _told(partnership, umbrella, "document", subject, alerts, until)


def running(documents: Iterable[Document], today: date) -> list[tuple[Document, Document | None]]:
    """The documents to be spoken of on a day, each with the one of its kind that lasts longest where that is another:
    all that have not expired, and of each kind the last. Of those that expire on one day, one."""
    each = list({(document.kind, document.expires): document for document in documents}.values())
    longest = {document.kind: document for document in sorted(each, key=_lasts)}
    found = ((document, longest[document.kind]) for document in each)
    return [
        (document, None if longer is document else longer)
        for document, longer in found
        if longer is document or _lasts(document) >= today
    ]


def _lasts(document: Document) -> date:
    return document.expires or date.max


# Who is told -------------------------------------------------------------------------------------------------------


def _told(
    partnership: Partnership, scope: Scope, about: About, subject: str, alerts: Iterable[_Alert], until: date
) -> list[Notification]:
    """The steps of these alerts in their order: to the alliance managers of every side, on the day itself to the
    sponsors too. Each comes in one notice for those who are asked, and one for each who stands in."""
    steps = [
        Notification(
            partnership=partnership.partnership,
            about=about,
            subject=subject,
            period="",
            rung=f"{alert.rung}-{days}",
            occasion=alert.on.isoformat(),
            on=on,
            people=people,
            facts={**alert.facts, "away": away, "away_on": on.isoformat() if away else None},
            by=alert.on,
            asked=people,
        )
        for alert in alerts
        for days in alert.days
        if alert.after < alert.on - timedelta(days=days)
        for on in [scope.calendar.shift(alert.on - timedelta(days=days), DayOff.PREVIOUS)]
        for people, away in _hearers(scope, on, alert.on, also=(Role.SPONSOR,) if days == 0 else ())
    ]
    return sorted((step for step in steps if step.on <= until), key=lambda step: step.on)


def _hearers(scope: Scope, on: date, by: date, also: tuple[Role, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Who is told on a day of something that has its date `by` then: the alliance managers; for each who is away that
    day, whoever of that side stands in, with the names of those who are away. One who is back too late hears nothing.
    """
    named = _managers(scope, also)
    in_time = tuple(key for key in named if _is_there(scope, key, on, by))
    stand_ins: dict[str, list[str]] = {}
    for key in named:
        if scope.people[key].is_away(on) and (other := _stand_in(scope, key, named, on, by)):
            stand_ins.setdefault(other, []).append(scope.people[key].name)
    if in_time:
        yield in_time, []
    for key, names in stand_ins.items():
        yield (key,), names


def _stand_in(scope: Scope, away: str, named: Collection[str], on: date, by: date) -> str | None:
    """Who is told in the place of somebody: another alliance manager of that side, its sponsor, anybody of it who is
    there that day; else who is back first before the date. None where whoever it would be is told already, or where
    that side has nobody in time."""
    side = scope.people[away].of
    rank = {Role.ALLIANCE_MANAGER: 0, Role.SPONSOR: 1}
    others = [key for key, person in scope.people.items() if person.of == side and key != away]
    others = sorted(
        others, key=lambda key: (scope.people[key].is_away(on), rank.get(scope.people[key].role or Role.MEMBER, 2))
    )
    there = next((key for key in others if _is_there(scope, key, on, by)), None)
    return None if there in named else there


def _is_there(scope: Scope, key: str, on: date, by: date) -> bool:
    """Whether somebody is at work on a day from `on` to `by`, or is not away on `on` itself, a step's own day."""
    person, calendar = scope.people[key], scope.calendar_of(key)
    days = (on + timedelta(days=n) for n in range((by - on).days + 1))
    return not person.is_away(on) or any(not person.is_away(day) and not calendar.is_off(day) for day in days)


def _managers(scope: Scope, also: tuple[Role, ...] = ()) -> tuple[str, ...]:
    return scope.with_roles((Role.ALLIANCE_MANAGER, *also)) or (scope.default_agenda_owner,)


# Seats -------------------------------------------------------------------------------------------------------------


def vacancies(scopes: Sequence[Scope], today: date) -> tuple[Vacancy, ...]:
    """The seats of each side that nobody fills today: its sponsor's, its alliance manager's."""
    return tuple(_vacancies(scopes[0], scopes[0].people, today))


def settlements(scopes: Sequence[Scope]) -> dict[tuple[str, str], Ending]:
    """Who fills each seat that is not empty, for those who were told that it was, by subject and period."""
    umbrella = scopes[0]
    return {
        (_seat(umbrella, person.of, person.role), ""): Ending(ended("filled", person.name, role=person.role.words))
        for person in umbrella.people.values()
        if person.role in SEATS and person.of in umbrella.organisations
    }


def _seat(umbrella: Scope, organisation: str | None, role: Role) -> str:
    return f"{umbrella.partnership}/seats/{organisation}/{role.value}"


def _vacancies(umbrella: Scope, people: Mapping[str, Person], day: date) -> Iterator[Vacancy]:
    filled = {(person.of, person.role) for person in people.values()}
    for organisation in umbrella.organisations:
        left = [each.leaves for each in people.values() if each.of == organisation and each.leaves]
        since = max([umbrella.effective, *(leaves for leaves in left if leaves <= day)])
        yield from (Vacancy(organisation, role, since) for role in SEATS if (organisation, role) not in filled)


def _empty_seats(partnership: Partnership, umbrella: Scope, today: date, until: date) -> Iterator[Notification]:
    """The seats that are empty today, and those that somebody will leave empty."""
    to_leave = {person.leaves for person in partnership.people.values() if person.leaves}
    known = set[Vacancy]()
    for day in sorted({today, *(day for day in to_leave if today < day <= until)}):
        people = as_left(partnership, day).people
        for vacancy in _vacancies(umbrella, people, day):
            if vacancy.since <= until and vacancy not in known:
                known.add(vacancy)
                yield _empty_seat(partnership, umbrella, people, vacancy)


def _empty_seat(
    partnership: Partnership, umbrella: Scope, people: Mapping[str, Person], vacancy: Vacancy
) -> Notification:
    facts: SeatFacts = {
        "name": partnership.name,
        "side": umbrella.organisations[vacancy.organisation].name,
        "role": vacancy.role.words,
    }
    told = _remaining(people, vacancy.organisation) or (umbrella.default_agenda_owner,)
    return Notification(
        partnership=partnership.partnership,
        about="seat",
        subject=_seat(umbrella, vacancy.organisation, vacancy.role),
        period="",
        rung="vacant",
        occasion=vacancy.since.isoformat(),
        on=vacancy.since,
        people=told,
        facts=facts,
        late=True,
        asked=told,
    )


def _remaining(people: Mapping[str, Person], organisation: str) -> tuple[str, ...]:
    """The alliance managers and sponsors of that side; where it has none, those of the other sides."""
    leading = [(key, person.of) for key, person in people.items() if person.role in SEATS]
    return tuple(key for key, of in leading if of == organisation) or tuple(key for key, _ in leading)
