"""Plain text of letters: a value stays on its line, and what a template puts before one keeps its blank."""

from pathlib import Path

import pytest

from scheduler.render.templating import rendered


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Deadlock: sponsors"),
        ("all parties", "Deadlock of all parties: sponsors"),
        ("\n a\x07b \n", "Deadlock of a b: sponsors"),
    ],
)
def test_a_word_before_a_value_keeps_its_blank_and_a_value_stays_on_its_line(
    tmp_path: Path, body: str, said: str
) -> None:
    (tmp_path / "a.txt.j2").write_text('Deadlock{{ " of " ~ body if body else "" }}: {{ level }}', encoding="utf-8")
    assert rendered("a.txt.j2", [tmp_path], body=body, level="sponsors").text == said
