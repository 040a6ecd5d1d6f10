"""The words of dates in minutes, in English, German, French, Spanish and Arabic: months, weekdays, what stands before a
due date, and what names a time that is no one day.

Names and abbreviations are those of the Unicode CLDR for these languages (``Mrz``, ``févr.``, ``sept.``), with
accents or without. No abbreviation of a month is another month in another of the languages.
"""

from collections.abc import Mapping

from scheduler.domain.definition.vocabulary import MONTHS, WEEKDAYS

from .headings import folded

_MONTHS = (
    "januar jänner janvier enero jan janv ene يناير",
    "februar février febrero feb févr fév فبراير",
    "märz mars marzo mar mär mrz مارس",
    "april avril abril apr avr abr أبريل",
    "mai mayo may مايو",
    "juni juin junio jun يونيو",
    "juli juillet julio jul juil يوليو",
    "august août agosto aug ago أغسطس",
    "september septembre septiembre setiembre sep sept سبتمبر",
    "oktober octobre octubre oct okt أكتوبر",
    "november novembre noviembre nov نوفمبر",
    "dezember décembre diciembre dec dez déc dic ديسمبر",
)
_WEEKDAYS = (
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim"
    " lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom"
    " الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"
)
_LONG_ENOUGH = 4
"""Shorter names of weekdays are words of other languages: *do*, *so*, *mar*."""

DUE = (
    r"due|by|until|till|deadline|no(?:t)? later than"
    r"|bis(?: spätestens)?(?: zum| am)?|spätestens(?: bis)?(?: zum| am)?|fällig(?: bis)?(?: zum| am)?"
    r"|d['’]ici(?: le| au)?|jusqu['’]au|au plus tard(?: le)?"
    r"|hasta(?: el)?|a más tardar(?: el)?|vence(?: el)?"
    r"|حتى|بحلول"
    r"|(?:frist|termin|échéance|délai|date limite|plazo|fecha límite|vencimiento)(?= ?:)"
)
"""What stands before a due date. *For*, *pour le*, *para el* are not of them: they may say what something is for."""
BEFORE = r"before|vor dem|avant le|antes del"
"""They may leave out the day itself, so what follows is told and never taken."""
SPAN_TO = r"until|till|bis|jusqu['’]au|hasta"
SPAN_FROM = r"from|vom|von|du|del|desde"
"""With these before it, such a word ends a span."""

PART_OF = (
    r"(?:(?:the )?(?:end|middle|beginning|start|close) of |(?:mid|early|late)[- ]|(?:this|next|coming|the following) "
    r"|(?:ende|mitte|anfang) |(?:nächste[mnrs]?|kommende[mnrs]?|diese[mnrs]?) "
    r"|(?:la )?(?:fin|mi|début|courant)(?: de |[- ])|(?:la )?prochaine? "
    r"|(?:fin|final|finales|mediados|principios|comienzos) de |(?:la |el )?próxim[ao] |est[ae] )"
)
RELATIVE = (
    r"tomorrow|today|tonight|morgen|heute|demain|aujourd['’]hui|mañana|hoy"
    r"|la (?:semaine|fin)|la semana|zur? nächsten? \w+"
)


def _spellings(name: str) -> set[str]:
    written_out = name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return {name, folded(name), written_out}


MONTH: Mapping[str, int] = {
    spelling: number
    for number, (names, english) in enumerate(zip(_MONTHS, MONTHS, strict=True), 1)
    for name in (*names.split(), english)
    for spelling in _spellings(name)
}
"""Names of months, in small letters → 1 to 12."""
_ENGLISH_WEEKDAYS = {short for day in WEEKDAYS for short in (day, day[:4], day[:3])} | {"thurs", "tues", "weds"}
WEEKDAY = frozenset(_ENGLISH_WEEKDAYS | {each for name in _WEEKDAYS.split() for each in _spellings(name)})
CLEAR_WEEKDAY = frozenset(_ENGLISH_WEEKDAYS | {name for name in WEEKDAY if len(name) > _LONG_ENOUGH})
"""Those that are no other word."""
