"""One's own page: how one is told and in which language, when one is away, and what is held of one."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.languages import DATE_FORMS, LANGUAGES
from scheduler.domain.phrases import Days
from scheduler.domain.user_input import CONVENTIONS
from scheduler.render.languages import known, say, speaking
from scheduler.render.wording import day_words
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
    choices = {"languages": _languages(), "numbers": _alike(CONVENTIONS), "dates": _alike(DATE_FORMS)}
    return Shown(say("Your settings"), facts, {"as_defined": _AS_DEFINED, **choices})


def _languages() -> list[tuple[str, str]]:
    """Each by its own name: whoever looks for theirs knows that one."""
    from babel import Locale

    return [(code, (Locale(code).get_display_name(code) or code).capitalize()) for code in LANGUAGES]


def _alike(forms: Iterable[str]) -> list[tuple[str, str]]:
    return [(each, each) for each in forms]


def _tell(acting: Acting) -> Done:
    chosen = acting.said.get("tell", "")
    if not chosen:
        raise Wrong("tell", InvalidValue("Choose one", "nothing was chosen"))
    told = own_settings.say(acting.app, acting.viewer.email, None if chosen == _AS_DEFINED else chosen, acting.now)
    if told.says is None:
        return Done(lambda: say("You are told as each partnership says."))
    return Done(lambda: say("You are told by your own word: %(way)s.", way=known(told.says or "")))


def _write(acting: Acting) -> Done:
    """The answer is in the language that was chosen just now."""
    chosen = {name: acting.said.get(name, "") for name in ("language", "numbers", "dates")}
    try:
        manner = own_settings.say_manner(acting.app, acting.viewer.email, chosen, acting.now)
    except own_settings.NoSuchManner as wrong:
        raise Wrong(wrong.part, InvalidValue(wrong.what, wrong.hint)) from None
    with speaking(manner):
        said = say("Letters and pages for you are written so from now on.")
    return Done(said)


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
    return Done(
        lambda: say(
            "You are away from %(first)s to %(last)s: whoever stands in for you is asked meanwhile.",
            first=day_words(first),
            last=day_words(last),
        )
    )


def _back(acting: Acting) -> Done:
    absences.take_back(acting.app, acting.viewer.email, duties.day(acting, "first"), acting.now)
    return Done(lambda: say("You are not away on these days."))


def _ask_erasure(acting: Acting) -> Done:
    erasure.ask(acting.app, acting.viewer.email, acting.now)
    return Done(lambda: say("Your wish is on record: whoever runs this program sees it."))


def _data(asked: Asked) -> Download:
    found = personal_data(asked.app, asked.db, asked.viewer.email, asked.now)
    content = TypeAdapter(PersonalData).dump_json(found, indent=1)
    return Download("what-is-held-of-me.json", "application/json", content)


_ACTS = {"tell": _tell, "write": _write, "away": _away, "back": _back, "ask_erasure": _ask_erasure}
PAGE = Page(paths.ME, "me.html.j2", _show, _ACTS)
DATA = Page(paths.MY_DATA, "me.html.j2", _data, has_twin=False)
