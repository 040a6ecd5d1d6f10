"""A form that came in parts (RFC 7578), as browsers send one with a file: its fields as text.

A file is text in UTF-8, or in UTF-16 that says so, as Windows saves "Unicode text". What is no text is told as such:
its field is left out, and ``<name>_fault`` says why.
"""

import codecs
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

MULTIPART = "multipart/form-data"
NO_TEXT = "no_text"
"""The fault of a file that is no text in UTF-8."""


def parts_of(content_type: str, body: bytes, most: int) -> dict[str, str]:
    """The fields by name; of one that came twice the last. Raises ValueError for what is no such form, or has more than
    `most` parts."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    whole = BytesParser(policy=HTTP).parsebytes(head + body)
    if not whole.is_multipart():
        raise ValueError("this is no form")
    parts = [part for part in whole.iter_parts() if isinstance(part, Message)]
    if len(parts) > most:
        raise ValueError("it has too many parts")
    return dict(field for part in parts for field in _fields(part))


def _fields(part: Message) -> Iterator[tuple[str, str]]:
    name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(content, bytes):
        raise ValueError("a part has no name")
    if part.get_filename() == "" or (part.get_filename() is not None and not content):
        return  # no file was chosen
    try:
        yield name, _text(content)
    except UnicodeDecodeError:
        yield f"{name}_fault", NO_TEXT


def _text(content: bytes) -> str:
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
