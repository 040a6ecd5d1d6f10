"""A form that came in parts (RFC 7578), as browsers send one with a file: its fields as text.

Its parts are counted before any is read, and none is looked into for further ones: whatever comes costs no more than to
look through it once. A file is text in UTF-8, or in UTF-16 that says so, as Windows saves "Unicode text". What is no
text is told as such: its field is left out, and ``<name>_fault`` says why. Of a Word file the text is taken.
"""

import codecs
import re
from collections.abc import Iterator

from scheduler.render.minutes_files import is_word, text_of_word

MULTIPART = "multipart/form-data"
NO_TEXT = "no_text"
"""The fault of a file that is no text in UTF-8."""
_MOST_OF_A_HEAD = 2 * 1024
_BOUNDARY = re.compile(r";\s*boundary=(?:\"([^\"]{1,70})\"|([^\s;\"]{1,70}))", re.IGNORECASE)  # RFC 2046, 5.1.1
_PARAMETER = re.compile(r";[ \t]*(?P<name>[\w*-]+)=(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<bare>[^\s;\"]*))")
_AS_IT_IS = ("7bit", "8bit", "binary")


def parts_of(content_type: str, body: bytes, most: int, as_bytes: str = "") -> dict[str, str]:
    """The fields by name; of one that came twice the last. A file of the field `as_bytes` is taken as it is, a
    character for each byte (ISO 8859-1), with its name as ``<field>_name``. Raises ValueError for what is no such form,
    or has more than `most` parts."""
    found = _BOUNDARY.search(content_type)
    if not found:
        raise ValueError("it does not say where its parts begin")
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("latin-1")
    _, *parts = (b"\r\n" + body).split(delimiter, most + 2)
    if not parts or len(parts) > most + 1:
        raise ValueError("it has no parts, or too many")
    if not parts.pop().startswith(b"--"):
        raise ValueError("its last part breaks off")
    return dict(field for part in parts for field in _fields(part, as_bytes))


def _fields(part: bytes, as_bytes: str) -> Iterator[tuple[str, str]]:
    head, end, content = part[:_MOST_OF_A_HEAD].partition(b"\r\n\r\n")
    content += part[_MOST_OF_A_HEAD:]
    headers = _headers(head) if end else {}
    if headers.get("content-type", "").lower().startswith("multipart/"):
        raise ValueError("a part has parts of its own")
    if headers.get("content-transfer-encoding", "binary").lower() not in _AS_IT_IS:
        raise ValueError("a part is encoded as no browser encodes it")  # RFC 7578, 4.7
    said = _parameters(headers.get("content-disposition", ""))
    if not said.get("name"):
        raise ValueError("a part has no name")
    if said.get("filename") == "" or ("filename" in said and not content):
        return  # no file was chosen
    if said["name"] == as_bytes and "filename" in said:
        yield as_bytes, content.decode("latin-1")
        yield f"{as_bytes}_name", said["filename"]
        return
    text = _text(content, said.get("filename", ""))
    yield (f"{said['name']}_fault", NO_TEXT) if text is None else (said["name"], text)


def _headers(head: bytes) -> dict[str, str]:
    """The headers of a part, by their names in small letters. Raises ValueError."""
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    if first.strip(" \t"):
        raise ValueError("something else than a part begins there")
    found = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in found}


def _parameters(value: str) -> dict[str, str]:
    found = _PARAMETER.finditer(value)
    return {each["name"].lower(): each["bare"] if each["quoted"] is None else each["quoted"] for each in found}


def _text(content: bytes, file: str) -> str | None:
    """None for what is no text."""
    if is_word(file):
        return text_of_word(content)
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None
