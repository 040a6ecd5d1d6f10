"""The form on which somebody says that a reading, or what was changed in the definition, is not right.

Its link is for what its holder has seen: once the reading is corrected it is closed. What is said stands on the next
agenda until whoever said it withdraws it, here too; the same words sent twice are on record once. An alliance manager
who hears of it has a link of their own, on which they say what was agreed: it is good until it is settled.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.dispute import Dispute
from scheduler.render.agenda.kpi_lines import target_words, value_words
from scheduler.render.changed_fields import field_value, what_differs
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import DISPUTE
from scheduler.render.wording import day_words
from scheduler.rules.access import JOINT, may_see
from scheduler.rules.calendar.wall_clock import zone
from scheduler.services.app import App
from scheduler.services.cases.disputes import change_of, contest, object_to_change, settle
from scheduler.services.kpi_lookup import call
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import StoreError, disputes
from scheduler.web.links import partnership_of, payload

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, moment_words, name_of, refusal_at, remark


@dataclass(frozen=True)
class DisputePage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness; `on_record` is what its
    reader has said of it before, `open` the numbers and words of what they can withdraw. It `settles` what another has
    said, or says something; once that is settled by its reader, that alone is shown."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    open: tuple[tuple[int, str], ...]
    settles: bool
    is_settled: bool
    because: str


@dataclass(frozen=True)
class _Asked:
    """What a link is for."""

    partnership: Partnership
    person: str
    about: str
    subject: str
    period: str
    title: str
    facts: tuple[tuple[str, str, bool], ...]
    is_settled: bool = False


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where what it is about is there no more, or is another than it was."""
    said = payload(db, DISPUTE, token, now)
    partnership = partnership_of(app, db, said["partnership"], now)
    person = holder(app, db, partnership, said, now)
    try:
        if said["about"] == "settle":
            return _of_dispute(db, partnership, person, int(said["subject"]), now)
        if said["about"] == "change":
            return _of_change(db, partnership, person, int(said["subject"]))
        return _of_reading(app, db, partnership, person, said["subject"], said["version"], now)
    except StoreError:
        raise
    except UserError as gone:
        raise Gone(gone.what) from None


def _of_change(db: Connection, partnership: Partnership, person: str, number: int) -> _Asked:
    change = change_of(db, partnership.partnership, number)
    facts = []
    for each in change.changes:
        was, now = (field_value(each["field"], each[when] or "") for when in ("was", "now"))
        stands = now or say("taken out")
        words = say("%(now)s (before: %(was)s)", now=stands, was=was) if was and now else stands
        facts.append((what_differs(each["part"], each["name"], each["field"]), words, False))
    on = day_words(change.at.astimezone(zone(partnership.zone)).date())
    return _Asked(
        partnership,
        person,
        "change",
        str(number),
        "",
        say("The definition was changed on %(day)s", day=on),
        tuple(facts),
    )


def _of_dispute(db: Connection, partnership: Partnership, person: str, number: int, now: datetime) -> _Asked:
    """Raises Gone where it stands no more, and for whoever looks after the partnership no more."""
    found = disputes.find(db, number)
    if (
        found is None
        or found.partnership != partnership.partnership
        or not (found.is_open or found.settled_by == person)
    ):
        raise Gone("it is settled")
    has_duty(partnership, person, (), now)
    who = name_of(partnership, found.by)
    kpi = partnership.kpi(found.subject) if found.about == "reading" else None
    what = f"{kpi.name}, {found.period}" if kpi else say("what was changed in the definition")
    facts = [(say("%(person)s says", person=who), found.says, False)]
    if found.because:
        facts.append((say("Agreed"), found.because, False))
    if found.settled_at:
        facts.append((say("On record since"), moment_words(partnership, person, found.settled_at), False))
    title = say("%(person)s disputes %(what)s", person=who, what=what)
    return _Asked(partnership, person, "settle", str(number), "", title, tuple(facts), not found.is_open)


def _of_reading(
    app: App, db: Connection, partnership: Partnership, person: str, subject: str, version: str, now: datetime
) -> _Asked:
    id, _, period = subject.partition(":")
    named = call(app, db, id, now)
    owed = named.named(period)
    if owed.reading is None or not may_see(named.kpi, JOINT) or owed.reading.reported_at.isoformat() != version:
        raise Gone("it was corrected since")
    value, by = value_words(owed.kpi, owed.reading), name_of(partnership, owed.reading.by)
    facts = (
        (say("Reported"), say("%(value)s by %(person)s", value=value, person=by), False),
        (say("Target"), target_words(owed.kpi), False),
    )
    return _Asked(partnership, person, "reading", named.id, period, f"{named.kpi.name}, {owed.period.name}", facts)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> DisputePage:
    asked = _asked(app, db, now, token)
    return DisputePage(
        partnership=asked.partnership.name,
        title=asked.title,
        reader=name_of(asked.partnership, asked.person),
        facts=asked.facts,
        on_record=tuple(_line(asked, each) for each in _theirs(db, asked)),
        open=tuple((each.number, each.says) for each in _theirs(db, asked) if each.is_open),
        settles=asked.about == "settle",
        is_settled=asked.is_settled,
        because=(said or {}).get("because", ""),
    )


def _theirs(db: Connection, asked: _Asked) -> list[Dispute]:
    about = asked.about, asked.subject, asked.period, asked.person
    known = disputes.of_partnership(db, asked.partnership.partnership)
    return [each for each in known if (each.about, each.subject, each.period, each.by) == about]


def _line(asked: _Asked, said: Dispute) -> HistoryLine:
    words = said.says
    if said.how and said.because:
        words = say("%(words)s (%(how)s: %(because)s)", words=words, how=known(said.how), because=said.because)
    elif said.how:
        words = say("%(words)s (%(how)s)", words=words, how=known(said.how))
    at = moment_words(asked.partnership, asked.person, said.said_at)
    return HistoryLine(words, name_of(asked.partnership, said.by), at, None)


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
        settled = disputes.find(db, int(asked.subject)) if asked.is_settled else None
    if settled:
        if remark(said, "because") == settled.because:
            return
        raise NotKept
    if "withdraw" in said:
        _withdrawn(app, asked, said["withdraw"], now)
        return
    because = remark(said, "because")
    if because is None:
        raise Wrong(
            "because",
            InvalidValue(sentence("Say what is not right"), sentence("it stands on the agenda in your words")),
        )
    with refusal_at("because"):
        if asked.about == "settle":
            settle(app, int(asked.subject), "settled", because, asked.person, now)
        elif asked.about == "change":
            object_to_change(app, asked.partnership.partnership, int(asked.subject), because, asked.person, now)
        else:
            contest(app, asked.subject, asked.period, because, asked.person, now)


def _withdrawn(app: App, asked: _Asked, number: str, now: datetime) -> None:
    """Raises Wrong for what is not theirs, or stands no more."""
    with app.store.read() as db:
        theirs = {str(each.number) for each in _theirs(db, asked) if each.is_open}
    if number not in theirs:
        raise Wrong("", UserError(sentence("That stands no more"), sentence("load this page anew")))
    settle(app, int(number), "withdrawn", None, asked.person, now)


FORM = FormKind("dispute.html.j2", _shown, _taken)
