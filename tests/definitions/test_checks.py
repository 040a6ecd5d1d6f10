"""What a careful colleague finds. The files under examples/ show each fault once; here are its boundaries."""

import json
from typing import Any

import pytest

from scheduler.definitions.loading import load
from tests.builders import ACME, CELLS_DELIVERED, DEV, GLOBEX, INES, INITECH, JUNE, MARTA, TOM, UWE, playbooks, written

PLAYBOOKS = playbooks()
Tree = dict[str, Any]


def found(tree: Tree, severity: str) -> dict[str, str]:
    problems = load(json.dumps(tree, default=str), "<test>", PLAYBOOKS).problems
    return {problem.where: problem.what for problem in problems if problem.severity == severity}


def errors(tree: Tree) -> dict[str, str]:
    return found(tree, "error")


def warnings(tree: Tree) -> dict[str, str]:
    return found(tree, "warning")


def kpis(count: int, **changes: Any) -> Tree:
    return {f"kpi-{number}": {**CELLS_DELIVERED, **changes} for number in range(count)} | {
        "cells-delivered": {**CELLS_DELIVERED, "level": "actor", "of": "globex"}
    }


def layer(**changes: Any) -> Tree:
    return {"apac": {"name": "Licence", "model": "contractual_alliance", "effective": "2027-01-15", **changes}}


THREE = {"acme": ACME, "globex": GLOBEX, "initech": INITECH}


class TestModels:
    """What tells the structural models apart must be on record."""

    def test_three_members_are_a_consortium_and_two_are_none(self) -> None:
        assert errors(written(model="consortium", organisations=THREE)) == {}
        assert errors(written(model="consortium")).keys() == {"model"}

    def test_a_layer_counts_the_members_that_it_names(self) -> None:
        named = layer(model="consortium", organisations=["acme", "globex"])
        assert errors(written(organisations=THREE, layers=layer(model="consortium"))) == {}
        assert errors(written(organisations=THREE, layers=named)).keys() == {"layers.apac.model"}

    def test_naming_one_member_three_times_makes_no_consortium(self) -> None:
        thrice = layer(model="consortium", organisations=["acme", "acme", "globex"])
        assert "layers.apac.model" in errors(written(organisations=THREE, layers=thrice))

    @pytest.mark.parametrize(
        ("model", "key", "requirement"),
        [
            ("joint_venture", "entity", "Halden Cells GmbH"),
            ("equity_alliance", "equity", {"holder": "acme", "in": "globex", "percent": 8.5}),
            ("revenue_sharing", "formula", "half of the net sales to each"),
        ],
    )
    def test_each_requirement_holds_for_the_umbrella_for_layers_and_for_amendments(
        self, model: str, key: str, requirement: object
    ) -> None:
        change = {"effective": "2027-10-01", "model": model}
        assert errors(written(model=model)).keys() == {f"agreement.{key}"}
        assert errors(written(model=model, agreement={key: requirement})) == {}
        assert errors(written(layers=layer(model=model))).keys() == {f"layers.apac.{key}"}
        assert errors(written(layers=layer(model=model, **{key: requirement}))) == {}
        assert errors(written(agreement={"amendments": [change]})).keys() == {f"agreement.amendments[0].{key}"}
        assert errors(written(agreement={"amendments": [{**change, key: requirement}]})) == {}
        assert errors(written(agreement={key: requirement, "amendments": [change]})) == {}

    @pytest.mark.parametrize(("acme", "globex", "adds_up"), [(50, 50, True), ("33.4%", 66.6, True), (50, 49.9, False)])
    def test_shares_add_up_to_a_hundred_exactly(self, acme: object, globex: object, adds_up: bool) -> None:
        entity = {"name": "Halden Cells GmbH", "shares": {"acme": acme, "globex": globex}}
        tree = written(model="joint_venture", agreement={"entity": entity})
        assert errors(tree).keys() == (set() if adds_up else {"agreement.entity.shares"})

    def test_an_entity_may_wait_in_the_agreement_for_the_amendment_that_needs_it(self) -> None:
        later = {"effective": "2027-10-01", "model": "joint_venture"}
        assert "agreement.entity" in warnings(written(agreement={"entity": "Halden Cells GmbH"}))
        waiting = written(agreement={"entity": "Halden Cells GmbH", "amendments": [later]})
        assert "agreement.entity" not in warnings(waiting)

    def test_a_layer_may_be_what_serves_the_function_best(self) -> None:
        stake = {"equity": {"holder": "acme", "in": "globex", "percent": 8.5}}
        assert "function" in warnings(written(function="financial"))
        assert "function" not in warnings(written(function="financial", layers=layer(model="equity_alliance", **stake)))


class TestDates:
    """Signed, effective, ended, in this order; what lies beneath lies within."""

    @pytest.mark.parametrize(("until", "warned"), [("2029-09-30", True), ("2029-10-01", False)])
    def test_what_survives_binds_longer_than_the_agreement(self, until: str, warned: bool) -> None:
        terms = {"ends": "2029-09-30", "survives": [{"says": "Parts", "until": until}]}
        assert ("agreement.survives[0].until" in warnings(written(agreement=terms))) is warned
        days = {"ip": {"says": "x", "survives": "10 working days"}}
        assert errors(written(agreement=days)).keys() == {"agreement.ip.survives"}
        endless = {"ip": {"says": "x", "survives": "900 years"}}
        assert errors(written(agreement=endless)).keys() == {"agreement.ip.survives"}

    def test_a_milestone_comes_after_its_paper_was_signed_and_has_a_name_and_an_owner_of_its_own(self) -> None:
        def told(*milestones: Tree, **changes: Any) -> dict[str, str]:
            mou = {"kind": "mou", "signed": "2026-05-04", "milestones": [*milestones], **changes}
            return errors(written(agreement={"documents": [mou]})) | warnings(written(agreement={"documents": [mou]}))

        at, sheet = "agreement.documents[0].milestones", {"says": "Term sheet", "by": "2026-12-18", "owner": "ines"}
        quiet = told().keys()
        assert told(sheet, {**sheet, "key": "second"}).keys() == quiet
        assert told({**sheet, "by": "2026-05-03"}).keys() - quiet == {f"{at}[0].by"}
        assert told(sheet, expires="2026-12-17").keys() - quiet == {f"{at}[0].by"}
        assert told(sheet, sheet).keys() - quiet == {f"{at}[1].says"}
        assert told({**sheet, "owner": "nobody"}).keys() - quiet == {f"{at}[0].owner"}

    @pytest.mark.parametrize(("ends", "is_wrong"), [("2026-09-30", True), ("2026-10-01", False)])
    def test_an_agreement_may_end_on_the_day_it_takes_effect_but_not_before(self, ends: str, is_wrong: bool) -> None:
        assert ("agreement.ends" in errors(written("2026-10-01", agreement={"ends": ends}))) is is_wrong

    @pytest.mark.parametrize(("signed", "warned"), [("2026-10-01", False), ("2026-10-02", True)])
    def test_signing_on_the_effective_date_is_in_time(self, signed: str, warned: bool) -> None:
        tree = written("2026-10-01", agreement={"signed": signed})
        assert ("agreement.signed" in warnings(tree)) is warned
        assert errors(tree) == {}

    @pytest.mark.parametrize(
        ("effective", "is_wrong"),
        [("2026-09-30", True), ("2026-10-01", False), ("2029-09-30", False), ("2029-10-01", True)],
    )
    def test_a_layer_starts_between_the_first_and_the_last_day_of_its_umbrella(
        self, effective: str, is_wrong: bool
    ) -> None:
        tree = written("2026-10-01", agreement={"ends": "2029-09-30"}, layers=layer(effective=effective))
        assert ("layers.apac.effective" in errors(tree)) is is_wrong

    @pytest.mark.parametrize(("day", "is_wrong"), [("2026-10-01", True), ("2026-10-02", False)])
    def test_an_amendment_takes_effect_after_the_agreement_does(self, day: str, is_wrong: bool) -> None:
        amendment = {"effective": day, "model": "revenue_sharing", "formula": "net sales"}
        tree = written("2026-10-01", agreement={"amendments": [amendment]})
        assert ("agreement.amendments[0].effective" in errors(tree)) is is_wrong

    @pytest.mark.parametrize(
        ("day", "is_absurd"), [("1989-12-31", True), ("1990-01-01", False), ("2100-12-31", False), ("2101-01-01", True)]
    )
    def test_dates_lie_between_1990_and_2100(self, day: str, is_absurd: bool) -> None:
        tree = written(triggers=[{"when": "on", "date": day}])
        assert ("triggers[0].date" in errors(tree)) is is_absurd

    @pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "9999-12-26", "9999-12-30", "9999-12-31"])
    def test_no_other_check_fails_on_a_date_at_the_ends_of_the_calendar(self, day: str) -> None:
        wrong = {"agreement.effective": written(effective=day), "agreement.ends": written(agreement={"ends": day})}
        wrong["layers.apac.effective"] = written(layers=layer(effective=day))
        for key in ("closed", "works"):
            wrong[f"organisations.acme.{key}[0]"] = written(
                organisations={"acme": {**ACME, key: [day]}, "globex": GLOBEX}
            )
        for where, tree in wrong.items():
            assert where in errors(tree)

    @pytest.mark.parametrize(("ends", "warned"), [("2026-12-29", True), ("2026-12-30", False)])
    def test_the_checkpoint_needs_ninety_days(self, ends: str, warned: bool) -> None:
        assert ("agreement.ends" in warnings(written("2026-10-01", agreement={"ends": ends}))) is warned

    @pytest.mark.parametrize(("notice", "warned"), [("354 days", False), ("355 days", True)])
    def test_notice_with_its_buffer_leaves_after_the_effective_date(self, notice: str, warned: bool) -> None:
        renewal = {"kind": "express", "notice": notice, "buffer": "10 days"}
        tree = written("2026-10-01", agreement={"ends": "2027-09-30", "renewal": renewal})
        assert ("agreement.renewal.notice" in warnings(tree)) is warned

    @pytest.mark.parametrize("notice", ["99999 years", "99999 months", "90 minutes"])
    def test_a_notice_of_centuries_or_minutes_is_refused(self, notice: str) -> None:
        tree = written(agreement={"ends": "2027-09-30", "renewal": {"kind": "tacit", "notice": notice}})
        assert errors(tree).keys() == {"agreement.renewal.notice"}


class TestPeople:
    """Duties lie with people who are there and may see what they answer for."""

    def test_a_trigger_that_names_an_internal_kpi_says_what_it_does_then(self) -> None:
        tree = written(triggers=[{"when": "missed", "kpi": "landed-cost", "times": 3}])
        problems = load(json.dumps(tree, default=str), "<test>", PLAYBOOKS).problems
        (told,) = [problem for problem in problems if problem.where == "triggers[0].kpi"]
        assert (told.severity, told.what) == (
            "warning",
            "a formal review is held by all, and landed-cost is internal to acme",
        )
        assert told.hint.startswith(
            "where it fires, only the alliance manager and the sponsor of acme are told and no review is called"
        )

    def test_the_owner_and_the_deputy_of_an_internal_kpi_are_of_its_organisation(self) -> None:
        internal = {**CELLS_DELIVERED, "level": "actor", "of": "acme", "owner": "uwe", "deputy": "dev"}
        tree = written(kpis={"cells-delivered": internal})
        assert errors(tree) == {"kpis.cells-delivered.deputy": "this KPI is internal to acme, and dev is of globex"}

    def test_a_neutral_chair_may_serve_in_a_layer_of_some_and_a_stranger_may_not(self) -> None:
        olga = {"name": "Olga Ruiz", "email": "olga@neutral.example"}
        ken = {"name": "Ken Abe", "email": "ken@initech.example", "of": "initech"}
        people = {
            "ines": INES,
            "marta": MARTA,
            "uwe": UWE,
            "dev": DEV,
            "june": JUNE,
            "tom": TOM,
            "olga": olga,
            "ken": ken,
        }
        reviews = {"operating": {"chair": ["olga", "ken"], "agenda_owner": "dev"}}
        layers = layer(organisations=["acme", "globex"], reviews=reviews)
        tree = written(organisations=THREE, people=people, layers=layers)
        assert errors(tree).keys() == {"layers.apac.reviews.operating.chair[1]"}

    def test_addresses_that_differ_in_case_only_are_one(self) -> None:
        people = {**written()["people"], "june": {**JUNE, "email": "Dev.Patel@globex.example"}}
        assert "people.june.email" in warnings(written(people=people))

    def test_a_side_whose_people_may_be_misspelt_is_not_called_unrepresented(self) -> None:
        people = {**written()["people"], "dev": {**DEV, "of": "globx"}, "june": {**JUNE, "of": "globx"}}
        tree = written(people=people)
        assert errors(tree).keys() == {"people.dev.of", "people.june.of"}
        assert "organisations.globex" not in warnings(tree)

    @pytest.mark.parametrize(("country", "region"), [("DE", None), ("de", "BY"), ("US", "MI")])
    def test_known_countries_and_regions_pass(self, country: str, region: str | None) -> None:
        acme = {**ACME, "country": country, "region": region}
        places = warnings(written(organisations={"acme": acme, "globex": GLOBEX})).keys()
        assert not {place for place in places if place.startswith("organisations.acme")}

    def test_a_region_that_the_country_does_not_have_is_warned_of_with_what_follows(self) -> None:
        acme = {**ACME, "country": "DE", "region": "MI"}
        said = warnings(written(organisations={"acme": acme, "globex": GLOBEX}))["organisations.acme.region"]
        assert "acme has the holidays of the whole country alone" in said

    @pytest.mark.parametrize("country", ["XQ", "XX", "DEU", "Germany"])
    def test_a_code_that_no_standard_knows_is_an_error(self, country: str) -> None:
        acme = {**ACME, "country": country}
        assert "organisations.acme.country" in errors(written(organisations={"acme": acme, "globex": GLOBEX}))

    def test_kosovo_is_a_country_though_its_code_is_not_of_the_standard(self) -> None:
        acme = {**ACME, "country": "XK", "region": None}
        assert "organisations.acme.country" not in errors(written(organisations={"acme": acme, "globex": GLOBEX}))

    def test_the_country_of_an_entity_is_checked_too(self) -> None:
        entity = {"name": "Halden Cells GmbH", "country": "XQ"}
        tree = written(model="joint_venture", agreement={"entity": entity})
        assert "agreement.entity.country" in errors(tree)

    def test_a_weekend_taken_from_the_country_is_said_where_it_is_not_saturday_and_sunday(self) -> None:
        riyadh = {"name": "Riyadh Cells", "country": "SA"}
        said = warnings(written(organisations={"acme": ACME, "globex": riyadh}))
        assert "friday and saturday" in str(said["organisations.globex.country"])
        assert "organisations.acme.country" not in said
        riyadh["weekend"] = ["friday", "saturday"]  # type: ignore[assignment]
        assert "organisations.globex.country" not in warnings(written(organisations={"acme": ACME, "globex": riyadh}))

    def test_a_day_is_closed_or_worked_and_not_both(self) -> None:
        acme = {**ACME, "closed": ["2026-12-28/2026-12-31"], "works": ["2026-12-30"]}
        assert "organisations.acme.works[0]" in errors(written(organisations={"acme": acme, "globex": GLOBEX}))

    def test_a_day_that_is_worked_anyway_need_not_be_named(self) -> None:
        acme = {**ACME, "works": ["2026-12-09", "2026-12-12"]}
        said = warnings(written(organisations={"acme": acme, "globex": GLOBEX}))
        assert "organisations.acme.works[0]" in said and "organisations.acme.works[1]" not in said


class TestKpis:
    @pytest.mark.parametrize(("count", "warned"), [(2, True), (3, False), (10, False), (11, True)])
    def test_three_to_ten_network_kpis_are_a_handful(self, count: int, warned: bool) -> None:
        assert ("kpis" in warnings(written(kpis=kpis(count)))) is warned

    def test_the_kpis_of_layers_count_too(self) -> None:
        royalties = {"royalties": {**CELLS_DELIVERED, "every": "quarter"}}
        assert "kpis" in warnings(written(kpis=kpis(2)))
        assert "kpis" not in warnings(written(kpis=kpis(2), layers=layer(kpis=royalties)))

    @pytest.mark.parametrize(("on", "warned"), [("working day 8", False), ("working day 7", True)])
    def test_a_kpi_that_is_due_on_the_day_of_its_review_is_in_time(self, on: str, warned: bool) -> None:
        """Cells delivered is due 8 working days after the month, in the calendar of Tom's organisation in Michigan."""
        organisations = {"acme": {**ACME, "country": "US", "region": "MI"}, "globex": GLOBEX}
        tree = written(organisations=organisations, reviews={"operating": {"on": on}})
        assert ("kpis.cells-delivered.due" in warnings(tree)) is warned

    def test_the_warning_names_the_review_and_the_period_it_looks_at(self) -> None:
        """In Michigan, the eighth working day of November 2026 is the 13th: election day and Veterans Day are off."""
        tree = written("2026-10-01", reviews={"operating": {"on": "second tuesday"}})
        assert warnings(tree)["kpis.cells-delivered.due"] == (
            "Cells delivered is due after the review that discusses it: Operating review on Tue 10 Nov 2026 looks at "
            "2026-10, which is due on Fri 13 Nov 2026"
        )

    def test_a_quarterly_kpi_is_discussed_in_the_quarterly_review_and_not_in_the_monthly_one(self) -> None:
        quarterly = {**CELLS_DELIVERED, "every": "quarter", "due": "20 working days"}
        tree = written(kpis={**written()["kpis"], "revenue": quarterly})
        assert "kpis.revenue.due" not in warnings(tree)

    def test_a_weekly_kpi_is_discussed_in_the_pipeline_review(self) -> None:
        weekly = {**CELLS_DELIVERED, "every": "week", "due": "2 working days"}
        reviews = {"pipeline": {"every": "week", "on": "monday"}}
        assert "kpis.cells-delivered.due" in warnings(written(kpis={"cells-delivered": weekly}, reviews=reviews))
        reviews = {"pipeline": {"every": "week", "on": "wednesday"}}
        assert "kpis.cells-delivered.due" not in warnings(written(kpis={"cells-delivered": weekly}, reviews=reviews))

    @pytest.mark.parametrize(("due", "warned"), [("30 days", False), ("31 days", True)])
    def test_a_criterion_needs_a_reading_that_is_due_on_the_day_of_the_checkpoint_at_the_latest(
        self, due: str, warned: bool
    ) -> None:
        """Effective on 1 September, the checkpoint is on 30 November, 30 days after October's end."""
        late = {**CELLS_DELIVERED, "from": "2026-10-01", "due": due}
        tree = written("2026-09-01", kpis={"cells-delivered": late})
        assert ("success_at_90_days.criteria[0].kpi" in warnings(tree)) is warned


class TestSeries:
    def test_the_kinds_of_review_need_no_title_where_a_playbook_lacks_them(self) -> None:
        stake = {"equity": {"holder": "acme", "in": "globex", "percent": 8.5}}
        tree = written(model="equity_alliance", agreement=stake, reviews={"operating": {"every": "month"}})
        assert errors(tree) == {}

    def test_a_series_of_ones_own_needs_a_title(self) -> None:
        assert errors(written(reviews={"science": {"every": "month"}})).keys() == {"reviews.science"}
        assert errors(written(reviews={"science": {"every": "month", "title": "Science exchange"}})) == {}

    def test_a_series_of_the_model_to_come_is_known(self) -> None:
        stake = {"equity": {"holder": "acme", "in": "globex", "percent": 8.5}}
        amendments = [{"effective": "2027-10-01", "model": "equity_alliance", **stake}]
        reviews = {"board": {"off": True}}
        assert "reviews.board" in warnings(written(reviews=reviews))
        assert "reviews.board" not in warnings(written(reviews=reviews, agreement={"amendments": amendments}))

    def test_a_day_is_held_against_the_playbooks_frequency_where_the_definition_says_none(self) -> None:
        assert errors(written(reviews={"pipeline": {"on": "working day 3"}})).keys() == {"reviews.pipeline.on"}
        assert errors(written(reviews={"pipeline": {"on": "working day 3", "every": "month"}})) == {}

    def test_a_rule_that_is_held_once_in_a_leap_year_fires_and_30_february_never_does(self) -> None:
        assert errors(written(reviews={"strategy": {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}})) == {}
        never = errors(written(reviews={"strategy": {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}}))
        assert never.keys() == {"reviews.strategy.rule"}

    def test_a_trigger_may_watch_the_review_or_the_kpi_of_a_layer(self) -> None:
        layers = layer(
            kpis={"royalties": {**CELLS_DELIVERED, "every": "quarter"}}, reviews={"science": {"title": "Science"}}
        )
        triggers = [{"when": "skipped", "review": "science"}, {"when": "off_target", "kpi": "royalties", "by": "20%"}]
        assert errors(written(triggers=triggers, layers=layers)) == {}
        assert errors(written(triggers=triggers)).keys() == {"triggers[0].review", "triggers[1].kpi"}

    @pytest.mark.parametrize(("times", "of", "is_wrong"), [(3, 3, False), (3, 2, True)])
    def test_no_kpi_misses_three_of_two_periods(self, times: int, of: int, is_wrong: bool) -> None:
        tree = written(triggers=[{"when": "missed", "kpi": "any", "times": times, "of": of}])
        assert ("triggers[0].of" in errors(tree)) is is_wrong


@pytest.mark.parametrize("address", [INES["email"], INES["email"].upper(), "ines@old.acme.example"])
def test_an_address_that_answers_may_come_from_is_one_persons_alone(address: str) -> None:
    people = {**written()["people"], "ines": {**INES, "also": ["ines@old.acme.example"]}}
    dev = {**DEV, "also": [address]}
    assert "people.dev.also[0]" in errors(written(people={**people, "dev": dev}))
    assert errors(written(people=people)) == {}


def test_a_further_address_is_one_plain_address() -> None:
    people = {**written()["people"], "ines": {**INES, "also": ["a@x.example, b@y.example"]}}
    assert "people.ines.also[0]" in errors(written(people=people))


class TestFormerKeys:
    """What bore another key says which, and that one is free."""

    def test_a_key_that_nobody_bears_any_more_is_taken_for_what_it_says(self) -> None:
        people = {
            "ines": INES,
            "marta": MARTA,
            "uwe": UWE,
            "dev": DEV,
            "june": JUNE,
            "treyes": {**TOM, "renamed_from": "tom"},
        }
        renamed = {"cells": {**CELLS_DELIVERED, "owner": "treyes", "renamed_from": "cells-delivered"}}
        criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
        assert errors(written(people=people, kpis=renamed, success_at_90_days=criteria)) == {}

    def test_a_key_that_stands_beside_it_or_is_claimed_twice_is_refused(self) -> None:
        beside = {"cells-delivered": CELLS_DELIVERED, "cells": {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}}
        assert "stands beside it" in errors(written(kpis=beside))["kpis.cells.renamed_from"]
        twice = {key: {**CELLS_DELIVERED, "renamed_from": "old"} for key in ("cells-delivered", "cells")}
        assert "cannot both have been old" in errors(written(kpis=twice))["kpis.cells.renamed_from"]
        terms = {"title": "Layout", "every": "week", "on": "monday"}
        swapped = {"layout": {**terms, "renamed_from": "design"}, "design": {**terms, "renamed_from": "layout"}}
        found = errors(written(reviews=swapped))
        assert all("stands beside it" in found[f"reviews.{key}.renamed_from"] for key in swapped)
        reserved = {"layout": {**terms, "renamed_from": "checkpoint"}}
        assert "outside the cadence" in errors(written(reviews=reserved))["reviews.layout.renamed_from"]
        itself = {"cells-delivered": {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}}
        assert errors(written(kpis=itself)).keys() == {"kpis.cells-delivered.renamed_from"}


class TestClocks:
    def said(self, **clocks: str) -> dict[str, str]:
        reviews = {"operating": {"clocks": clocks}}
        return {where: what for where, what in warnings(written(reviews=reviews)).items() if "clocks" in where}

    def test_terms_in_their_order_pass_also_where_units_are_mixed(self) -> None:
        assert self.said(notice="10 days", agenda="5 working days", items="0 days") == {}

    def test_an_agenda_after_its_items_have_closed_is_said_to_come_sooner(self) -> None:
        said = self.said(agenda="2 days", items="5 days")
        assert said["reviews.operating.clocks.agenda"].startswith(
            "agenda 2 days before the review would come after items"
        )

    def test_a_notice_after_the_agenda_is_said_to_come_sooner(self) -> None:
        assert set(self.said(notice="3 days", agenda="5 days")) == {"reviews.operating.clocks.notice"}

    def test_an_agenda_on_the_day_of_the_review_is_said_to_go_out_the_day_before(self) -> None:
        said = self.said(agenda="0 days", items="0 days")
        assert said == {"reviews.operating.clocks.agenda": "the agenda would go out on the day of the review itself"}


class TestDaysToMeet:
    """Those that attend a review have a day on which they can meet; those that never do need none."""

    KAIYO: Tree = {**INITECH, "weekend": ["thursday", "friday", "saturday", "sunday"]}
    ANGELES: Tree = {
        **GLOBEX,
        "timezone": "America/Los_Angeles",
        "weekend": ["saturday", "sunday", "monday", "tuesday"],
    }
    NEVER: Tree = {**GLOBEX, "weekend": ["thursday", "friday", "saturday", "sunday"]}
    ALWAYS: Tree = {**ACME, "weekend": ["monday", "tuesday", "wednesday"]}

    def test_the_review_of_a_layer_is_named_with_its_hour(self) -> None:
        """A wednesday morning in Tokyo, the one day that both work, is a tuesday in Los Angeles."""
        tree = written(organisations={"acme": self.KAIYO, "globex": self.ANGELES}, timezone="Asia/Tokyo")
        reviews = {"pipeline": {"at": "10:00"}}
        found = errors({**tree, "layers": layer(reviews=reviews)})
        assert found["layers.apac.reviews.pipeline"] == (
            "Pipeline review: the weekends of Initech KK and Globex Cells Inc leave weeks in which there is no day on "
            "which all of them work at 10:00 (Asia/Tokyo)"
        )
        late = {"pipeline": {"at": "23:30"}}
        assert "layers.apac.reviews.pipeline" not in errors({**tree, "layers": layer(reviews=late)})

    def test_organisations_that_never_attend_together_need_no_common_day(self) -> None:
        """Globex and Umbra hold the reviews; Acme works when they do not."""
        people = {
            "uwe": UWE,
            "dev": DEV,
            "june": JUNE,
            "tom": {**TOM, "of": "umbra", "role": "alliance_manager"},
            "ada": {**TOM, "name": "Ada Roth", "email": "ada@umbra.example", "of": "umbra", "role": "sponsor"},
        }
        organisations = {"globex": self.NEVER, "umbra": {**self.NEVER, "name": "Umbra"}, "acme": self.ALWAYS}
        success = {"agenda_owner": "dev", "criteria": [{"id": "it", "says": "It is there", "owner": "dev"}]}
        kpi = {**CELLS_DELIVERED, "decides": "dev"}
        tree = written(
            organisations=organisations, people=people, success_at_90_days=success, kpis={"cells-delivered": kpi}
        )
        assert errors(tree) == {}
        with_acme = {"title": "All", "kind": "operating", "every": "month", "on": "day 3", "attendees": ["uwe", "dev"]}
        assert errors({**tree, "reviews": {"everybody": with_acme}}) == {
            "reviews.everybody": "All: the weekends of Globex Cells Inc, Umbra and Acme Motors SE leave no day of the "
            "week on which all of them work"
        }
