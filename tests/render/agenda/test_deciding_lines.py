"""Who decides is told of bodies as the definition has it, and in the language that is spoken."""

from pathlib import Path

import pytest

from scheduler.definitions.loading import load_file
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.manner import Manner
from scheduler.render.agenda.deciding_lines import decided_by, deciding
from scheduler.render.languages import speaking
from tests.cli.conftest import REPOSITORY
from tests.definitions.test_examples import EXAMPLES, PLAYBOOKS

SHIPPED = sorted((REPOSITORY / "config" / "partnerships").glob("*.yaml"))
FILES = [*SHIPPED, *sorted((EXAMPLES / "good").glob("*.yaml"))]


def loaded(file: Path) -> Partnership:
    found = load_file(file, PLAYBOOKS).partnership
    assert found
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_in_english_it_is_what_the_definition_says_of_itself(file: Path) -> None:
    partnership = loaded(file)
    assert decided_by(partnership) == partnership.decided_by
    assert deciding(partnership) == (partnership.deciding if partnership.agreement.bodies else ())


def test_rules_and_deadlocks_are_told_in_the_language_and_names_stay() -> None:
    partnership = loaded(EXAMPLES / "good" / "two-bodies.yaml")
    with speaking(Manner("de")):
        assert deciding(partnership) == (
            "Joint steering committee (Marta Bauer, June Okafor; durch Einvernehmen) zu scope, budget; "
            "spending up to 50,000 EUR; in einer Pattsituation Allianzmanager für 15 Arbeitstage, dann Sponsoren",
            "Alliance managers (Inès Falk, Dag Lind; durch zwei Drittel aller Parteien)",
        )
