"""What shipped playbooks say in small is told in each language: who has to be there, what competitors may speak of."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.quorum import Quorum
from scheduler.domain.definition.vocabulary import Model
from scheduler.settings.whole import shipped


def quorums(part: object) -> Iterator[Quorum]:
    match part:
        case Quorum():
            yield part
        case BaseModel():
            for key in type(part).model_fields:
                yield from quorums(getattr(part, key))
        case dict():
            for each in part.values():
                yield from quorums(each)
        case list() | tuple():
            for each in part:
                yield from quorums(each)


@pytest.mark.parametrize("model", Model)
def test_its_quorums_and_permitted_topics_are_in_the_catalogues(model: Model, sentences: frozenset[str]) -> None:
    playbook = playbooks(shipped("playbooks"))[model]
    counted = {each.said(model) for each in quorums(playbook) if each.including is None}
    assert counted and playbook.competition_law.permitted
    assert {*counted, *playbook.competition_law.permitted} <= sentences
