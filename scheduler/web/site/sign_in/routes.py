"""The addresses at which one signs in."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scheduler.render.languages import speaking
from scheduler.web import manners
from scheduler.web.site import paths
from scheduler.web.unit_of_work import UnitOfWork

from . import answers, first_run_page, mail, openid, start

Answer = Callable[[Request], Awaitable[Response]]
_Work = Callable[[UnitOfWork, Request], Awaitable[Response]]


def routes(unit_of_work: Callable[[], UnitOfWork], mended: Callable[[Answer], Answer]) -> list[Route]:
    """The routes; `mended` tells of what fails."""

    def at(path: str, work: _Work, *methods: str) -> Route:
        async def answered(request: Request) -> Response:
            settings = unit_of_work().app.settings
            answers.check_host(request, unit_of_work().app)
            with speaking(manners.of_browser(request, settings.manner)):
                return await work(unit_of_work(), request)

        return Route(path, mended(answered), methods=list(methods))

    return [
        at(paths.SIGN_IN, start.show, "GET"),
        at(paths.SIGN_IN, mail.ask, "POST"),
        at(mail.CODE, mail.code, "GET", "POST"),
        at(f"{paths.SIGN_IN}/mail/{{secret}}", mail.link, "GET", "POST"),
        at(f"{paths.SIGN_IN}/openid/{{key}}", openid.go, "GET"),
        at(f"{paths.SIGN_IN}/openid/{{key}}/back", openid.come_back, "GET"),
        at(f"{paths.SIGN_IN}/first/{{secret}}", first_run_page.go, "GET"),
    ]
