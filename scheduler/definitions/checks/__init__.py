"""What a careful colleague would find in a definition whose shape is right.

Each check is one function: from the subject to its findings, its docstring the rule. Errors are what cannot be
governed or would be governed wrongly; warnings are what can, and probably is not meant.
"""

from collections.abc import Callable, Iterator

from scheduler.definitions.checks import (
    advice,
    bodies,
    cadence,
    dates,
    governance,
    ladders,
    models,
    names,
    people,
    series,
)
from scheduler.definitions.checks.subject import CheckedDefinition, Finding

CHECKS: tuple[Callable[[CheckedDefinition], Iterator[Finding]], ...] = (
    dates.absurd_dates,
    names.unknown_people,
    names.former_keys,
    names.unknown_organisations,
    names.unknown_kpis,
    names.unknown_steps,
    names.unknown_reviews,
    names.unknown_documents,
    names.ambiguous_keys,
    models.enough_organisations,
    models.requirements_on_record,
    models.entities_of_joint_ventures_only,
    models.stakes_make_sense,
    models.shares_add_up,
    models.forms_of_contractual_alliances,
    models.function_fits_model,
    dates.absurd_spans,
    dates.agreement_in_order,
    dates.documents_in_order,
    dates.clauses_outlast_the_agreement,
    dates.milestones_in_order,
    dates.layers_within_the_umbrella,
    dates.amendments_in_order,
    dates.amendments_change_something,
    dates.long_enough_for_the_checkpoint,
    dates.notice_is_possible,
    dates.triggers_in_time,
    dates.kpis_in_time,
    people.internal_matters_stay_inside,
    people.internal_matters_called_jointly,
    people.layers_use_their_own_people,
    people.owners_have_deputies,
    people.leavers_are_succeeded,
    people.addresses_differ,
    people.aliases_are_nobody_elses,
    people.sides_are_represented,
    people.home_countries,
    people.home_of_entities,
    people.home_weekends,
    people.days_off_or_worked,
    people.home_zones,
    people.common_working_days,
    bodies.named_once,
    bodies.sides_sit_in_them,
    bodies.deadlocks_end_somewhere,
    bodies.kpis_name_them,
    ladders.rungs_differ,
    ladders.rungs_reach_somebody,
    ladders.a_playbooks_rungs_name_people,
    ladders.a_chair_is_there,
    series.new_series_say_what_they_are,
    series.dropped_series_say_nothing_else,
    series.quorums_can_be_counted,
    series.triggers_can_fire,
    series.days_fit_frequencies,
    series.rules_fire,
    series.clocks_count_days,
    governance.stakes_have_a_way_out_and_a_voice,
    governance.ventures_have_shares_and_a_board,
    governance.consortia_have_contributions_and_a_rule,
    governance.competitors_have_counsel,
    governance.nobody_sits_in_several_layers,
    governance.somebody_stands_in,
    advice.kpis_and_triggers_agreed,
    advice.handful_of_kpis,
    advice.start_to_come,
)


def findings(subject: CheckedDefinition) -> Iterator[Finding]:
    """All that the checks find, errors and warnings."""
    for check in CHECKS:
        yield from check(subject)


def advice_on_the_cadence(subject: CheckedDefinition) -> Iterator[Finding]:
    """What only the planned cadence shows. To be asked for a definition without errors: it plans."""
    return cadence.cadence(subject)
