"""Partnerships by the thousand, the same for the same seed: every structural model, several countries, some layered."""

import random
from datetime import date, timedelta
from pathlib import Path

PLACES = [
    ("DE", "BY", "Europe/Berlin"),
    ("US", "MI", "America/Detroit"),
    ("FR", None, "Europe/Paris"),
    ("JP", None, "Asia/Tokyo"),
    ("GB", "ENG", "Europe/London"),
    ("BR", "SP", "America/Sao_Paulo"),
    ("IN", "MH", "Asia/Kolkata"),
    ("AU", "NSW", "Australia/Sydney"),
    ("CA", "ON", "America/Toronto"),
    ("NL", None, "Europe/Amsterdam"),
]
MODELS = {
    "contractual_alliance": "",
    "revenue_sharing": "  formula: 60 to 40 of top-line revenue\n",
    "equity_alliance": "  equity: {holder: a, in: b, percent: 8.5, board: observer}\n",
    "consortium": "",
    "joint_venture": "  entity: Halden Cells GmbH\n",
}


def write(folder: Path, count: int, effective: date, seed: int = 20261121) -> None:
    """Write `count` definitions into `folder`, with effective dates in the two months from `effective` on."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        id = f"alliance-{number:05d}"
        (folder / f"{id}.yaml").write_text(definition(id, effective + timedelta(days=rng.randrange(60)), rng), "utf-8")


def definition(id: str, effective: date, rng: random.Random) -> str:
    """One definition: about as long as an alliance manager's first draft."""
    model = rng.choice(list(MODELS))
    keys = "abc" if model == "consortium" else "ab"
    places = rng.sample(PLACES, len(keys))
    organisations = "".join(_organisation(key, place) for key, place in zip(keys, places, strict=True))
    people = "".join(_people(id, key) for key in keys)
    layer = _layer(effective) if rng.random() < 0.1 and model != "consortium" else ""
    return f"""partnership: {id}
name: Alliance {id[-5:]}
model: {model}
goal: What neither side could reach alone, number {id[-5:]}.
organisations:
{organisations}people:
{people}agreement:
  effective: {effective}
  decides: joint steering committee
{MODELS[model]}success_at_90_days:
  criteria:
    - {{id: first, says: The first delivery is qualified, kpi: delivered}}
    - {{id: second, says: Both sides report from one dashboard, owner: {keys[1]}-am}}
kpis:
  delivered: {{name: Delivered, owner: a-owner, deputy: a-am, target: ">= {rng.randrange(1, 90)}", every: month,
  decides: a-am}}
  quality: {{name: Quality, owner: b-owner, deputy: b-am, target: ">= 98.5", unit: "%", every: month, decides: b-am}}
  leads: {{name: Leads, owner: b-am, deputy: b-owner, target: ">= 12", every: quarter, decides: a-am}}
  cost: {{name: Landed cost, level: actor, of: a, owner: a-owner, deputy: a-am, target: "<= 92", every: month,
  decides: a-am}}
triggers:
  - {{when: missed, kpi: any, times: 3}}
  - {{when: vacant, role: sponsor}}
reviews:
  {"health-audit" if model == "consortium" else "pipeline"}: {{agenda_owner: b-am}}
{layer}"""


def _organisation(key: str, place: tuple[str, str | None, str]) -> str:
    country, region, zone = place
    within = f", region: {region}" if region else ""
    return f"  {key}: {{name: Company {key.upper()}, country: {country}, timezone: {zone}{within}}}\n"


def _people(id: str, key: str) -> str:
    roles = {"am": ", role: alliance_manager", "sponsor": ", role: sponsor", "owner": ""}
    return "".join(
        f"  {key}-{name}: {{name: {name.title()} {key.upper()}, email: {name}@{key}-{id}.example, of: {key}{role}}}\n"
        for name, role in roles.items()
    )


def _layer(effective: date) -> str:
    return f"""layers:
  licence:
    name: Licence
    model: contractual_alliance
    form: licensing
    effective: {effective + timedelta(days=90)}
    kpis:
      royalties: {{name: Royalties, owner: b-owner, deputy: b-am, target: ">= 150000", every: quarter, decides: a-am}}
"""
