"""Replies in the shapes in which mail programs write them, in the languages that they speak and the encodings that they
send: made of what each writes around a person's words, as data.

What stands around the words is each program's own wording: attributions, copied heads, footers of phones, regards.
"""

from base64 import encodebytes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from quopri import encodestring
from typing import NamedTuple

OURS = (
    "Overdue: Cells delivered, 2026-11 (Acme × Globex)\n\n* Cells delivered, 2026-11: overdue\n"
    "  You are asked to report it.\n  Target: at least 0.3 GWh.\n  Report it now: https://cadence.example/report/x\n\n"
    "Or answer by replying to this letter:\n  42, or 42 and a remark\n\n-- \nThis letter is for Tom Reyes alone."
)
"""The letter that is answered, as it is quoted."""
SENDER = "Partnership governance <cadence+k3j2abcdefghijklmnopqrst@alliances.acme.example>"


class Tongue(NamedTuple):
    """What programs write in a language: above what is quoted (Gmail and Thunderbird; Apple), the head that Outlook
    copies in, the line of an older one, a phone's footer; and what people write: a greeting, an answer as they would
    give it, regards. `charset` is one that is older than UTF-8."""

    code: str
    gmail: str
    apple: str
    head: tuple[str, str, str, str]
    original: str
    phone: str
    greeting: str
    said: tuple[str, ...]
    regards: str
    charset: str


TONGUES = (
    Tongue(
        "en",
        f"On Fri, 11 Dec 2026 at 10:00, {SENDER} wrote:",
        "On 11 Dec 2026, at 10:00, Partnership governance <cadence@alliances.acme.example> wrote:",
        ("From", "Sent", "To", "Subject"),
        "-----Original Message-----",
        "Sent from my iPhone",
        "Hi team,",
        ("0.31 two lines were down", "They are back."),
        "Best regards,",
        "us-ascii",
    ),
    Tongue(
        "de",
        f"Am Fr., 11. Dez. 2026 um 10:00 Uhr schrieb {SENDER}:",
        "Am 11.12.2026 um 10:00 schrieb Partnership governance <cadence@alliances.acme.example>:",
        ("Von", "Gesendet", "An", "Betreff"),
        "-----Ursprüngliche Nachricht-----",
        "Von meinem iPhone gesendet",
        "Guten Tag,",
        ("0,31, zwei Linien standen für Prüfungen still",),
        "Viele Grüße",
        "iso-8859-1",
    ),
    Tongue(
        "fr",
        f"Le ven. 11 déc. 2026 à 10:00, {SENDER} a écrit :",
        "Le 11 déc. 2026 à 10:00, Partnership governance <cadence@alliances.acme.example> a écrit :",
        ("De", "Envoyé", "À", "Objet"),
        "-----Message d'origine-----",
        "Envoyé de mon iPhone",
        "Bonjour,",
        ("plus tard jeudi, parce que le livre ferme tard",),
        "Cordialement,",
        "iso-8859-15",
    ),
    Tongue(
        "es",
        f"El vie, 11 dic 2026 a las 10:00, {SENDER} escribió:",
        "El 11 dic 2026, a las 10:00, Partnership governance <cadence@alliances.acme.example> escribió:",
        ("De", "Enviado el", "Para", "Asunto"),
        "-----Mensaje original-----",
        "Enviado desde mi iPhone",
        "Hola,",
        ("0,31 dos líneas paradas",),
        "Saludos,",
        "windows-1252",
    ),
    Tongue(
        "it",
        f"Il giorno ven 11 dic 2026 alle ore 10:00 {SENDER} ha scritto:",
        "Il giorno 11 dic 2026, alle ore 10:00, Partnership governance <cadence@alliances.acme.example> ha scritto:",
        ("Da", "Inviato", "A", "Oggetto"),
        "-----Messaggio originale-----",
        "Inviato da iPhone",
        "Buongiorno,",
        ("0,31 perché due linee erano ferme",),
        "Cordiali saluti",
        "iso-8859-1",
    ),
    Tongue(
        "pt",
        f"Em sex., 11 de dez. de 2026 às 10:00, {SENDER} escreveu:",
        "No dia 11/12/2026, às 10:00, Partnership governance <cadence@alliances.acme.example> escreveu:",
        ("De", "Enviada em", "Para", "Assunto"),
        "-----Mensagem original-----",
        "Enviado do meu iPhone",
        "Olá,",
        ("0,31 duas linhas pararam",),
        "Obrigado,",
        "iso-8859-1",
    ),
    Tongue(
        "nl",
        f"Op vr 11 dec 2026 om 10:00 schreef {SENDER}:",
        "Op 11 dec. 2026, om 10:00 heeft Partnership governance <cadence@alliances.acme.example> schreef:",
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        "-----Oorspronkelijk bericht-----",
        "Verzonden vanaf mijn iPhone",
        "Hallo,",
        ("0,31 twee lijnen stonden stil",),
        "Met vriendelijke groet,",
        "iso-8859-1",
    ),
    Tongue(
        "sv",
        f"Den fre 11 dec. 2026 kl 10:00 skrev {SENDER}:",
        "11 dec. 2026 kl. 10:00 skrev Partnership governance <cadence@alliances.acme.example>:",
        ("Från", "Skickat", "Till", "Ämne"),
        "-----Ursprungligt meddelande-----",
        "Skickat från min iPhone",
        "Hej,",
        ("0,31 två linjer stod stilla",),
        "Med vänliga hälsningar",
        "iso-8859-1",
    ),
    Tongue(
        "pl",
        f"pt., 11 gru 2026 o 10:00 {SENDER} napisał(a):",
        "Wiadomość napisana przez Partnership governance <cadence@alliances.acme.example> dnia 11.12.2026 napisał:",
        ("Od", "Wysłano", "Do", "Temat"),
        "-----Oryginalna wiadomość-----",
        "Wysłane z iPhone'a",
        "Dzień dobry,",
        ("0,31 dwie linie stały",),
        "Pozdrawiam,",
        "iso-8859-2",
    ),
    Tongue(
        "ja",
        f"2026年12月11日(金) 10:00 {SENDER}:",
        "2026/12/11 10:00、Partnership governance <cadence@alliances.acme.example>のメール:",
        ("差出人", "送信日時", "宛先", "件名"),
        "-----元のメッセージ-----",
        "iPhoneから送信",
        "お疲れ様です",
        ("０．３１　二ライン停止",),
        "よろしくお願いします",
        "iso-2022-jp",
    ),
    Tongue(
        "zh",
        f"{SENDER} 于2026年12月11日周五 10:00写道：",
        "在 2026年12月11日，10:00，Partnership governance <cadence@alliances.acme.example> 写道：",
        ("发件人", "发送时间", "收件人", "主题"),
        "-----原始邮件-----",
        "发自我的 iPhone",
        "您好，",
        ("０.３１ 两条线停了",),
        "谢谢",
        "gb2312",
    ),
    Tongue(
        "ar",
        f"كتب {SENDER} في الجمعة، 11 ديسمبر 2026 10:00:",
        "في ١١‏/١٢‏/٢٠٢٦، الساعة ١٠:٠٠، كتب Partnership governance <cadence@alliances.acme.example>:",
        ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
        "-----الرسالة الأصلية-----",
        "أُرسلت من الـ iPhone",
        "مرحبا،",
        ("٠٫٣١ توقف خطان",),
        "مع التحية",
        "windows-1256",
    ),
)


@dataclass(frozen=True)
class Shaped:
    """A reply as it comes, by what wrote it, and the lines that its writer wrote."""

    name: str
    mail: bytes
    lines: tuple[str, ...]


Body = tuple[str, str]
"""A type, and what stands in a part of it."""


def _marked(text: str, above: str) -> str:
    return f"{above}\n" + "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def gmail(tongue: Tongue) -> list[Body]:
    """Text with marks, and HTML with a frame."""
    words = "\n".join(tongue.said)
    text = f"{words}\n\n{_marked(OURS, tongue.gmail)}\n"
    html = (
        f'<div dir="ltr">{_lines(tongue.said)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{escape(tongue.gmail)}<br></div><blockquote class="gmail_quote" '
        f'style="margin:0px 0px 0px 0.8ex">{_lines(OURS.splitlines())}</blockquote></div>'
    )
    return [("text/plain", text), ("text/html", html)]


def gmail_html_only(tongue: Tongue) -> list[Body]:
    return gmail(tongue)[1:]


def folded_attribution(tongue: Tongue) -> list[Body]:
    """An attribution that is longer than a line is folded."""
    at = tongue.gmail.find(" ", len(tongue.gmail) // 2)
    above = f"{tongue.gmail[:at]}\n{tongue.gmail[at + 1 :]}"
    return [("text/plain", f"{chr(10).join(tongue.said)}\n\n{_marked(OURS, above)}\n")]


def outlook(tongue: Tongue) -> list[Body]:
    """A line across and the head of the letter, nothing marked."""
    return [("text/plain", f"{_polite(tongue)}\n\n________________________________\n{_head(tongue)}\n\n{OURS}\n")]


def outlook_without_a_line(tongue: Tongue) -> list[Body]:
    return [("text/plain", f"{chr(10).join(tongue.said)}\n\nTom Reyes | Globex Cells\n\n{_head(tongue)}\n\n{OURS}\n")]


def outlook_bold(tongue: Tongue) -> list[Body]:
    """The new one as text: its bold type in stars."""
    words = chr(10).join(tongue.said)
    return [("text/plain", f"{words}\n\n{_head(tongue, bold=True)}\n\n{OURS}\n")]


def outlook_html(tongue: Tongue) -> list[Body]:
    rows = "<br>".join(f"<b>{name}:</b> {value}" for name, value in _fields(tongue))
    html = (
        "<html><head><style>p.MsoNormal {margin:0cm}</style></head><body lang=EN-US><div class=WordSection1>"
        + "".join(f"<p class=MsoNormal>{escape(each)}<o:p></o:p></p>" for each in tongue.said)
        + "<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
        f"<p class=MsoNormal>{rows}</p></div></div>{_lines(OURS.splitlines())}</div></body></html>"
    )
    return [("text/html", html)]


def outlook_on_the_web(tongue: Tongue) -> list[Body]:
    html = (
        f"<html><body><div>{_lines(tongue.said)}</div><div id=\"appendonsend\"></div><hr style='width:98%'>"
        f'<div id="divRplyFwdMsg" dir="ltr">{_lines(_head(tongue).splitlines())}</div>'
        f"<div>{_lines(OURS.splitlines())}</div></body></html>"
    )
    return [("text/html", html)]


def old_outlook(tongue: Tongue) -> list[Body]:
    return [("text/plain", f"{chr(10).join(tongue.said)}\n\n{tongue.original}\n{_head(tongue)}\n\n{OURS}\n")]


def apple(tongue: Tongue) -> list[Body]:
    return [("text/plain", f"{_polite(tongue)}\n\n{_marked(OURS, tongue.apple)}\n")]


def iphone(tongue: Tongue) -> list[Body]:
    words = "\n".join(tongue.said)
    return [("text/plain", f"{words}\n\n{tongue.phone}\n\n{_marked(OURS, tongue.apple)}\n")]


def iphone_html(tongue: Tongue) -> list[Body]:
    html = (
        f'<html><body dir="auto">{_lines(tongue.said)}<br><div dir="ltr">{tongue.phone}</div><div dir="ltr"><br>'
        f'<blockquote type="cite">{escape(tongue.apple)}<br><br></blockquote></div><blockquote type="cite">'
        f'<div dir="ltr">{_lines(OURS.splitlines())}</div></blockquote></body></html>'
    )
    return [("text/html", html)]


def flowed(tongue: Tongue) -> list[Body]:
    """Thunderbird: long lines are broken behind a blank (RFC 3676)."""
    words = "\n".join(_flowing(each) for each in tongue.said)
    text = f"{words}\n\n{_marked(OURS, tongue.gmail)}\n\n-- \nTom Reyes\n"
    return [("text/plain; format=flowed", text)]


def between(tongue: Tongue) -> list[Body]:
    """Answered below the quoted question, with a signature."""
    words = "\n".join(tongue.said)
    return [("text/plain", f"{_marked(OURS, tongue.gmail)}\n\n{words}\n\n-- \nTom Reyes\nGlobex Cells\n")]


def _flowing(line: str) -> str:
    at = line.find(" ", len(line) // 2)
    return line if at < 0 else f"{line[: at + 1]}\n{line[at + 1 :]}"


def _polite(tongue: Tongue) -> str:
    return f"{tongue.greeting}\n\n{chr(10).join(tongue.said)}\n\n{tongue.regards}\nTom"


def _fields(tongue: Tongue) -> Iterator[tuple[str, str]]:
    values = (SENDER, "11.12.2026 10:00", "Tom Reyes <tom.reyes@globex.example>", "Overdue: Cells delivered")
    yield from zip(tongue.head, map(escape, values), strict=True)


def _head(tongue: Tongue, *, bold: bool = False) -> str:
    star = "*" if bold else ""
    return "\n".join(f"{star}{name}:{star} {value}" for name, value in _fields(tongue)).replace("&lt;", "<")


def _lines(lines: list[str] | tuple[str, ...]) -> str:
    return "<br>\n".join(map(escape, lines))


SHAPES: tuple[Callable[[Tongue], list[Body]], ...] = (
    gmail,
    gmail_html_only,
    folded_attribution,
    outlook,
    outlook_without_a_line,
    outlook_bold,
    outlook_html,
    outlook_on_the_web,
    old_outlook,
    apple,
    iphone,
    iphone_html,
    flowed,
    between,
)
_SIGNED: dict[Callable[[Tongue], list[Body]], tuple[str, ...]] = {outlook_without_a_line: ("Tom Reyes | Globex Cells",)}
"""What of a signature no mark parts from the words."""


def _encoded(body: str, charset: str, how: str) -> tuple[str, str, bytes]:
    """In the charset where it holds the text, else in UTF-8."""
    try:
        raw = body.encode(charset)
    except UnicodeEncodeError:
        charset, raw = "utf-8", body.encode(errors="surrogatepass")
    match how:
        case "base64":
            return charset, how, encodebytes(raw)
        case "quoted-printable":
            return charset, how, encodestring(raw)
    return charset, "8bit", raw


def _mail(bodies: list[Body], tongue: Tongue, how: str, charset: str) -> bytes:
    head = (
        f"From: Tom Reyes <tom.reyes@globex.example>\r\nTo: {SENDER}\r\nSubject: Re: Overdue\r\n"
        "Message-ID: <1@globex.example>\r\nMIME-Version: 1.0\r\n"
    ).encode()
    parts = []
    for type, body in bodies:
        named, encoding, raw = _encoded(body.replace("\n", "\r\n"), charset, how)
        parts.append(
            f"Content-Type: {type}; charset={named}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + raw
        )
    if len(parts) == 1:
        return head + parts[0]
    middle = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return head + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n' + middle + b"--b--\r\n"


def in_shape(shape: Callable[[Tongue], list[Body]], tongue: Tongue, how: str, charset: str) -> bytes:
    """A reply in one of the shapes."""
    return _mail(shape(tongue), tongue, how, charset)


def shaped() -> Iterator[Shaped]:
    """Each shape in each language, each time in another of the ways to send it."""
    ways = [("8bit", "utf-8"), ("base64", "utf-8"), ("quoted-printable", "utf-8"), ("base64", ""), ("8bit", "")]
    for count, (shape, tongue) in enumerate((shape, tongue) for shape in SHAPES for tongue in TONGUES):
        for how, charset in (ways[count % len(ways)], ways[(count + 2) % len(ways)]):
            mail = _mail(shape(tongue), tongue, how, charset or tongue.charset)
            said = tuple(" ".join(each.split()) for each in tongue.said) + _SIGNED.get(shape, ())
            yield Shaped(f"{shape.__name__}-{tongue.code}-{how}-{charset or tongue.charset}", mail, said)
