"""What headings of minutes mean, in English, German, French and Spanish: which words open which section.

The words are those of the usual forms of minutes: Robert's Rules of Order § 48 (unfinished business), the German
*Ergebnisprotokoll* (Beschluss, TOP, offene Punkte), the French *relevé de décisions* (points en suspens), the Spanish
*acta* (acuerdos, asuntos pendientes), and the templates of word processors and of meeting programs.

Words that mean two things are in no list: *tabled* is put off in America and put forward in Britain, *pendientes* by
itself may be tasks or topics. A heading of other words opens nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

Section = Literal["decisions", "actions", "carried", "done", "unfinished", "several", "other", "internal"]
"""`carried` are actions that came back, `done` those that are finished; `several` is a heading that names two of them;
`other` is known to hold none of them, `internal` is an organisation's own."""

WORDS: Mapping[Section, tuple[str, ...]] = {
    "decisions": (
        "decision", "decisions", "decided", "resolution", "resolutions", "resolved", "agreed", "key decisions",
        "main decisions", "new decisions", "decision log",
        "Beschluss", "Beschlüsse", "beschlossen", "Entscheidung", "Entscheidungen", "entschieden", "Festlegungen",
        "vereinbart", "Vereinbarungen", "gefasste Beschlüsse", "getroffene Entscheidungen",
        "décision", "décisions", "décidé", "résolution", "résolutions", "relevé de décisions", "relevé des décisions",
        "principales décisions",
        "decisión", "decisiones", "decidido", "acuerdo", "acuerdos", "acordado", "resolución", "resoluciones",
    ),
    "actions": (
        "action", "actions", "new action", "new actions", "next step", "next steps", "to do", "to dos", "todo", "todos",
        "task", "tasks", "new tasks", "agreed actions", "agreed next steps", "follow up actions", "follow up items",
        "follow up tasks", "follow ups",
        "Maßnahme", "Maßnahmen", "Aufgabe", "Aufgaben", "nächster Schritt", "nächste Schritte", "Aktion", "Aktionen",
        "neue Maßnahmen", "neue Aufgaben", "weitere Schritte", "weiteres Vorgehen", "zu erledigen", "To-do-Liste",
        "Arbeitsaufträge",
        "prochaine étape", "prochaines étapes", "à faire", "tâche", "tâches", "nouvelles actions", "plan d'action",
        "plan d'actions", "suites à donner", "actions à mener", "actions à entreprendre",
        "acción", "acciones", "próximo paso", "próximos pasos", "tarea", "tareas", "compromisos", "nuevas acciones",
        "nuevas tareas", "plan de acción", "por hacer",
    ),
    "carried": (
        "open action", "open actions", "old action", "old actions", "earlier action", "earlier actions",
        "previous action", "previous actions", "action from", "actions from", "outstanding actions", "pending actions",
        "open tasks", "open action items", "actions carried over", "actions carried forward",
        "offene Maßnahmen", "offene Aufgaben", "offene Aktionen", "Maßnahmen aus", "Aufgaben aus",
        "actions en cours", "actions ouvertes", "actions en suspens", "actions précédentes", "actions de la dernière",
        "acciones abiertas", "acciones pendientes", "acciones anteriores", "acciones en curso", "tareas pendientes",
    ),
    "done": (
        "completed actions", "closed actions", "actions completed", "actions closed", "actions done", "actions taken",
        "completed tasks", "finished actions",
        "erledigt", "erledigte Maßnahmen", "erledigte Aufgaben", "abgeschlossene Maßnahmen", "abgeschlossene Aufgaben",
        "actions terminées", "actions réalisées", "actions closes", "tâches terminées",
        "acciones realizadas", "acciones cerradas", "acciones completadas", "tareas realizadas",
    ),
    "unfinished": (
        "unfinished", "unfinished business", "deferred", "parked", "parking lot", "postponed", "carried over",
        "carried forward", "open item", "open items", "open point", "open points", "open topics", "open issues",
        "offene Punkte", "offener Punkt", "offene Themen", "offen", "vertagt", "zurückgestellt", "verschoben",
        "Themenspeicher", "unerledigt",
        "points en suspens", "en suspens", "points ouverts", "point ouvert", "points reportés", "sujets reportés",
        "reporté", "reportés", "ajourné", "ajournés",
        "puntos pendientes", "temas pendientes", "asuntos pendientes", "puntos abiertos", "temas abiertos",
        "aplazado", "aplazados", "pospuesto", "pospuestos", "puntos aplazados", "temas aplazados",
    ),
    "other": (
        "decision needed", "decisions needed", "decision required", "decisions required", "decisions pending",
        "decisions to be taken", "decisions to be made", "decisions to take", "decisions to make", "decisions sought",
        "agenda", "attendance", "attendees", "participants", "present", "apologies", "absent", "next meeting",
        "next review", "next date", "date of next meeting", "distribution",
        "Entscheidungsbedarf", "offene Entscheidungen", "offene Beschlüsse", "zu entscheiden",
        "Tagesordnung", "Teilnehmer", "Teilnehmende", "Teilnehmerinnen", "anwesend", "Anwesende", "entschuldigt",
        "abwesend", "nächste Sitzung", "nächster Termin", "nächstes Treffen", "Verteiler",
        "décisions à prendre", "décision à prendre", "décisions en attente",
        "ordre du jour", "présents", "participants", "absents", "excusés", "prochaine réunion", "prochaine séance",
        "prochain rendez-vous", "diffusion",
        "decisiones pendientes", "decisiones por tomar", "acuerdos pendientes",
        "orden del día", "asistentes", "presentes", "ausentes", "excusados", "próxima reunión", "próxima sesión",
    ),
}  # fmt: skip

_TELL_NO_NOUN = (
    "decided", "resolved", "agreed", "unfinished", "deferred", "parked", "postponed", "carried over", "carried forward",
    "beschlossen", "entschieden", "vereinbart", "offen", "vertagt", "zurückgestellt", "verschoben", "erledigt",
    "unerledigt", "décidé", "reporté", "reportés", "ajourné", "ajournés", "en suspens", "decidido", "acordado",
    "acuerdo", "aplazado", "aplazados", "pospuesto", "pospuestos", "present", "absent", "agenda", "distribution",
)  # fmt: skip
"""Words that open a section by themselves, and with another noun behind them may mean anything: *Agreed prices*,
*Resolved issues*, *Acuerdo de licencia*."""
_MAY_FOLLOW = frozenset((
    "item", "items", "point", "points", "topic", "topics", "taken", "made", "reached", "today", "now", "at", "by",
    "for", "from", "in", "of", "on", "since", "till", "to", "until", "with", "and", "or", "between", "later",
    "next", "am", "an", "auf", "bis", "für", "im", "in", "mit", "und", "von", "vom", "zum", "heute", "à", "au",
    "aux", "avec", "du", "et", "le", "la", "pour", "en", "a", "al", "con", "el", "en", "hasta", "para", "por", "y",
))  # fmt: skip
_ALONE_WITH = frozenset((
    "item", "items", "point", "points", "taken", "made", "reached", "today", "heute", "gefasst", "getroffen",
    "prises", "prise", "tomadas", "tomados", "adoptados", "alcanzados",
))  # fmt: skip
"""Words that may stand behind those of a line that says nothing else."""
_AND = frozenset(("and", "und", "et", "y", "e", "sowie"))
_NUMBER_WORDS = frozenset(("nr", "no", "n", "num", "number"))
_MOST_WORDS = 12

_TOPIC = r"(?:zu )?(?:TOP|item|agenda item|point|punkt|punto) ?\d{1,3}\W{0,4}"
NUMBERING = re.compile(
    rf"(?:{_TOPIC}"
    r"|\d{1,3}(?:\.\d{1,3}){0,3}\\?[.)] ?|\d{1,3}(?:\.\d{1,3}){1,3} |(?:[IVX]{1,5}|[A-Za-z])\\?[.)] )",
    re.IGNORECASE,
)
"""What stands before a numbered heading: ``3.``, ``2.1``, ``IV.``, ``b)``, ``TOP 3:``."""
_NUMBERED_TOPIC = re.compile(_TOPIC, re.IGNORECASE)


def is_topic(text: str) -> bool:
    """Whether a text begins with the number of a topic on an agenda: ``TOP 3:``, ``Item 4 –``."""
    return _NUMBERED_TOPIC.match(text) is not None


def folded(text: str) -> str:
    """Letters without case and accents; ``ß`` is ``ss``."""
    if text.isascii():
        return text.casefold()
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(bare).casefold()


def section_of(heading: str) -> Section | None:
    """The section that a heading opens by its first words; None for other words."""
    if _is_internal(heading):
        return "internal"
    return _of_first(_words(heading))


def section_of_line(text: str) -> Section | None:
    """The section that a line opens which says nothing else: ``Decisions taken``, ``2.1 Nächste Schritte``."""
    if not 0 < len(text) <= 80 or text.endswith((".", "?", "!", ";", ",")):
        return None
    words = _words(text)
    section = _of_first(words)
    count = _length(words)
    rest = words[count:]
    if section == "several":
        return section if len(words) <= 5 else None
    return section if count and all(word in _ALONE_WITH or word.isdigit() for word in rest) else None


def label_of(text: str) -> tuple[Section, str] | None:
    """What a line says that begins with its own label: ``Décision n° 3 : …`` is of a section and the rest."""
    label, colon, rest = text.partition(":")
    if not colon or not rest.startswith(" ") or not rest.strip() or len(label) > 60:
        return None
    words = [word for word in _words(label) if not word.isdigit() and word not in _NUMBER_WORDS]
    count = _length(words)
    if not count or not all(word in _ALONE_WITH for word in words[count:]):
        return None
    return _SECTIONS[tuple(words[:count])], rest.strip()


def _is_internal(heading: str) -> bool:
    return _from_first_letter(heading)[:9].casefold() == "internal:"


def _from_first_letter(text: str) -> str:
    return text[next((place for place, mark in enumerate(text[:20]) if mark.isalpha()), 0) :]


def _words(text: str) -> Sequence[str]:
    """The first words of a text, without numbering, marks, case and accents."""
    bare = text.lstrip(" #*_[(<>|=~§-–—")
    numbered = NUMBERING.match(bare)
    bare = bare[numbered.end() :] if numbered and numbered.end() < len(bare.rstrip()) else bare
    return _split(_from_first_letter(bare)[:200])[:_MOST_WORDS]


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+|&|/", folded(text))


def _of_first(words: Sequence[str]) -> Section | None:
    count = _length(words)
    if not count:
        return None
    section, rest = _SECTIONS[tuple(words[:count])], words[count:]
    while rest and rest[0] in _ALONE_WITH:
        rest = rest[1:]
    if rest and (rest[0] in _AND or rest[0] in ("&", "/")):
        other = _of_first(rest[1:])
        is_another = other not in (None, "other", section) and section != "other"
        return "several" if is_another else section
    if tuple(words[:count]) in _NEEDS_MORE and rest and not (rest[0] in _MAY_FOLLOW or rest[0].isdigit()):
        return None
    return section


def _length(words: Sequence[str]) -> int:
    """How many of the first words are those of a section; the longest counts."""
    return next((n for n in range(min(len(words), _LONGEST), 0, -1) if tuple(words[:n]) in _SECTIONS), 0)


def _spellings(phrase: str) -> Iterator[tuple[str, ...]]:
    """A phrase as words, with umlauts and without: ``nächste`` is ``nachste`` and ``naechste``."""
    yield tuple(_split(phrase))
    written_out = phrase.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        written_out = written_out.replace(umlaut, letters)
    yield tuple(_split(written_out))


_SECTIONS: Mapping[tuple[str, ...], Section] = {
    words: section for section, phrases in WORDS.items() for phrase in phrases for words in _spellings(phrase)
}
_NEEDS_MORE = frozenset(words for phrase in _TELL_NO_NOUN for words in _spellings(phrase))
_LONGEST = max(map(len, _SECTIONS))
