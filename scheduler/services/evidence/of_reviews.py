"""What of reviews is evidence: whether each was held, when, by whom, in time; its minutes with every version, what was
decided there, what was left to do, and what was objected to."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.seal import SealableRow
from scheduler.rules.evidence import EvidenceEntry
from scheduler.rules.reviews.clock_standing import CLOCKS
from scheduler.services.evidence.material import Material
from scheduler.services.state import remembered
from scheduler.services.views.launch_track import of_partnership

_CLOCK_WORDS: Mapping[str, str] = {
    "notice_by": "notice by",
    "items_until": "items until",
    "agenda_by": "agenda by",
    "minutes_by": "minutes by",
    "objections_until": "objections until",
}


def meetings(material: Material) -> Iterator[EvidenceEntry]:
    """The reviews whose day is of the span, with who was there and how their clocks ran."""
    there, filed, changed = _presence(material), _filed(material), _changes(material)
    rows = {each.id: each for each in material.until("review")}
    for record in material.recorded.values():
        day = record.held_on or record.review.start.date()
        if not material.span.first <= day <= material.span.until or record.status is Status.CANCELLED:
            continue
        standing = record.as_of(material.as_of)
        of_it = [rows[record.id].row] if record.id in rows else []
        who = there.get(record.id, [])
        said = [_status(standing), *_who(material, who), *_clocks(standing, filed.get(record.id))]
        lacks = _lacks(standing, who, filed.get(record.id), material)
        yield EvidenceEntry(
            "meetings",
            record.review.kind.value,
            day,
            record.review.full_title,
            "; ".join(filter(None, said)),
            (*of_it, *changed.get(record.id, ()), *(each.row for each in who)),
            lacks,
            ahead=standing.status is not Status.HELD,
        )


def _status(record: Recorded) -> str:
    words = {
        Status.HELD: "held",
        Status.SKIPPED: "skipped",
        Status.PLANNED: "planned",
        Status.UNRECORDED: "nobody said whether it was held",
    }
    said = words.get(record.status, record.status.value)
    quorum = {True: ", quorate", False: ", without quorum"}.get(record.quorate) if record.quorate is not None else ""
    return f"{said}{quorum}{f': {record.remark}' if record.remark and record.quorate is not False else ''}"


def _who(material: Material, who: list[SealableRow]) -> Iterator[str]:
    present = [material.name(each.says["stand_in"] or each.says["person"]) for each in who if each.says["was_present"]]
    away = [material.name(each.says["person"]) for each in who if not each.says["was_present"]]
    if present:
        yield f"there: {', '.join(filter(None, present))}"
    if away:
        yield f"not there: {', '.join(filter(None, away))}"


def _clocks(record: Recorded, filed: date | None) -> Iterator[str]:
    for name, on in record.review.clocks:
        if name in CLOCKS and record.status in (Status.HELD, Status.UNRECORDED):
            done = ""
            if name == "minutes_by" and filed:
                late = (filed - on).days
                done = f", filed {filed}" + (f", {late} days late" if late > 0 else ", in time")
            yield f"{_CLOCK_WORDS[name]} {on}{done}"


def _lacks(record: Recorded, who: list[SealableRow], filed: date | None, material: Material) -> str | None:
    if record.status is Status.UNRECORDED:
        return "nobody said whether it was held"
    if record.status is not Status.HELD:
        return None
    due = next((on for name, on in record.review.clocks if name == "minutes_by"), None)
    if record.minutes is None and due and due < material.span.until:
        return f"held, and no minutes were filed; they were due on {due}"
    if record.quorate is False:
        return "held without quorum"
    return None if who else "held, and who was there is not on record"


def _presence(material: Material) -> dict[str, list[SealableRow]]:
    """The last word on each person, by review."""
    found: dict[str, dict[str, SealableRow]] = {}
    for each in material.until("presence"):
        found.setdefault(each.says["review"], {})[each.says["person"]] = each
    return {review: [*by_person.values()] for review, by_person in found.items()}


def _filed(material: Material) -> dict[str, date]:
    """When minutes were filed first, by review."""
    found: dict[str, date] = {}
    for each in material.minutes:
        found.setdefault(each.review, material.local(each.filing.says["at"]))
    return found


def _changes(material: Material) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in material.until("revision"):
        found.setdefault(row.says["review"], []).append(row.row)
    return found


def minutes(material: Material) -> Iterator[EvidenceEntry]:
    """Every version that was filed, with its digest: who filed it, and the row that has its text."""
    for each in material.minutes:
        if not material.span.holds(each.filing.on):
            continue
        by, title = material.name(each.filing.says["person"]), _title(material, each.review)
        said = f"version {each.number}{f', filed by {by}' if by else ''}, SHA-256 {each.sha256}"
        rows = (each.filing.row, *([each.kept_in.row] if each.kept_in.row != each.filing.row else []))
        yield EvidenceEntry("minutes", "version", material.local(each.filing.says["at"]), title, said, rows)


def _title(material: Material, review: str) -> str:
    record = material.recorded.get(review)
    return record.review.full_title if record else review


def agendas(material: Material) -> Iterator[EvidenceEntry]:
    """Agendas as people edited them, and the items that they added."""
    for row in material.rows("agenda_version"):
        by, review = material.name(row.says["by"]), row.says["review"]
        said = f"version {row.says['number']}, edited{f' by {by}' if by else ''}"
        on = material.local(row.says["at"])
        yield EvidenceEntry("agendas", "version", on, f"Agenda of {_title(material, review)}", said, (row.row,))
    for row in material.rows("agenda_item"):
        said = f"added by {material.name(row.says['by'])}: {row.says['says']}"
        if row.says["dropped_at"]:
            said += f"; dropped: {row.says['dropped_because'] or 'no reason is on record'}"
        on, title = material.local(row.says["at"]), f"Item of {_title(material, row.says['review'])}"
        yield EvidenceEntry("agendas", "item", on, title, said, (row.row,))


def decisions(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.until("decision"):
        on = date.fromisoformat(row.says["decided_on"])
        if not material.span.first <= on <= material.span.until:
            continue
        said = [row.says["says"], _taken_by(material, row), _carried_out(material, row), _ended(row)]
        title = f"{_title(material, row.says['review'])}" if row.says["review"] else "Decided without a meeting"
        sort = row.says["course"] or "decision"
        yield EvidenceEntry("decisions", sort, on, title, "; ".join(filter(None, said)), (row.row,))


def _taken_by(material: Material, row: SealableRow) -> str:
    by = row.says["taken_by"] or material.name(row.says["decided_by"])
    return f"taken by {by}" if by else ""


def _carried_out(material: Material, row: SealableRow) -> str:
    who = material.name(row.says["carried_out_by"])
    if row.says["carried_out_at"]:
        return f"carried out on {material.local(row.says['carried_out_at'])}" + (f" by {who}" if who else "")
    return f"to be carried out by {who}" if who else ""


def _ended(row: SealableRow) -> str:
    if row.says["withdrawn_at"]:
        return f"withdrawn: {row.says['withdrawn_because'] or 'no reason is on record'}"
    return f"superseded by {row.says['superseded_by']}" if row.says["superseded_by"] else ""


def votes(material: Material) -> Iterator[EvidenceEntry]:
    """What was put to a body without a meeting, and how each side voted."""
    cast: dict[str, list[SealableRow]] = {}
    for row in material.until("vote"):
        cast.setdefault(row.says["proposal"], []).append(row)
    for row in material.rows("proposal"):
        mine = cast.get(row.id, [])
        said = [f"put to {row.says['body']}", row.says["outcome"] or "open"]
        said += [f"{material.name(each.says['person'])} for {each.says['party']}: {each.says['says']}" for each in mine]
        on, rows = material.local(row.says["proposed_at"]), (row.row, *(each.row for each in mine))
        yield EvidenceEntry("votes", row.says["outcome"] or "open", on, row.says["says"], "; ".join(said), rows)


def actions(material: Material) -> Iterator[EvidenceEntry]:
    """What minutes left to do: of the span, and what of before was open at its beginning."""
    for row in material.until("action"):
        done = row.says["done_at"] and material.local(row.says["done_at"])
        if not material.span.holds(row.on) and done and done < material.span.first:
            continue
        owner, due = material.name(row.says["owner"]) or "nobody", row.says["due"]
        said = [owner, f"due {due}" if due else "no date"]
        said.append(f"done {done}: {row.says['done_because'] or 'done'}" if done else "open")
        is_late = not done and due and date.fromisoformat(due) < material.span.until
        lacks = f"{owner} was to do it by {due}" if is_late else None
        on = material.local(row.says["opened_at"])
        yield EvidenceEntry(
            "actions", "done" if done else "open", on, row.says["says"], ", ".join(said), (row.row,), lacks
        )


def parked(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("parked_item"):
        closed = row.says["closed_at"] and material.local(row.says["closed_at"])
        said = f"closed {closed}: {row.says['closed_because'] or ''}".rstrip(": ") if closed else "open"
        on = material.local(row.says["parked_at"])
        yield EvidenceEntry("parked", "closed" if closed else "open", on, row.says["says"], said, (row.row,))


def objections(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("objection"):
        settled = row.says["settled_at"] and material.local(row.says["settled_at"])
        title = f"Minutes of {_title(material, row.says['review'])}"
        said = [f"{material.name(row.says['by'])}: {row.says['says']}", row.says["item_says"] or ""]
        said.append(f"settled {settled}: {row.says['settled_because'] or ''}".rstrip(": ") if settled else "open")
        lacks = None if settled else f"{material.name(row.says['by'])} objects, and nothing settled it"
        on = material.local(row.says["at"])
        yield EvidenceEntry(
            "objections", "settled" if settled else "open", on, title, "; ".join(filter(None, said)), (row.row,), lacks
        )


def checkpoint(material: Material) -> Iterator[EvidenceEntry]:
    """What people said of the criteria of success at 90 days; what was decided stands among the decisions."""
    for row in material.until("judgement"):
        says, by = row.says["verdict"], material.name(row.says["person"])
        evidence = row.texts.get("evidence") if material.audience.sees_all else None
        said = [says, f"by {by}" if by else "", evidence or ""]
        title = f"{_title(material, row.says['review'])}: {row.says['criterion']}"
        on = material.local(row.says["at"])
        yield EvidenceEntry("checkpoint", "judgement", on, title, "; ".join(filter(None, said)), (row.row,))


def launch(material: Material) -> Iterator[EvidenceEntry]:
    """What people said of the steps of launch tracks, and those whose day is past and of which nobody said anything."""
    state = remembered(material.app, material.db, material.row, material.as_of)
    for line in of_partnership(state):
        if line.state == "late" and line.due <= material.span.until:
            title = f"{_title(material, line.checkpoint)}: {line.says}"
            lacks = f"due on {line.due}, and nobody said that it was done"
            yield EvidenceEntry("launch", "late", line.due, title, f"of {line.owner_name}", (), lacks, ahead=True)
    for row in material.until("launch_tick"):
        done, by = row.says["done_on"], material.name(row.says["person"])
        said = [
            f"done on {done}" if done else "not done after all",
            f"by {by}" if by else "",
            row.says["because"] or "",
        ]
        title = f"{_title(material, row.says['review'])}: {row.says['step']}"
        on = material.local(row.says["at"])
        yield EvidenceEntry("launch", "step", on, title, "; ".join(filter(None, said)), (row.row,))


_FORMAL = Kind.FORMAL_REVIEW.value
_DAY = timedelta(days=1)


def triggers(material: Material) -> Iterator[EvidenceEntry]:
    """What called a formal review, and what became of that."""
    for row in material.rows("cause"):
        review = _called_by(material, row)
        said = [row.says["says"], *(f"{on}: {words}" for on, words in row.says["evidence"])]
        lacks = None
        if review:
            standing = review.as_of(material.end)
            said.append(f"{review.review.full_title}: {_status(standing)}")
            if standing.status is Status.UNRECORDED:
                lacks = f"nobody said whether the formal review of {review.review.start.date()} was held"
        rows = (row.row, *([f"review/{review.id}"] if review else []))
        on = date.fromisoformat(row.says["fired_on"])
        yield EvidenceEntry("triggers", row.says["trigger"], on, row.says["trigger"], "; ".join(said), rows, lacks)


def _called_by(material: Material, row: SealableRow) -> Recorded | None:
    """The formal review of its scope that was planned when it fired."""
    fired = datetime.fromisoformat(row.says["fired_at"])
    of_scope = (
        each
        for each in material.recorded.values()
        if each.review.kind.value == _FORMAL and each.review.scope_id == row.says["scope"]
    )
    return next((each for each in of_scope if abs(each.created_at - fired) < _DAY), None)
