"""Everybody's language: what is written for somebody is written in theirs.

A sentence stands in the code or in a template in English, inside of `say` (`say_count` where it counts something,
`say_as` where its words mean two things), with a name for each value: ``say("Due on %(day)s.", day=…)``. Whoever
renders for a reader does it within `speaking(manner)`; what is said in there comes out in the reader's words, by the
catalogue of their language, and in English where that lacks one. Outside of it everything is English: what is put on
record, what operators read, the log.
"""

from .speech import full_stop, is_right_to_left, isolated, known, say, say_as, say_count, sentence, speaking, spoken

__all__ = [
    "full_stop",
    "is_right_to_left",
    "isolated",
    "known",
    "say",
    "say_as",
    "say_count",
    "sentence",
    "speaking",
    "spoken",
]
