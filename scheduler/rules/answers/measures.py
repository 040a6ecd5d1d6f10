"""Units of measure behind a number, and days where a number is wanted: ``310 MWh``, ``2 weeks``, ``11 Dec``.

Where a KPI counts in GWh, 310 MWh are not 310, and 2 weeks are no value. What is counted by its own name (pieces,
cells, Stück) is no unit here: such a word is a remark.
"""

import re
from collections.abc import Mapping

from scheduler.rules.minutes.date_words import MONTH
from scheduler.rules.minutes.headings import folded

SPANS = frozenset(("minute", "hour", "day", "week", "month", "year", "moment"))
"""Units that may be how long somebody still needs."""
_WITH_ONE_SPELLING = (
    "wh kwh mwh gwh twh kw mw gw tw kwp mwp gwp kva mva kj mj gj tj kpa mpa hz khz mhz ghz g mg kt mt gt lb lbs oz"
    " l ml cl hl cm km m² m³ m2 m3 km² kb mb gb tb kbit mbit gbit bps pp ppm ‰"
    " cny sek nok dkk pln czk inr krw brl aud sgd aed sar"
)
_SPELLINGS: Mapping[str, str] = {
    "minute": "min mins minute minutes minuten minuti minuto minutos minuut 分 分間 دقيقة دقائق",
    "hour": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren 時間 ساعة ساعات",
    "day": "day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen 日 日間 يوم أيام",
    "week": "week weeks woche wochen semaine semaines semana semanas settimana settimane weken 週 週間 أسبوع أسابيع",
    "month": "month months monat monate monaten mois mes meses mese mesi mês maand maanden か月 ヶ月 ヵ月 شهر أشهر",
    "year": "year years jahr jahre jahren ans année années año años anno anni ano anos jaar 年 年間 سنة سنوات",
    "moment": "moment moments augenblick instant instants momento momentos attimo ogenblik 少々 لحظة",
    "%": "% percent prozent pourcent pour_cent per_cent por_ciento por_cento per_cento procent パーセント",
    "t": "t ton tons tonne tonnes tonnen tonnellate tonelada toneladas トン طن",
    "kg": "kg kilo kilos キロ",
    "eur": "eur euro euros ユーロ يورو",
    "usd": "usd dollar dollars dólares dollari ドル دولار",
    "gbp": "gbp pound pounds pfund",
    "jpy": "jpy yen 円",
    "chf": "chf franken francs",
    "cent": "ct cent cents centimes centavos pence",
} | {each: each for each in _WITH_ONE_SPELLING.split()}
_UNIT: Mapping[str, str] = {
    spelling.replace("_", " "): unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
"""A spelling, in small letters → the unit."""
_SPELT = "|".join(re.escape(each).replace(r"\ ", r"\s") for each in sorted(_UNIT, key=len, reverse=True))
_WRITTEN_OUT = r"(?:kilo|m[eé]ga|giga|t[eé]ra)(?:watt|vati|gram|ton|lit|m[eè]t|byte|bit|joule)[^\W\d_]*"
_MEASURE = re.compile(rf"(?:{_SPELT}|{_WRITTEN_OUT})(?![^\W_]|['’]\w)", re.IGNORECASE)
_FURTHER_MONTHS = (
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "janeiro fevereiro março abril maio junho julho setembro outubro novembro dezembro "
    "januari februari maart mei augustus"
)
"""Those that minutes do not know, in Italian, Portuguese and Dutch."""
_ALSO_A_WORD = frozenset(("may", "mai", "mar", "ago"))
_DAY_AND_MONTH = re.compile(r"(?:3[01]|[12]\d|0?[1-9])\.?\s+(?:de\s+)?(?P<month>[^\W\d_]+)(?P<more>.?\s*)")
_DAY_IN_FIGURES = re.compile(r"(?:3[01]|[12]\d|0?[1-9])\.\s?(?:1[0-2]|0?[1-9])\.(?!\d)")


def measure_at_the_start(text: str) -> tuple[str, str] | None:
    """The unit that a text begins with, and as it is written there; None where it begins with none."""
    found = _MEASURE.match(text)
    if found is None:
        return None
    written = " ".join(found[0].casefold().split())
    return _UNIT.get(written, written), found[0]


def is_measured_in(measure: str, unit: str | None) -> bool:
    """Whether a KPI's unit is this one: ``GWh per month`` is measured in GWh."""
    found = measure_at_the_start(unit) if unit else None
    return found is not None and found[0] == measure


def begins_with_a_day(text: str, convention: str | None) -> bool:
    """``11 Dec``, ``11. Dezember``, ``11 de diciembre``; ``11.12.`` where no convention settles it."""
    if _DAY_IN_FIGURES.match(text) and convention not in ("1,234.5", "1'234.5"):
        return True
    found = _DAY_AND_MONTH.match(text)
    if found is None:
        return False
    name = found["month"].casefold()
    if name in _ALSO_A_WORD:  # "12 may be wrong"
        return not found["more"] or not found["more"].isspace() or text[found.end() : found.end() + 2].isdigit()
    return name in MONTH or folded(name) in MONTH or name in _FURTHER_MONTHS.split()
