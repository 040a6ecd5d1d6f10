"""The words by which mail programs say that what follows is another's, or their own footer: in English, German, French,
Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Polish, Japanese, Chinese, Korean and Arabic, as
Outlook, Gmail, Apple Mail, Thunderbird and phones write them.
"""

import re


def _any(*words: str) -> str:
    return "|".join(words)


_I = re.IGNORECASE

WROTE = re.compile(
    _any(
        r"\bwrote\b", r"\bschrieb\b", r"\bhat .{0,80}geschrieben\b", r"\ba écrit\b",
        r"\bescribió\b", r"\bha scritto\b",
        r"\bescreveu\b", r"\bschreef\b", r"\bskrev\b", r"\bnapisał", r"\bpisze\b",
        r"さんは書きました", r"のメール", r"書きました",
        r"写道", r"寫道", r"작성", r"님이", r"كتب", r"\bha escrito\b",
    ),
    _I,
)  # fmt: skip
"""What an attribution says of its author."""

_FROM = _any(
    "from", "von", "de", "da", "van", "från", "fra", "od", "差出人", "送信者", "发件人",
    "寄件者", "보낸 사람", "من", "発信者",
)  # fmt: skip
_LATER = _any(
    "sent", "date", "to", "cc", "subject", "gesendet", "datum", "an", "betreff",
    "envoyé", "à", "objet", "enviado( el)?",
    "fecha", "para", "asunto", "inviato", "data", "a", "oggetto", "enviada( em)?", "assunto", "verzonden", "aan",
    "onderwerp", "skickat", "till", "ämne", "sendt", "til", "emne", "wysłano", "do",
    "temat", "送信日時", "日付", "宛先",
    "件名", "发送时间", "收件人", "主题", "보낸 날짜", "받는 사람", "제목", "إلى", "الموضوع", "تاريخ",
    "أرسل", "التاريخ",
)  # fmt: skip
HEAD_FIRST = re.compile(rf"(?:{_FROM})\s?\*?\s?[:：]\*?\s", _I)
"""The first line of a letter's head, as Outlook copies it in."""
HEAD_LATER = re.compile(rf"(?:{_LATER})\s?\*?\s?[:：]\*?", _I)

ORIGINAL = re.compile(
    r"^-{2,}\s?(?:"
    + _any(
        "original message", "original appointment", "forwarded message", "ursprüngliche nachricht",
        "originalnachricht", "weitergeleitete nachricht", "message d'origine",
        "message d’origine", "message original",
        "message transféré", "mensaje original", "mensaje reenviado", "messaggio originale", "messaggio inoltrato",
        "mensagem original", "oorspronkelijk bericht", "ursprungligt meddelande", "original besked",
        "oprindelig meddelelse", "opprinnelig melding", "wiadomość oryginalna", "oryginalna wiadomość",
        "元のメッセージ", "転送メッセージ", "原始邮件", "원본 메시지", "الرسالة الأصلية",
    )
    + r")|^begin forwarded message|^anfang der weitergeleiteten|^début du message (?:transféré|réexpédié)",
    _I,
)  # fmt: skip
"""The line above what an older Outlook quotes, or above what is forwarded."""

_DEVICE = r"[\w '’.+()-]{1,40}"
FOOTER = re.compile(
    _any(
        rf"sent (?:from|via|with|using) {_DEVICE}",
        rf"get outlook for {_DEVICE}(?:<.{{0,200}}>)?",
        rf"von meine[mr] {_DEVICE} gesendet",
        rf"gesendet (?:von|mit) {_DEVICE}",
        rf"diese nachricht wurde von {_DEVICE} gesendet",
        rf"holen sie sich outlook für {_DEVICE}(?:<.{{0,200}}>)?",
        rf"outlook für {_DEVICE} (?:beziehen|herunterladen)(?:<.{{0,200}}>)?",
        rf"envoyé (?:de|depuis|à partir de|d['’]) ?{_DEVICE}",
        rf"télécharger outlook pour {_DEVICE}(?:<.{{0,200}}>)?",
        rf"obtenez outlook pour {_DEVICE}(?:<.{{0,200}}>)?",
        rf"enviado (?:desde|do|de|a partir do) {_DEVICE}",
        rf"obtener outlook para {_DEVICE}(?:<.{{0,200}}>)?",
        rf"inviato da(?:l(?: mio)?)? {_DEVICE}",
        rf"verzonden (?:vanaf|met|via) {_DEVICE}",
        rf"skickat från {_DEVICE}",
        rf"sendt fra {_DEVICE}",
        rf"wysłan[eo] z {_DEVICE}",
        rf"{_DEVICE} ?から送信(?:されました)?",
        rf"发自我的 ?{_DEVICE}",
        rf"從我的 ?{_DEVICE} ?傳送",
        rf"나의 ?{_DEVICE}에서 보냄",
        r"أ?ُ?رسلت من .{1,40}",
    ),
    _I,
)
"""What a phone writes below."""

_NAMES = (
    r"(?:[\s,]+(?:(?-i:[A-ZÀ-Þ][\w.'’-]{0,30})|all|both|everyone|everybody|team|there|zusammen|à tous|a todos)){0,4}"
)
"""Behind a greeting or regards: names, which begin with a capital, and no sentence."""

GREETING = re.compile(
    r"(?:hi|hello|hey|hallo|moin|dear|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag"
    r"|morgen|abend)|good (?:morning|afternoon|evening|day)"
    r"|bonjour|bonsoir|salut|hola|buenos días|buenas tardes|ciao|buongiorno|olá|bom dia|hej|dzień dobry|beste|geachte"
    r"|お世話になっております|お疲れ様です|您好|안녕하세요|مرحبا|السلام عليكم)" + _NAMES + r"\s?[,!.:。，！،]?",
    _I,
)
"""A line above what somebody says."""

REGARDS = re.compile(
    r"(?:(?:many |best |kind |warm )?(?:thanks|regards|wishes)|best|cheers|thank you"
    r"|thx|sincerely|yours(?: truly)?|br"
    r"|(?:viele|beste|liebe|herzliche|freundliche|schöne|mit (?:freundlichen|besten"
    r"|lieben)) grü(?:ß|ss)en?|lg|vg|mfg|gruß|gruss|danke"
    r"|cordialement|bien (?:cordialement|à vous)|merci|salutations|saludos(?: cordiales)?|un saludo|gracias"
    r"|(?:cordiali|distinti) saluti|saluti|grazie|atenciosamente|obrigad[oa]"
    r"|met vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg"
    r"|(?:med )?vänliga? hälsning(?:ar)?|(?:med )?venlig hilsen|mvh|pozdrawiam|z poważaniem"
    r"|よろしくお願い(?:いた)?します|宜しくお願い(?:いた)?します|以上|谢谢|此致|감사합니다|شكرا|مع التحية"
    r"|مع أطيب التحيات)" + _NAMES + r"\s?[,!.。，！،]?",
    _I,
)
"""A line below it, above a name."""
