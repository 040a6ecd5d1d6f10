"""Which reviews stand in a person's own calendar already: those to which a mail has invited them.

What counts is that a mail server took the letter: a file in a folder invites nobody, and after a letter that was
refused nobody knows what the calendar shows, so that a feed shows it rather than not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import Invited
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.series_rule import instance_id, within


class Mailed(NamedTuple):
    """A letter to one person about what they are invited to, in the order in which letters were written: of which
    partnership, about which UID and which instance of it (empty: the whole), and whether it was `taken` by a mail
    server; False where it was refused or came too late."""

    partnership: str
    uid: str
    instance: str
    method: str
    taken: bool


class Delivered:
    """What one person's calendar has of a partnership, by the letters that they were sent."""

    def __init__(self, invited: Iterable[Invited], records: Mapping[str, Recorded], mailed: Iterable[Mailed]) -> None:
        self._letters: dict[str, list[Mailed]] = defaultdict(list)
        for letter in mailed:
            self._letters[letter.uid].append(letter)
        known = [each for each in invited if each.uid in self._letters]
        self._places: dict[str, list[tuple[str, str]]] = defaultdict(list)
        """The UIDs and instances under which people were invited to a review, by its id."""
        for each in known:
            if each.recurring is None:
                self._places[each.subject].append((each.uid, ""))
        alone = frozenset(self._places)
        for each in known:
            for day, record in within(each.recurring, records.values()).items() if each.recurring else ():
                if each.recurring and record and record.id not in alone:
                    self._places[record.id].append((each.uid, instance_id(each.recurring, day)))

    def has(self, record: Recorded) -> bool:
        """Whether the review stands there as it is now."""
        is_off = record.status in (Status.CANCELLED, Status.SKIPPED)
        return any(self._stands(*place, is_off) for place in self._places.get(record.id, ()))

    def _stands(self, uid: str, instance: str, is_off: bool) -> bool:
        """Whether the last letter about it arrived. One that called it off took it out of there with all others, where
        it does not take place; else it took this person off the list."""
        about = [each for each in self._letters[uid] if each.instance in ("", instance)]
        whole = [each for each in about if not each.instance]
        return bool(whole) and about[-1].taken and (whole[-1].method == "REQUEST" or is_off)
