"""What of figures, letters and trouble is evidence: readings with their corrections, excuses, who was overdue and how
that was told, disputes, deadlocks, what was said of terms, pauses and exits."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import Row

from scheduler.domain.definition.document import paper_words
from scheduler.domain.record.renewal import of_term
from scheduler.domain.record.seal import SealableRow
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from scheduler.render.wording import figure
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
        by = material.name(row.says["person"]) or ("a program" if row.says["way"] == "api" else None)
        said = [figure(Decimal(row.says["value"]), kpi.unit), "met" if row.says["met"] else "not met"]
        said += [f"by {by}" if by else "", row.says["note"] or "", f"corrects {corrects}" if corrects else ""]
        on = material.local(row.says["reported_at"])
        yield EvidenceEntry(
            "readings", "correction" if corrects else "report", on, f"{kpi.name}, {row.says['period']}",
            "; ".join(filter(None, said)), (row.row,),
        )  # fmt: skip


def excuses(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("excuse"):
        kpi = material.known.kpi(row.says["kpi"])
        name = kpi.name if kpi else row.says["kpi"]
        by, until = material.name(row.says["person"]), row.says["until"]
        said = [row.says["kind"], f"until {until}" if until else "", f"by {by}" if by else "", row.says["because"]]
        on = material.local(row.says["at"])
        yield EvidenceEntry(
            "excuses", row.says["kind"], on, f"{name}, {row.says['period']}", "; ".join(filter(None, said)), (row.row,)
        )


def lateness(material: Material) -> Iterator[EvidenceEntry]:
    """Figures that were owed: since when, by whom, how far their ladder went, and how it ended."""
    for row in material.until("flag"):
        closed = row.says["closed_at"] and material.local(row.says["closed_at"])
        if not material.span.holds(row.on) and closed and closed < material.span.first:
            continue
        kpi = material.known.kpi(row.says["kpi"])
        owner = material.name(row.says["owner"]) or row.says["owner"]
        said = [f"{owner}, due {row.says['due']}", f"overdue since {row.says['overdue_since']}"]
        said += [f"the ladder reached {row.says['rung']}" if row.says["rung"] else ""]
        said += [f"ended {closed}: {row.says['closed_because'] or ''}".rstrip(": ") if closed else "still owed"]
        lacks = None if closed else f"{owner} owes it since {row.says['due']}"
        on, title = (
            material.local(row.says["opened_at"]),
            f"{kpi.name if kpi else row.says['kpi']}, {row.says['period']}",
        )
        yield EvidenceEntry(
            "lateness", "closed" if closed else "open", on, title, "; ".join(filter(None, said)), (row.row,), lacks
        )


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
            "letters", each.rung, material.local(each.told_at.isoformat()), said.title, f"told to {who} ({each.rung})",
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
        said = [f"{who}: {row.says['says']}"]
        said.append(f"{row.says['how']} {settled}: {row.says['because'] or ''}".rstrip(": ") if settled else "open")
        title = f"{row.says['subject']} {row.says['period']}".strip() if row.says["period"] else "A change of the rules"
        lacks = None if settled else f"{who} says that it is not right, and nothing settled it"
        on = material.local(row.says["said_at"])
        yield EvidenceEntry("disputes", "settled" if settled else "open", on, title, "; ".join(said), (row.row,), lacks)


def deadlocks(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("deadlock"):
        ended = row.says["ended_at"] and material.local(row.says["ended_at"])
        said = f"ended {ended}: {row.says['ended_because'] or ''}".rstrip(": ") if ended else "open"
        lacks = None if ended else "the sides cannot agree, and nothing ended it"
        on = date.fromisoformat(row.says["opened_on"])
        yield EvidenceEntry("deadlocks", "ended" if ended else "open", on, row.says["says"], said, (row.row,), lacks)


def terms(material: Material) -> Iterator[EvidenceEntry]:
    """What was decided about a term, that notice was sent, and what was signed anew; a notice day that passed without a
    word is open."""
    for word in material.known.definition.renewals:
        on, back = word.on, ", taken back" if word.taken_back_at else ""
        if on <= material.span.until:
            said = f"{word.words}{f' by {material.name(word.by)}' if word.by else ''}{back}"
            of = f"{paper_words(word.document)} that expires" if word.document else "term that ends"
            yield EvidenceEntry("terms", word.says, on, f"The {of} on {word.ends}", said, _kept(material))
    agreed = material.definition.agreement
    cancel_by = agreed.cancel_by()
    said_of_it = of_term(material.known.definition.renewals, agreed.ends)
    spoken = said_of_it.decided or said_of_it.notice
    if cancel_by and cancel_by <= material.span.until and not spoken:
        lacks = f"the day for notice, {cancel_by}, passed, and nobody put on record what was decided"
        yield EvidenceEntry(
            "terms", "open", cancel_by, f"The term that ends on {agreed.ends}", "", _kept(material), lacks
        )


def pauses(material: Material) -> Iterator[EvidenceEntry]:
    for each in material.known.definition.pauses:
        if each.touches(material.span.first, material.span.until):
            last = each.last.isoformat() if each.last else "somebody resumes"
            said = f"until {last}{f', by {material.name(each.by)}' if each.by else ''}: {each.because}"
            yield EvidenceEntry("pauses", "pause", each.first, "Paused", said, _kept(material))


def _kept(material: Material) -> tuple[str, ...]:
    """The row in which words on terms and pauses are kept."""
    return (f"partnership/{material.row.id}",)


def exits(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.until("exit_word"):
        by = material.name(row.says["person"])
        said = [f"{row.says['says']}, last day {row.says['ends']}", f"by {by}" if by else "", row.says["because"]]
        on = date.fromisoformat(row.says["decided_on"])
        title = f"Exit of {row.says['scope']}"
        yield EvidenceEntry("exits", row.says["says"], on, title, "; ".join(filter(None, said)), (row.row,))


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
        title, mine = f"Health check {row.says['period']}", results.get(row.id, [])
        if skipped:
            by, because = material.name(row.says["skipped_by"]), row.says["skipped_because"]
            said = f"skipped{f' by {by}' if by else ''}: {because}"
            yield EvidenceEntry("health", "skipped", on, title, said, (row.row,), f"skipped: {because}")
            continue
        too_few = not any(each.says["mean"] for each in mine)
        lacks = "too few answered to say anything" if too_few else None
        rows = (row.row, *(each.row for each in mine))
        said = "; ".join(
            _area(each, sides[each.says["side"]].name if each.says["side"] in sides else None) for each in mine
        )
        yield EvidenceEntry("health", "unknown" if too_few else "result", on, title, said, rows, lacks)


def _area(row: SealableRow, side: str | None) -> str:
    said = row.says
    mean = f"{said['mean']} ({said['light']})" if said["mean"] else said["light"]
    gap = f", gap {said['gap']}" if said["gap"] else ""
    change = f", change {said['change']}" if said["change"] else ""
    return f"{said['area'].replace('_', ' ')}, {side or said['side']}: {mean}{gap}{change}"
