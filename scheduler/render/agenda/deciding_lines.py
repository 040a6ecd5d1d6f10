"""Who decides when the sides disagree: the bodies of the agreement with their members, rules, matters and deadlocks."""

from scheduler.domain.definition.deciding_body import Body
from scheduler.domain.definition.partnership import Partnership
from scheduler.render.languages import known, say
from scheduler.render.wording import in_a_row, span_words


def decided_by(partnership: Partnership) -> str | None:
    """``June Okafor``, ``Joint steering committee (Inès Falk, Dev Patel; by consent)``; None where nobody is named."""
    bodies = partnership.agreement.bodies
    if not bodies:
        return partnership.decided_by
    found, *others = (_body(partnership, each) for each in bodies)
    for each in others:
        found = say("%(body)s, or %(other)s", body=found, other=each)
    return found


def deciding(partnership: Partnership) -> tuple[str, ...]:
    """A line for each body, with what it decides, up to where, and where a deadlock goes; none where that is said in
    words."""
    return tuple(_line(partnership, each) for each in partnership.agreement.bodies)


def _line(partnership: Partnership, body: Body) -> str:
    found = _body(partnership, body)
    if body.matters:
        found = say("%(body)s on %(matters)s", body=found, matters=in_a_row(body.matters))
    if body.deadlock:
        first, *others = (_level(each.words, str(each.for_) if each.for_ else None) for each in body.deadlock)
        for each in others:
            first = say("%(first)s, then %(second)s", first=first, second=each)
        return "; ".join((found, *map(str, body.thresholds), say("in a deadlock %(levels)s", levels=first)))
    return "; ".join((found, *map(str, body.thresholds)))


def _level(words: str, span: str | None) -> str:
    return say("%(level)s for %(span)s", level=known(words), span=span_words(span)) if span else known(words)


def _body(partnership: Partnership, body: Body) -> str:
    members, rule = in_a_row(map(partnership.name_of, body.members)), body.rule_words
    said = "; ".join(filter(None, (members, say("by %(rule)s", rule=known(rule)) if rule else "")))
    return f"{body.body} ({said})" if said else body.body
