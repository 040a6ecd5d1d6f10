"""What of a definition is evidence: the agreement with its clauses and papers, who decides, who answers for what, by
which figures the partnership is measured, and each version that was in force."""

from collections.abc import Iterator

from scheduler.rules.evidence import EvidenceEntry
from scheduler.services.evidence.material import Material


def agreement(material: Material) -> Iterator[EvidenceEntry]:
    definition, rows = material.definition, material.defined_in
    agreed = definition.agreement

    def entry(sort: str, title: str, says: object) -> EvidenceEntry:
        return EvidenceEntry("agreement", sort, None, title, str(says), rows)

    yield entry("model", "Structural model", definition.model.words)
    if definition.goal:
        yield entry("goal", "Goal", definition.goal)
    if agreed.signed:
        yield EvidenceEntry("agreement", "signed", agreed.signed, "Signed", "", rows)
    yield EvidenceEntry("agreement", "effective", agreed.effective, "In force from", "", rows)
    if agreed.ends:
        yield EvidenceEntry("agreement", "ends", agreed.ends, "Ends", f"renewal: {agreed.renewal.kind}", rows)
        cancel_by = agreed.cancel_by()
        if cancel_by:
            yield EvidenceEntry("agreement", "notice", cancel_by, "Notice by", f"{agreed.renewal.notice} before", rows)
    for words in ("scope", "territory", "exclusivity", "exit"):
        if said := getattr(agreed, words):
            yield entry(words, words.capitalize(), said)
    for key, clause in agreed.clauses():
        yield entry(key, key.replace("_", " ").capitalize(), clause.says)
    for each in agreed.obligations():
        yield entry("survives", f"Outlasts it: {each.clause.replace('_', ' ')}", f"{each.says} ({each.lasts})")
    for side, gives in agreed.contributions.items():
        organisation = definition.organisations.get(side)
        yield entry("contribution", f"Brought by {organisation.name if organisation else side}", gives)
    for matter in agreed.reserved_matters:
        yield entry("reserved", "Reserved matter", matter)
    for each_change in agreed.amendments:
        yield EvidenceEntry(
            "agreement", "amendment", each_change.effective, "Amended", f"then a {each_change.model.words}", rows
        )


def documents(material: Material) -> Iterator[EvidenceEntry]:
    """Signed papers, and the files that were given to be read before reviews, each with its SHA-256."""
    until = material.span.until
    papers = [each for each in material.definition.agreement.documents if each.signed is None or each.signed <= until]
    in_force = {each.kind for each in papers if each.expires is None or each.expires >= until}
    for each in papers:
        says = [f"expires {each.expires}" if each.expires else "", each.link or "", each.file or ""]
        says.append(f"SHA-256 {each.sha256}" if each.sha256 else "")
        lacks = None
        has_expired = each.expires is not None and each.expires < until
        if has_expired and each.kind not in in_force:
            lacks = f"it expired on {each.expires}"
        elif not each.sha256:
            lacks = "no SHA-256 says which file it is"
        title = each.words[:1].upper() + each.words[1:]
        yield EvidenceEntry(
            "documents", each.kind, each.signed, title, ", ".join(filter(None, says)), material.defined_in, lacks
        )
    for row in material.rows("pre_read"):
        digest = (row.says["content"] or {}).get("sha256", "of which no digest was kept")
        says_so = (
            f"given to {row.says['review']} by {material.name(row.says['by']) or 'the operator'}, SHA-256 {digest}"
        )
        on = material.local(row.says["at"])
        yield EvidenceEntry("documents", "pre_read", on, row.says["name"], says_so, (row.row,))


def bodies(material: Material) -> Iterator[EvidenceEntry]:
    """Who decides, by which rule, over what; or in the words of the agreement."""
    decides = material.definition.agreement.decides
    if isinstance(decides, str):
        says = material.definition.name_of(decides)
        yield EvidenceEntry("bodies", "words", None, "Who decides", says, material.defined_in)
    for body in material.definition.agreement.bodies:
        members = ", ".join(material.definition.name_of(each) for each in body.members)
        said = [members, body.rule_words or "the playbook's rule", f"quorum {body.quorum}" if body.quorum else ""]
        said += [*body.matters, *body.thresholds]
        yield EvidenceEntry("bodies", "body", None, body.body, "; ".join(filter(None, said)), material.defined_in)


def people(material: Material) -> Iterator[EvidenceEntry]:
    """Everybody with a role, by side."""
    definition = material.definition
    for key, person in definition.people.items():
        organisation = definition.organisations.get(person.of or "")
        side = organisation.name if organisation else "of no side"
        role = person.role.words if person.role else "no role"
        says = f"{role}, {side}" + (f", leaves on {person.leaves}" if person.leaves else "")
        yield EvidenceEntry(
            "people", person.role.value if person.role else "none", None, material.name(key) or key, says,
            material.defined_in,
        )  # fmt: skip


def figures(material: Material) -> Iterator[EvidenceEntry]:
    """The KPIs that the reader may see."""
    for id, kpi in material.kpis():
        owner = material.definition.name_of(kpi.owner)
        says = f"{kpi.target}{f' {kpi.unit}' if kpi.unit else ''}, each {kpi.every}, {owner} answers for it ({id})"
        yield EvidenceEntry("figures", kpi.level.value, None, kpi.name, says, material.defined_in)


def definition(material: Material) -> Iterator[EvidenceEntry]:
    """Every version that was in force in the span, and what each changed."""
    for row in material.until("definition_version"):
        is_last_before = row.on < material.span.first.isoformat()
        found = material.known.differences(int(row.id))
        changes = [f"{each.what}: {each.was or 'nothing'} → {each.now or 'nothing'}" for each in found or ()]
        by = material.name(row.says["person"])
        said = [f"by {by}" if by else "", *changes, f"SHA-256 of the file {row.says['definition']['sha256']}"]
        title = {"first": "First version", "correction": "Corrected version"}.get(row.says["kind"], "Version")
        yield EvidenceEntry(
            "definition",
            row.says["kind"],
            material.local(row.says["taken_up_at"]),
            f"{title}, in force before" if is_last_before else title,
            "; ".join(filter(None, said)),
            (row.row,),
        )
