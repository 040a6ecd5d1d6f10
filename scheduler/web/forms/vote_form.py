"""The form on which a person votes for their party on what is decided without a meeting, or vetoes what was adopted.

A vote binds a party, so it wants a code that is sent to the person. Until the last day is over it can be changed; once
nothing can be said any more the link is closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue, NotTheirs, UserError
from scheduler.domain.record.proposal import CHOICES, VETO, Vote
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import VOTE
from scheduler.render.wording import end_of_day_words
from scheduler.rules.decisions import voting
from scheduler.services.app import App
from scheduler.services.cases.confirmations import Act, key_of
from scheduler.services.cases.proposals import Put, find, party_of, vote
from scheduler.services.still_theirs import Gone, holder
from scheduler.web.links import payload

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, clock_of, moment_words, name_of, refusal_at, remark

_LONGEST = 120
_WORDS = {"yes": sentence("yes"), "no": sentence("no"), "abstain": sentence("abstain"), VETO: sentence("veto")}


@dataclass(frozen=True)
class VotePage:
    """The form as it is shown: `says` is what is proposed, in full; `facts` are a name, a value, and whether it tells
    of lateness. Where the result can be vetoed, `choices` is empty; where its party has vetoed it, nothing is asked."""

    partnership: str
    title: str
    says: str
    reader: str
    party: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    choices: tuple[tuple[str, str], ...]
    choice: str
    because: str
    is_asked: bool


@dataclass(frozen=True)
class _Asked:
    """What a link is for: its person votes for `party`, or may veto, or `has_vetoed`."""

    put: Put
    person: str
    party: str
    can_veto: bool
    has_vetoed: bool

    @property
    def party_name(self) -> str:
        organisation = self.put.scope.organisations.get(self.party)
        return organisation.name if organisation else self.put.partnership.name_of(self.person)

    @property
    def votes(self) -> tuple[Vote, ...]:
        return tuple(each for each in self.put.proposal.votes if each.party == self.party)


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where nothing can be said any more, or not by this person."""
    said = payload(db, VOTE, token, now)
    try:
        put = find(app, db, said["proposal"], now)
    except UserError:
        raise Gone("what was proposed is not there") from None
    person = holder(app, db, put.partnership, said, now)
    can_veto = voting.standing(put.proposal, now) == "open to veto"
    is_open = put.proposal.is_open and now < voting.closes_at(put.proposal)
    try:
        party = party_of(put, person, now)
    except NotTheirs:
        raise Gone("somebody else votes") from None
    said_last = [each.says for each in put.proposal.votes if each.party == party][-1:]
    has_vetoed = put.proposal.outcome == "vetoed" and said_last == [VETO]
    if not (is_open or can_veto or has_vetoed):
        raise Gone("it is decided")
    return _Asked(put, person, party, can_veto, has_vetoed)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> VotePage:
    asked = _asked(app, db, now, token)
    before = asked.votes[-1] if asked.votes and not asked.can_veto else None
    typed = {"choice": before.says, "because": before.because or ""} if before and said is None else said or {}
    return VotePage(
        partnership=asked.put.partnership.name,
        title=say("Your veto") if asked.can_veto or asked.has_vetoed else say("Your vote"),
        says=asked.put.proposal.says,
        reader=name_of(asked.put.partnership, asked.person),
        party=asked.party_name,
        facts=tuple(_facts(asked)),
        on_record=tuple(_on_record(asked)),
        choices=() if asked.can_veto or asked.has_vetoed else tuple((each, say(_WORDS[each])) for each in CHOICES),
        choice=typed.get("choice", ""),
        because=typed.get("because", ""),
        is_asked=not asked.has_vetoed,
    )


def _facts(asked: _Asked) -> Iterator[tuple[str, str, bool]]:
    proposal, here = asked.put.proposal, clock_of(asked.put.partnership, asked.person)
    yield say("Decides"), known(proposal.body), False
    yield say("Proposed by"), asked.put.partnership.name_of(proposal.proposed_by), False
    yield say("You speak for"), asked.party_name, False
    if asked.can_veto and (until := voting.veto_until(proposal)):
        found = voting.tally(proposal)
        result = say(
            "adopted: %(yes)s for it, %(no)s against it, %(neither)s for neither",
            yes=found.yes,
            no=found.no,
            neither=found.abstain,
        )
        yield say("Result"), result, False
        yield say("Veto until"), end_of_day_words(until, proposal.timezone, here), False
        return
    yield say("Votes count until"), end_of_day_words(proposal.closes_on, proposal.timezone, here), False
    yield say("What it takes"), known(voting.needed_words(proposal.terms)), False


def _on_record(asked: _Asked) -> Iterator[HistoryLine]:
    """The votes of the reader's own party, the one that counts first."""
    for each in reversed(asked.votes):
        at = moment_words(asked.put.partnership, asked.person, each.at)
        yield HistoryLine(say(_WORDS[each.says]), name_of(asked.put.partnership, each.person), at, each.because)


def _said(asked: _Asked, said: Said) -> tuple[str, str | None]:
    """What is voted, and why. Raises Wrong."""
    because = remark(said, "because")
    if asked.can_veto:
        if because is None:
            raise Wrong("because", InvalidValue(sentence("A veto wants its reason"), sentence("all parties read it")))
        return VETO, because
    choice = next((each for each in CHOICES if each == said.get("choice")), None)
    if choice is None:
        raise Wrong("choice", InvalidValue(sentence("Choose one of the three"), sentence("nothing was chosen")))
    return choice, because


def _act(app: App, db: Connection, now: datetime, token: str, said: Said) -> Act | None:
    """None where the same is on record."""
    asked = _asked(app, db, now, token)
    if asked.has_vetoed:
        return None
    says, because = _said(asked, said)
    if voting.is_same(asked.votes[-1] if asked.votes else None, says, because):
        return None
    proposal, words = asked.put.proposal, asked.put.proposal.says
    about = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
    names = {"party": asked.party_name, "words": about}
    words = (
        say("the veto of %(party)s on “%(words)s”", **names)
        if says == VETO
        else say("the vote %(vote)s of %(party)s on “%(words)s”", vote=say(_WORDS[says]), **names)
    )
    key = key_of(f"vote/{proposal.id}", asked.party, says, because)
    return Act(asked.put.partnership, asked.person, key, words)


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    if asked.has_vetoed:
        if "choice" not in said and remark(said, "because") == asked.votes[-1].because:
            return
        raise NotKept
    says, because = _said(asked, said)
    with refusal_at(""):
        vote(app, asked.put.proposal.id, says, asked.person, now, because)


FORM = FormKind("vote.html.j2", _shown, _taken, _act)
