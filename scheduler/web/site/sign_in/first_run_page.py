"""The link that a first run prints: it opens the pages for whoever reads the terminal, on that machine alone."""

from starlette.requests import Request
from starlette.responses import Response

from scheduler.rules.identity import NotLetIn
from scheduler.services.cases.sign_in import first_run
from scheduler.web.site import gate
from scheduler.web.unit_of_work import UnitOfWork

from . import answers

_NOT_HERE = NotLetIn("This link opens on the machine alone that cadence runs on", "open it there")


async def go(work: UnitOfWork, request: Request) -> Response:
    """Raises StoreError."""
    secret, name = request.path_params["secret"], request.headers.get("user-agent")
    if not gate.is_on_this_machine(request, work.app.settings):
        return await answers.refused(work, _NOT_HERE)
    try:
        signed_in = await work.note(lambda app, now: first_run.open_pages(app, secret, name, now))
    except NotLetIn as why:
        return await answers.link_refused(work, request, why)
    return answers.let_in(signed_in, work.app.settings, None)
