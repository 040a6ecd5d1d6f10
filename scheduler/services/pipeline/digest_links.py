"""The forms and pages to which the links of a letter lead, each for one person, and what a link says that it does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import quote

from sqlalchemy import Connection

from scheduler.domain.definition.trigger import Requested
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.ids import Id
from scheduler.domain.record.renewal import of_term
from scheduler.render.languages import say, sentence
from scheduler.render.signed_links import (
    Holder,
    action_link,
    agenda_link,
    away_link,
    close_link,
    course_link,
    dispute_link,
    judge_link,
    mine_link,
    minutes_link,
    objection_link,
    renewal_link,
    report_link,
    request_link,
    resolve_link,
    step_link,
    vote_link,
)
from scheduler.rules.decisions import voting
from scheduler.rules.reminders.agreement import SEATS
from scheduler.rules.reminders.closing import DECISION, LATE_MINUTES, MINUTES, OBJECTED
from scheduler.rules.reminders.disputes import DISPUTED
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.cases.confirmations import are_possible
from scheduler.services.pipeline.counsel_letters import RUNG as FOR_COUNSEL
from scheduler.services.pipeline.personal_items import PersonalItem, Reader
from scheduler.services.state import PartnershipState
from scheduler.settings import Web
from scheduler.store import reviews
from scheduler.store.secrets import signing_key


@dataclass(frozen=True)
class Links:
    """The links that are written in one transaction. Each names whose it is, and what it is about as that stands; None
    where nothing is served, or the person can answer nothing."""

    app: App
    db: Connection
    archive: Archive
    now: datetime

    @cached_property
    def key(self) -> str:
        return signing_key(self.db, self.now)

    @property
    def web(self) -> Web:
        return self.app.settings.web

    def report(self, kpi: str, period: str, person: str) -> str | None:
        """The form on which a person reports; None where nothing is served."""
        web, seal = self.web, self._seal(kpi, person)
        return report_link(web.url, self.key, kpi, period, person, self._until, seal) if web.address else None

    def judge(self, subject: str, person: str) -> str | None:
        """The form on which a person judges a criterion, ``<checkpoint>/<criterion>``."""
        web, seal = self.web, self._seal(subject, person)
        checkpoint, _, criterion = subject.rpartition("/")
        return judge_link(web.url, self.key, checkpoint, criterion, person, self._until, seal) if web.address else None

    def step(self, checkpoint: str, step: str, person: str) -> str | None:
        """The form on which a person ticks a step on the way to a checkpoint."""
        web, known = self.web, self.archive[Id(checkpoint).partnership]
        said, whose = known.ticks.get((checkpoint, step)), self._holder(checkpoint, person)
        words = said.number if said else 0
        return step_link(web.url, self.key, checkpoint, step, words, whose, self._until) if web.address else None

    def dispute(self, partnership: str, about: str, subject: str, person: str) -> str | None:
        """The form on which a person objects to a change of the definition, or settles what is disputed: by their
        numbers."""
        web, whose = self.web, self._holder(partnership, person)
        found = (web.url, self.key, partnership, about, subject, "", whose, self._until)
        return dispute_link(*found) if web.address else None

    def resolve(self, deadlock: str, person: str) -> str | None:
        """The form on which a person says what was decided of a deadlock."""
        web, whose = self.web, self._holder(deadlock, person)
        return resolve_link(web.url, self.key, deadlock, whose, self._until) if web.address else None

    def vote(self, proposal: str, person: str) -> str | None:
        """The form on which a person votes, while they can, or vetoes."""
        web, known = self.web, self.archive[Id(proposal).partnership]
        if not web.address or person not in may_answer(known, proposal):
            return None
        return vote_link(web.url, self.key, proposal, self._holder(proposal, person), self._until)

    def agenda(self, review: str, person: str) -> str | None:
        """Where a person reads the agenda of a review."""
        web, whose = self.web, self._holder(review, person)
        return agenda_link(web.url, self.key, review, whose) if web.address else None

    def agenda_to_edit(self, review: str) -> str | None:
        """The page of a review, with the form of its joint agenda open; whoever follows it signs in there."""
        return f"{self.web.url}/reviews/{quote(review)}?edit=#edit" if self.web.address else None

    def mine(self, partnership: str, person: str) -> str | None:
        """The page on which a person who is told by chat has the forms sent to them."""
        web, whose = self.web, self._holder(partnership, person)
        return mine_link(web.url, self.key, partnership, whose, self._until) if web.address else None

    def away(self, partnership: str, person: str) -> str | None:
        """The form on which a person says when they are away."""
        web, whose = self.web, self._holder(partnership, person)
        return away_link(web.url, self.key, partnership, whose, self._until) if web.address else None

    def renewal(self, partnership: str, ends: str, person: str, document: str | None = None) -> str | None:
        """The form on which a person says what was decided about a term, or what becomes of a document; None where it
        could not be confirmed."""
        web, whose = self.web, self._holder(partnership, person)
        is_served = web.address is not None and are_possible(self.app)
        found = (web.url, self.key, partnership, ends, whose, self._until, document)
        return renewal_link(*found) if is_served else None

    def course(self, review: str, person: str) -> str | None:
        """The form on which a person says what a review decided; None where it could not be confirmed."""
        web, whose = self.web, self._holder(review, person)
        is_served = web.address is not None and are_possible(self.app)
        return course_link(web.url, self.key, review, whose, self._until) if is_served else None

    def request(self, partnership: str, person: str) -> str | None:
        """The form on which a person asks for a formal review, for their organisation; None where they may not."""
        known = self.archive[partnership].partnership
        counts = any(isinstance(each, Requested) for each in known.triggers)
        if not counts or known.people[person].role not in SEATS or known.organisation_of(person) is None:
            return None
        web, whose = self.web, self._holder(partnership, person)
        return request_link(web.url, self.key, partnership, whose, self._until) if web.address else None

    def objection(self, review: str, person: str) -> str | None:
        """The form on which a person reads minutes, objects to them, and says how objections were settled."""
        web, whose = self.web, self._holder(review, person)
        return objection_link(web.url, self.key, review, whose, self._until) if web.address else None

    def minutes(self, review: str, person: str) -> str | None:
        """The form on which a person files the minutes of a review."""
        web, whose = self.web, self._holder(review, person)
        known = self.archive[Id(review).partnership].minutes_records.get(review)
        filed = known.filings[-1].number if known and known.filings else 0
        return minutes_link(web.url, self.key, review, filed, whose, self._until) if web.address else None

    def close(self, review: str, person: str) -> str | None:
        """The form on which a person closes a review."""
        web, whose = self.web, self._holder(review, person)
        if not web.address:
            return None
        return close_link(web.url, self.key, review, reviews.closings(self.db, review), whose, self._until)

    def action(self, action: str, person: str) -> str | None:
        """The form on which a person says what became of an open action of the minutes."""
        web, known = self.web, self.archive[Id(action).partnership]
        found = next((each for some in known.commitments.values() for each in some if each.id == action), None)
        if found is None or not web.address:
            return None
        asked = found.owner, found.due.isoformat() if found.due else ""
        return action_link(web.url, self.key, action, asked, self._holder(action, person), self._until)

    def _holder(self, subject: str, person: str) -> Holder:
        return Holder(person, self._seal(subject, person))

    def _seal(self, subject: str, person: str) -> str | None:
        return self.archive[Id(subject).partnership].seal(person)

    @property
    def _until(self) -> datetime:
        return self.now + timedelta(days=self.web.link_days)


def may_answer(known: PartnershipState, proposal: str) -> Collection[str]:
    """Who can say something of a proposal now, by key: vote while it is open, veto while that is possible."""
    found = next((each for each in known.proposals if each.id == proposal), None)
    scope = known.scopes.get(found.scope) if found else None
    if found is None or scope is None or voting.standing(found, known.now) not in ("open", "open to veto"):
        return ()
    today = voting.today_of(found, known.now)
    seats = (voting.voters(found, each, scope, known.partnership, today) for each in voting.seats(found))
    return {key for people in seats for key in people}


_LINK_SAYS = {
    "definition": sentence("Object"),
    "dispute": sentence("Settle or correct it"),
    "deadlock": sentence("Say what was decided"),
    "criterion": sentence("Judge it"),
    "request": sentence("Ask for it, too"),
    "agreement": sentence("Say what was decided, or that notice was sent"),
    "agreement/end": sentence("Say what was decided or signed"),
    "document": sentence("Say what was signed, or that it lapses"),
    "checkpoint": sentence("Tick the step"),
    "review": sentence("Close the review"),
    f"review/{DECISION}": sentence("Say what was decided"),
    f"review/{OBJECTED}": sentence("Settle the objections"),
    f"review/{FOR_COUNSEL}": sentence("Edit the agenda"),
    f"review/{MINUTES}": sentence("File the minutes"),
    f"review/{LATE_MINUTES}": sentence("File the minutes"),
    "action": sentence("Say what became of it"),
    "action/date": sentence("Give it a date"),
    "proposal": sentence("Vote"),
    "proposal/result": sentence("Veto it"),
}
"""What a link does, by what it is about, and by its rung or what is asked where that is something else again."""


def link_says(item: PersonalItem) -> str:
    facts = item.told.facts or {}
    asks = facts.get("asks")
    if item.about == "action":
        return say(_LINK_SAYS["action/date" if asks == "date" or not facts.get("due") else "action"])
    if item.about == "agreement" and asks == "end":
        return say(_LINK_SAYS["agreement/end"])
    if item.about == "proposal":
        return say(_LINK_SAYS["proposal" if asks in ("vote", "reminder") else "proposal/result"])
    return say(_LINK_SAYS.get(f"{item.about}/{item.rung}", _LINK_SAYS.get(item.about, sentence("Answer here"))))


def link_of(links: Links, reader: Reader, item: PersonalItem) -> str | None:
    """The form on which the reader answers, where there is one for what they are asked."""
    partnership, _, number = item.subject.rpartition("/")
    if item.about == "definition":
        return links.dispute(partnership, "change", number, reader.key)
    if item.about == "dispute" and item.rung == DISPUTED:
        return _link_of_dispute(links, reader, number)
    if item.about == "proposal":
        return links.vote(item.subject, reader.key)
    if item.about == "deadlock":
        return links.resolve(item.subject, reader.key)
    if item.about == "criterion":
        return links.judge(item.subject, reader.key)
    if item.about == "action":
        return links.action(item.subject, reader.key)
    if item.about == "review" and (item.told.facts or {}).get("asks") == "held":
        return links.close(item.subject, reader.key)
    if item.about == "review" and item.rung == DECISION:
        return links.course(item.subject, reader.key)
    if item.about == "review" and item.rung == OBJECTED:
        return links.objection(item.subject, reader.key)
    if item.about == "review" and item.rung == FOR_COUNSEL:
        return links.agenda_to_edit(item.subject)
    if item.about == "review" and item.rung in (MINUTES, LATE_MINUTES):
        return links.minutes(item.subject, reader.key)
    if item.about == "request":
        return links.request(reader.known.partnership.partnership, reader.key)
    if item.about in ("agreement", "document"):
        return _renewal_link(links, reader, item)
    return links.step(item.subject, item.rung, reader.key) if item.about == "checkpoint" else None


def _renewal_link(links: Links, reader: Reader, item: PersonalItem) -> str | None:
    """For whoever looks after the partnership, where something is asked of a term of it, or of a document. There is
    nothing to say on record of the end of a layer, of an exit, of one that notice has ended, and of what outlasts the
    agreement."""
    facts, partnership = item.told.facts or {}, reader.known.partnership
    if not facts or partnership.people[reader.key].role not in SEATS:
        return None
    if item.about == "document":
        kind = item.subject.rpartition("/")[2]
        return None if facts["obligation"] else links.renewal(partnership.partnership, facts["on"], reader.key, kind)
    notice = of_term(partnership.renewals, date.fromisoformat(facts["ends"])).notice
    if facts["layer"] or facts["leaving"] or (facts["renewal"] == "none" and notice):
        return None
    return links.renewal(partnership.partnership, facts["ends"], reader.key)


def _link_of_dispute(links: Links, reader: Reader, number: str) -> str | None:
    """Whoever reported what is disputed corrects it; an alliance manager says what was agreed."""
    known = reader.known
    said = next((each for each in known.disputes if str(each.number) == number), None)
    kpi = known.partnership.kpi(said.subject) if said and said.about == "reading" else None
    if said and kpi and reader.key in (kpi.owner, kpi.deputy):
        return links.report(said.subject, said.period, reader.key)
    if said and known.partnership.people[reader.key].role is Role.ALLIANCE_MANAGER:
        return links.dispute(known.partnership.partnership, "settle", number, reader.key)
    return None
