"""The words that open a section of minutes, in English, German, French and Spanish; in Japanese and Arabic those of
our own agendas, and the plainest besides.

They are those of the usual forms of minutes: Robert's Rules of Order (12th edition) § 48 for *unfinished business*, the
German *Ergebnisprotokoll* (Beschluss, TOP, offene Punkte), the French *relevé de décisions* (points en suspens), the
Spanish *acta* (acuerdos, asuntos pendientes), and the templates of word processors and of meeting programs.

Words that mean two things are in no list: *tabled* is put off in America and put forward in Britain, *pendientes* by
itself may be tasks or topics. A heading of other words opens nothing.
"""

from collections.abc import Mapping
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
        "決定", "決定事項", "決議", "決議事項", "القرارات", "قرارات", "تقرر",
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
        "アクション", "アクションアイテム", "新しいアクション", "対応事項", "次のステップ",
        "الإجراءات", "إجراءات جديدة", "المهام", "الخطوات التالية",
    ),
    "carried": (
        "open action", "open actions", "old action", "old actions", "earlier action", "earlier actions",
        "previous action", "previous actions", "action from", "actions from", "outstanding actions", "pending actions",
        "open tasks", "open action items", "actions carried over", "actions carried forward",
        "offene Maßnahmen", "offene Aufgaben", "offene Aktionen", "Maßnahmen aus", "Aufgaben aus",
        "actions en cours", "actions ouvertes", "actions en suspens", "actions précédentes", "actions de la dernière",
        "acciones abiertas", "acciones pendientes", "acciones anteriores", "acciones en curso", "tareas pendientes",
        "前回からの未完了アクション", "未完了アクション", "إجراءات مفتوحة", "الإجراءات المفتوحة",
    ),
    "done": (
        "completed actions", "closed actions", "actions completed", "actions closed", "actions done", "actions taken",
        "completed tasks", "finished actions",
        "erledigt", "erledigte Maßnahmen", "erledigte Aufgaben", "abgeschlossene Maßnahmen", "abgeschlossene Aufgaben",
        "actions terminées", "actions réalisées", "actions closes", "tâches terminées",
        "acciones realizadas", "acciones cerradas", "acciones completadas", "tareas realizadas",
        "完了したアクション", "إجراءات منجزة", "الإجراءات المنجزة",
    ),
    "unfinished": (
        "unfinished", "unfinished business", "deferred", "parked", "parking lot", "postponed", "carried over",
        "carried forward", "open item", "open items", "open point", "open points", "open topics", "open issues",
        "offene Punkte", "offener Punkt", "offene Themen", "offen", "vertagt", "zurückgestellt", "verschoben",
        "Themenspeicher", "unerledigt",
        "points en suspens", "en suspens", "points ouverts", "point ouvert", "points reportés", "sujets reportés",
        "reporté", "reportés", "à reporter", "ajourné", "ajournés",
        "puntos pendientes", "temas pendientes", "asuntos pendientes", "puntos abiertos", "temas abiertos",
        "aplazado", "aplazados", "pospuesto", "pospuestos", "puntos aplazados", "temas aplazados",
        "未了", "継続審議", "持ち越し", "لم ينجز", "بنود مؤجلة", "مؤجل",
    ),
    "several": ("決定と新しいアクション", "القرارات والإجراءات الجديدة"),
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
        "議題", "出席者", "欠席者", "次回", "جدول الأعمال", "الحضور", "الغائبون", "الاجتماع التالي",
    ),
}  # fmt: skip

DESCRIBING = (
    "decided", "resolved", "agreed", "unfinished", "deferred", "parked", "postponed", "carried over", "carried forward",
    "beschlossen", "entschieden", "vereinbart", "offen", "vertagt", "zurückgestellt", "verschoben", "erledigt",
    "unerledigt", "décidé", "reporté", "reportés", "ajourné", "ajournés", "en suspens", "decidido", "acordado",
    "acuerdo", "aplazado", "aplazados", "pospuesto", "pospuestos", "present", "absent", "agenda", "distribution",
)  # fmt: skip
"""Words that open a section by themselves, and with another noun behind them may mean anything: *Agreed prices*,
*Resolved issues*, *Acuerdo de licencia*."""
MAY_FOLLOW = frozenset((
    "item", "items", "point", "points", "topic", "topics", "taken", "made", "reached", "today", "now", "at", "by",
    "for", "from", "in", "of", "on", "since", "till", "to", "until", "with", "and", "or", "between", "later",
    "next", "am", "an", "auf", "bis", "für", "im", "in", "mit", "und", "von", "vom", "zum", "heute", "à", "au",
    "aux", "avec", "du", "et", "le", "la", "pour", "en", "a", "al", "con", "el", "en", "hasta", "para", "por", "y",
))  # fmt: skip
ALONE_WITH = frozenset((
    "item", "items", "point", "points", "taken", "made", "reached", "today", "heute", "gefasst", "getroffen",
    "prises", "prise", "tomadas", "tomados", "adoptados", "alcanzados",
))  # fmt: skip
"""Words that may stand behind those of a line that says nothing else."""
