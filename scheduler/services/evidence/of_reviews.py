"""What of reviews is evidence: whether each was held, when, by whom, in time; its minutes with every version, what was
decided there, what was left to do, and what was objected to."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.seal import SealableRow
from scheduler.render.evidence_words import by, day_of_record, in_turn, with_reason
from scheduler.render.languages import known, say, say_count, sentence
from scheduler.render.wording import in_a_row
from scheduler.rules.evidence import EvidenceEntry
from scheduler.rules.reviews.clock_standing import CLOCKS
from scheduler.services.evidence.material import Material
from scheduler.services.state import remembered
from scheduler.services.views.launch_track import of_partnership

_CLOCK_WORDS: Mapping[str, str] = {
    "notice_by": sentence("notice by %(day)s"),
    "items_until": sentence("items until %(day)s"),
    "agenda_by": sentence("agenda by %(day)s"),
    "minutes_by": sentence("minutes by %(day)s"),
    "objections_until": sentence("objections until %(day)s"),
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
            known(record.review.full_title),
            in_turn(said),
            (*of_it, *changed.get(record.id, ()), *(each.row for each in who)),
            lacks,
            ahead=standing.status is not Status.HELD,
        )


def _status(record: Recorded) -> str:
    is_unsaid = record.status is Status.UNRECORDED
    said = say("nobody said whether it was held") if is_unsaid else known(record.status.value)
    if record.quorate is not None:
        said = say("%(what)s, quorate", what=said) if record.quorate else say("%(what)s, without quorum", what=said)
    return with_reason(said, record.remark if record.quorate is not False else None)


def _who(material: Material, who: list[SealableRow]) -> Iterator[str]:
    present = [material.name(each.says["stand_in"] or each.says["person"]) for each in who if each.says["was_present"]]
    away = [material.name(each.says["person"]) for each in who if not each.says["was_present"]]
    if present:
        yield say("there: %(people)s", people=in_a_row(filter(None, present)))
    if away:
        yield say("not there: %(people)s", people=in_a_row(filter(None, away)))


def _clocks(record: Recorded, filed: date | None) -> Iterator[str]:
    for name, on in record.review.clocks:
        if name in CLOCKS and record.status in (Status.HELD, Status.UNRECORDED):
            done = _filing(filed, on) if filed and name == "minutes_by" else ()
            yield in_a_row((say(_CLOCK_WORDS[name], day=day_of_record(on)), *done))


def _filing(filed: date, due: date) -> tuple[str, str]:
    late = (filed - due).days
    return (
        say("filed %(day)s", day=day_of_record(filed)),
        say_count("%(number)s day late", "%(number)s days late", late) if late > 0 else say("in time"),
    )


def _lacks(record: Recorded, who: list[SealableRow], filed: date | None, material: Material) -> str | None:
    if record.status is Status.UNRECORDED:
        return say("nobody said whether it was held")
    if record.status is not Status.HELD:
        return None
    due = next((on for name, on in record.review.clocks if name == "minutes_by"), None)
    if record.minutes is None and due and due < material.span.until:
        return say("held, and no minutes were filed; they were due on %(day)s", day=day_of_record(due))
    if record.quorate is False:
        return say("held without quorum")
    return None if who else say("held, and who was there is not on record")


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
        who, title = material.name(each.filing.says["person"]), _title(material, each.review)
        parts = (say("version %(number)s", number=each.number), say("filed by %(person)s", person=who) if who else "")
        said = in_a_row(filter(None, (*parts, f"SHA-256 {each.sha256}")))
        rows = (each.filing.row, *([each.kept_in.row] if each.kept_in.row != each.filing.row else []))
        yield EvidenceEntry("minutes", "version", material.local(each.filing.says["at"]), title, said, rows)


def _title(material: Material, review: str) -> str:
    record = material.recorded.get(review)
    return known(record.review.full_title) if record else review


def agendas(material: Material) -> Iterator[EvidenceEntry]:
    """Agendas as people edited them, and the items that they added."""
    for row in material.rows("agenda_version"):
        who, number = material.name(row.says["by"]), row.says["number"]
        said = say("version %(number)s, edited", number=number)
        if who:
            said = say("version %(number)s, edited by %(person)s", number=number, person=who)
        on, title = (
            material.local(row.says["at"]),
            say("Agenda of %(review)s", review=_title(material, row.says["review"])),
        )
        yield EvidenceEntry("agendas", "version", on, title, said, (row.row,))
    for row in material.rows("agenda_item"):
        who, dropped = material.name(row.says["by"]), row.says["dropped_because"] or "no reason is on record"
        added = say("added by %(person)s: %(words)s", person=who, words=row.says["says"])
        said = in_turn((added, with_reason(say("dropped"), dropped) if row.says["dropped_at"] else ""))
        on, title = (
            material.local(row.says["at"]),
            say("Item of %(review)s", review=_title(material, row.says["review"])),
        )
        yield EvidenceEntry("agendas", "item", on, title, said, (row.row,))


def decisions(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.until("decision"):
        on = date.fromisoformat(row.says["decided_on"])
        if not material.span.first <= on <= material.span.until:
            continue
        said = [row.says["says"], _taken_by(material, row), _carried_out(material, row), _ended(row)]
        title = _title(material, row.says["review"]) if row.says["review"] else say("Decided without a meeting")
        sort = row.says["course"] or "decision"
        yield EvidenceEntry("decisions", sort, on, title, in_turn(said), (row.row,))


def _taken_by(material: Material, row: SealableRow) -> str:
    who = row.says["taken_by"] or material.name(row.says["decided_by"])
    return say("taken by %(person)s", person=who) if who else ""


def _carried_out(material: Material, row: SealableRow) -> str:
    who = material.name(row.says["carried_out_by"])
    if row.says["carried_out_at"]:
        on = day_of_record(material.local(row.says["carried_out_at"]))
        if who:
            return say("carried out on %(day)s by %(person)s", day=on, person=who)
        return say("carried out on %(day)s", day=on)
    return say("to be carried out by %(person)s", person=who) if who else ""


def _ended(row: SealableRow) -> str:
    if row.says["withdrawn_at"]:
        return with_reason(known("withdrawn"), row.says["withdrawn_because"] or "no reason is on record")
    successor = row.says["superseded_by"]
    return say("superseded by %(decision)s", decision=successor) if successor else ""


def votes(material: Material) -> Iterator[EvidenceEntry]:
    """What was put to a body without a meeting, and how each side voted."""
    cast: dict[str, list[SealableRow]] = {}
    for row in material.until("vote"):
        cast.setdefault(row.says["proposal"], []).append(row)
    for row in material.rows("proposal"):
        mine = cast.get(row.id, [])
        outcome = row.says["outcome"] or "open"
        said = [say("put to %(body)s", body=known(row.says["body"])), known(outcome)]
        said += [_vote(material, each) for each in mine]
        on, rows = material.local(row.says["proposed_at"]), (row.row, *(each.row for each in mine))
        yield EvidenceEntry("votes", outcome, on, row.says["says"], in_turn(said), rows)


def _vote(material: Material, row: SealableRow) -> str:
    return say(
        "%(person)s for %(party)s: %(vote)s",
        person=material.name(row.says["person"]),
        party=row.says["party"],
        vote=known(row.says["says"]),
    )


def actions(material: Material) -> Iterator[EvidenceEntry]:
    """What minutes left to do: of the span, and what of before was open at its beginning."""
    for row in material.until("action"):
        done = row.says["done_at"] and material.local(row.says["done_at"])
        if not material.span.holds(row.on) and done and done < material.span.first:
            continue
        owner, due = material.name(row.says["owner"]) or known("nobody"), row.says["due"]
        said = [owner, say("due %(day)s", day=day_of_record(due)) if due else say("no date")]
        if done:
            said.append(with_reason(say("done %(day)s", day=day_of_record(done)), row.says["done_because"] or "done"))
        else:
            said.append(known("open"))
        is_late = not done and due and date.fromisoformat(due) < material.span.until
        lacks = say("%(person)s was to do it by %(day)s", person=owner, day=day_of_record(due)) if is_late else None
        on = material.local(row.says["opened_at"])
        yield EvidenceEntry(
            "actions", "done" if done else "open", on, row.says["says"], in_a_row(said), (row.row,), lacks
        )


def parked(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("parked_item"):
        closed = row.says["closed_at"] and material.local(row.says["closed_at"])
        said = known("open")
        if closed:
            said = with_reason(say("closed %(day)s", day=day_of_record(closed)), row.says["closed_because"])
        on = material.local(row.says["parked_at"])
        yield EvidenceEntry("parked", "closed" if closed else "open", on, row.says["says"], said, (row.row,))


def objections(material: Material) -> Iterator[EvidenceEntry]:
    for row in material.rows("objection"):
        settled = row.says["settled_at"] and material.local(row.says["settled_at"])
        who, title = (
            material.name(row.says["by"]),
            say("Minutes of %(review)s", review=_title(material, row.says["review"])),
        )
        said, lacks = [f"{who}: {row.says['says']}", row.says["item_says"] or ""], None
        if settled:
            said.append(with_reason(say("settled %(day)s", day=day_of_record(settled)), row.says["settled_because"]))
        else:
            said.append(known("open"))
            lacks = say("%(person)s objects, and nothing settled it", person=who)
        on = material.local(row.says["at"])
        yield EvidenceEntry("objections", "settled" if settled else "open", on, title, in_turn(said), (row.row,), lacks)


def checkpoint(material: Material) -> Iterator[EvidenceEntry]:
    """What people said of the criteria of success at 90 days; what was decided stands among the decisions."""
    for row in material.until("judgement"):
        who = material.name(row.says["person"])
        evidence = row.texts.get("evidence") if material.audience.sees_all else None
        said = [known(row.says["verdict"]), by(who), evidence]
        title = f"{_title(material, row.says['review'])}: {row.says['criterion']}"
        on = material.local(row.says["at"])
        yield EvidenceEntry("checkpoint", "judgement", on, title, in_turn(said), (row.row,))


def launch(material: Material) -> Iterator[EvidenceEntry]:
    """What people said of the steps of launch tracks, and those whose day is past and of which nobody said anything."""
    state = remembered(material.app, material.db, material.row, material.as_of)
    for line in of_partnership(state):
        if line.state == "late" and line.due <= material.span.until:
            title = f"{_title(material, line.checkpoint)}: {known(line.says)}"
            lacks = say("due on %(day)s, and nobody said that it was done", day=day_of_record(line.due))
            owner = say("of %(person)s", person=line.owner_name)
            yield EvidenceEntry("launch", "late", line.due, title, owner, (), lacks, ahead=True)
    for row in material.until("launch_tick"):
        done, who = row.says["done_on"], material.name(row.says["person"])
        stands = say("done on %(day)s", day=day_of_record(done)) if done else say("not done after all")
        said = [stands, by(who), row.says["because"]]
        title = f"{_title(material, row.says['review'])}: {row.says['step']}"
        on = material.local(row.says["at"])
        yield EvidenceEntry("launch", "step", on, title, in_turn(said), (row.row,))


_FORMAL = Kind.FORMAL_REVIEW.value
_DAY = timedelta(days=1)


def triggers(material: Material) -> Iterator[EvidenceEntry]:
    """What called a formal review, and what became of that."""
    for row in material.rows("cause"):
        review = _called_by(material, row)
        said = [known(row.says["says"])]
        said += [f"{day_of_record(on)}: {known(words)}" for on, words in row.says["evidence"]]
        lacks = None
        if review:
            standing = review.as_of(material.end)
            said.append(f"{known(review.review.full_title)}: {_status(standing)}")
            if standing.status is Status.UNRECORDED:
                day = day_of_record(review.review.start.date())
                lacks = say("nobody said whether the formal review of %(day)s was held", day=day)
        rows = (row.row, *([f"review/{review.id}"] if review else []))
        on = date.fromisoformat(row.says["fired_on"])
        yield EvidenceEntry("triggers", row.says["trigger"], on, known(row.says["trigger"]), in_turn(said), rows, lacks)


def _called_by(material: Material, row: SealableRow) -> Recorded | None:
    """The formal review of its scope that was planned when it fired."""
    fired = datetime.fromisoformat(row.says["fired_at"])
    of_scope = (
        each
        for each in material.recorded.values()
        if each.review.kind.value == _FORMAL and each.review.scope_id == row.says["scope"]
    )
    return next((each for each in of_scope if abs(each.created_at - fired) < _DAY), None)
