"""What of figures, letters and trouble is evidence: readings with their corrections, excuses, who was overdue and how
that was told, disputes, deadlocks, what was said of terms, pauses and exits."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import Row

from scheduler.domain.definition.document import paper_words
from scheduler.domain.record.renewal import of_term
from scheduler.domain.record.seal import SealableRow
from scheduler.render.evidence_words import by, day_of_record, in_turn, with_reason
from scheduler.render.languages import known, say
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from scheduler.render.wording import figure, in_a_row
from scheduler.rules.access import may_learn
from scheduler.rules.evidence import EvidenceEntry
from scheduler.services.evidence.material import Material
from scheduler.store import evidence as store


def readings(material: Material) -> Iterator[EvidenceEntry]:
    before: dict[tuple[str, str], str] = {}
    for row in material.until("reading"):
        key = row.says["kpi"], row.says["period"]
        corrects = before.get(key)
        before[key] = row.row
        kpi = material.known.kpi(row.says["kpi"])
        if not material.span.holds(row.on) or kpi is None:
            continue
        who = material.name(row.says["person"]) or (say("a program") if row.says["way"] == "api" else None)
        said = [figure(Decimal(row.says["value"]), kpi.unit), known("met") if row.says["met"] else say("not met")]
        said += [by(who), row.says["note"], say("corrects %(row)s", row=corrects) if corrects else ""]
        on = material.local(row.says["reported_at"])
        yield EvidenceEntry(
            "readings", "correction" if corrects else "report", on, f"{kpi.name}, {row.says['period']}",
            in_turn(said), (row.row,),
        )  # fmt: skip


def excuses(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("excuse"):
        kpi = material.known.kpi(row.says["kpi"])
        name = kpi.name if kpi else row.says["kpi"]
        until = say("until %(day)s", day=day_of_record(row.says["until"])) if row.says["until"] else ""
        said = [known(row.says["kind"]), until, by(material.name(row.says["person"])), known(row.says["because"])]
        on = material.local(row.says["at"])
        yield EvidenceEntry("excuses", row.says["kind"], on, f"{name}, {row.says['period']}", in_turn(said), (row.row,))


def lateness(material: Material) -> Iterator[EvidenceEntry]:
    """Figures that were owed: since when, by whom, how far their ladder went, and how it ended."""
    for row in material.until("flag"):
        closed = row.says["closed_at"] and material.local(row.says["closed_at"])
        if not material.span.holds(row.on) and closed and closed < material.span.first:
            continue
        kpi = material.known.kpi(row.says["kpi"])
        owner = material.name(row.says["owner"]) or row.says["owner"]
        due = day_of_record(row.says["due"])
        said = [say("%(person)s, due %(day)s", person=owner, day=due)]
        said += [say("overdue since %(day)s", day=day_of_record(row.says["overdue_since"]))]
        said += [say("the ladder reached %(rung)s", rung=known(row.says["rung"])) if row.says["rung"] else ""]
        said += [_ended(closed, row.says["closed_because"]) if closed else say("still owed")]
        lacks = None if closed else say("%(person)s owes it since %(day)s", person=owner, day=due)
        on, title = (
            material.local(row.says["opened_at"]),
            f"{kpi.name if kpi else row.says['kpi']}, {row.says['period']}",
        )
        yield EvidenceEntry("lateness", "closed" if closed else "open", on, title, in_turn(said), (row.row,), lacks)


def _ended(on: date, because: str | None) -> str:
    return with_reason(say("ended %(day)s", day=day_of_record(on)), because)


def letters(material: Material) -> Iterator[EvidenceEntry]:
    """What people were told of what was late: the letters that escalated, each with the row of the letter that left."""
    of_key = {row.says["dedup_key"]: row.row for row in material.until("letter")}
    for each in store.told_late(material.db, material.row.id, material.end):
        if not _may_read(material, each) or not material.span.first <= material.local(each.told_at.isoformat()):
            continue
        matter = ToldMatter(each.about, each.subject, each.rung, each.facts, each.title, each.detail)
        said = sentences_of(matter, Means(has_shell=False), material.app.settings.template_folders)
        who = material.name(each.person) or each.email
        letter = of_key.get(each.letter or "")
        yield EvidenceEntry(
            "letters", each.rung, material.local(each.told_at.isoformat()), said.title,
            say("told to %(person)s (%(rung)s)", person=who, rung=known(each.rung)),
            (letter,) if letter else (),
        )  # fmt: skip


def _may_read(material: Material, row: Row[tuple[object, ...]]) -> bool:
    if material.audience.sees_all:
        return True
    mine = row.email.casefold() in material.known.own_side
    return mine and may_learn(row.of, material.audience)


def disputes(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("dispute"):
        settled = row.says["settled_at"] and material.local(row.says["settled_at"])
        who = material.name(row.says["person"])
        said = [f"{who}: {row.says['says']}", _settled(row, settled) if settled else known("open")]
        title = f"{row.says['subject']} {row.says['period']}" if row.says["period"] else say("A change of the rules")
        lacks = None if settled else say("%(person)s says that it is not right, and nothing settled it", person=who)
        on = material.local(row.says["said_at"])
        yield EvidenceEntry("disputes", "settled" if settled else "open", on, title, in_turn(said), (row.row,), lacks)


def _settled(row: SealableRow, on: date) -> str:
    how = say("%(how)s %(day)s", how=known(row.says["how"]), day=day_of_record(on))
    return with_reason(how, row.says["because"])


def deadlocks(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("deadlock"):
        ended = row.says["ended_at"] and material.local(row.says["ended_at"])
        said = _ended(ended, row.says["ended_because"]) if ended else known("open")
        lacks = None if ended else say("the sides cannot agree, and nothing ended it")
        on = date.fromisoformat(row.says["opened_on"])
        yield EvidenceEntry("deadlocks", "ended" if ended else "open", on, row.says["says"], said, (row.row,), lacks)


def terms(material: Material) -> Iterator[EvidenceEntry]:
    """What was decided about a term, that notice was sent, and what was signed anew; a notice day that passed without a
    word is open."""
    for word in material.known.definition.renewals:
        if word.on <= material.span.until:
            said = known(word.words)
            if who := material.name(word.by) if word.by else None:
                said = say("%(what)s by %(person)s", what=said, person=who)
            if word.taken_back_at:
                said = say("%(what)s, taken back", what=said)
            title = _paper(word.document, word.ends) if word.document else _term(word.ends)
            yield EvidenceEntry("terms", word.says, word.on, title, said, _kept(material))
    agreed = material.definition.agreement
    cancel_by = agreed.cancel_by()
    said_of_it = of_term(material.known.definition.renewals, agreed.ends)
    spoken = said_of_it.decided or said_of_it.notice
    if agreed.ends and cancel_by and cancel_by <= material.span.until and not spoken:
        lacks = say(
            "the day for notice, %(day)s, passed, and nobody put on record what was decided",
            day=day_of_record(cancel_by),
        )
        yield EvidenceEntry("terms", "open", cancel_by, _term(agreed.ends), "", _kept(material), lacks)


def _term(ends: date) -> str:
    return say("The term that ends on %(day)s", day=day_of_record(ends))


def _paper(kind: str, ends: date) -> str:
    return say("The %(paper)s that expires on %(day)s", paper=known(paper_words(kind)), day=day_of_record(ends))


def pauses(material: Material) -> Iterator[EvidenceEntry]:
    for each in material.known.definition.pauses:
        if each.touches(material.span.first, material.span.until):
            until = say("until %(day)s", day=day_of_record(each.last)) if each.last else say("until somebody resumes")
            said = with_reason(in_a_row(filter(None, (until, by(material.name(each.by))))), each.because)
            yield EvidenceEntry("pauses", "pause", each.first, say("Paused"), said, _kept(material))


def _kept(material: Material) -> tuple[str, ...]:
    """The row in which words on terms and pauses are kept."""
    return (f"partnership/{material.row.id}",)


def exits(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.until("exit_word"):
        ends = say("%(what)s, last day %(day)s", what=known(row.says["says"]), day=day_of_record(row.says["ends"]))
        said = [ends, by(material.name(row.says["person"])), row.says["because"]]
        on = date.fromisoformat(row.says["decided_on"])
        title = say("Exit of %(scope)s", scope=row.says["scope"])
        yield EvidenceEntry("exits", row.says["says"], on, title, in_turn(said), (row.row,))


def health(material: Material) -> Iterator[EvidenceEntry]:
    """Rounds of the health check, and what each side said of each area: means alone, and none of too few."""
    sides = material.known.definition.organisations
    results: dict[str, list[SealableRow]] = {}
    for row in material.until("health_result"):
        results.setdefault(row.says["round"], []).append(row)
    for row in material.until("health_round"):
        closed, skipped = row.says["closed_at"], row.says["skipped_at"]
        if not (closed or skipped):
            continue
        on = material.local(closed or skipped)
        if not material.span.first <= on <= material.span.until:
            continue
        title, mine = say("Health check %(period)s", period=row.says["period"]), results.get(row.id, [])
        if skipped:
            who, because = material.name(row.says["skipped_by"]), row.says["skipped_because"]
            said = with_reason(say("skipped by %(person)s", person=who) if who else known("skipped"), because)
            lacks = with_reason(known("skipped"), because)
            yield EvidenceEntry("health", "skipped", on, title, said, (row.row,), lacks)
            continue
        too_few = not any(each.says["mean"] for each in mine)
        too_little = say("too few answered to say anything") if too_few else None
        rows = (row.row, *(each.row for each in mine))
        said = in_turn(
            _area(each, sides[each.says["side"]].name if each.says["side"] in sides else None) for each in mine
        )
        yield EvidenceEntry("health", "unknown" if too_few else "result", on, title, said, rows, too_little)


def _area(row: SealableRow, side: str | None) -> str:
    said = row.says
    mean = f"{said['mean']} ({known(said['light'])})" if said["mean"] else known(said["light"])
    gap = say("gap %(gap)s", gap=said["gap"]) if said["gap"] else ""
    change = say("change %(change)s", change=said["change"]) if said["change"] else ""
    area, what = known(said["area"].replace("_", " ")), in_a_row(filter(None, (mean, gap, change)))
    return say("%(area)s, %(side)s: %(what)s", area=area, side=side or said["side"], what=what)
