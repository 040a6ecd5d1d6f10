"""Dates: in their order, within the life of the agreement, and no typing errors by centuries."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from scheduler.definitions.checks.names import kpis_of
from scheduler.definitions.checks.subject import CheckedDefinition, Finding, warning
from scheduler.definitions.problems import Trail
from scheduler.domain.definition.agreement import Agreement
from scheduler.domain.definition.clause import Clause
from scheduler.domain.definition.trigger import OnDate
from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Days, Span

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_CHECKPOINT = timedelta(days=90)
_IN_DAYS = {"day": 1, "working day": 1, "week": 7, "month": 31, "year": 366}
_LONGEST_LEAD = 3 * 366  # days; nothing around a review, a KPI or a renewal is further away
_LONGEST_TERM = 100 * 366


def absurd_dates(subject: CheckedDefinition) -> Iterator[Finding]:
    """A date before 1990 or after 2100 is a slip of the pen."""
    for path, day in _all_dates(subject):
        if not is_sane(day):
            yield Finding(path, f"{day} lies outside the years 1990 to 2100", "check the year")


def absurd_spans(subject: CheckedDefinition) -> Iterator[Finding]:
    """Leads and terms count days or longer, and stay within what an agreement can mean."""
    for path, span, longest in _all_spans(subject):
        if span.unit not in _IN_DAYS:
            yield Finding(path, f'"{span}" is shorter than a day, and here days are counted', 'write "10 days"')
        elif _is_longer(span, longest):
            yield Finding(path, f'"{span}" is longer than anything that is agreed', "check the number and the unit")


def agreement_in_order(subject: CheckedDefinition) -> Iterator[Finding]:
    """Signed, effective, ended: in this order."""
    agreement = subject.partnership.agreement
    if agreement.ends is not None and agreement.ends < agreement.effective:
        yield Finding(
            ("agreement", "ends"),
            f"the agreement ends on {agreement.ends}, before it takes effect on {agreement.effective}",
            "correct one of the two dates",
            rests_on=(("agreement", "effective"),),
        )
    if agreement.signed is not None and agreement.signed > agreement.effective:
        yield warning(
            ("agreement", "signed"),
            f"the agreement is signed on {agreement.signed}, after it takes effect on {agreement.effective}",
            "check both dates; what must be in writing before signing is then late",
            ("agreement", "effective"),
        )


def documents_in_order(subject: CheckedDefinition) -> Iterator[Finding]:
    """No document expires before it is signed."""
    for index, document in enumerate(subject.partnership.agreement.documents):
        if document.signed and document.expires and document.expires < document.signed:
            yield Finding(
                ("agreement", "documents", index, "expires"),
                f"this {document.kind} expires on {document.expires}, before it is signed on {document.signed}",
                "correct one of the two dates",
            )


def milestones_in_order(subject: CheckedDefinition) -> Iterator[Finding]:
    """A milestone of a paper comes after it was signed and before it expires, and each is known by a key of its own."""
    known = set[tuple[str, str]]()
    for index, document in enumerate(subject.partnership.agreement.documents):
        for position, each in enumerate(document.milestones):
            path: Trail = ("agreement", "documents", index, "milestones", position)
            if document.signed and each.by < document.signed:
                what = f"this milestone is due on {each.by}, before the {document.words} was signed"
                yield Finding((*path, "by"), what, "correct one of the two dates")
            if document.expires and each.by > document.expires:
                what = f"this milestone is due on {each.by}, after the {document.words} has expired"
                yield warning((*path, "by"), what, "correct one of the two dates")
            if (document.kind, each.id) in known:
                yield Finding(
                    (*path, "says"), f"two milestones are known as {each.id}", "give each a `key:` of its own"
                )
            known.add((document.kind, each.id))


def clauses_outlast_the_agreement(subject: CheckedDefinition) -> Iterator[Finding]:
    """What binds until a day that lies before the end does not survive it."""
    agreement = subject.partnership.agreement
    for path, clause in clauses_of(agreement):
        if clause.until is not None and agreement.ends is not None and clause.until <= agreement.ends:
            what = f"this binds until {clause.until}, and the agreement until {agreement.ends}: it does not survive it"
            yield warning((*path, "until"), what, "check both dates", ("agreement", "ends"))
        if clause.survives is not None and clause.survives.unit == "working day":
            what = f'"{clause.survives}" after the end: nobody counts working days then'
            yield Finding((*path, "survives"), what, "write it in calendar days, months or years")


def layers_within_the_umbrella(subject: CheckedDefinition) -> Iterator[Finding]:
    """A layer starts while the umbrella holds, and ends after it starts."""
    agreement, whole = subject.partnership.agreement, (("agreement", "effective"), ("agreement", "ends"))
    for key, layer in subject.partnership.layers.items():
        path: Trail = ("layers", key)
        if layer.effective < agreement.effective:
            what = f"the layer takes effect before its umbrella, which does on {agreement.effective}"
            yield Finding((*path, "effective"), what, "correct one of the two dates", rests_on=whole)
        if agreement.ends is not None and layer.effective > agreement.ends:
            what = f"the layer takes effect after the agreement has ended, on {agreement.ends}"
            yield Finding((*path, "effective"), what, "correct one of the two dates", rests_on=whole)
        if layer.ends is not None and layer.ends < layer.effective:
            what = f"the layer ends on {layer.ends}, before it takes effect on {layer.effective}"
            yield Finding((*path, "ends"), what, "correct one of the two dates")
        elif layer.ends is not None and agreement.ends is not None and layer.ends > agreement.ends:
            what = f"the layer ends after the agreement, which ends on {agreement.ends}"
            yield warning((*path, "ends"), what, "its reviews stop with the agreement; correct one of the two", *whole)


def amendments_in_order(subject: CheckedDefinition) -> Iterator[Finding]:
    """Amendments stand in the order in which they take effect, after the agreement does and before it ends."""
    agreement = subject.partnership.agreement
    before, before_is = agreement.effective, "the agreement"
    for index, amendment in enumerate(agreement.amendments):
        path: Trail = ("agreement", "amendments", index, "effective")
        whole = (("agreement", "effective"), ("agreement", "ends"))
        if amendment.effective <= before:
            what = f"this amendment takes effect on {amendment.effective}, not after {before_is} ({before})"
            yield Finding(path, what, "put them in order, or correct the date", rests_on=whole)
        if agreement.ends is not None and amendment.effective > agreement.ends:
            what = f"this amendment takes effect after the agreement has ended, on {agreement.ends}"
            yield Finding(path, what, "correct one of the two dates", rests_on=whole)
        before, before_is = amendment.effective, "the one before it"


def amendments_change_something(subject: CheckedDefinition) -> Iterator[Finding]:
    """An amendment of the model changes the model."""
    models = subject.models(subject.parts[0])
    for index, (old, new) in enumerate(pairwise(models)):
        if old is new:
            path: Trail = ("agreement", "amendments", index, "model")
            yield warning(path, f"the model is {new.words} already", "leave the amendment out", ("model",))


def long_enough_for_the_checkpoint(subject: CheckedDefinition) -> Iterator[Finding]:
    """The 90-day checkpoint is held 90 days after the effective date, if there is still something to check."""
    for part in subject.parts:
        if not part.success or not part.ends or not is_sane(part.effective):
            continue
        if part.effective <= part.ends < part.effective + _CHECKPOINT:
            path: Trail = (*part.terms, "ends")
            what = f"the {part.called} ends before its 90-day checkpoint on {part.effective + _CHECKPOINT}"
            yield warning(path, what, "check the dates; success would never be looked at", (*part.terms, "effective"))


def notice_is_possible(subject: CheckedDefinition) -> Iterator[Finding]:
    """The last day to give notice lies within the agreement; without an end there is none."""
    agreement = subject.partnership.agreement
    path: Trail = ("agreement", "renewal")
    if agreement.renewal.kind != "none" and agreement.ends is None:
        what = f"a {agreement.renewal.kind} renewal needs an end to renew from, and none is on record"
        yield warning((*path, "kind"), what, "add ends: with the last day of the term", ("agreement", "ends"))
        return
    spans = (agreement.renewal.notice, agreement.renewal.buffer)
    if not is_sane(agreement.ends or LATEST) or any(_is_longer(span, _LONGEST_LEAD) for span in spans):
        return  # such a date need not exist
    try:
        cancel_by = subject.partnership.cancel_by
    except InvalidValue:  # spans and weekends that leave none are findings of their own
        return
    if cancel_by is not None and cancel_by < agreement.effective:
        what = f"notice would have to leave by {cancel_by}, before the agreement takes effect"
        yield warning((*path, "notice"), what, "shorten the notice or the buffer, or check the end", ("agreement",))


def triggers_in_time(subject: CheckedDefinition) -> Iterator[Finding]:
    """A date that calls a review lies within the agreement."""
    agreement = subject.partnership.agreement
    for index, trigger in enumerate(subject.partnership.triggers):
        if isinstance(trigger, OnDate) and trigger.date < agreement.effective:
            what = f"this review is called before the agreement takes effect on {agreement.effective}"
            yield warning(("triggers", index, "date"), what, "check the date", ("agreement", "effective"))
        elif isinstance(trigger, OnDate) and agreement.ends is not None and trigger.date > agreement.ends:
            what = f"this review is called after the agreement has ended, on {agreement.ends}"
            yield warning(("triggers", index, "date"), what, "check the date", ("agreement",))


def kpis_in_time(subject: CheckedDefinition) -> Iterator[Finding]:
    """A KPI is measured while its partnership, or its layer, is in force."""
    for part, path, kpi in kpis_of(subject):
        if kpi.from_ is not None and kpi.from_ < part.effective:
            what = f"this KPI is measured from {kpi.from_}, before the {part.called} takes effect on {part.effective}"
            yield warning((*path, "from"), what, "check the date", (*part.terms, "effective"))
        elif kpi.from_ is not None and part.ends is not None and kpi.from_ > part.ends:
            what = f"this KPI is measured only after the {part.called} has ended, on {part.ends}"
            yield Finding((*path, "from"), what, "check the date", rests_on=((*part.terms, "ends"),))


def is_sane(day: date) -> bool:
    """Whether a date is none that `absurd_dates` finds: other checks reckon with no other."""
    return EARLIEST <= day <= LATEST


def _is_longer(span: Span, days: int) -> bool:
    return span.count * _IN_DAYS.get(span.unit, 0) > days


def _all_dates(subject: CheckedDefinition) -> Iterator[tuple[Trail, date]]:
    partnership, agreement = subject.partnership, subject.partnership.agreement
    for part in subject.parts:
        yield from _written(part.terms, effective=part.effective, ends=part.ends)
    yield from _written(("agreement",), signed=agreement.signed)
    for index, document in enumerate(agreement.documents):
        path: Trail = ("agreement", "documents", index)
        yield from _written(path, signed=document.signed, expires=document.expires)
        for position, milestone in enumerate(document.milestones):
            yield (*path, "milestones", position, "by"), milestone.by
    for path, clause in clauses_of(agreement):
        yield from _written(path, until=clause.until)
    for index, amendment in enumerate(agreement.amendments):
        yield ("agreement", "amendments", index, "effective"), amendment.effective
    for _, path, kpi in kpis_of(subject):
        yield from _written(path, **{"from": kpi.from_})
    for path, value in _of_triggers(subject):
        if isinstance(value, date):
            yield path, value
    for key, organisation in partnership.organisations.items():
        yield from _ends_of(organisation.closed, ("organisations", key, "closed"))
        yield from _ends_of(organisation.works, ("organisations", key, "works"))
    for key, person in partnership.people.items():
        yield from _ends_of(person.away, ("people", key, "away"))
        yield from _written(("people", key), leaves=person.leaves)


def clauses_of(agreement: Agreement) -> Iterator[tuple[Trail, Clause]]:
    """Every clause on record, and where it stands."""
    yield from ((("agreement", key), clause) for key, clause in agreement.clauses())
    yield from ((("agreement", "survives", index), each) for index, each in enumerate(agreement.survives))


def _all_spans(subject: CheckedDefinition) -> Iterator[tuple[Trail, Span, int]]:
    renewal = subject.partnership.agreement.renewal
    for path, clause in clauses_of(subject.partnership.agreement):
        if clause.survives is not None:
            yield (*path, "survives"), clause.survives, _LONGEST_TERM
    yield ("agreement", "renewal", "for"), renewal.for_, _LONGEST_TERM
    yield ("agreement", "renewal", "notice"), renewal.notice, _LONGEST_LEAD
    yield ("agreement", "renewal", "buffer"), renewal.buffer, _LONGEST_LEAD
    for _, path, kpi in kpis_of(subject):
        yield (*path, "grace"), kpi.grace, _LONGEST_LEAD
        if kpi.due is not None:
            yield (*path, "due"), kpi.due, _LONGEST_LEAD
    for path, value in _of_triggers(subject):
        if isinstance(value, Span):
            yield path, value, _LONGEST_LEAD


def _of_triggers(subject: CheckedDefinition) -> Iterator[tuple[Trail, object]]:
    """Every value of every trigger, whatever its kind."""
    for index, trigger in enumerate(subject.partnership.triggers):
        for name, field in type(trigger).model_fields.items():
            yield ("triggers", index, field.alias or name), getattr(trigger, name)


def _written(path: Trail, **days: date | None) -> Iterator[tuple[Trail, date]]:
    return (((*path, key), day) for key, day in days.items() if day is not None)


def _ends_of(runs: tuple[Days, ...], path: Trail) -> Iterator[tuple[Trail, date]]:
    for index, days in enumerate(runs):
        yield (*path, index), days.first
        if days.last > LATEST >= days.first:
            yield (*path, index), days.last
