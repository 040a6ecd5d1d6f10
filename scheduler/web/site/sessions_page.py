"""One's own sessions: which browsers are signed in, and a way to end each."""

from scheduler.domain.errors import InvalidValue
from scheduler.render.languages import say, sentence
from scheduler.services.cases import sessions as cases
from scheduler.services.views import sessions as view
from scheduler.web.forms.lifecycle import Wrong

from . import paths
from .page import Acting, Asked, Done, Page, Shown


def _show(asked: Asked) -> Shown[view.Sessions]:
    facts = view.sessions_of(asked.db, asked.viewer.email, asked.now)
    return Shown(say("Your sessions"), facts, {"here": asked.session})


def _end(acting: Acting) -> Done:
    number = acting.said.get("id", "")
    if not number.isascii() or not number.isdigit() or len(number) > 12:
        raise Wrong("", InvalidValue(sentence("There is no such session"), sentence("load the page again")))
    cases.end_session(acting.app, int(number), acting.now, acting.viewer.email)
    return Done(lambda: say("The session has ended: that browser is signed out."))


def _end_all(acting: Acting) -> Done:
    cases.end_sessions_of(acting.app, acting.viewer.email, acting.now)
    return Done("", paths.SIGNED_OUT)


def _sign_out(acting: Acting) -> Done:
    cases.end_session(acting.app, acting.session, acting.now)
    return Done("", paths.SIGNED_OUT)


PAGE = Page(paths.SESSIONS, "sessions.html.j2", _show, {"end": _end, "end_all": _end_all, "sign_out": _sign_out})
