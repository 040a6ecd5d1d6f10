"""One partnership as it stands: its definition in force, its next reviews, those to be closed, what is overdue."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.renewal import RenewalWord, TermStanding, of_term
from scheduler.rules.access import may_see
from scheduler.services.views import overdue, portfolio, reviews

if TYPE_CHECKING:
    from scheduler.domain.definition.clause import Obligation
    from scheduler.domain.definition.partnership import Layer, Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.domain.record.wind_down import WindDown
    from scheduler.rules.access import Audience
    from scheduler.rules.reminders.agreement import Vacancy
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow
    from scheduler.store.versions import VersionHeader as VersionHeader

_NEXT = 5
_NOT_CLOSED = (Status.PLANNED, Status.UNRECORDED)


@dataclass(frozen=True)
class PartnershipStanding:
    """A partnership on a day. `state` is in words; `problems` are those of its file, which are the operator's to mend
    and nobody else's to see; `to_close` are reviews that are over, the oldest first."""

    id: str
    name: str
    state: str
    ended_at: datetime | None
    file: str
    definition: "Partnership"
    decide_by: date | None
    term: TermStanding
    """What was said of the running term."""
    vacant: "tuple[Vacancy, ...]"
    coming: "tuple[Recorded, ...]"
    to_close: "tuple[Recorded, ...]"
    overlaps: "Mapping[str, tuple[str, ...]]"
    """Of reviews shown here (ids) those at their time with somebody in both, as far as the audience may see them."""
    overdue: "tuple[overdue.Overdue, ...]"
    problems: tuple[Mapping[str, Any], ...]
    paused: portfolio.PausedNow | None = None
    obligations: "tuple[Obligation, ...]" = ()
    exits: "Mapping[str, WindDown]" = field(default_factory=dict)
    """The exits in force, by scope."""


def versions(app: "App", id: str) -> "list[VersionHeader]":
    """Every version of its definition, as they were taken up, the earliest first. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.store import versions as store

    with app.store.read() as db:
        return store.listing(db, lookup.partnership(db, id).id)


def partnership(app: "App", id: str, now: datetime, audience: "Audience") -> PartnershipStanding:
    """The partnership of that id as this audience may see it. Raises `UserError`, too, for an organisation that is
    none of its partners."""
    from scheduler.rules.reminders.agreement import decide_by, vacancies
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.services import lookup
    from scheduler.services.folders import differs, local
    from scheduler.services.views.overlaps import overlaps
    from scheduler.store import file_states
    from scheduler.store import reviews as recorded

    with app.store.read() as db:
        row = lookup.partnership(db, id)
        definition, paused = app.in_force(row).as_of(now), portfolio.paused_now(app, db, row, now)
        if audience.organisation is not None:
            lookup.organisation(definition, audience.organisation)
        standing = (each.as_of(now) for each in recorded.listing(db, partnership=id))
        planned = [each for each in standing if each.status in _NOT_CLOSED]
        here = str(local(app, row.file))
        file = file_states.get(db, here) if audience.sees_all else None
        problems = [*(row.problem or ()), *((file.problems if file else None) or ())]
        parts = scopes(definition, app.playbooks)
        today = now.astimezone(ZoneInfo(definition.zone)).date()
        coming = tuple([each for each in planned if not each.is_past(now)][:_NEXT])
        return PartnershipStanding(
            id=row.id,
            name=row.name,
            state=portfolio.state(row, paused, is_held=differs(app, db, row)),
            ended_at=row.ended_at,
            file=here,
            definition=_as_seen(definition, audience),
            decide_by=decide_by(definition.agreement, parts[0].playbook.agreement, definition.works),
            term=of_term(definition.renewals, definition.agreement.ends),
            vacant=() if row.ended_at else tuple(vacancies(parts, today)),
            coming=coming,
            to_close=() if row.ended_at else tuple(each for each in planned if each.is_past(now)),
            overlaps=overlaps(app, db, [each.id for each in coming], audience),
            overdue=overdue.of_partnership(app, db, row, now, audience),
            problems=tuple(problems) if audience.sees_all else (),
            paused=paused,
            obligations=obligations_of(row, definition),
            exits=definition.wind_downs,
        )


def as_json(standing: PartnershipStanding) -> dict[str, Any]:
    """A partnership as `show --json` shows it."""
    return {
        "id": standing.id,
        "name": standing.name,
        "state": standing.state,
        "needs_approval": standing.state == portfolio.WAITS,
        "ended_at": standing.ended_at,
        "paused": asdict(standing.paused) if standing.paused else None,
        "file": standing.file,
        "cancel_by": None if standing.ended_at else standing.definition.cancel_by,
        "decide_by": None if standing.ended_at else standing.decide_by,
        "obligations": [
            {"clause": each.clause, "says": each.says, "until": each.until, "lasts": each.lasts}
            for each in standing.obligations
        ],
        "exits": {scope: each._asdict() for scope, each in standing.exits.items()},
        "renewal": {"decided": _said(standing.term.decided), "notice_sent": _said(standing.term.notice)},
        "vacant": [seat._asdict() for seat in standing.vacant],
        "definition": standing.definition.model_dump(mode="json", by_alias=True, exclude_none=True),
        "next_reviews": [_review(each, standing) for each in standing.coming],
        "to_close": [_review(each, standing) for each in standing.to_close],
        "overdue": [overdue.as_json(each) for each in standing.overdue],
        "problems": list(standing.problems),
    }


def obligations_of(row: "PartnershipRow", definition: "Partnership") -> "tuple[Obligation, ...]":
    """What binds after the end of a partnership: of one that was ended counted from that day, of one whose exit is
    decided from its last."""
    leaving = definition.wind_downs.get(row.id)
    ended = row.ended_at.astimezone(ZoneInfo(definition.zone)).date() if row.ended_at else None
    last = min((day for day in (leaving.ends if leaving else None, ended) if day), default=None)
    return definition.agreement.obligations(last)


def _said(word: RenewalWord | None) -> dict[str, Any] | None:
    if word is None:
        return None
    return {"says": word.says, "term_ends": word.ends, "on": word.on, "by": word.by, "because": word.because}


def _review(record: "Recorded", standing: PartnershipStanding) -> dict[str, Any]:
    return {**reviews.as_json(record), "overlaps": standing.overlaps.get(record.id, ())}


def _as_seen(definition: "Partnership", audience: "Audience") -> "Partnership":
    """The definition without what is internal to another organisation: its KPIs, the triggers that watch nothing else,
    and that a criterion rests on one."""
    if audience.sees_all:
        return definition
    parts: tuple[Partnership | Layer, ...] = (definition, *definition.layers.values())
    seen = {key for part in parts for key, kpi in part.kpis.items() if may_see(kpi, audience)}
    hidden = {key for part in parts for key in part.kpis} - seen
    layers = {key: layer.model_copy(update=_seen(layer, audience)) for key, layer in definition.layers.items()}
    triggers = tuple(each for each in definition.triggers if getattr(each, "kpi", None) not in hidden)
    return definition.model_copy(update={**_seen(definition, audience), "layers": layers, "triggers": triggers})


def _seen(part: "Partnership | Layer", audience: "Audience") -> dict[str, Any]:
    """The KPIs and the criteria of an umbrella or a layer, as this audience may see them."""
    kpis = {key: kpi for key, kpi in part.kpis.items() if may_see(kpi, audience)}
    success = part.success_at_90_days
    if success is None:
        return {"kpis": kpis}
    unseen = {"kpi": None, "target": None}
    criteria = tuple(each if each.kpi in (None, *kpis) else each.model_copy(update=unseen) for each in success.criteria)
    return {"kpis": kpis, "success_at_90_days": success.model_copy(update={"criteria": criteria})}
