"""Who agreed to which text, in which version, and how long that lasts (R39-R41, R50, R51, R65, R74, R77, R82)."""

from dataclasses import replace
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from services.enrollment.domain.pricing import PlanLine, PricingBasis
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

IN_PERSON: dict[str, Any] = {"authorization": pb.AUTHORIZATION_IN_PERSON, "terms_version": "2026.1"}


def kinds(app: Any) -> list[str]:
    return [one.kind for one in app.acceptances]


def accepted(app: Any, kind: str) -> Any:
    [found] = [one for one in app.acceptances if one.kind == kind]
    return found


def fields(refused: Any) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in refused.value.problems]


def later(harness: EnrollmentHarness, day: str = "2026-05-25") -> None:
    harness.clock.set_day(day)


def test_the_server_writes_down_version_time_and_actor(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household(**IN_PERSON))
    terms = accepted(app, "terms")
    assert (terms.version, terms.recorded_by, terms.on_behalf_of_writing_number) == (
        "2026.1",
        "producer@example.com",
        "220002580",
    )
    assert terms.accepted_at.ToDatetime() == harness.clock.now().replace(tzinfo=None)
    assert terms.person_id == app.household.people[0].person_id


def test_the_name_of_who_recorded_it_stays_as_it_was(harness: EnrollmentHarness) -> None:
    named = replace(samples.PRODUCER, name="Cal Fritz")
    app = harness.save(harness.start(), household=samples.household(**IN_PERSON), caller=named)
    assert accepted(app, "terms").recorded_by_name == "Cal Fritz"
    again = harness.save(app, household=app.household, caller=replace(named, name="Calvin Fritz"))
    assert accepted(again, "terms").recorded_by_name == "Cal Fritz"


def test_saving_the_same_again_keeps_the_first_time_and_paper_ends_it(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household(**IN_PERSON))
    later(harness)
    again = harness.save(app, household=app.household)
    assert accepted(again, "terms") == accepted(app, "terms")
    app = harness.save(again, household=samples.household(terms_version="2026.1"))
    assert (app.household.terms_version, "terms" in kinds(app)) == ("", False)


def test_a_mobile_number_and_an_email_address_are_consents_and_a_new_one_is_a_new_consent(
    harness: EnrollmentHarness,
) -> None:
    contact = pb.Contact(phone="312-555-0142", phone_type="mobile", email="ada@example.com")
    app = harness.save(harness.start(), household=samples.household(contact=contact))
    assert kinds(app) == ["text-messages", "electronic-delivery"]
    later(harness)
    contact.email = "other@example.com"
    moved = harness.save(app, household=samples.household(contact=contact))
    assert accepted(moved, "text-messages") == accepted(app, "text-messages")
    assert accepted(moved, "electronic-delivery").accepted_at != accepted(app, "electronic-delivery").accepted_at
    landline = samples.household(contact=pb.Contact(phone="312-555-0142", phone_type="landline"))
    assert not kinds(harness.save(moved, household=landline))


def test_the_spouse_consents_apart(harness: EnrollmentHarness) -> None:
    spouse = pb.Person(
        relationship=common.RELATIONSHIP_SPOUSE, first_name="Ben", contact=pb.Contact(email="ben@example.com")
    )
    people = [samples.household().people[0], spouse]
    app = harness.save(harness.start(), household=samples.household(people=people))
    assert accepted(app, "electronic-delivery").person_id == app.household.people[1].person_id
    assert accepted(app, "text-messages").person_id == app.household.people[0].person_id


def test_a_dependent_has_no_contact(harness: EnrollmentHarness) -> None:
    people = samples.household().people
    people[1].contact.email = "dee@example.com"
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(people=people))
    assert fields(refused) == [("people[1].contact", "R60")]


def test_the_attestation_falls_when_a_child_joins_and_goes_with_a_dental_plan(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    attested = pb.PlansStep(medical_plan_id=samples.HMO, pediatric_dental_attested=True)
    app = harness.save(app, plans=attested)
    assert accepted(app, "pediatric-dental").version == app.plans.pediatric_dental_version == "2026.1"
    assert not harness.missing(app)
    unchanged = harness.save(app, household=app.household)
    assert unchanged.plans.pediatric_dental_attested

    another = pb.Person(relationship=common.RELATIONSHIP_CHILD, first_name="Cal", date_of_birth="2019-09-03")
    grown = harness.save(unchanged, household=samples.household(people=[*app.household.people, another]))
    assert not grown.plans.pediatric_dental_attested
    assert "pediatric-dental" not in kinds(grown)
    assert (application_pb2.STEP_PLANS, "pediatric_dental_attested") in harness.missing(grown)

    again = harness.save(grown, plans=attested)
    both = pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL, pediatric_dental_attested=True)
    with pytest.raises(InvalidInput) as refused:
        harness.save(again, plans=both)
    assert fields(refused) == [("pediatric_dental_attested", "R65")]
    both.pediatric_dental_attested = False
    assert "pediatric-dental" not in kinds(harness.save(again, plans=both))


def test_the_attestation_goes_when_no_child_is_left(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO, pediatric_dental_attested=True))
    app = harness.save(app, household=samples.household(people=app.household.people[:1]))
    assert "pediatric-dental" not in kinds(app)


def test_the_attestation_goes_with_a_date_on_which_nobody_is_under_19(harness: EnrollmentHarness) -> None:
    people = samples.household("2007-05-25").people
    app = harness.complete(people=people)
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO, pediatric_dental_attested=True))
    assert (app.effective_date, accepted(app, "pediatric-dental").version) == ("2026-05-10", "2026.1")
    app = harness.calculate(app, "2026-06-01")
    assert not app.plans.pediatric_dental_attested
    assert "pediatric-dental" not in kinds(app)


def test_the_disclosure_belongs_to_the_plan_that_asks_for_it(
    harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    price = harness.quotes.price

    def disclosing(basis: PricingBasis) -> tuple[PlanLine, ...]:
        return tuple(replace(line, consumer_choice_disclosure=line.plan_id == samples.HMO) for line in price(basis))

    monkeypatch.setattr(harness.quotes, "price", disclosing)
    app = harness.complete()
    assert harness.missing(app) == [(application_pb2.STEP_SIGNATURES, "consumer_choice_agreed")]
    agreed = pb.SignaturesStep(consumer_choice_agreed=True, payment_choice=pb.PAYMENT_CHOICE_PAY_NOW)
    app = harness.save(app, signatures=agreed)
    assert accepted(app, "consumer-choice").version == "2026.1"
    assert not harness.missing(app)

    app = harness.save(app, household=samples.household(people=app.household.people[:1]))
    assert app.signatures.consumer_choice_agreed, "another premium is the same plan"
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.PPO, dental_plan_id=samples.DENTAL))
    assert not app.signatures.consumer_choice_agreed
    assert "consumer-choice" not in kinds(app)
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, signatures=agreed)
    assert fields(refused) == [("consumer_choice_agreed", "R82")]


@pytest.mark.parametrize("asks", [True, False])
def test_a_disclosure_agreed_to_before_the_plan_is_priced_stays_if_the_plan_asks_for_it(
    harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch, asks: bool
) -> None:
    price = harness.quotes.price

    def disclosing(basis: PricingBasis) -> tuple[PlanLine, ...]:
        return tuple(replace(line, consumer_choice_disclosure=asks) for line in price(basis))

    monkeypatch.setattr(harness.quotes, "price", disclosing)
    app = harness.calculate(harness.save(harness.start(), general=samples.general(("birth", "2026-05-10"))))
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO))
    app = harness.save(app, signatures=pb.SignaturesStep(consumer_choice_agreed=True))
    app = harness.save(app, household=samples.household())
    assert app.plan_lines
    assert app.signatures.consumer_choice_agreed is asks
    assert ("consumer-choice" in kinds(app)) is asks


def test_proxy_and_rights_are_recorded_and_rights_only_with_replaced_coverage(harness: EnrollmentHarness) -> None:
    step = pb.OtherCoverageStep(proxy_agreed=True, replacement_rights_shown=True)
    app = harness.save(harness.complete(), other_coverage=step)
    assert kinds(app)[1:] == ["proxy"]
    step.replaces_coverage = True
    step.replaced.add(insurer="Old Mutual", policy_number="1", termination_date="2026-06-30")
    app = harness.save(app, other_coverage=step)
    assert kinds(app)[1:] == ["replacement-rights", "proxy"]
    assert not harness.missing(app)


@pytest.mark.parametrize(
    ("step", "field", "rule"),
    [
        ({"household": {**IN_PERSON, "terms_version": "2019.4"}}, "terms_version", "R41"),
        ({"household": {"contact": pb.Contact(text_messages_version="x")}}, "contact.text_messages_version", "R51"),
        (
            {"household": {"contact": pb.Contact(electronic_delivery_version="x")}},
            "contact.electronic_delivery_version",
            "R51",
        ),
        ({"plans": pb.PlansStep(pediatric_dental_version="x")}, "pediatric_dental_version", "R65"),
        ({"other_coverage": pb.OtherCoverageStep(proxy_version="x")}, "proxy_version", "R77"),
        (
            {"other_coverage": pb.OtherCoverageStep(replacement_rights_version="x")},
            "replacement_rights_version",
            "R74",
        ),
        ({"signatures": pb.SignaturesStep(consumer_choice_version="x")}, "consumer_choice_version", "R82"),
    ],
)
def test_a_version_that_is_not_in_force_is_refused(
    harness: EnrollmentHarness, step: dict[str, Any], field: str, rule: str
) -> None:
    app = harness.complete()
    if "household" in step:
        step = {"household": samples.household(**step["household"])}
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, **step)
    assert (field, rule) in fields(refused)
    assert harness.get(app) == app


def test_a_new_version_is_a_new_acceptance(harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    app = harness.save(harness.complete(), other_coverage=pb.OtherCoverageStep(proxy_agreed=True))
    pack = harness.service.rulebook.version(app.rule_pack)
    proxy = replace(pack.disclosures["proxy"], versions=("2026.1", "2026.2"))
    newer = replace(pack, disclosures={**pack.disclosures, "proxy": proxy})
    monkeypatch.setattr(type(harness.service.rulebook), "version", lambda _self, _version: newer)
    later(harness)
    kept = harness.save(app, other_coverage=pb.OtherCoverageStep(proxy_agreed=True, proxy_version="2026.1"))
    assert accepted(kept, "proxy") == accepted(app, "proxy")
    shown = harness.save(kept, other_coverage=pb.OtherCoverageStep(proxy_agreed=True))
    assert accepted(shown, "proxy").version == "2026.2"
    assert accepted(shown, "proxy").accepted_at != accepted(app, "proxy").accepted_at
