"""Whom a mail server's refusal concerns: one address, one letter, or us, who send.

A server answers for good (5xx) or for now (4xx), and says why in an enhanced code (RFC 3463, RFC 5248) and in words.
Codes are read first, words where a code leaves it open: servers put nearly anything behind 5.7.1. What neither tells is
`UNCLEAR`, and shows by whether other letters get through. Where it is about us (a relay that does not know us, a sender
it does not allow, a name, a licence, a quota, a list that we are on), the next letter would fare no better.

The words are those of Postfix, Exim, sendmail, Exchange and Microsoft 365 (learn.microsoft.com, "Email non-delivery
reports in Exchange Online"), Google (support.google.com/a/answer/3726730).
"""

import re
from enum import StrEnum


class Concerns(StrEnum):
    """Whom a refusal concerns."""

    ADDRESS = "address"
    LETTER = "letter"
    CHANNEL = "channel"
    UNCLEAR = "unclear"


_CODE = re.compile(r"\b[245]\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESSES = re.compile(r"<[^>]*>|\S+@\S+|https?://\S+")
"""What is quoted of the letter and of pages about it; its words are not the server's own."""

_OF_THE_ADDRESS = {
    *((1, each) for each in (1, 2, 3, 4, 6, 10)),
    *((2, each) for each in (1, 2, 4)),
    (4, 1),  # Microsoft 365: "Recipient address rejected: Access denied", there is no such mailbox
    (4, 6),
    (4, 14),
    *((7, each) for each in (12, 13, 17, 18, 124, 129, 133, 134, 135, 136, 505, 507)),
}
_OF_THE_LETTER = {(2, 3), (3, 4), *((6, each) for each in range(20))}
_OF_US = {
    *((1, each) for each in (7, 8, 9)),
    (2, 252),  # SendAsDenied
    *((3, each) for each in (2, 5)),
    *((5, each) for each in (1, 2, 4, 5)),
    *((7, each) for each in (3, 8, 9, 11, 14, *range(20, 31), 57, 60, 64, 68)),
}
_TENANT = re.compile(r"(23\d|5\d\d|6\d\d|7\d\d)")
"""5.7.232 to 236: a tenant's limits; 5.7.501 to 750: banned senders, networks and tenants (Microsoft 365)."""

_NO_ADDRESS = re.compile(
    r"(user|recipient|mailbox|addressee|alias|person)\b.{0,25}\b(unknown|not found|(does not|doesn'?t|not) exist|"
    r"unavailable|disabled|inactive|invalid)"
    r"|(unknown|invalid|bad|no such|nonexistent|unrouteable|undeliverable)\s"
    r"(user|recipient|mailbox|address|person|local)"
    r"|user unknown|not a (valid|known) (user|mailbox|recipient)|no mailbox|mailbox (is )?full|over ?quota"
    r"|mailbox.{0,20}quota|account.{0,30}(does not exist|is disabled)|has moved|no longer (with|works|here|employed)",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"too (large|big)|size (limit|exceeds)|exceeds.{0,20}size|virus|malware", re.IGNORECASE)
_ABOUT_US = re.compile(
    r"\brelay(?!( recipient))|relaying"
    r"|\bsenders?\b|send ?as|return.?path|mail from\b|envelope.from|not owned by|on behalf of"
    r"|\bhelo\b|\behlo\b|fully.qualified"
    r"|authenticat|\blog ?in\b|credentials|starttls|encrypt|\btls\b"
    r"|licen[cs]e|subscription|suspended|trial"
    r"|(daily|hourly|monthly|sending|outgoing|outbound|message|rate|tenant|submission).{0,30}(limit|quota)"
    r"|(limit|quota).{0,30}(messages|emails|sending|recipients|per (day|hour|minute))|too many|rate.?limit|throttl"
    r"|\bspam|unsolicited|black ?list|block ?list|\brbl\b|dnsbl|reputation|banned|listed (at|in|by|on)|blocked using"
    r"|client host|\bip\b|ip.address|\bptr\b|reverse (dns|lookup)|\brdns\b|\bdmarc\b|\bspf\b|\bdkim\b"
    r"|\byour (account|domain|organi[sz]ation|tenant|server|host|network|mail server)\b",
    re.IGNORECASE,
)
_GREYLISTED = re.compile(r"gr[ae]y.?list", re.IGNORECASE)
_OF_THE_DIALOGUE = (500, 502, 503, 504, 530, 534, 535, 538)
"""Commands that are not known or not allowed (RFC 5321 4.2.3), logins that are wanted (RFC 4954)."""


def concerns(code: int, said: str) -> Concerns:
    """Whom a refusal with this code (400 to 599) and these words concerns."""
    words = _ADDRESSES.sub(" ", said)
    if code < 500 and _GREYLISTED.search(words):
        return Concerns.ADDRESS
    enhanced = _by_enhanced_code(words)
    if enhanced:
        return enhanced
    if _ABOUT_US.search(words):
        return Concerns.CHANNEL
    if code == 556 or _NO_ADDRESS.search(words):
        return Concerns.ADDRESS
    if _TOO_LARGE.search(words):
        return Concerns.LETTER
    return Concerns.CHANNEL if code in _OF_THE_DIALOGUE else Concerns.UNCLEAR


def _by_enhanced_code(words: str) -> Concerns | None:
    found = _CODE.search(words)
    if found is None:
        return None
    key = int(found[1]), int(found[2])
    if key in _OF_THE_ADDRESS:
        return Concerns.ADDRESS
    if key in _OF_THE_LETTER:
        return Concerns.LETTER
    if key in _OF_US or (key[0] == 7 and _TENANT.fullmatch(found[2])):
        return Concerns.CHANNEL
    return None
