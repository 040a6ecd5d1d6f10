"""What of a definition is evidence: the agreement with its clauses and papers, who decides, who answers for what, by
which figures the partnership is measured, and each version that was in force."""

from collections.abc import Iterator
from datetime import date

from scheduler.render.changed_fields import field_value, field_words, what_differs
from scheduler.render.evidence_words import by, day_of_record, in_turn
from scheduler.render.languages import known, say
from scheduler.render.wording import in_a_row, span_words
from scheduler.rules.evidence import EvidenceEntry
from scheduler.services.evidence.material import Material
from scheduler.services.views.known_partnership import Difference


def agreement(material: Material) -> Iterator[EvidenceEntry]:
    definition, rows = material.definition, material.defined_in
    agreed = definition.agreement

    def entry(sort: str, title: str, says: object) -> EvidenceEntry:
        return EvidenceEntry("agreement", sort, None, title, str(says), rows)

    yield entry("model", say("Structural model"), known(definition.model.words))
    if definition.goal:
        yield entry("goal", say("Goal"), definition.goal)
    if agreed.signed:
        yield EvidenceEntry("agreement", "signed", agreed.signed, say("Signed"), "", rows)
    yield EvidenceEntry("agreement", "effective", agreed.effective, say("In force from"), "", rows)
    if agreed.ends:
        renewal = say("renewal: %(kind)s", kind=known(agreed.renewal.kind))
        yield EvidenceEntry("agreement", "ends", agreed.ends, say("Ends"), renewal, rows)
        cancel_by = agreed.cancel_by()
        if cancel_by:
            notice = say("%(span)s before", span=span_words(str(agreed.renewal.notice)))
            yield EvidenceEntry("agreement", "notice", cancel_by, say("Notice by"), notice, rows)
    for words in ("scope", "territory", "exclusivity", "exit"):
        if said := getattr(agreed, words):
            yield entry(words, _title_of(words), said)
    for key, clause in agreed.clauses():
        yield entry(key, _title_of(key), clause.says)
    for each in agreed.obligations():
        title = say("Outlasts it: %(clause)s", clause=field_words(each.clause))
        yield entry("survives", title, f"{each.says} ({each.lasts})")
    for side, gives in agreed.contributions.items():
        organisation = definition.organisations.get(side)
        brought = say("Brought by %(organisation)s", organisation=organisation.name if organisation else side)
        yield entry("contribution", brought, gives)
    for matter in agreed.reserved_matters:
        yield entry("reserved", say("Reserved matter"), matter)
    for each_change in agreed.amendments:
        model = say("then a %(model)s", model=known(each_change.model.words))
        yield EvidenceEntry("agreement", "amendment", each_change.effective, say("Amended"), model, rows)


def _title_of(key: str) -> str:
    words = field_words(key)
    return words[:1].upper() + words[1:]


def documents(material: Material) -> Iterator[EvidenceEntry]:
    """Signed papers, and the files that were given to be read before reviews, each with its SHA-256."""
    until = material.span.until
    papers = [each for each in material.definition.agreement.documents if each.signed is None or each.signed <= until]
    in_force = {each.kind for each in papers if each.expires is None or each.expires >= until}
    for each in papers:
        says = [_expires(each.expires), each.link or "", each.file or ""]
        says.append(f"SHA-256 {each.sha256}" if each.sha256 else "")
        lacks = None
        if each.expires and each.expires < until and each.kind not in in_force:
            lacks = say("it expired on %(day)s", day=day_of_record(each.expires))
        elif not each.sha256:
            lacks = say("no SHA-256 says which file it is")
        title = known(each.words)
        yield EvidenceEntry(
            "documents", each.kind, each.signed, title[:1].upper() + title[1:], in_a_row(filter(None, says)),
            material.defined_in, lacks,
        )  # fmt: skip
    for row in material.rows("pre_read"):
        digest = (row.says["content"] or {}).get("sha256") or say("of which no digest was kept")
        says_so = say(
            "given to %(review)s by %(person)s, SHA-256 %(digest)s",
            review=row.says["review"],
            person=material.name(row.says["by"]) or say("the operator"),
            digest=digest,
        )
        on = material.local(row.says["at"])
        yield EvidenceEntry("documents", "pre_read", on, row.says["name"], says_so, (row.row,))


def _expires(day: date | None) -> str:
    return say("expires %(day)s", day=day_of_record(day)) if day else ""


def bodies(material: Material) -> Iterator[EvidenceEntry]:
    """Who decides, by which rule, over what; or in the words of the agreement."""
    decides = material.definition.agreement.decides
    if isinstance(decides, str):
        says = material.definition.name_of(decides)
        yield EvidenceEntry("bodies", "words", None, say("Who decides"), says, material.defined_in)
    for body in material.definition.agreement.bodies:
        members = in_a_row(material.definition.name_of(each) for each in body.members)
        said = [members, known(body.rule_words) if body.rule_words else say("the playbook's rule")]
        said += [say("quorum %(quorum)s", quorum=known(str(body.quorum))) if body.quorum else ""]
        said += [*body.matters, *map(str, body.thresholds)]
        yield EvidenceEntry("bodies", "body", None, body.body, in_turn(said), material.defined_in)


def people(material: Material) -> Iterator[EvidenceEntry]:
    """Everybody with a role, by side."""
    definition = material.definition
    for key, person in definition.people.items():
        organisation = definition.organisations.get(person.of or "")
        side = organisation.name if organisation else say("of no side")
        role = known(person.role.words) if person.role else say("no role")
        leaves = say("leaves on %(day)s", day=day_of_record(person.leaves)) if person.leaves else ""
        says = in_a_row(filter(None, (role, side, leaves)))
        yield EvidenceEntry(
            "people", person.role.value if person.role else "none", None, material.name(key) or key, says,
            material.defined_in,
        )  # fmt: skip


def figures(material: Material) -> Iterator[EvidenceEntry]:
    """The KPIs that the reader may see."""
    for id, kpi in material.kpis():
        often = known(f"each {kpi.every}")
        says = say(
            "%(target)s, %(often)s, %(person)s answers for it (%(kpi)s)",
            target=f"{kpi.target}{f' {kpi.unit}' if kpi.unit else ''}",
            often=often,
            person=material.definition.name_of(kpi.owner),
            kpi=id,
        )
        yield EvidenceEntry("figures", kpi.level.value, None, kpi.name, says, material.defined_in)


def definition(material: Material) -> Iterator[EvidenceEntry]:
    """Every version that was in force in the span, and what each changed."""
    for row in material.until("definition_version"):
        is_last_before = row.on < material.span.first.isoformat()
        found = material.known.differences(int(row.id))
        said = [by(material.name(row.says["person"])), *map(_change, found or ())]
        said += [say("SHA-256 of the file %(digest)s", digest=row.says["definition"]["sha256"])]
        titles = {"first": say("First version"), "correction": say("Corrected version")}
        title = titles.get(row.says["kind"]) or say("Version")
        yield EvidenceEntry(
            "definition",
            row.says["kind"],
            material.local(row.says["taken_up_at"]),
            say("%(version)s, in force before", version=title) if is_last_before else title,
            in_turn(said),
            (row.row,),
        )


def _change(change: Difference) -> str:
    was, now = (field_value(change.field, each) if each else say("nothing") for each in (change.was, change.now))
    return f"{what_differs(change.part, change.name, change.field)}: {was} → {now}"
