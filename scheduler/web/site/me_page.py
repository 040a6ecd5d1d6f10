"""One's own page: how one is told, when one is away, and what is held of one."""

from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.phrases import Days
from scheduler.services.cases import absences, erasure, own_settings
from scheduler.services.views import me as view
from scheduler.services.views.personal_data import PersonalData, personal_data
from scheduler.store import StoreError
from scheduler.web.forms.lifecycle import Wrong

from . import duties, paths
from .page import Acting, Asked, Done, Download, Page, Shown

_AS_DEFINED = "as defined"


def _show(asked: Asked) -> Shown[view.Me]:
    if asked.on:
        raise UserError("Your settings are shown as they are today", "leave out the day")
    today = asked.now.astimezone(ZoneInfo(asked.viewer.zone)).date()
    facts = view.me(asked.app, asked.db, asked.viewer, today, asked.now)
    return Shown("Your settings", facts, {"as_defined": _AS_DEFINED})


def _tell(acting: Acting) -> Done:
    chosen = acting.said.get("tell", "")
    if not chosen:
        raise Wrong("tell", InvalidValue("Choose one", "nothing was chosen"))
    told = own_settings.say(acting.app, acting.viewer.email, None if chosen == _AS_DEFINED else chosen, acting.now)
    return Done(f"You are told {f'by your own word: {told.says}' if told.says else 'as each partnership says'}.")


def _away(acting: Acting) -> Done:
    first, last = duties.day(acting, "first"), duties.day(acting, "last")
    if last < first:
        raise Wrong("last", InvalidValue("This day is before the first", "write the earlier day first"))
    email = acting.viewer.email
    try:
        absences.say(acting.app, email, Days(first, last), email, acting.now)
    except StoreError:
        raise
    except UserError as wrong:
        raise Wrong("first", wrong) from None
    return Done(f"You are away from {first} to {last}: whoever stands in for you is asked meanwhile.")


def _back(acting: Acting) -> Done:
    absences.take_back(acting.app, acting.viewer.email, duties.day(acting, "first"), acting.now)
    return Done("You are not away on these days.")


def _ask_erasure(acting: Acting) -> Done:
    erasure.ask(acting.app, acting.viewer.email, acting.now)
    return Done("Your wish is on record: whoever runs this program sees it.")


def _data(asked: Asked) -> Download:
    found = personal_data(asked.app, asked.db, asked.viewer.email, asked.now)
    content = TypeAdapter(PersonalData).dump_json(found, indent=1)
    return Download("what-is-held-of-me.json", "application/json", content)


PAGE = Page(paths.ME, "me.html.j2", _show, {"tell": _tell, "away": _away, "back": _back, "ask_erasure": _ask_erasure})
DATA = Page(paths.MY_DATA, "me.html.j2", _data, has_twin=False)
