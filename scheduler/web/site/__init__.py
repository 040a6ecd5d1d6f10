"""The pages that people sign in to: one module a page, in one frame (`shell`)."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scheduler.web.unit_of_work import UnitOfWork

from . import (
    add_page,
    calendar_page,
    checkpoint_page,
    decisions_page,
    evidence_page,
    frame,
    health_page,
    history_page,
    horizon_page,
    kpi_page,
    load_page,
    me_page,
    now_page,
    openapi,
    partnership_page,
    paths,
    portfolio_page,
    review_page,
    search_page,
    sessions_page,
    sheets_page,
    status_page,
)
from .page import Page
from .shell import Answer, answer, twin
from .sign_in.routes import routes as sign_in_routes

PAGES: tuple[Page, ...] = (
    add_page.PAGE,
    calendar_page.PAGE,
    checkpoint_page.PAGE,
    decisions_page.FILE,
    decisions_page.PAGE,
    evidence_page.PACK,
    evidence_page.PAGE,
    health_page.PAGE,
    history_page.PAGE,
    horizon_page.PAGE,
    kpi_page.PAGE,
    load_page.PAGE,
    me_page.DATA,
    me_page.PAGE,
    now_page.PAGE,
    partnership_page.PACK,
    partnership_page.PAGE,
    portfolio_page.PAGE,
    review_page.PAGE,
    search_page.PAGE,
    sessions_page.PAGE,
    sheets_page.PAGE,
    status_page.PAGE,
)
"""Every page, in any order: no path is the beginning of another one's."""


def routes(unit_of_work: Callable[[], UnitOfWork], mended: Callable[[Answer], Answer]) -> list[Route]:
    """The routes of all pages and their twins; `mended` tells of what fails."""

    async def style(request: Request) -> Response:
        return frame.style_sheet(unit_of_work().app, request)

    async def api(request: Request) -> Response:
        return await openapi.answer(PAGES, unit_of_work(), request)

    twins = [Route(paths.twin(each.path), mended(twin(each, unit_of_work))) for each in PAGES if each.has_twin]
    pages = [Route(each.path, mended(answer(each, unit_of_work)), methods=["GET", "POST"]) for each in PAGES]
    first = [Route(frame.STYLE, style), Route(openapi.PATH, mended(api)), *sign_in_routes(unit_of_work, mended)]
    return [*first, *twins, *pages]
