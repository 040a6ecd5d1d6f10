"""Numbers as the world writes them, in the digits 0 to 9: Arabic, Persian, Indian and full-width ones, and Chinese
characters as Japanese and Chinese write a number in words.

    ٤٢   →  42        ٤٫٥ → 4.5      ４２．５ → 42.5      四十二 → 42
"""

import re
from collections.abc import Mapping

_MARKS = str.maketrans({"．": ".", "，": ",", "％": "%", "٪": "%", "＋": "+", "－": "-", "−": "-", "٬": "'", "。": "."})
_ARABIC_DECIMAL = re.compile(r"([0-9']+)٫([0-9]+)")
_DIGITS: Mapping[str, int] = {each: number for number, each in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "両": 2,
    "兩": 2,
}
_TENS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_CHINESE = re.compile(f"[{''.join((*_DIGITS, *_TENS))}]{{1,12}}")


def plain_digits(text: str) -> str:
    """The same with the digits 0 to 9, and the marks that belong to them; a number in Chinese characters at its
    beginning is one too."""
    if text.isascii():
        return text
    written = _chinese_at_the_start("".join(str(int(each)) if each.isdecimal() else each for each in text))
    # The Arabic marks say which they are, so the decimals are told from thousands for whoever reads on.
    said = _ARABIC_DECIMAL.sub(_decimal, written.translate(_MARKS))
    return said.replace("٫", ".")


def _decimal(found: re.Match[str]) -> str:
    """A digit more keeps three decimals from being read as thousands: ``1.2340`` is one number everywhere."""
    whole, after = found[1].replace("'", ""), found[2]
    return f"{whole}.{after}{'0' if len(after) == 3 else ''}"


def _chinese_at_the_start(text: str) -> str:
    found = _CHINESE.match(text)
    if found is None:
        return text
    value = _value(found[0])
    return text if value is None else f"{value}{text[found.end() :]}"


def _value(written: str) -> int | None:
    """``四十二`` and ``四二`` are 42; None for what is neither."""
    if not any(each in _TENS for each in written):
        return int("".join(str(_DIGITS[each]) for each in written))
    total, digit, last = 0, None, 10_000
    for each in written:
        if each in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[each]
            continue
        if _TENS[each] >= last:
            return None
        last = _TENS[each]
        total += (1 if digit is None else digit) * last
        digit = None
    return total + (digit or 0)
