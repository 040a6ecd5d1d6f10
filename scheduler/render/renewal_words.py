"""What somebody said of a term or a document that runs out, in words."""

from .languages import known, say, sentence

DECIDED = {
    "renew": sentence("decided on %(day)s to go on"),
    "lapse": sentence("decided on %(day)s to let it end"),
    "renegotiate": sentence("decided on %(day)s to renegotiate"),
}


def renewal_words(says: str, day: str, last: str | None) -> str:
    """``signed anew on Mon 3 May 2027, until Thu 3 May 2029``, of days in words: that on which it was decided or done,
    and the last one of what was signed, None where it has no end."""
    if says in DECIDED:
        return say(DECIDED[says], day=day)
    if says == "notice-sent":
        return say("notice sent on %(day)s", day=day)
    if last is None:
        return say("signed anew on %(day)s, without end", day=day)
    return say("signed anew on %(day)s, until %(last)s", day=day, last=last)


def what_runs_out(document: str | None, day: str) -> str:
    """``NDA until Thu 3 Jun 2027``, ``the term until Thu 30 Sep 2027``, of a day in words."""
    if document is None:
        return say("the term until %(day)s", day=day)
    return say("%(document)s until %(day)s", document=known(document), day=day)
