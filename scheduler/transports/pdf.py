"""A page of HTML as PDF, by WeasyPrint (the extra ``pdf``).

It is made in a process of its own that ends with it: WeasyPrint takes some 100 MB and a second to load, which no daemon
is to carry. That process loads nothing from anywhere but what the page itself holds, and is given little time.
"""

import subprocess
import sys
from importlib.util import find_spec
from threading import Lock

from scheduler.domain.errors import UserError

SECONDS = 60
"""An agenda takes two."""
_ONE_AT_A_TIME = Lock()


def can_print() -> bool:
    """Whether WeasyPrint is installed."""
    return find_spec("weasyprint") is not None


def pdf_of(html: str) -> bytes:
    """The page as PDF, A4 as its style says. Raises UserError where WeasyPrint is not installed, or cannot do it."""
    if not can_print():
        raise UserError("PDF needs WeasyPrint, which is not installed", "pip install 'governance-cadence[pdf]'")
    command = [sys.executable, "-m", "scheduler.transports.pdf"]
    try:
        with _ONE_AT_A_TIME:
            ended = subprocess.run(  # noqa: S603  # our own module, with nothing of anybody's in the command
                command, input=html.encode(), capture_output=True, timeout=SECONDS, check=False
            )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise UserError("the page could not be made a PDF", f"print it from the browser: {trouble}") from None
    if ended.returncode or not ended.stdout.startswith(b"%PDF"):
        last = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise UserError("the page could not be made a PDF", f"print it from the browser; WeasyPrint said: {last[0]}")
    return ended.stdout


def _main() -> None:
    import resource

    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    own_only = URLFetcher(allowed_protocols=("data",))  # what a page holds itself is its logo
    sys.stdout.buffer.write(HTML(string=sys.stdin.buffer.read().decode("utf-8"), url_fetcher=own_only).write_pdf())


if __name__ == "__main__":
    _main()
