"""Values that programs stumble over, by what they stand for. Each is text, as it would be typed or written in a
file."""

import random
import re

DATES = [
    "0001-01-01", "9999-12-31", "2027-02-29", "2028-02-29", "0000-00-00", "2026-13-01", "2026-12-32",
    "1900-01-01", "10000-01-01", "-001-01-01", "2026-W54-1", "20261224", "2026-12-24T00:00:00",
    "2026-12-24T23:59:60Z", "31.12.2026", "12/31/2026", "2026-3-1", "1582-10-10", "٢٠٢٦-١٢-٢٤",
]  # fmt: skip
TIMES = [
    "24:00", "23:59", "00:00", "25:61", "-1:00", "9", "09:00:00", "9999:99", "16:30-08:30", "00:00-24:00",
    "08:00-08:00", "23:59-24:00",
]  # fmt: skip
ZONES = [
    "Europe/Nowhere", "UTC", "Etc/GMT+12", "Etc/GMT-14", "Pacific/Apia", "Antarctica/Troll", "Asia/Kathmandu",
    "posixrules", "../etc/passwd", "localtime", "/etc/localtime", "europe/berlin", "EST5EDT", "Factory",
    "America/", "GMT+25", "Europe/Berlin\x00",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "-1", "1e308", "1e-308", "1e999", "-1e999", "nan", "inf", "9999999999999999999999999999",
    "99999999999999999999e-3", "0.1", "1_000", "0x7f", "0o17", "٣", "²", "1e1000000000", ".5", "5.", "+5",
    "00012", "1,234.5", "1.234,5", "1'000", "2147483648", "9223372036854775808", "1e-1000000000",
]  # fmt: skip
SPANS = [
    "0 days", "99999 days", "999999999999 working days", "-1 days", "1 minute", "24 hours", "0 minutes",
    "1e9 weeks", "12 months", "999 years", "1 day", "5 working days", "one week", "1.5 days", "9 quarters",
    "٣ days", "1  day", "days", "0 working days", "90 days", "half a year",
]  # fmt: skip
PHRASES = [
    "day 31", "working day 999", "working day 0", "fifth friday of month 3", "last monday of month 99",
    "first tuesday of june", "FREQ=DAILY;COUNT=1", "FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=WEEKLY;BYDAY=MO;INTERVAL=99999999", "FREQ=HOURLY", "FREQ=MONTHLY;BYDAY=5FR;BYMONTH=2",
    "FREQ=YEARLY;UNTIL=00010101", "FREQ=MONTHLY;BYSETPOS=-366;BYDAY=MO", "FREQ=DAILY;COUNT=9999999999",
    ">= 999999999999999999999", "<= -1", "3..1", "1..1", "yes", "no", "= 0", ">= 1e400", "between 1 and 2",
    ">=", "any", "week", "month", "quarter", "half-year", "year", "2 weeks", "99 weeks", "each", "monthly",
    "yearly", "tacit", "express", "per_side", "all", "two thirds", "101 %", "0 %", "1/0", "3/2", "no quorum",
    "simple majority", "FY9999-Q4", "2026-Q9", "2026-W54", "9999-12", "0001-01", "2026-H3",
]  # fmt: skip
ADDRESSES = [
    "a@b", '"a@b.c, evil@x"@example.example', "a@b@c", "a@localhost", "ä@ü.example", "a\u202e@example.example",
    "=?utf-8?q?a=0D=0ABcc=3Ax?=@x.example\na@[127.0.0.1]", "a\r\nBcc: x@y.example", "<a@b.example>",
    "a@b.example;c@d.example", "a..b@c.example", "@example.example", "x@xn--a.example\nmailto:a@b.example",
]  # fmt: skip
TEXTS = [
    "", " ", "\t", "\x00", "a\x00b", "\x1b[31m", "\u202eevil\u202c", "\u2028", "\u2029", "\x85", "\ufeff",
    "\ufffe", "\ud800", "a\udcffb", "İ", "ß", "ﬃ", "𒐫", "e\u0301" * 50, "💥",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\u200b", "\xa0", "null", "~", "no", "on",
    "true", "NaN", "=1+1", "@SUM(1)", "-2+3", "{{ 7 * 7 }}", "{% raw %}", "${HOME}", "%s%n", "{0}",
    "<script>alert(1)</script>", "'\"><img src=x>", "a: b", "- x", "# x", "&a", "*a",
    "!!python/object:os.system x", "!tag x", "| ", ">", "%YAML 1.1", "---", "...", "[", "{", "'", '"', "\\",
    "\\x", "`", "../../etc/passwd", "a/b/c", "C:\\x", "CON", ".", "..", "x" * 300, "x" * 5000, "a " * 3000,
    "x,y;z\tw", "\r", "\r\n", "a\rb", "line\nline", "BEGIN:VEVENT", "END:VCALENDAR", "\\n\\,\\;",
    "[x](javascript:alert(1))", "|a|b|", "```", "# " * 40, "'; DROP TABLE review; --", "acme", "globex", "ines",
    "dev", "any", "acme-globex", "__proto__",
]  # fmt: skip
ALL = [*DATES, *TIMES, *ZONES, *NUMBERS, *SPANS, *PHRASES, *ADDRESSES, *TEXTS]

_KINDS = (
    (re.compile(r"\d{4}-\d\d-\d\d"), DATES),
    (re.compile(r"\d{1,2}:\d\d"), TIMES),
    (re.compile(r"[A-Z][A-Za-z]+/[A-Z]\w+"), ZONES),
    (re.compile(r"[^@\s]+@[^@\s]+"), ADDRESSES),
    (re.compile(r"\d+ (working )?(day|week|month|minute|hour|year)s?"), SPANS),
    (re.compile(r"[-+]?[\d.,]+"), NUMBERS),
)


def like(written: str, rng: random.Random) -> str:
    """A strange value of the kind of this one, mostly: for a date a date, for a zone a zone."""
    kind = next((words for shape, words in _KINDS if shape.match(written)), None)
    if kind is None or rng.random() < 0.2:
        kind = PHRASES if rng.random() < 0.4 else ALL
    return rng.choice(kind)


def a_text(rng: random.Random, most: int = 40) -> str:
    """Characters of all planes, a few of them such as no text may have."""
    return "".join(_character(rng) for _ in range(rng.randint(0, most)))


def _character(rng: random.Random) -> str:
    match rng.randrange(8):
        case 0:
            return chr(rng.randrange(0x20))
        case 1:
            return chr(rng.randrange(0x110000))
        case 2:
            return rng.choice("\u202e\u2066\u200f\u2028\x85\xa0\u200b\ufeff\ud800\udfff\0\r\n\t")
        case 3:
            return chr(rng.randrange(0x80, 0x800))
        case _:
            return chr(rng.randrange(0x20, 0x7F))
