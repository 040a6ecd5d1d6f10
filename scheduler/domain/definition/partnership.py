"""A partnership as its definition file says it: the umbrella, and the layers beneath it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PrivateAttr

from scheduler.domain.base import Noun, Slug, Text
from scheduler.domain.ids import KpiId, ScopeId
from scheduler.domain.languages import Language
from scheduler.domain.manner import AS_EVER, Manner, preferred
from scheduler.domain.record.absence import Absences
from scheduler.domain.record.own_setting import OwnManner, OwnTell
from scheduler.domain.record.pause import Pause, pause_on
from scheduler.domain.record.renewal import RenewalWord
from scheduler.domain.record.review_request import ReviewRequest
from scheduler.domain.record.series_hour import SeriesHours
from scheduler.domain.record.wind_down import WindDowns

from .agreement import Agreement, Renewal, Requirements, signed_anew
from .competition_law import CompetitionTerms
from .deciding_body import Body
from .kpi import Kpi, Success
from .people import Organisation, Person, Zone
from .playbook import Rung, Terms
from .succession import as_left
from .trigger import Trigger
from .vocabulary import Form, Function, Leverage, Model


def _list(written: object) -> object:
    return (written,) if isinstance(written, str) else written


class Layer(Requirements):
    """A programme, geography or agreement with a governance of its own, under the partnership's umbrella."""

    name: Text
    model: Model
    form: Form | None = None
    effective: date
    ends: date | None = None
    goal: Text | None = None
    timezone: Zone | None = None
    organisations: tuple[Slug, ...] | None = None
    success_at_90_days: Success | None = None
    kpis: dict[Slug, Kpi] = {}
    reviews: dict[Slug, Terms] = {}
    renamed_from: Slug | None = Field(default=None, description="the key it bore before; its KPIs and reviews go on")


class Partnership(Noun):
    """One file of the definitions folder. People and organisations are named by their keys throughout."""

    partnership: Slug
    name: Text
    model: Model
    form: Form | None = None
    function: Function | None = None
    goal: Text | None = None
    leverage: Annotated[
        tuple[Leverage, ...], BeforeValidator(_list, json_schema_input_type=Leverage | tuple[Leverage, ...])
    ] = ()
    timezone: Zone | None = None
    language: Language | None = Field(
        default=None, description="in which its joint agendas and calendar are written, like de or en-GB"
    )
    organisations: dict[Slug, Organisation]
    people: dict[Slug, Person]
    agreement: Agreement
    success_at_90_days: Success
    kpis: dict[Slug, Kpi]
    triggers: tuple[Trigger, ...]
    ladder: tuple[Rung, ...] | None = Field(default=None, description="in the place of the playbook's ladder of KPIs")
    reviews: dict[Slug, Terms] = {}
    layers: dict[Slug, Layer] = {}
    competition_law: CompetitionTerms = Field(
        default=CompetitionTerms(), description="whether its organisations compete, and what they may speak of"
    )

    _days_off_from: date | None = PrivateAttr(default=None)
    _hours: SeriesHours = PrivateAttr(default_factory=dict)
    _former: dict[str, str] = PrivateAttr(default_factory=dict)
    _pauses: tuple[Pause, ...] = PrivateAttr(default=())
    _requests: tuple[ReviewRequest, ...] = PrivateAttr(default=())
    _renewals: tuple[RenewalWord, ...] = PrivateAttr(default=())
    _as_signed: Agreement | None = PrivateAttr(default=None)
    _wind_downs: WindDowns = PrivateAttr(default_factory=dict)
    _written: tuple[Agreement, dict[str, Layer]] | None = PrivateAttr(default=None)

    def kpi(self, id: str) -> Kpi | None:
        """The KPI of an id, ``<partnership>[/<layer>]/<key>``; None where there is none, or no such layer."""
        named = KpiId(id)
        part = self.layers.get(named.scope.layer) if named.scope.layer else self
        return part.kpis.get(named.key) if part else None

    def name_of(self, person: str) -> str:
        """The name of the person with that key; of somebody who is in it no more, the one that they had. Whatever else
        stands there (a committee) as it is written."""
        return self.people[person].name if person in self.people else self._former.get(person, person)

    def organisation_name(self, key: str | None) -> str | None:
        """The name of the organisation with that key; whatever else stands there as it is written."""
        return self.organisations[key].name if key in self.organisations else key

    def knowing(self, former: Mapping[str, str]) -> "Partnership":
        """The same partnership, which knows the names of people of earlier versions, by their keys."""
        same = self.model_copy()
        same._former = dict(former)
        return same

    def manner(self, organisation: str | None, otherwise: Manner) -> Manner:
        """How its joint papers are written (None), and those of one organisation: as that says, else as the partnership
        does, else as everybody is written to."""
        of = self.organisations.get(organisation or "")
        return preferred(of.manner if of else AS_EVER, Manner(self.language), otherwise)

    @property
    def former(self) -> Mapping[str, str]:
        """The names of people of earlier versions, by their keys."""
        return self._former

    @property
    def days_off_from(self) -> date | None:
        """Periods of KPIs that end before this day count days off as the program did before it knew weekends of
        countries and days off by custom; None: all count them. It is on record, and stands in no file."""
        return self._days_off_from

    def counting_days_off_from(self, day: date | None) -> "Partnership":
        """The same partnership with that day."""
        if day == self._days_off_from:
            return self
        same = self.model_copy()
        same._days_off_from = day
        return same

    @property
    def hours(self) -> SeriesHours:
        """The times of day that people know of its series. They are on record, and stand in no file."""
        return self._hours

    def keeping_hours(self, hours: SeriesHours) -> "Partnership":
        """The same partnership with those."""
        if hours == self._hours:
            return self
        same = self.model_copy()
        same._hours = hours
        return same

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """When it is or was paused. That is on record, and stands in no file."""
        return self._pauses

    def with_pauses(self, pauses: tuple[Pause, ...]) -> "Partnership":
        """The same partnership with those."""
        if pauses == self._pauses:
            return self
        same = self.model_copy()
        same._pauses = pauses
        return same

    def pause_at(self, now: datetime) -> Pause | None:
        """The pause in which an aware moment lies, by its own date."""
        return pause_on(self._pauses, now.astimezone(ZoneInfo(self.zone)).date()) if self._pauses else None

    def with_absences(self, absences: Absences) -> "Partnership":
        """The same partnership, whose people are away on these days too: they are on record, and stand in no file."""
        theirs = {key: absences.get(who.email.casefold()) for key, who in self.people.items()} if absences else {}
        away = {key: (*self.people[key].away, *days) for key, days in theirs.items() if days}
        if not away:
            return self
        people = {key: who.model_copy(update={"away": away.get(key, who.away)}) for key, who in self.people.items()}
        return self.model_copy(update={"people": people})

    def with_own_tell(self, own: OwnTell) -> "Partnership":
        """The same partnership, whose people are told as they said themselves: that is on record, and stands in no
        file. By chat is told only whom the file has a chat for; anybody else who wishes so is told by mail."""
        told = {key: own.get(who.email.casefold()) for key, who in self.people.items()} if own else {}
        told = {
            key: said if said is None or self.people[key].may_be_told(said) else "mail" for key, said in told.items()
        }
        if not any(said and said != self.people[key].tell for key, said in told.items()):
            return self
        people = {key: who.model_copy(update={"tell": told[key] or who.tell}) for key, who in self.people.items()}
        return self.model_copy(update={"people": people})

    def with_own_manner(self, own: OwnManner) -> "Partnership":
        """The same partnership, whose people are written to in the language that they chose themselves, with the
        numbers and dates that they chose: that is on record, and stands in no file."""
        chosen = {key: own.get(who.email.casefold()) for key, who in self.people.items()} if own else {}
        if not any(chosen.values()):
            return self
        people = {key: who.in_manner(chosen.get(key)) for key, who in self.people.items()}
        return self.model_copy(update={"people": people})

    @property
    def requests(self) -> tuple[ReviewRequest, ...]:
        """Who of its members asked for a formal review. That is on record, and stands in no file."""
        return self._requests

    def with_requests(self, requests: tuple[ReviewRequest, ...]) -> "Partnership":
        """The same partnership with those."""
        if requests == self._requests:
            return self
        same = self.model_copy()
        same._requests = requests
        return same

    @property
    def renewals(self) -> tuple[RenewalWord, ...]:
        """What was said of the agreement's terms and papers. It is on record, and stands in no file."""
        return self._renewals

    def with_renewals(self, words: tuple[RenewalWord, ...]) -> "Partnership":
        """The same partnership with those: a term that notice has ended is the last, one that was signed anew ends when
        that says, and a paper that was has its next one beside it."""
        if words == self._renewals:
            return self
        signed = self._as_signed or self.agreement
        notice = next((each for each in reversed(words) if each.counts and each.is_notice), None)
        is_last = notice is not None and signed.renewal.kind == "tacit" and signed.has_term(notice.ends, self.works)
        last = {"ends": notice.ends, "renewal": Renewal()} if notice and is_last else {}
        same = self.model_copy(update={"agreement": signed_anew(signed.model_copy(update=last), words)})
        same._renewals, same._as_signed = words, signed
        return same

    @property
    def written_cancel_by(self) -> date | None:
        """The last day on which notice could leave for the running term, also where it has been sent."""
        signed = self._as_signed
        if signed is None or self.agreement.ends is None:
            return self.cancel_by
        return signed.model_copy(update={"ends": self.agreement.ends}).cancel_by(self.works)

    @property
    def wind_downs(self) -> WindDowns:
        """The exits that were decided, by scope. They are on record, and stand in no file."""
        return self._wind_downs

    def winding_down(self, wind_downs: WindDowns) -> "Partnership":
        """The same partnership, where these exits are in force: what leaves ends on its last day, if the file has it
        end no sooner, and is not renewed."""
        if wind_downs == self._wind_downs:
            return self
        agreement, layers = self._written or (self.agreement, self.layers)
        if own := wind_downs.get(self.partnership):
            runs_until = agreement.as_of(own.decided_on, self.works).ends
            until = {"ends": _sooner(runs_until, own.ends), "renewal": Renewal()}
            same = self.model_copy(update={"agreement": agreement.model_copy(update=until)})
        else:
            same = self.model_copy(update={"agreement": agreement})
        if layers:
            same = same.model_copy(update={"layers": dict(_leaving(self.partnership, layers, wind_downs))})
        same._wind_downs, same._written = dict(wind_downs), (agreement, layers)
        return same

    @property
    def zone(self) -> str:
        """The reviews' zone: the partnership's own, else the first organisation's."""
        return self.timezone or next((org.timezone for org in self.organisations.values()), "UTC")

    def as_of(self, now: datetime) -> "Partnership":
        """The partnership as it stands at an aware moment: tacit renewals counted, the duties of those who have left
        with their successors."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        left, agreement = as_left(self, today), self.agreement.as_of(today, self.works)
        return left if agreement is self.agreement else left.model_copy(update={"agreement": agreement})

    @property
    def sides(self) -> frozenset[str]:
        """What the organisations are called: by key and by name."""
        return frozenset(self.organisations) | {each.name for each in self.organisations.values()}

    def works(self, day: date) -> bool:
        """Whether all its organisations work on a civil date."""
        return not any(organisation.is_off(day) for organisation in self.organisations.values())

    @property
    def decided_by(self) -> str | None:
        """Who decides when the sides disagree, in words: ``June Okafor``, ``Joint steering committee (Inès Falk, Dev
        Patel; by consent)``; None where nobody is named."""
        decides = self.agreement.decides
        if decides is None or isinstance(decides, str):
            return self.name_of(decides) if decides else None
        return ", or ".join(map(self._body_words, decides)) or None

    @property
    def deciding(self) -> tuple[str, ...]:
        """The same, a line for each body, with what it decides, up to where, and where a deadlock goes."""
        if not self.agreement.bodies:
            return (self.decided_by,) if self.decided_by else ()
        return tuple(f"{self._body_words(body)}{self._body_terms(body)}" for body in self.agreement.bodies)

    def _body_terms(self, body: Body) -> str:
        terms = [*(f" on {', '.join(each)}" for each in (body.matters,) if each)]
        terms += [f"; {each}" for each in body.thresholds]
        levels = (f"{each.words} for {each.for_}" if each.for_ else each.words for each in body.deadlock)
        return "".join(terms) + (f"; in a deadlock {', then '.join(levels)}" if body.deadlock else "")

    def _body_words(self, body: Body) -> str:
        members, rule = ", ".join(map(self.name_of, body.members)), body.rule_words
        known = "; ".join(part for part in (members, f"by {rule}" if rule else "") if part)
        return f"{body.body} ({known})" if known else body.body

    @property
    def cancel_by(self) -> date | None:
        """The last day on which notice may leave; None without an end or a renewal."""
        return self.agreement.cancel_by(self.works)

    def organisation_of(self, person: str) -> str | None:
        """The key of the organisation a person acts for; None for somebody of none."""
        return self.people[person].of if person in self.people else None


def _leaving(partnership: str, layers: Mapping[str, Layer], wind_downs: WindDowns) -> Iterator[tuple[str, Layer]]:
    for key, layer in layers.items():
        own = wind_downs.get(ScopeId.of(partnership, key))
        yield key, layer.model_copy(update={"ends": _sooner(layer.ends, own.ends)}) if own else layer


def _sooner(written: date | None, ends: date | None) -> date | None:
    return min((day for day in (written, ends) if day), default=None)


RESERVED: tuple[Literal["checkpoint", "formal-review"], ...] = ("checkpoint", "formal-review")
"""Series keys a definition may not use: they name the reviews outside the cadence."""

__all__ = ["RESERVED", "Layer", "Partnership"]
