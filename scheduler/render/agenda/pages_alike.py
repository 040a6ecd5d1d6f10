"""Whether two pages say the same of an agenda, whatever they are dressed in.

A page that an earlier version of the program wrote differs from today's in its head, its styles and the regions around
its tables, and in nothing that stands in the agenda's text.
"""

import re

_HEAD = re.compile(r"\A.*?<body>", re.DOTALL)
_DRESS = re.compile(r"</?(?:html|body|div|section|img)\b[^>]*>")
_ATTRIBUTES = re.compile(r"<(?P<tag>[a-z][a-z0-9]*)\b(?:(?P<link> href=\"[^\"]*\")|[^>])*>")


def say_the_same(one: str, other: str) -> bool:
    """Whether two pages of agendas have the same words, in the same headings, lists, tables and links."""
    return one == other or _said(one) == _said(other)


def _said(page: str) -> str:
    bare = _DRESS.sub("", _HEAD.sub("", page, count=1))
    return " ".join(_ATTRIBUTES.sub(lambda tag: f"<{tag['tag']}{tag['link'] or ''}>", bare).split())
