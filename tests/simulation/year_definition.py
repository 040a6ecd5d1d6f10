"""What the operator writes down once: a consortium of two companies, and four people of theirs."""

from tests.builders import SHIPPED, Written

ID = "acme-globex"
PEOPLE = {
    "ines": ("Inès Falk", "ines.falk@acme.example", "acme", "alliance_manager"),
    "marta": ("Marta Bauer", "marta.bauer@acme.example", "acme", "sponsor"),
    "dev": ("Dev Patel", "dev.patel@globex.example", "globex", "alliance_manager"),
    "june": ("June Okafor", "june.okafor@globex.example", "globex", "sponsor"),
}
SECRET = "quokka"
"""In the name of what is internal to Acme, and nowhere else."""


def definition(**changes: object) -> Written:
    """From 1 October 2026; the executive board meets on third Tuesdays of November, February, May and August."""
    return {
        "partnership": ID,
        "name": "Acme × Globex charging standard",
        "model": "contractual_alliance",
        "function": "technology",
        "goal": "One charging standard for both fleets by 2028.",
        "timezone": "Europe/Berlin",
        "organisations": {
            "acme": {"name": "Acme Motors SE", "country": "DE", "region": "BY", "timezone": "Europe/Berlin"},
            "globex": {"name": "Globex Oy", "country": "FI", "timezone": "Europe/Helsinki"},
        },
        "people": {
            key: {"name": name, "email": email, "of": of, "role": role}
            for key, (name, email, of, role) in PEOPLE.items()
        },
        "agreement": {
            "signed": "2026-09-01",
            "effective": "2026-10-01",
            "ends": "2027-12-31",
            "renewal": {"kind": "express", "for": "12 months", "notice": "90 days"},
            "confidentiality": {"says": "What is tested stays between us", "survives": "3 years"},
        },
        "success_at_90_days": {
            "agenda_owner": "ines",
            "criteria": [{"id": "team", "says": "One team works from one plan", "owner": "dev"}],
        },
        "kpis": {
            "stations": {
                "name": "Stations tested",
                "owner": "dev",
                "deputy": "june",
                "target": ">= 3",
                "every": "quarter",
                "decides": "ines",
            },
            f"{SECRET}-cost": {
                "name": f"{SECRET.capitalize()} cost",
                "level": "actor",
                "of": "acme",
                "owner": "ines",
                "deputy": "marta",
                "target": "<= 90",
                "every": "quarter",
                "decides": "marta",
            },
        },
        "triggers": [{"when": "requested", "members": 2}],
        "reviews": {
            "pipeline": {"off": True},
            "operating": {"off": True},
            "sponsors": {"off": True},
            "strategy": {"off": True},
        },
        **changes,
    }


def playbook() -> str:
    """The shipped playbook of an alliance by contract, but for what the two agreed otherwise: an audit without quorum
    is convened again, as the model agreement of consortia has it."""
    title = "    title: Strategic health audit\n"
    before, found, after = (SHIPPED / "contractual_alliance.yaml").read_text("utf-8").partition(title)
    assert found
    return f"{before}{title}    reconvene: {{within: 15 days, notice: 7 days, quorum: {{per_side: 1}}}}\n{after}"
