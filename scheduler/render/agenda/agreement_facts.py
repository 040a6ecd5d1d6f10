"""What the structural model puts on record, as its agendas show it: entity, stake, formula, contributions, scope,
exit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.definition.agreement import Agreement, Amendment, Entity, Equity, Requirements
from scheduler.domain.definition.clause import Obligation
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.quorum import read
from scheduler.domain.definition.vocabulary import Form
from scheduler.domain.phrases import Percent
from scheduler.domain.record.renewal import IN_WORDS, of_term
from scheduler.render.wording import figure
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reviews.scopes import Scope

_CLAUSES = {
    "ip": "Intellectual property",
    "confidentiality": "Confidentiality",
    "dispute_resolution": "Disputes",
    "termination": "Termination",
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
        formula=formula.basis.replace("_", " ") if formula else None,
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
        ends=in_words(scope.ends) if scope.ends else None,
        renewal=_renewal(agreement) if umbrella else None,
        term=_term(partnership) if umbrella else None,
        cancel_by=in_words(cancel_by) if cancel_by else None,
        exit=agreement.exit,
        clauses=tuple((_CLAUSES[key], clause.says) for key, clause in agreement.clauses()),
        obligations=tuple(map(_lasting, agreement.obligations())),
    )


def quorum_members(quorum: str, members: int) -> int | None:
    """How many members ``two thirds of the members`` or ``half of the members`` are; None where the words say no
    part of them."""
    rule = read(quorum)
    return rule.share.of(members) if rule and rule.share and rule.share.written != "all" else None


def _lasting(each: Obligation) -> str:
    until = f"until {in_words(each.until)}" if each.until else each.lasts
    return f"{each.says} ({until})"


def _entity(entity: Entity) -> str:
    return f"{entity.name} ({entity.country})" if entity.country else entity.name


def _stake(equity: Equity, organisations: Mapping[str, Organisation]) -> Stake:
    return Stake(
        holder=_named(equity.holder, organisations),
        held=_named(equity.in_, organisations),
        percent=_percent(equity.percent),
        board={"seat": "a board seat", "observer": "a board observer", "none": "no place on the board"}[equity.board],
    )


def _renewal(agreement: Agreement) -> str | None:
    renewal = agreement.renewal
    match renewal.kind:
        case "tacit":
            return f"by itself for {renewal.for_}, unless notice is given {renewal.notice} before"
        case "express":
            return f"only in writing, for {renewal.for_}; notice {renewal.notice} before"
        case _:
            return None


def _term(partnership: Partnership) -> str | None:
    """What was said of the running term: ``decided on Mon 3 May 2027 to let it end; notice was sent on …``."""
    said = of_term(partnership.renewals, partnership.agreement.ends)
    decided = f"decided on {in_words(said.decided.on)} {IN_WORDS[said.decided.says]}" if said.decided else None
    notice = f"notice was sent on {in_words(said.notice.on)}" if said.notice else None
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
