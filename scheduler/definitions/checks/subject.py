"""What a check looks at, and what it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from scheduler.definitions.problems import Severity, Trail
from scheduler.domain.definition.agreement import Requirements
from scheduler.domain.definition.kpi import Kpi, Success
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook, Terms
from scheduler.domain.definition.vocabulary import Form, Model


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that the shape alone does not show.

    `rests_on` are the paths it was concluded from, beside its own: where one of them could not be read, it is not said.
    """

    path: Trail
    what: str
    hint: str
    severity: Severity = "error"
    of: Literal["key", "value"] = "value"
    rests_on: tuple[Trail, ...] = ()


def warning(path: Trail, what: str, hint: str, *rests_on: Trail, of: Literal["key", "value"] = "value") -> Finding:
    return Finding(path, what, hint, "warning", of, rests_on)


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """The umbrella of a partnership or one of its layers. `path` is where it stands, `terms` where its dates and
    what its model requires stand; `organisations` are the keys of those that take part."""

    path: Trail
    terms: Trail
    called: str
    model: Model
    form: Form | None
    effective: date
    ends: date | None
    requirements: Requirements
    organisations: tuple[str, ...]
    kpis: Mapping[str, Kpi]
    reviews: Mapping[str, Terms]
    success: Success | None

    @property
    def model_path(self) -> Trail:
        return (*self.path, "model")


@dataclass(frozen=True)
class CheckedDefinition:
    """A partnership under check. `tree` is what the file says, also where it could not be understood; `today` is a
    civil date, None where nothing is to be held against the present. `playbooks` has every model."""

    partnership: Partnership
    tree: Mapping[str, Any]
    playbooks: Mapping[Model, Playbook]
    today: date | None = None

    def names(self, *path: str) -> list[str] | None:
        """The keys that the file has under this path; None where there is nothing with keys."""
        value: Any = self.tree
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return [key for key in value if isinstance(key, str)] if isinstance(value, dict) else None

    def of_one(self, path: Trail) -> Trail:
        """A path under `decides` as the file has it: a single body may stand without a list around it."""
        agreement = self.tree.get("agreement")
        is_one = isinstance(agreement, dict) and isinstance(agreement.get("decides"), dict)
        return (*path[:2], *path[3:]) if is_one and path[:2] == ("agreement", "decides") else path

    @cached_property
    def parts(self) -> tuple[CheckedPart, ...]:
        return tuple(_parts(self.partnership, tuple(self.names("organisations") or ())))

    def models(self, part: CheckedPart) -> tuple[Model, ...]:
        """The part's model and those that amendments change it to; layers have none."""
        changes = () if part.path else self.partnership.agreement.amendments
        return (part.model, *(amendment.model for amendment in changes))

    def standard_series(self, part: CheckedPart) -> list[str]:
        """The keys of the review series that the playbooks of the part's models have."""
        return list(dict.fromkeys(key for model in self.models(part) for key in self.playbooks[model].series))


def _parts(partnership: Partnership, everybody: tuple[str, ...]) -> Iterator[CheckedPart]:
    agreement = partnership.agreement
    yield CheckedPart(
        path=(),
        terms=("agreement",),
        called="partnership",
        model=partnership.model,
        form=partnership.form,
        effective=agreement.effective,
        ends=agreement.ends,
        requirements=agreement,
        organisations=everybody,
        kpis=partnership.kpis,
        reviews=partnership.reviews,
        success=partnership.success_at_90_days,
    )
    for key, layer in partnership.layers.items():
        yield CheckedPart(
            path=("layers", key),
            terms=("layers", key),
            called="layer",
            model=layer.model,
            form=layer.form,
            effective=layer.effective,
            ends=layer.ends,
            requirements=layer,
            organisations=everybody if layer.organisations is None else layer.organisations,
            kpis=layer.kpis,
            reviews=layer.reviews,
            success=layer.success_at_90_days,
        )
