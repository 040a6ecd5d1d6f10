"""Governance that is thin: what a model needs to be led by, one person who is asked twice, nobody who stands in."""

from collections.abc import Iterable, Iterator

from scheduler.definitions.checks.subject import CheckedDefinition, CheckedPart, Finding, warning
from scheduler.definitions.problems import Trail
from scheduler.domain.definition.vocabulary import Model, Role
from scheduler.rules.competition_law import guard_of

_WORKING, _LEADING = ("pipeline", "operating"), ("strategy",)
"""The kinds of review of those who do the work, and of those to whom they turn where they cannot agree."""
_DECIDES: Trail = ("agreement", "decides")


def stakes_have_a_way_out_and_a_voice(subject: CheckedDefinition) -> Iterator[Finding]:
    """Capital at risk has exit provisions and a seat or an observer on the board, defined up front."""
    agreement = subject.partnership.agreement
    for part in _of(subject, Model.EQUITY_ALLIANCE):
        stake = part.requirements.equity or agreement.equity
        if stake is not None and stake.board == "none":
            what = "the stake has no seat and no observer on the board"
            way = "write board: seat or board: observer, or keep it if the holder wants no voice"
            yield warning((*part.terms, "equity", "board"), what, way, ("agreement", "equity"), of="key")
    if any(_of(subject, Model.EQUITY_ALLIANCE)) and agreement.exit is None:
        what = "nothing is on record of how the holder of the stake gets out again"
        way = "add exit: put option from 2029 at a valuer's price; agree it while nobody wants it"
        yield warning(("agreement", "exit"), what, way, of="key")


def ventures_have_shares_and_a_board(subject: CheckedDefinition) -> Iterator[Finding]:
    """Whoever owns a joint venture, and by how much, is on record, and its board meets."""
    agreement = subject.partnership.agreement
    for part in _of(subject, Model.JOINT_VENTURE):
        entity = part.requirements.entity or agreement.entity
        if entity is not None and not entity.shares:
            what = f"who owns how much of {entity.name} is not said"
            way = f"write entity: {{name: {entity.name}, shares: {{one owner: 50, the other: 50}}}}"
            yield warning((*part.terms, "entity"), what, way, ("agreement", "entity"), of="key")
        board = part.reviews.get("health-audit")
        if board is not None and board.off:
            what = "a joint venture's board is its review health-audit, and here that is not held"
            way = "take `off` away: a board meets at least once a quarter"
            yield warning((*part.path, "reviews", "health-audit", "off"), what, way)


def consortia_have_contributions_and_a_rule(subject: CheckedDefinition) -> Iterator[Finding]:
    """What each member brings, and how members decide, are on record."""
    agreement = subject.partnership.agreement
    silent: dict[str, None] = {}
    for part in _of(subject, Model.CONSORTIUM):
        silent |= dict.fromkeys(key for key in part.organisations if key not in agreement.contributions)
    if silent:
        what = f"what {_listed(silent)} {'brings' if len(silent) == 1 else 'bring'} into the consortium is not said"
        way = f"add under agreement: contributions: {next(iter(silent))}: EUR 300,000 and six engineers"
        yield warning(("agreement", "contributions"), what, way, ("organisations",), of="key")
    if any(_of(subject, Model.CONSORTIUM)) and agreement.decides is None:
        what = "how the members decide is not said"
        way = "add decides: {body: General assembly, rule: share, share: 2/3}, or its words"
        yield warning(_DECIDES, what, way, of="key")


def competitors_have_counsel(subject: CheckedDefinition) -> Iterator[Finding]:
    """Where competitors meet, somebody is there who says what they may speak of; and nothing stands on their agendas by
    itself that counsel would look at first."""
    partnership = subject.partnership
    guards = [guard_of(partnership, subject.playbooks, part.model) for part in subject.parts]
    guard = next((each for each in guards if each), None)
    if guard is None:
        return
    if not guard.counsel:
        rivals = "its organisations are rivals" if partnership.competition_law.rivals else "members of a consortium"
        what = f"competitors meet ({rivals}), and no counsel is named"
        way = "add somebody under people: {name: …, email: …, role: counsel}; of no organisation, if you like"
        yield warning(("people",), what, way, ("competition_law",), of="key")
    for part in subject.parts:
        for key, terms in part.reviews.items():
            for occasion, topics in terms.topics.said:
                for topic in topics:
                    if word := guard.word_in(topic):
                        what = f'competitors may not speak of "{word}" unless counsel has looked at it'
                        way = "let counsel word the topic, or take it out"
                        yield warning((*part.path, "reviews", key, "topics", occasion), what, way)


def nobody_sits_in_several_layers(subject: CheckedDefinition) -> Iterator[Finding]:
    """A matter on which people cannot agree goes up to others: whoever is asked below is not asked again above.
    Alliance managers may be in all layers: they keep them together [S: Simoons, three layers]."""
    for index, body in enumerate(subject.partnership.agreement.bodies):
        home = subject.of_one((*_DECIDES, index))
        below = set(body.members)
        for level, each in enumerate(body.deadlock):
            named = [key for key in each.told if key in subject.partnership.people]
            for key in _twice(subject, named, below):
                what = f"{key} would be asked again: a deadlock of {body.body} comes back to who could not decide it"
                yield warning((*home, "deadlock", level, "tell"), what, "name somebody who has not sat there")
            below |= set(named)
    for part in subject.parts:
        yield from _in_both(subject, part)


def _in_both(subject: CheckedDefinition, part: CheckedPart) -> Iterator[Finding]:
    """People who are named for reviews of those who work and of those who lead."""
    kinds = {
        key: terms.kind or _kind_of(subject, part, key)
        for key, terms in part.reviews.items()
        if terms.attendees and not terms.off
    }
    below = {who for key, kind in kinds.items() if kind in _WORKING for who in part.reviews[key].attendees or ()}
    for key, kind in kinds.items():
        found = _twice(subject, part.reviews[key].attendees or (), below) if kind in _LEADING else ()
        if names := [*found]:
            what = f"{_listed(names)} {'is' if len(names) == 1 else 'are'} in the working reviews and in this one"
            way = "let those lead to whom the others turn; alliance managers alone are in all layers"
            yield warning((*part.path, "reviews", key, "attendees"), what, way, (*part.path, "reviews"))


def _kind_of(subject: CheckedDefinition, part: CheckedPart, key: str) -> str | None:
    standard = subject.playbooks[part.model].series.get(key)
    return standard.kind if standard else None


def _twice(subject: CheckedDefinition, named: Iterable[str], below: set[str]) -> Iterator[str]:
    people = subject.partnership.people
    return (key for key in named if key in below and key in people and people[key].role is not Role.ALLIANCE_MANAGER)


def somebody_stands_in(subject: CheckedDefinition) -> Iterator[Finding]:
    """Somebody is named to stand in for whoever owns an agenda, or one of several to chair: of one review at least.
    Whom the file does not name, the playbook does: an alliance manager, and nobody beside them."""
    covered, named = False, list[Trail]()
    for part in subject.parts:
        covered = covered or (part.success is not None and part.success.deputy is not None)
        for key, terms in part.reviews.items():
            covered = covered or terms.deputy is not None or len(terms.chair or ()) > 1
            named.append((*part.path, "reviews", key))
    if not covered:
        what = "nobody stands in for whoever owns an agenda or chairs: one absence, and a review has neither"
        way = "add deputy: somebody of the same side, beside agenda_owner"
        yield warning(("success_at_90_days", "deputy"), what, way, *named, of="key")


def _of(subject: CheckedDefinition, model: Model) -> Iterator[CheckedPart]:
    return (part for part in subject.parts if part.model is model)


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
