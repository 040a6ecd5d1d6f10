"""What agendas write beside the actions and decisions that they carry on, in each language that they are written in: by
these words minutes that were written into an agenda are read again.

The words are those of the catalogues (`scheduler/locale`); words that an earlier catalogue had stay here, since minutes
may be written into an agenda of before.
"""

import re
from collections.abc import Sequence

DUE = ("due ", "fällig ", "échéance ", "vence el ", "期限 ", "الموعد ")
OWNER = ("owner ", "verantwortlich ", "confiée à ", "a cargo de ", "担当 ", "المسؤول ")
NO_OWNER = (
    "no owner named", "niemand genannt", "personne de nommé", "sin responsable", "担当者の記載なし", "لم يُسمَّ أحد",
)  # fmt: skip
GIVEN_BY = "a date is given by "
"""What agendas of before put before the command that gives one."""
SILENT = (
    *NO_OWNER, GIVEN_BY,
    "overdue since ", "no date named", "date not read: ", "nobody on record",
    "überfällig seit ", "kein Datum genannt", "Datum nicht gelesen: ", "nicht verzeichnet",
    "en retard depuis le ", "aucune date indiquée", "date non lue : ", "absent du registre",
    "vencida desde el ", "sin fecha indicada", "fecha no leída: ", "no consta",
    "期限超過 ", "期日の記載なし", "期日を読めません: ", "登録なし",
    "متأخر منذ ", "لم يُذكر تاريخ", "تاريخ غير مقروء: ", "غير مسجل",
)  # fmt: skip
"""Notes that name neither an owner nor a date."""
NOTED = (*SILENT, *DUE, *OWNER)
CAME_BACK = tuple(f" ({word})" for word in ("unfinished", "unerledigt", "en suspens", "pendiente", "未了", "لم يُنجز"))
"""How agendas mark an unfinished item that came back: among the actions it stays one."""
DECIDED = re.compile(r" \((?:decided|beschlossen|décidé|decidido|決定|تقرر) (?P<id>[^\s()]+![1-9]\d{0,5})\)$")
"""What agendas write, with the id of a decision, behind one that is to be carried out."""
INTERNAL = re.compile(r"(?:internal|intern|interne|interno|社内|داخلي) ?:", re.IGNORECASE)
"""With what the heading of one organisation's own part begins."""


def after(note: str, words: Sequence[str]) -> str | None:
    """What stands behind the first of the words that a note begins with; None where it begins with none."""
    found = next((each for each in words if note.startswith(each)), None)
    return None if found is None else note.removeprefix(found)
