"""Whether somebody is asked about tobacco goes by the age on the effective date, as the premium does (R46, R58)."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from services.enrollment.domain.enums import Relationship, Sex
from services.enrollment.domain.pricing import PlanLine, PricingBasis, RatedMember
from services.enrollment.usecases.dtos import QuotedMember
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.service_fakes import FakeQuotes

ASKED = (application_pb2.STEP_HOUSEHOLD, "people[0].tobacco_use")
# 20 on 20 May 2026, the day of these tests; 21 on 1 June, where the loss of coverage leads.
TURNING_21 = "2005-05-25"
LOSS = ("loss_of_coverage", "2026-05-31")


class SmokersPayMore(FakeQuotes):
    """As quote does: 50 dollars more for tobacco at 21 and older on the effective date."""

    last: PricingBasis

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        self.last = basis
        smokers = [one for one in basis.members if one.tobacco_use and _is_21(one.date_of_birth, basis.effective_date)]
        self.surcharge = 50 * len(smokers)
        return super().price(basis)


def _is_21(born: date, day: date) -> bool:
    return born.replace(year=born.year + 21) <= day


@pytest.fixture
def smokers(harness: EnrollmentHarness) -> SmokersPayMore:
    """In place of the stand-in, wherever it is held."""
    harness.quotes.__class__ = SmokersPayMore
    return cast(SmokersPayMore, harness.quotes)


def tess(born: str = TURNING_21, **answers: Any) -> pb.Person:
    return pb.Person(
        relationship=common.RELATIONSHIP_SELF,
        first_name="Tess",
        last_name="Turner",
        date_of_birth=born,
        sex=common.SEX_FEMALE,
        **answers,
    )


YES: dict[str, Any] = {"tobacco_use": True, "tobacco_last_used": "2026-05-01"}


def dated(harness: EnrollmentHarness, event: tuple[str, str] = LOSS) -> Any:
    return harness.calculate(harness.save(harness.start(), general=samples.general(event)))


def of_a_quote(harness: EnrollmentHarness, born: date, tobacco: bool) -> Any:
    rated = RatedMember(Relationship.SELF, born, Sex.FEMALE, tobacco)
    harness.quotes.saved = samples.quote(members=(QuotedMember(rated, "Tess", "Turner"),))
    return harness.enroll().application


def test_a_person_who_turns_21_before_coverage_begins_is_asked_and_may_say_yes(harness: EnrollmentHarness) -> None:
    app = dated(harness)
    app = harness.save(app, household=samples.household(people=[tess()]))
    assert ASKED in harness.missing(app)
    app = harness.save(app, household=samples.household(people=[tess(**YES)]))
    assert app.household.people[0].tobacco_use
    assert ASKED not in harness.missing(app)


def test_a_person_who_is_20_when_coverage_begins_is_not_asked_and_the_refusal_names_the_day(
    harness: EnrollmentHarness,
) -> None:
    app = dated(harness)
    app = harness.save(app, household=samples.household(people=[tess("2005-06-02")]))
    assert ASKED not in harness.missing(app)
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=samples.household(people=[tess("2005-06-02", **YES)]))
    [problem] = refused.value.problems
    assert (problem.field, problem.rule) == ("people[0].tobacco_use", "R58")
    assert "6/1/2026" in problem.message


def test_a_person_who_was_20_on_a_retroactive_date_is_not_asked(harness: EnrollmentHarness) -> None:
    app = dated(harness, ("birth", "2026-05-10"))
    app = harness.save(app, household=samples.household(people=[tess("2005-05-15")]))
    assert ASKED not in harness.missing(app)


def test_an_answer_before_the_date_is_known_stays_where_it_counts(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household(people=[tess(**YES)]))
    app = harness.calculate(harness.save(app, general=samples.general(LOSS)))
    assert app.household.people[0].tobacco_use
    assert ASKED not in harness.missing(app)


def test_an_answer_before_the_date_is_known_falls_where_it_does_not_count(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household(people=[tess(**YES)]))
    app = harness.calculate(harness.save(app, general=samples.general(("birth", "2026-05-10"))))
    person = app.household.people[0]
    assert not person.HasField("tobacco_use") and person.tobacco_last_used == ""
    assert not [field for _, field in harness.missing(app) if "tobacco" in field]
    # a later date asks anew
    app = harness.calculate(harness.save(app, general=samples.general(LOSS)))
    assert ASKED in harness.missing(app)


def test_before_the_date_is_known_nobody_answers_who_cannot_be_21_by_then(harness: EnrollmentHarness) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(people=[tess("2006-05-25", **YES)]))
    assert [one.field for one in refused.value.problems] == ["people[0].tobacco_use"]


def test_an_application_from_a_quote_has_the_answer_and_the_premium_of_its_effective_date(
    harness: EnrollmentHarness, smokers: SmokersPayMore
) -> None:
    app = of_a_quote(harness, date(2005, 5, 25), tobacco=True)
    assert app.household.people[0].tobacco_use
    stored = harness.state.applications[app.record_number]
    assert stored.basis and stored.plan_lines == smokers.price(stored.basis)
    assert app.header.monthly_premium.cents == (101 + 50 + 11 + 50) * 100


def test_without_the_yes_of_the_quote_the_header_has_the_other_premium(
    harness: EnrollmentHarness, smokers: SmokersPayMore
) -> None:
    app = of_a_quote(harness, date(2005, 5, 25), tobacco=True)
    assert smokers.surcharge == 50
    app = harness.save(app, household=samples.household(people=[tess(tobacco_use=False)]))
    assert app.header.monthly_premium.cents == (101 + 11) * 100


def test_where_the_application_drops_an_answer_of_the_quote_it_is_priced_without_it(
    harness: EnrollmentHarness, smokers: SmokersPayMore
) -> None:
    app = of_a_quote(harness, date(2006, 1, 1), tobacco=True)
    stored = harness.state.applications[app.record_number]
    assert not app.household.people[0].HasField("tobacco_use")
    assert smokers.last == stored.basis
    assert [member.tobacco_use for member in stored.basis.members] == [False]
    before = smokers.calls
    harness.save(app, general=samples.general(("loss_of_coverage", "2026-05-31")))
    assert smokers.calls == before  # the premium is that of the application's own basis already


def test_the_submitted_premium_is_the_quoted_one(harness: EnrollmentHarness, smokers: SmokersPayMore) -> None:
    app = of_a_quote(harness, date(2005, 5, 25), tobacco=True)
    quoted = app.header.monthly_premium.cents
    app = harness.calculate(harness.save(app, general=samples.general(LOSS)))
    app = harness.save(app, household=samples.household(people=[tess(**YES)]))
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL))
    app = harness.save(app, other_coverage=pb.OtherCoverageStep())
    app = harness.save(app, signatures=pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_LATER))
    assert harness.missing(app) == []
    app = harness.submit(app)
    assert app.status == application_pb2.APPLICATION_STATUS_SUBMITTED
    assert app.header.monthly_premium.cents == quoted


def test_the_latest_start_lies_after_every_date_that_a_pack_can_give(harness: EnrollmentHarness) -> None:
    for version, last in (("2026.1", date(2026, 11, 1)), ("2027.1", date(2027, 5, 1))):
        pack = harness.service.rulebook.version(version)
        today = date(2026, 5, 20) if version == "2026.1" else date(2026, 11, 10)
        assert pack.latest_start(today) == last
        assert replace(pack, life_events={}).latest_start(today) < last
