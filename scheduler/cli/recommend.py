"""`cadence recommend`: the structural model that fits, by the four criteria in their order."""

import sys
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json
from scheduler.domain.definition.vocabulary import Function

if TYPE_CHECKING:
    from scheduler.definitions.authoring.recommend import Option, Recommendation

_ANSWERS = {
    "integration": ("light", "coordinated", "deep"),
    "speed": ("weeks", "months", "year"),
    "capital": ("little", "some", "much"),
    "control": ("full", "influence", "joint"),
}
_MEMBERS = click.IntRange(2, 1000)


@click.command(
    epilog="For example: cadence recommend --integration deep --speed year --capital much --control joint"
    " --function technology"
)
@click.option("--integration", type=click.Choice(_ANSWERS["integration"]), help="1. How deep it must go.")
@click.option("--speed", type=click.Choice(_ANSWERS["speed"]), help="2. How soon it must start.")
@click.option("--capital", type=click.Choice(_ANSWERS["capital"]), help="3. How much capital you can commit.")
@click.option("--control", type=click.Choice(_ANSWERS["control"]), help="4. How much control you must retain.")
@click.option("--members", type=_MEMBERS, help="How many organisations take part (2).")
@click.option(
    "--function", type=click.Choice([function.value for function in Function]), help="What the partnership is for."
)
@as_json
@click.pass_obj
def recommend(context: Context, /, members: int | None, function: str | None, as_json: bool, **given: Any) -> None:
    """Name the structural model that fits, why, and what speaks against it.

    Four criteria decide, in this order: integration depth required, speed to launch, capital commitment available,
    control to retain. On a terminal cadence asks for those that no flag gives.
    """
    from scheduler.definitions.authoring.recommend import Needs
    from scheduler.definitions.authoring.recommend import recommend as weighed
    from scheduler.definitions.playbooks import playbooks

    missing = [key for key in _ANSWERS if given[key] is None]
    if missing:
        if not sys.stdin.isatty():
            flags = ", ".join(f"--{key}" for key in missing)
            raise click.UsageError(
                f"without a terminal to ask on, these are needed: {flags}", click.get_current_context()
            )
        given |= _asked(missing)
        members = members or click.prompt("\nHow many organisations take part?", default=2, type=_MEMBERS, err=True)
    needs = Needs(**given, members=members or 2, function=Function(function) if function else None)
    found = weighed(needs, playbooks(*context.playbook_folders()))
    print_json(_plain(found)) if as_json else _print(found)


def _asked(missing: list[str]) -> dict[str, str]:
    """Ask for the missing criteria in their order, on standard error, so that the answer can be piped on."""
    from scheduler.definitions.authoring.recommend import CRITERIA

    answers: dict[str, str] = {}
    for criterion in (criterion for criterion in CRITERIA if criterion.key in missing):
        click.echo(f"\n{criterion.asks}", err=True)
        for choice, meaning in criterion.choices.items():
            click.echo(f"  {choice:<12} {meaning}", err=True)
        answers[criterion.key] = click.prompt("Answer", type=click.Choice(list(criterion.choices)), err=True)
    return answers


def _print(found: "Recommendation") -> None:
    best = found.best
    click.echo(click.style(f"Recommended: {best.model.words} ({best.model})", bold=True))
    _list("Because", best.reasons)
    _list("Against it", best.against or ("nothing in these answers",))
    _list("Must be on record", best.on_record)
    if found.function_match:
        models = " or ".join(model.words for model in found.function_match)
        click.echo(f"\nThe function's best match: {models} ({found.function_benefit}).")
    click.echo("\nNext best:")
    for place, option in enumerate(found.ranking[1:], start=2):
        click.echo(f"  {place}. {_in_a_line(option)}")
    click.echo(f"\nHow it is governed: cadence playbook show {best.model}")


def _list(title: str, sentences: tuple[str, ...]) -> None:
    click.echo(f"\n{title}:")
    for sentence in sentences:
        click.echo(f"  - {sentence}")


def _in_a_line(option: "Option") -> str:
    if not option.possible:
        return f"{option.model.words}: not possible, {option.against[0]}"
    against = f"; but {option.against[0]}" if option.against else ""
    return f"{option.model.words}: {option.reasons[0] if option.reasons else 'nothing speaks for it'}{against}"


def _plain(found: "Recommendation") -> dict[str, Any]:
    return {
        "model": found.best.model,
        "ranking": [
            {
                "model": option.model,
                "possible": option.possible,
                "reasons": option.reasons,
                "against": option.against,
                "on_record": option.on_record,
            }
            for option in found.ranking
        ],
        "function_match": found.function_match,
        "function_benefit": found.function_benefit,
    }
