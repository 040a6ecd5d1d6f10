"""People and organisations: who stands in for whom, who may see what, and whose holidays are known."""

from collections.abc import Iterator, Sequence

from scheduler.definitions.checks.dates import is_sane
from scheduler.definitions.checks.names import kpis_of, people_named
from scheduler.definitions.checks.subject import CheckedDefinition, Finding, warning
from scheduler.definitions.problems import Trail, near_miss, quoted
from scheduler.domain.countries import countries, holidays_known, is_country
from scheduler.domain.definition.people import zones_of
from scheduler.domain.definition.succession import Duty, duties_of
from scheduler.domain.definition.trigger import ANY, OfKpi
from scheduler.domain.definition.vocabulary import WEEKDAYS, Level, Role


def internal_matters_stay_inside(subject: CheckedDefinition) -> Iterator[Finding]:
    """An actor-level KPI is internal to one organisation, so its owner and deputy are of it."""
    people = subject.partnership.people
    for _, path, kpi in kpis_of(subject):
        if kpi.level is Level.ACTOR:
            for duty, key in (("owner", kpi.owner), ("deputy", kpi.deputy)):
                if key in people and people[key].of != kpi.of:
                    yield Finding(
                        (*path, duty),
                        f"this KPI is internal to {kpi.of}, and {key} is of {people[key].of or 'no organisation'}",
                        f"name somebody of {kpi.of}, or write level: network",
                        rests_on=((*path, "of"), ("people", key)),
                    )


def internal_matters_called_jointly(subject: CheckedDefinition) -> Iterator[Finding]:
    """What all partners look at together rests on KPIs that all of them may see."""
    internal = {key: kpi.of for _, (*_, key), kpi in kpis_of(subject) if kpi.level is Level.ACTOR}
    for part in subject.parts:
        for index, criterion in enumerate(part.success.criteria if part.success else ()):
            if criterion.kpi in internal:
                path: Trail = (*part.path, "success_at_90_days", "criteria", index, "kpi")
                what = f"the checkpoint is held by all, and {criterion.kpi} is internal to {internal[criterion.kpi]}"
                yield warning(path, what, "name a network-level KPI, or an owner who judges it")
    for index, trigger in enumerate(subject.partnership.triggers):
        if isinstance(trigger, OfKpi) and trigger.kpi != ANY and trigger.kpi in internal:
            what = f"a formal review is held by all, and {trigger.kpi} is internal to {internal[trigger.kpi]}"
            hint = (
                f"where it fires, only the alliance manager and the sponsor of {internal[trigger.kpi]} are told and no "
                f"review is called; to call one, name a network-level KPI"
            )
            yield warning(("triggers", index, "kpi"), what, hint)


def layers_use_their_own_people(subject: CheckedDefinition) -> Iterator[Finding]:
    """Where a layer names its organisations, its duties lie with people of these, or of none."""
    people = subject.partnership.people
    taking_part = {part.path: part.organisations for part in subject.parts if part.path}
    for path, person, _ in people_named(subject):
        of = people[person].of if person in people else None
        if path[:2] in taking_part and of is not None and of not in taking_part[path[:2]]:
            yield Finding(
                path,
                f"{person} is of {of}, which takes no part in this layer",
                f"name somebody of {' or '.join(taking_part[path[:2]])}, or add {of} to the layer's organisations",
                rests_on=((*path[:2], "organisations"), ("people", person)),
            )


def owners_have_deputies(subject: CheckedDefinition) -> Iterator[Finding]:
    """Somebody stands in when a KPI's owner is away."""
    for _, path, kpi in kpis_of(subject):
        if kpi.deputy is None and kpi.owner in subject.partnership.people:
            yield warning(
                (*path, "owner"),
                f"{kpi.owner} has no deputy for this KPI; nobody reports it while they are away",
                f"add deputy: to {path[-1]}",
                (*path, "deputy"),
            )
        elif kpi.deputy == kpi.owner:
            yield warning((*path, "deputy"), f"{kpi.owner} would stand in for themselves", "name somebody else")


def leavers_are_succeeded(subject: CheckedDefinition) -> Iterator[Finding]:
    """Whoever leaves hands their duties to somebody who stays."""
    people = subject.partnership.people
    for key, person in people.items():
        successor = people.get(person.successor or "")
        if person.leaves is None:
            continue
        if person.successor is None and (left := duties_of(subject.partnership, key)):
            what = f"{key} leaves on {person.leaves}, and nobody takes over what they are named for in {_many(left)}"
            way = f"add successor: with somebody who stays, or: cadence person leave {key} --on {person.leaves}"
            yield warning(("people", key, "leaves"), what, way, ("people", key, "successor"))
        elif person.successor == key:
            what = f"{key} would hand over to themselves"
            yield Finding(("people", key, "successor"), what, "name somebody who stays")
        elif successor and successor.leaves and successor.leaves <= person.leaves:
            what = f"{key} would hand over to {person.successor}, who leaves on {successor.leaves} already"
            rests_on = (("people", person.successor or ""),)
            yield Finding(("people", key, "successor"), what, "name somebody who stays", rests_on=rests_on)


def _many(duties: Sequence[Duty]) -> str:
    return "1 place" if len(duties) == 1 else f"{len(duties)} places"


def addresses_differ(subject: CheckedDefinition) -> Iterator[Finding]:
    """Two people with one address get one mail, and one calendar file."""
    first: dict[str, str] = {}
    for key, person in subject.partnership.people.items():
        other = first.setdefault(person.email.casefold(), key)
        if other != key:
            what = f"{key} and {other} have one address, {person.email}"
            yield warning(("people", key, "email"), what, "give each their own, or make them one person")


def aliases_are_nobody_elses(subject: CheckedDefinition) -> Iterator[Finding]:
    """An address that answers may come from tells whose answer it is."""
    people = subject.partnership.people
    for key, person in people.items():
        for index, address in enumerate(person.also):
            others = [other for other, each in people.items() if other != key and each.writes_from(address)]
            if others:
                what = f"{address} is an address of {others[0]} too: whose answer comes from it cannot be told"
                yield Finding(("people", key, "also", index), what, "leave it to one of the two")


def sides_are_represented(subject: CheckedDefinition) -> Iterator[Finding]:
    """Each organisation has an alliance manager, who keeps things moving, and a sponsor, to whom lateness climbs."""
    people = subject.partnership.people.values()
    if any(person.of is not None and person.of not in subject.partnership.organisations for person in people):
        return  # somebody's organisation is misspelt, so a side may only seem to lack them
    roles = {(person.of, person.role) for person in people}
    for key in subject.partnership.organisations:
        lacking = [role for role in (Role.ALLIANCE_MANAGER, Role.SPONSOR) if (key, role) not in roles]
        if lacking:
            yield warning(
                ("organisations", key),
                f"{key} has no {' and no '.join(role.words for role in lacking)}",
                f"give somebody of {key} the role: {lacking[0].value}",
                ("people",),
                of="key",
            )


def home_countries(subject: CheckedDefinition) -> Iterator[Finding]:
    """A country is one that ISO 3166 knows; without its public holidays, or its region's, they are worked."""
    for key, organisation in subject.partnership.organisations.items():
        path: Trail = ("organisations", key)
        country, region = organisation.country, organisation.region
        if country is None:
            what = f"{key} has no country, so its public holidays are not known"
            yield warning(path, what, "add country: with two letters, such as DE", (*path, "country"), of="key")
        elif not is_country(country):
            yield _no_country((*path, "country"), country)
        elif not holidays_known(country):
            what = f"no public holidays are known of {country}, so {key} works on all days but its weekend"
            yield warning((*path, "country"), what, "list its holidays under closed")
        elif region is not None and not holidays_known(country, region):
            what = f"{country} has no region {quoted(region)}, so {key} has the holidays of the whole country alone"
            yield warning((*path, "region"), what, _regions(country, region))


def home_of_entities(subject: CheckedDefinition) -> Iterator[Finding]:
    """The country of a joint venture's entity is one that ISO 3166 knows."""
    for part in subject.parts:
        entity = part.requirements.entity
        if entity is not None and entity.country is not None and not is_country(entity.country):
            yield _no_country((*part.terms, "entity", "country"), entity.country)


def _no_country(path: Trail, written: str) -> Finding:
    named = {name.casefold(): code for code, name in countries().items()}
    meant = named.get(written.strip().casefold())
    hint = f"write {meant}" if meant else "write the two letters of ISO 3166, such as DE"
    return Finding(path, f"{quoted(written)} is no country's code", hint)


def home_weekends(subject: CheckedDefinition) -> Iterator[Finding]:
    """A weekend that was taken from the country is said, where it is not saturday and sunday."""
    effective = subject.partnership.agreement.effective
    if not is_sane(effective):
        return
    for key, organisation in subject.partnership.organisations.items():
        path: Trail = ("organisations", key)
        days = sorted(organisation.weekend_on(effective))
        if organisation.weekend is None and days != [5, 6]:
            names = [WEEKDAYS[day] for day in days]
            what = f"the weekend of {key} is taken to be that of {organisation.country}: {' and '.join(names)}"
            hint = f"that is right? then write weekend: [{', '.join(names)}], else its own"
            yield warning((*path, "country"), what, hint, (*path, "weekend"))


def days_off_or_worked(subject: CheckedDefinition) -> Iterator[Finding]:
    """A day is closed or worked, not both; one that is no day off need not be worked."""
    for key, organisation in subject.partnership.organisations.items():
        for index, run in enumerate(organisation.works):
            path: Trail = ("organisations", key, "works", index)
            if any(run.first <= closed.last and closed.first <= run.last for closed in organisation.closed):
                yield Finding(path, f"{run} is named under closed as well", "name each day in one of the two")
            elif not any(organisation.model_copy(update={"works": ()}).is_off(day) for day in run):
                yield warning(path, f"{run} is no day off of {key} anyway", "leave it out, or check the date")


def home_zones(subject: CheckedDefinition) -> Iterator[Finding]:
    """A country of several zones does not say which clock an organisation keeps."""
    for key, organisation in subject.partnership.organisations.items():
        zones = zones_of(organisation.country or "")
        if zones and "timezone" not in organisation.model_fields_set:
            yield Finding(
                ("organisations", key),
                f"{organisation.country} has several time zones and none is named here",
                f"add a key such as timezone: {zones[0]}",
                rests_on=(("organisations", key, "timezone"), ("organisations", key, "country")),
            )


def common_working_days(subject: CheckedDefinition) -> Iterator[Finding]:
    """A renewal that counts working days needs a day of the week on which all parties work; those that meet are asked
    once a cadence is planned."""
    renewal, organisations = subject.partnership.agreement.renewal, subject.partnership.organisations.values()
    weekends = frozenset[int]().union(*(each.weekend_days for each in organisations))
    if len(weekends) == len(WEEKDAYS) and "working day" in (renewal.notice.unit, renewal.buffer.unit):
        yield Finding(
            ("agreement", "renewal"),
            "it counts working days, and the parties' weekends together leave no day of the week on which all work",
            "count calendar days, like 60 days, or shorten a weekend",
            rests_on=(("organisations",),),
        )


def _regions(country: str, region: str) -> str:
    from holidays import list_supported_countries  # takes a fifth of a second, and only a slip of the pen needs it

    regions = list_supported_countries().get(country.upper(), [])
    meant = near_miss(region, regions)
    if meant:
        return f"did you mean {meant}?"
    return f"it has {', '.join(regions[:20])}" if regions else "leave region out"
