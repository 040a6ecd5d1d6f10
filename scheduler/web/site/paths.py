"""Where each page is: the one place that knows addresses, so that no id breaks one."""

from urllib.parse import quote, urlencode

NOW, PORTFOLIO, DECISIONS, CALENDAR = "/", "/portfolio", "/decisions", "/calendar"
HORIZON, LOAD, HISTORY, ADD, STATUS = "/horizon", "/load", "/history", "/add", "/status"
ME, MY_DATA, SESSIONS, SEARCH = "/me", "/me/data", "/me/sessions", "/search"
CHECKPOINTS, MINUTES_FILE = "/checkpoints", "/decisions/minutes.md"
SIGN_IN, SIGNED_OUT = "/sign-in", "/sign-in?signed_out=1"


def partnership(id: str) -> str:
    return f"/partnerships/{quote(id)}"


def pack(id: str) -> str:
    """Of a partnership, as one file."""
    return f"{partnership(id)}/pack"


def sheets(id: str) -> str:
    """The KPIs, actions and decisions of a partnership, for a spreadsheet program."""
    return f"{partnership(id)}/sheets"


def evidence(id: str) -> str:
    """Of a partnership, for an assessor."""
    return f"{partnership(id)}/evidence"


def evidence_pack(id: str) -> str:
    return f"{evidence(id)}/pack"


def health(id: str) -> str:
    """The health checks of a partnership."""
    return f"{partnership(id)}/health"


def review(id: str) -> str:
    return f"/reviews/{quote(id)}"


def kpi(id: str) -> str:
    return f"/kpis/{quote(id)}"


def checkpoint(id: str) -> str:
    """Of a checkpoint's review."""
    return f"{CHECKPOINTS}/{quote(id)}"


def twin(path: str) -> str:
    """Where a page's JSON is."""
    return "/now.json" if path == NOW else f"{path}.json"


def with_query(path: str, **asked: str | None) -> str:
    """The same path with what is asked for besides; what is None or empty is left out."""
    said = {name: value for name, value in asked.items() if value}
    path, hash, fragment = path.partition("#")
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(said)}{hash}{fragment}" if said else f"{path}{hash}{fragment}"
