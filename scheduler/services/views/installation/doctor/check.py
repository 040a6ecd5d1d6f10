"""What a check says: a name, a verdict, a sentence, and what to do."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """Good; something an operator should do before they rely on it; or something that does not work."""

    GOOD = "good"
    TO_DO = "to do"
    WRONG = "wrong"


class Check(NamedTuple):
    """One thing that was looked at. `hint` is what to do where it is not good."""

    name: str
    verdict: Verdict
    says: str
    hint: str = ""


def good(name: str, says: str) -> Check:
    return Check(name, Verdict.GOOD, says)


def to_do(name: str, says: str, hint: str) -> Check:
    return Check(name, Verdict.TO_DO, says, hint)


def wrong(name: str, says: str, hint: str) -> Check:
    return Check(name, Verdict.WRONG, says, hint)
