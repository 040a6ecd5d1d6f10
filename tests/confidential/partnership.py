"""A consortium of three, and what each of them keeps to itself: marked with words and figures that stand nowhere else.

Acme (Munich), Globex (Helsinki) and Initech (Lisbon) each have an alliance manager, a sponsor, an owner of KPIs and a
deputy; Ada Quist coordinates them and is of none. In each of these places it is between 9 and 17 o'clock when the
clock in Berlin shows 11.
"""

from dataclasses import dataclass

from tests.builders import Written, written

ID = "three-rivers"
CHAIR = "ada.quist@three-rivers.example"


@dataclass(frozen=True)
class Mark:
    """What gives an organisation's own matters away: the `word` in its names and ids, the `figure` in its targets and
    readings, the `secret` in what its people write."""

    word: str
    figure: str
    secret: str

    @property
    def all(self) -> tuple[str, ...]:
        return self.word, self.figure, self.secret

    @property
    def margin(self) -> str:
        """The key of a KPI that is reported, mostly late and missed."""
        return f"{self.word}-margin"

    @property
    def share(self) -> str:
        """The key of a KPI that nobody ever reports."""
        return f"{self.word}-share"


MARKS = {
    "acme": Mark("quokka", "471147", "zanzibar"),
    "globex": Mark("numbat", "582258", "ouagadougou"),
    "initech": Mark("dugong", "693369", "tegucigalpa"),
}
ORGANISATIONS: Written = {
    "acme": {"name": "Acme Motors SE", "country": "DE", "region": "BY", "timezone": "Europe/Berlin"},
    "globex": {"name": "Globex Oy", "country": "FI", "timezone": "Europe/Helsinki"},
    "initech": {"name": "Initech SA", "country": "PT", "timezone": "Europe/Lisbon"},
}
NAMES = {
    "acme": ("Ines Falk", "Marta Bauer", "Uwe Brandt", "Lena Huber"),
    "globex": ("Dev Patel", "June Okafor", "Tom Reyes", "Aino Salo"),
    "initech": ("Rui Costa", "Ana Lopes", "Eva Pinto", "Gil Vaz"),
}
TOLD: tuple[Written, ...] = (
    {"tell": "both", "chat": "shared-room"},
    {},
    {"tell": "chat", "chat": "{}-room"},
    {"tell": "chat", "chat": "shared-room"},
)
"""By which way the manager, the sponsor, the owner and the deputy of each organisation are told."""
ROLES = ("alliance_manager", "sponsor", None, None)


def person(key: str) -> str:
    """The mail address of a person of an organisation."""
    return f"{key}@{next(of for of, names in NAMES.items() if key in map(_key, names))}.example"


def manager(of: str) -> str:
    return _key(NAMES[of][0])


def owner(of: str) -> str:
    return _key(NAMES[of][2])


def deputy(of: str) -> str:
    return _key(NAMES[of][3])


def _key(name: str) -> str:
    return name.partition(" ")[0].lower()


def people() -> Written:
    found: Written = {"ada": {"name": "Ada Quist", "email": CHAIR, "role": "coordinator"}}
    for of, names in NAMES.items():
        for name, role, told in zip(names, ROLES, TOLD, strict=True):
            told = {key: value.format(of) for key, value in told.items()}
            of_role = {"role": role} if role else {}
            found[_key(name)] = {"name": name, "email": person(_key(name)), "of": of, **of_role, **told}
    found["eva"] |= {"away": ["2027-02-01/2027-02-21"]}
    found["ana"] |= {"tell": "digest"}
    return found


def margin(of: str, **changes: object) -> Written:
    """What an organisation earns by it, known to itself alone."""
    mark = MARKS[of]
    return {
        "name": f"{mark.word.capitalize()} margin",
        "level": "actor",
        "of": of,
        "owner": owner(of),
        "deputy": deputy(of),
        "unit": f"{mark.word} EUR",
        "target": f">= {mark.figure}",
        "every": "month",
        "decides": manager(of),
        **changes,
    }


def definition() -> Written:
    """The consortium from 1 October 2026, and a pilot of its own terms from the new year on.

    What pays for Globex is judged by somebody of Acme.
    """
    marks = MARKS.items()
    packages = {"name": "Work packages done", "owner": "tom", "deputy": "dev", "target": ">= 3", "every": "quarter"}
    kpis: Written = {"packages": {**packages, "decides": "ada"}}
    kpis |= {mark.margin: margin(of) for of, mark in marks}
    kpis |= {mark.share: margin(of, every="half-year", name=f"{mark.word.capitalize()} share") for of, mark in marks}
    criteria = [
        {"id": f"of-{of}", "says": f"It pays for {of}", "kpi": mark.margin, "target": f">= {mark.figure}"}
        for of, mark in marks
    ]
    criteria[1]["owner"], criteria[2]["owner"] = "ines", "rui"
    pilot = MARKS["globex"]
    return written(
        agreement={"decides": "ada", "documents": [{"kind": "nda", "signed": "2026-09-01", "expires": "2027-05-31"}]},
        partnership=ID,
        name="Three Rivers",
        model="consortium",
        function="technology",
        goal="One charging standard for three rivers.",
        organisations=ORGANISATIONS,
        people=people(),
        success_at_90_days={
            "agenda_owner": "ines",
            "criteria": [*criteria, {"id": "spirit", "says": "All three would sign again", "owner": "ada"}],
        },
        kpis=kpis,
        triggers=[
            {"when": "missed", "kpi": "any", "times": 2},
            {"when": "unreported", "kpi": "any", "for": "10 working days"},
            *({"when": "off_target", "kpi": mark.margin, "by": "50%"} for _, mark in marks),
            {"when": "skipped", "review": "operating", "times": 2},
        ],
        layers={
            "pilot": {
                "name": "Harbour pilot",
                "model": "contractual_alliance",
                "effective": "2027-01-04",
                "kpis": {f"{pilot.word}-berths": margin("globex", every="half-year")},
                "success_at_90_days": {
                    "agenda_owner": "dev",
                    "criteria": [{"id": "berths", "says": "Ships berth there", "kpi": f"{pilot.word}-berths"}],
                },
                "reviews": {"pipeline": {"off": True}, "sponsors": {"off": True}},
            }
        },
    )
