"""What the structural model puts on record, as its agendas show it: entity, stake, formula, contributions, scope,
exit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.definition.agreement import Agreement, Amendment, Entity, Equity, Renewal, Requirements
from scheduler.domain.definition.clause import Obligation
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.quorum import read
from scheduler.domain.definition.vocabulary import Form
from scheduler.domain.phrases import Percent
from scheduler.domain.record.renewal import of_term
from scheduler.render.languages import known, say, sentence
from scheduler.render.renewal_words import DECIDED
from scheduler.render.wording import day_words, figure, span_words
from scheduler.rules.reviews.scopes import Scope

_CLAUSES = {
    "ip": sentence("Intellectual property"),
    "confidentiality": sentence("Confidentiality"),
    "dispute_resolution": sentence("Disputes"),
    "termination": sentence("Termination"),
}
_BOARD = {
    "seat": sentence("a board seat"),
    "observer": sentence("a board observer"),
    "none": sentence("no place on the board"),
}


@dataclass(frozen=True, slots=True)
class OrganisationShare:
    """What one organisation brings or holds: a percentage, or words."""

    organisation: str
    what: str


@dataclass(frozen=True, slots=True)
class Stake:
    """Who holds how much in whom, with which place on the board."""

    holder: str
    held: str
    percent: str
    board: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The agreement in words, for the model in force on the day of the review. None and empty: not on record."""

    form: Form | None
    entity: str | None
    shares: tuple[OrganisationShare, ...]
    stake: Stake | None
    formula: str | None
    split: tuple[OrganisationShare, ...]
    contributions: tuple[OrganisationShare, ...]
    members: int
    quorum_members: int | None
    reserved_matters: tuple[str, ...]
    scope: str | None
    territory: str | None
    exclusivity: str | None
    ends: str | None
    renewal: str | None
    term: str | None
    cancel_by: str | None
    exit: str | None
    clauses: tuple[tuple[str, str], ...] = ()
    obligations: tuple[str, ...] = ()


def arrangement(scope: Scope, partnership: Partnership, day: date, quorum: str) -> Arrangement:
    """The agreement as the review of that day finds it: amendments in force by then are applied."""
    agreement, organisations = partnership.agreement, scope.organisations
    amended = _amendments(agreement, day) if scope.layer is None else ()
    required = _in_force(scope.requirements, amended)
    entity, equity, formula = required.entity, required.equity, required.formula
    umbrella = scope.layer is None
    cancel_by = partnership.cancel_by if umbrella else None
    return Arrangement(
        form=next((each.form for each in reversed(amended)), scope.form),
        entity=_entity(entity) if entity else None,
        shares=_percents(entity.shares, organisations) if entity else (),
        stake=_stake(equity, organisations) if equity else None,
        formula=known(formula.basis.replace("_", " ")) if formula else None,
        split=_percents(formula.shares, organisations) if formula else (),
        contributions=tuple(
            OrganisationShare(organisation.name, agreement.contributions.get(key, ""))
            for key, organisation in organisations.items()
        ),
        members=len(organisations),
        quorum_members=quorum_members(quorum, len(organisations)),
        reserved_matters=agreement.reserved_matters,
        scope=agreement.scope,
        territory=agreement.territory,
        exclusivity=agreement.exclusivity,
        ends=day_words(scope.ends) if scope.ends else None,
        renewal=_renewal(agreement) if umbrella else None,
        term=_term(partnership) if umbrella else None,
        cancel_by=day_words(cancel_by) if cancel_by else None,
        exit=agreement.exit,
        clauses=tuple((say(_CLAUSES[key]), clause.says) for key, clause in agreement.clauses()),
        obligations=tuple(map(_lasting, agreement.obligations())),
    )


def quorum_members(quorum: str, members: int) -> int | None:
    """How many members ``two thirds of the members`` or ``half of the members`` are; None where the words say no
    part of them."""
    rule = read(quorum)
    return rule.share.of(members) if rule and rule.share and rule.share.written != "all" else None


def _lasting(each: Obligation) -> str:
    until = say("until %(day)s", day=day_words(each.until)) if each.until else each.lasts
    return f"{each.says} ({until})"


def _entity(entity: Entity) -> str:
    return f"{entity.name} ({entity.country})" if entity.country else entity.name


def _stake(equity: Equity, organisations: Mapping[str, Organisation]) -> Stake:
    return Stake(
        holder=_named(equity.holder, organisations),
        held=_named(equity.in_, organisations),
        percent=_percent(equity.percent),
        board=say(_BOARD[equity.board]),
    )


def _renewal(agreement: Agreement) -> str | None:
    renewal = agreement.renewal
    match renewal.kind:
        case "tacit":
            return say("by itself for %(span)s, unless notice is given %(notice)s before", **_spans(renewal))
        case "express":
            return say("only in writing, for %(span)s; notice %(notice)s before", **_spans(renewal))
        case _:
            return None


def _spans(renewal: Renewal) -> dict[str, str]:
    return {"span": span_words(str(renewal.for_)), "notice": span_words(str(renewal.notice))}


def _term(partnership: Partnership) -> str | None:
    """What was said of the running term: ``decided on Mon 3 May 2027 to let it end; notice was sent on …``."""
    said = of_term(partnership.renewals, partnership.agreement.ends)
    decided = say(DECIDED[said.decided.says], day=day_words(said.decided.on)) if said.decided else None
    notice = say("notice was sent on %(day)s", day=day_words(said.notice.on)) if said.notice else None
    return "; ".join(filter(None, (decided, notice))) or None


def _amendments(agreement: Agreement, day: date) -> tuple[Amendment, ...]:
    """Those in force on a day, the latest last."""
    dated = sorted(agreement.amendments, key=lambda amendment: amendment.effective)
    return tuple(amendment for amendment in dated if amendment.effective <= day)


def _in_force(signed: Requirements, amended: tuple[Amendment, ...]) -> Requirements:
    """What the model requires, each part as it was last written down."""
    written = {
        part: getattr(terms, part)
        for terms in (signed, *amended)
        for part in Requirements.model_fields
        if getattr(terms, part) is not None
    }
    return Requirements(**written)


def _percents(
    shares: Mapping[str, Percent], organisations: Mapping[str, Organisation]
) -> tuple[OrganisationShare, ...]:
    return tuple(OrganisationShare(_named(key, organisations), _percent(share)) for key, share in shares.items())


def _percent(share: Percent) -> str:
    return f"{figure(share.value)}%"


def _named(key: str, organisations: Mapping[str, Organisation]) -> str:
    return organisations[key].name if key in organisations else key
