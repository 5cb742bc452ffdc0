"""Saving a step costs a constant number of statements, whatever the household and the number of life events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from chassis.kernel import Money
from services.enrollment.domain.application import Application
from services.enrollment.domain.effective_dates import DateChoice
from services.enrollment.domain.enums import Coverage, PaymentChoice, Relationship, Sex
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis
from services.enrollment.domain.steps import (
    Address,
    AnyStep,
    GeneralStep,
    HouseholdStep,
    LifeEvent,
    OtherCoverageStep,
    PcpChoice,
    PlansStep,
    ReplacedCoverage,
    SignaturesStep,
)
from services.enrollment.store.tables import ZipCountyRow
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.save_step import SaveStep, StepEdit
from services.enrollment.usecases.set_effective_date import SetEffectiveDate
from tests.integration.services.enrollment.overview_harness import OverviewHarness, caller, overview_house
from tests.unit.services.enrollment.service_fakes import FakeProviders

FRITZ = caller("220002580")
HMO = "36096IL9900001-00"
# What a save costs now, commits not counted; a change that makes a step dearer has to say so here.
STATEMENTS = {"general": 6, "date": 6, "household": 11, "plans": 9, "other_coverage": 9, "signatures": 9}


class Prices:
    """A quote service that prices everybody alike."""

    def quote(self, quote_id: str) -> Any:
        raise AssertionError("no quote is asked for")

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        members = tuple(PremiumLine(n, 30, Money(100), "") for n in range(len(basis.members)))
        total = Money(100 * len(members))
        return (PlanLine(Coverage.MEDICAL, HMO, "Plan", "HMO", "Silver", total, members, "illustrative", True),)


@pytest.fixture
def harness(database: str) -> Iterator[OverviewHarness]:
    with overview_house(database) as opened:
        yield opened


@contextmanager
def counted(harness: OverviewHarness) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(harness.database.engine, "before_cursor_execute", note)
    yield said
    event.remove(harness.database.engine, "before_cursor_execute", note)


def family(size: int, ssn: bool = False) -> tuple[Person, ...]:
    """A name for each size: somebody who is known already costs another statement, once for the application."""
    grown = Person(
        Relationship.SELF, "Ada", "", f"Sample{'x' * size}", date(1987, 6, 14), Sex.FEMALE, tobacco_use=False
    )
    adult = replace(grown, ssn="536904399") if ssn else grown
    child = Person(Relationship.CHILD, "", "", "Sample", date(2019, 9, 3), Sex.MALE)
    return (adult, *(replace(child, first_name=f"Child{chr(97 + n)}") for n in range(size - 1)))


def steps(people: int, events: int) -> dict[str, AnyStep]:
    days = [LifeEvent(kind, date(2026, 5, 10)) for kind in ("birth", "marriage", "loss_of_coverage")]
    home = Address("200 E Randolph St", "", "Chicago", "IL", "60601", "17031", "Cook")
    replaced = tuple(ReplacedCoverage(n, "Sample Mutual", "", date(2026, 5, 31)) for n in range(people))
    return {
        "general": GeneralStep(True, tuple(days[:events])),
        "household": HouseholdStep(people=family(people, ssn=True), home_address=home),
        "plans": PlansStep(HMO, pcp_choices=tuple(PcpChoice(n) for n in range(people))),
        "other_coverage": OtherCoverageStep(replaces_coverage=True, replaced=replaced),
        "signatures": SignaturesStep(payment_choice=PaymentChoice.PAY_NOW),
    }


def costs(harness: OverviewHarness, people: int, events: int) -> dict[str, int]:
    """Statements of each step's save, of a calculated date, and of saving each step again."""
    app: Application = harness.start()
    app = harness.save(app, household=HouseholdStep())
    repricing = Repricing(Prices())
    save, calculate = (
        SaveStep(harness.service, repricing, PcpReview(FakeProviders())),
        SetEffectiveDate(harness.service, repricing),
    )
    found: dict[str, int] = {}
    for name, step in steps(people, events).items():
        with counted(harness) as said:
            app = save(FRITZ, StepEdit(app.record_number, app.version, step)).application
        found[name] = len(said)
        if name == "general":
            with counted(harness) as said:
                app = calculate(FRITZ, app.record_number, app.version, DateChoice()).application
            found["date"] = len(said)
    return found


def test_a_save_costs_the_same_for_1_5_and_20_people_and_1_to_3_life_events(harness: OverviewHarness) -> None:
    with harness.database.transaction() as session:
        session.add(ZipCountyRow(zip="60601", county_fips="17031", county_name="Cook", state="IL"))
    found = {(people, events): costs(harness, people, events) for people, events in ((1, 1), (5, 2), (20, 3))}
    assert found[5, 2] == found[1, 1]
    assert found[20, 3] == found[1, 1]
    assert found[1, 1] == STATEMENTS


def test_the_count_would_see_a_statement_for_each_person(harness: OverviewHarness) -> None:
    """The negative control."""
    with counted(harness) as said, harness.database.transaction() as session:
        for _ in family(5):
            session.connection().exec_driver_sql("select 1")
    assert len(said) == 5
