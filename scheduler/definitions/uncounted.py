"""A quorum in words that nobody but people can count, and the way out."""

from scheduler.definitions.problems import quoted


def uncounted(words: str) -> tuple[str, str]:
    """What is told of it, and the way out."""
    return (
        f"{quoted(words)} is no quorum that can be counted, so nobody is told whether there was one",
        "write {per_side: 1}, {share: 2/3}, {of: [sponsor]}, {seats: majority}, or words like one of each side",
    )
