"""The words of an answer, in English, German, French, Spanish, Italian, Portuguese, Dutch, Japanese and Arabic.

A word that may mean two things stands in no list: what it was meant for is asked back.
"""

import re


def _begins(words: str) -> re.Pattern[str]:
    """One of the words at the beginning of a text, and no longer one; in writing without
    blanks, anything may follow."""
    spaced = "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True)).replace("_", r"[\s-]")
    return re.compile(rf"(?:{spaced})(?![^\W_]|['’-]\w)", re.IGNORECASE)


YES = _begins("yes yep ja jawohl oui sí si sim はい نعم ok okay y")
NO = _begins("no nope nein non não nee いいえ لا n")
MET = _begins(
    "met reached achieved erreicht atteint atteinte cumplido cumplida alcanzado raggiunto "
    "atingido gehaald 達成 達成しました"
)
MISSED = _begins(
    "missed not_met not_reached nicht_erreicht verfehlt non_atteint pas_atteint manqué "
    "no_cumplido no_alcanzado incumplido "
    "non_raggiunto mancato não_atingido niet_gehaald 未達 未達成"
)
PARTLY = _begins(
    "partly partially teilweise partiellement en_partie parcialmente in_parte parzialmente gedeeltelijk 一部達成"
)
HELD = _begins(
    "held took_place it_was_held stattgefunden fand_statt hat_stattgefunden tenue tenu a_eu_lieu celebrada celebrado "
    "se_celebró tenuta tenuto svolta realizada realizado gehouden 開催 開催済み 実施 実施済み 開催しました"
)
NOT_HELD = _begins(
    "not_held did_not_take_place didn't_take_place cancelled canceled nicht_stattgefunden "
    "fand_nicht_statt ausgefallen "
    "abgesagt pas_tenue n'a_pas_eu_lieu annulée annulé no_celebrada no_se_celebró "
    "cancelada cancelado non_tenuta annullata "
    "niet_gehouden 中止 未開催"
)
DONE = _begins(
    "done finished completed erledigt fertig fait terminé hecho terminado fatto feito "
    "klaar gedaan 完了 済み 終わりました تم"
)
NOT_YET = _begins(
    "not_yet none_yet nothing_yet no_figure_yet noch_nicht noch_keine noch_keiner noch_nichts pas_encore todavía_no "
    "aún_no aun_no non_ancora ainda_não nog_niet まだ まだです ليس_بعد"
)
PUT_OFF = _begins("later später plus_tard más_tarde mas_tarde più_tardi mais_tarde 後で 後日 لاحقا لاحقًا")
LATER = re.compile(
    rf"{PUT_OFF.pattern}|{_begins('by bis am until hasta entro').pattern}" + r"|後[で日](?=[\d月火水木金土日明])",
    re.IGNORECASE,
)
"""A promise of a later day; where a day alone stands, nothing is promised."""
EXCUSE = _begins(
    "excuse excused please_excuse entschuldigen entschuldigt entschuldigung "
    "bitte_entschuldigen excuser excusez "
    "à_excuser excusar excusado disculpar scusare giustificare desculpar verontschuldigen 免除 除外 اعتذار"
)
BECAUSE = _begins("because since weil da denn wegen parce_que car à_cause porque debido_a perché perche omdat want لأن")
UNTIL = _begins("until till bis jusqu'au jusqu’au hasta fino_al até tot まで حتى")

MULTIPLIERS = re.compile(
    r"(?:k|m|mn|mm|mio|mrd|bn|b|tsd|t|thousand|million|millions|billion|tausend|millionen"
    r"|milliarden?|mille|millions?|milliards?"
    r"|mil|millón|millones|mila|milioni|miljoen|miljard|lakh|crore|千|万|萬|億|ألف|مليون)\b\.?",
    re.IGNORECASE,
)
"""What may stand behind a number and makes it another one: such a number is to be written out."""
