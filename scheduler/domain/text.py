"""Untrusted words on one line, whatever somebody has put into them."""

import re

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, line ends, and the marks that turn the reading direction of what follows."""


def one_line(text: str) -> str:
    """The text on one line, without control characters or marks that turn the reading direction."""
    if text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]:
        return text  # nearly all there is; the rest is some ten times as slow
    return " ".join(_UNSEEN.sub(" ", text).split())
