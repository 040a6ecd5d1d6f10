"""What is internal to one side stands in no minutes that another side gets."""

import pytest

from scheduler.rules.minutes.audience import readable_by

MINUTES = """# Minutes

## Decisions
- Two shifts

{internal}
- We would give a third

### What else
More of ours

## Actions
- Dev: send the samples
"""


@pytest.mark.parametrize(
    "heading",
    [
        "## Internal: Acme Motors SE",
        "> ## Internal: Acme Motors SE",
        "## 4. INTERNAL: Acme Motors SE",
        "**Internal: Acme Motors SE**",
        "Internal: Acme Motors SE\n-----------------------",
        "Internal: Acme Motors SE",
        "```\n## Internal: Acme Motors SE\n```",
        "<!-- figures: x -->\n## Internal: Acme Motors SE\n<!-- end figures: x -->",
    ],
)
def test_the_part_that_is_internal_to_a_side_reaches_that_side_alone(heading: str) -> None:
    written = MINUTES.format(internal=heading)
    for reader in (["Globex", "globex"], []):
        shown = readable_by(written, reader)
        assert "a third" not in shown
        assert "Two shifts" in shown
        assert "send the samples" in shown
    own = readable_by(written, ["Acme Motors SE", "acme"])
    assert "a third" in own


def test_minutes_without_such_a_part_are_read_as_they_are_written() -> None:
    written = "# Minutes\r\n\r\n- Internal audit moves to May\n- decided: an internal: b\n"
    assert readable_by(written, []) == written
