"""Minutes: whatever the text is, it is read without a failure, within bounds, and alike each time; and filed on a
review it leaves what the next cycle does not change."""

import random
from datetime import date, timedelta
from pathlib import Path

from scheduler.cli.markdown_file import markdown
from scheduler.domain.errors import UserError
from scheduler.rules.minutes.heading_words import WORDS
from scheduler.rules.minutes.parser import MOST, read
from scheduler.services.cases import reviews
from tests.builders import a_partnership, at, written
from tests.rules.minutes import test_as_people_write
from tests.services.town import Town

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_town import KeptTown, lasting, record
from ..subject import Subject

DAY = date(2026, 12, 18)
HELD = at("2026-12-18 17:00")
REVIEW = "acme-globex/operating/2026-12"
IN_A_TOWN = b"\x00filed\n"
SHARE = 0.05
NAMES = (
    "Inès",
    "Inès Falk",
    "Dev",
    "dev",
    "Tom Reyes",
    "Marta",
    "Nobody",
    "ines.falk@acme.example",
    "@dev",
    "D. Patel",
    "Acme",
)
ACTS = (
    "send the drawings",
    "die Prognose liefern",
    "plans à envoyer",
    "~~gone~~",
    "[x] done",
    "[ ] open",
    "~~",
    "**bold**",
    "`code`",
)
DUE = (" by ", " until ", " bis ", " due: ", " (", ", ", " - ", " d'ici au ", " hasta el ", " before ", " next ", " | ")
MARKS = ("- ", "* ", "1. ", "a) ", "• ", "- [ ] ", "- [x] ", "| ", "> ", "  - ", "\t", "", "+ ", "– ", "1) ")


class MinutesText(Subject):
    """An input is a text; what begins with a certain mark is filed on a review that has just been held."""

    name = "minutes"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        said = vars(test_as_people_write)
        self._texts = [said[name].encode() for name in ("GERMAN", "FRENCH", "SPANISH")]
        golden = Path(__file__).parents[2] / "render" / "golden" / "agendas"
        self._texts += [file.read_bytes() for file in sorted(golden.glob("*.md"))]
        self._headings = [word for words in WORDS.values() for word in words]
        partnership = a_partnership()
        self._people, self._sides = partnership.people, partnership.sides
        self._town = KeptTown(folder, _lived)

    def make(self, rng: random.Random) -> bytes:
        text = self._written(rng) if rng.random() < 0.5 else rng.choice(self._texts)
        if rng.random() < 0.6:
            text = damaged(text, rng, self._texts)
        return IN_A_TOWN + text if rng.random() < SHARE else text

    def _written(self, rng: random.Random) -> bytes:
        """Sections with items, in the words of all languages."""
        lines: list[str] = []
        for _ in range(rng.randint(1, 6)):
            heading = rng.choice(self._headings)
            lines += [
                "",
                rng.choice(("# ", "## ", "", "**", "1. ", "TOP 3: "))
                + heading
                + rng.choice(("", ":", "**", " (2)", " - Dev")),
            ]
            lines += [self._item(rng) for _ in range(rng.randint(0, 8))]
        return encoded("\n".join(lines))

    def _item(self, rng: random.Random) -> str:
        due = rng.choice(
            (odd_words.like("2026-12-24", rng), "18 Dec", "Friday", "18.12.", "12/18/2026", "31 février", "2027")
        )
        owner = rng.choice(NAMES)
        what = rng.choice(ACTS) if rng.random() < 0.7 else rng.choice(odd_words.ALL)
        order = rng.choice(
            (
                "{o}: {w}{d}{u}",
                "{w}, owner: {o}{d}{u}",
                "{w} ({o}){d}{u}",
                "{w} | {o} | {u} |",
                "{w}",
                "{d}{u}",
                "!1 {w}",
                "{o}",
            )
        )
        return rng.choice(MARKS) + order.format(o=owner, w=what, d=rng.choice(DUE), u=due)

    def try_one(self, content: bytes) -> str:
        if content.startswith(IN_A_TOWN):
            return self._filed(content.removeprefix(IN_A_TOWN))
        text = _text_of(content)
        with self.timed():
            found = read(text, self._people, DAY, self._sides)
        assert read(text, self._people, DAY, self._sides) == found, "read again it says another thing"
        assert len(found.decisions) <= MOST and len(found.tasks) <= MOST and len(found.unfinished) <= MOST
        count = len(text.splitlines())
        for each in found.not_understood:
            assert each.says and (each.line is None or 1 <= each.line <= count)
        return "with items" if found.decisions or found.tasks or found.unfinished else "without items"

    def _filed(self, content: bytes) -> str:
        """As a file that is handed to the program with the word that the review was held."""
        file = self.folder / "minutes.md"
        file.write_bytes(content)
        with self._town() as town:
            before = record(town)
            try:
                with self.timed():
                    reviews.hold(town.app, REVIEW, markdown(file, "minutes"), "ines", HELD)
            except UserError as refused:
                assert refused.what
                assert record(town) == before, "it was refused, and something is on record"
                return "refused"
            with self.timed():
                town.cycle(HELD + timedelta(minutes=1))
            assert not [each for each in town.log.said if "exc_info" in each[2]], town.log.said
            first = lasting(town)
            town.cycle(HELD + timedelta(minutes=2))
            assert lasting(town) == first, "the next cycle changes what is on record"
            return "filed"

    def close(self) -> None:
        self._town.close()


def _text_of(content: bytes) -> str:
    """The text of bytes, also of those that no file of the program's would be taken for: a form may have them."""
    try:
        return content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _lived(town: Town) -> None:
    town.define(written())
    for day in ("2026-10-01 09:00", "2026-11-20 09:00", "2026-12-10 09:00", "2026-12-18 16:00"):
        town.cycle(at(day))
