"""Every field of the five steps is sent through contract, domain, PostgreSQL and JSON, and comes back.

A field that only the proto and the store know, and a converter does not, is taken and dropped without a word: no type
checker sees it. So each field has to stand in the applications below, or on the short list with its reason.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2 as after
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import cancellation_pb2, records_pb2
from suite.enrollment.v1 import client_review_pb2 as reviews
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as steps

from chassis.kernel import Caller, CallerKind
from chassis.mapping import ToProto
from services.enrollment.contract import to_proto
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import HouseholdStep
from tests.contract_fields import differences, every_field, filled_fields
from tests.integration.application_machine.fake_services import DENTAL, HMO, TEXAN
from tests.integration.application_machine.harness import ContractHarness

SENT_ONLY = {
    "suite.enrollment.v1.Person.ssn": "a number is never given back; ssn_last_four is",
    "suite.enrollment.v1.Person.remove_ssn": "an act, not an answer",
}
"""Fields of the steps that do not come back, each with its reason."""
GIVEN_ONLY = {
    "suite.enrollment.v1.Person.ssn_last_four": "worked out from the number",
    "suite.enrollment.v1.Address.county_name": "looked up by county_fips",
    "suite.common.v1.Producer.name": "looked up by the writing number",
    "suite.common.v1.Producer.company_name": "looked up by the writing number",
    "suite.common.v1.Producer.phone": "looked up by the writing number",
    "suite.common.v1.Producer.npn": "looked up by the writing number",
    "suite.common.v1.Producer.state": "looked up by the writing number",
}
"""Fields of the steps that nobody sends."""
NOT_IN_AN_APPLICATION = {
    "suite.enrollment.v1.Person.ssn": SENT_ONLY["suite.enrollment.v1.Person.ssn"],
    "suite.enrollment.v1.Person.remove_ssn": SENT_ONLY["suite.enrollment.v1.Person.remove_ssn"],
}
"""Fields of an application that no answer ever fills."""

VERSION = "2026.1"
TODAY = date(2026, 5, 20)
PAID_AT = datetime(2026, 5, 20, 18, tzinfo=UTC)
GATEWAY = Caller(CallerKind.SERVICE, "gateway")


def general(number: str = "220002580", **event: Any) -> steps.GeneralStep:
    known = {"kind": "marriage", "date": "2026-05-02", "prior_coverage_attested": True}
    return steps.GeneralStep(
        producer=common.Producer(writing_number=number),
        special_enrollment=True,
        life_events=[steps.LifeEvent(**{**known, **event})],
    )


def contact(email: str) -> steps.Contact:
    return steps.Contact(
        phone="312-555-0142",
        phone_type="mobile",
        email=email,
        text_messages_version=VERSION,
        electronic_delivery_version=VERSION,
    )


def address(street: str, **others: str) -> steps.Address:
    known = {"city": "Chicago", "state": "IL", "zip": "60601", "county_fips": "17031"}
    return steps.Address(street=street, unit="Apt 4", **{**known, **others})


def identity() -> records_pb2.SelfIdentification:
    return records_pb2.SelfIdentification(
        scheme="hhs-4302-2011",
        spoken_language="es",
        written_language="en",
        ethnicities=["cuban"],
        identities=["white", "samoan"],
    )


def family() -> steps.HouseholdStep:
    """A couple and their daughter, with everything that the form asks."""
    applicant = steps.Person(
        relationship=common.RELATIONSHIP_SELF,
        first_name="Zebrina",
        middle_initial="Q",
        last_name="Plokijuh",
        suffix="III",
        date_of_birth="1987-06-14",
        sex=common.SEX_FEMALE,
        ssn="536904399",
        tobacco_use=True,
        tobacco_last_used="2026-05-01",
        self_identification=identity(),
    )
    spouse = steps.Person(
        relationship=common.RELATIONSHIP_SPOUSE,
        first_name="Quoka",
        last_name="Plokijuh",
        date_of_birth="1988-01-02",
        sex=common.SEX_MALE,
        tobacco_use=False,
        contact=contact("spouse@example.com"),
    )
    daughter = steps.Person(
        relationship=common.RELATIONSHIP_CHILD,
        last_name="Tamarix",
        one_name_only=True,
        date_of_birth="2015-03-02",
        sex=common.SEX_FEMALE,
        disabled_dependent=True,
    )
    return steps.HouseholdStep(
        form_type=steps.FORM_TYPE_MEDICAL_DENTAL,
        authorization=steps.AUTHORIZATION_IN_PERSON,
        terms_version=VERSION,
        people=[applicant, spouse, daughter],
        home_address=address("77 Kwyjibo Ave"),
        mailing_address=address("5 Letter Ln"),
        contact=contact("applicant@example.com"),
        hra=steps.Hra(
            kind="QSEHRA",
            start_date="2026-01-01",
            employer_name="Acme Bakery",
            monthly_contribution=common.Money(cents=999_900),  # above the cap, which gives a notice
        ),
    )


def plans(people: list[str]) -> steps.PlansStep:
    return steps.PlansStep(
        medical_plan_id=HMO,
        pediatric_dental_attested=True,
        pediatric_dental_version=VERSION,
        pcp_choices=[
            steps.PcpChoice(member_index=place, person_id=person, pcp_id=f"P{place}", medical_group_id="123")
            for place, person in enumerate(people)
        ],
        pcp_same_for_all=True,
    )


def other_coverage(people: list[str]) -> steps.OtherCoverageStep:
    return steps.OtherCoverageStep(
        replaces_coverage=True,
        replaced=[
            steps.ReplacedCoverage(
                member_index=1,
                person_id=people[1],
                insurer="Old Mutual",
                policy_number="PN-1",
                termination_date="2026-05-31",
            )
        ],
        has_other_coverage=True,
        others=[
            steps.OtherCoverage(
                member_index=1, person_id=people[1], name_on_policy="Q Plokijuh", member_number="M-1", group_id="G-1"
            )
        ],
        proxy_agreed=True,
        proxy_version=VERSION,
        replacement_rights_shown=True,
        replacement_rights_version=VERSION,
    )


def signer() -> steps.Signer:
    return steps.Signer(
        first_name="Vexilla", middle_initial="R", last_name="Wexfordqu", relationship_to_applicant="Attorney"
    )


def signatures() -> steps.SignaturesStep:
    return steps.SignaturesStep(authorized_representative=signer(), payment_choice=steps.PAYMENT_CHOICE_PAY_NOW)


class ApplicationHistory:
    """One application; keeps what was sent to it and every answer."""

    def __init__(self, harness: ContractHarness, number: str = "220002580", key: str = "key-number-1") -> None:
        self.harness, self.sent, self.answers = harness, list[Any](), list[pb.Application]()
        started = service.StartApplicationRequest(idempotency_key=key, writing_number=number)
        self.app: pb.Application = harness.call("StartApplication", started).application
        self.answers.append(self.app)

    def save(self, **step: Any) -> None:
        (message,) = step.values()
        self.sent.append(message)
        self.ask("SaveStep", service.SaveStepRequest, **step)

    def sign_by_link(self, born: str, last_name: str, name: str) -> None:
        """The client opens a review link, signs, and takes the consent back; each is read in between."""
        asked = reviews.SendForReviewRequest(idempotency_key="key-number-9", record_number=self.app.record_number)
        token = self.harness.call("SendForReview", asked).url.rpartition("/")[2]
        proof = reviews.OpenReviewRequest(token=token, date_of_birth=born, last_name=last_name)
        access = self.harness.call("OpenReview", proof, GATEWAY).access
        link = reviews.ReviewAccess(token=token, access=access)
        shown = self.harness.call("ReadReview", reviews.ReadReviewRequest(review=link), GATEWAY)
        signature = reviews.SignReviewRequest(
            review=link, sha256=shown.sha256, language="en", signature=name, agreed=True
        )
        self.harness.call("SignReview", signature, GATEWAY)
        self.read()
        self.harness.call("WithdrawReview", reviews.WithdrawReviewRequest(review=link), GATEWAY)
        self.read()

    def change_contact(self) -> None:
        changed = {"contact": contact("later@example.com"), "mailing_address": address("6 Letter Ln")}
        self.ask("ChangeContact", after.ChangeContactRequest, idempotency_key="key-number-7", **changed)
        given = self.app.contact_change
        assert (given.contact, given.mailing_address) == (changed["contact"], changed["mailing_address"])

    def terminate_coverage(self) -> None:
        request = after.TerminateCoverageRequest(
            idempotency_key="key-number-8",
            record_number=self.app.record_number,
            coverages=[common.COVERAGE_MEDICAL],
            last_day="2026-07-31",
            reason=pb.TERMINATION_REASON_OTHER_COVERAGE,
            asked_by=pb.CANCEL_PARTY_CLIENT,
        )
        self.app = self.harness.call("TerminateCoverage", request).application
        self.answers.append(self.app)

    def ask(self, method: str, request: Any, **fields: Any) -> None:
        names = {"record_number": self.app.record_number, "version": self.app.version}
        self.app = self.harness.call(method, request(**names, **fields)).application
        self.answers.append(self.app)

    def submit(self) -> None:
        self.ask("SubmitApplication", service.SubmitApplicationRequest, idempotency_key=secrets.token_hex(8))
        found = self.harness.read(self.app.record_number)
        self.harness.run("queue", secrets.token_hex(8), found.record_number, found.attempt)
        self.read()

    def read(self) -> None:
        request = service.GetApplicationRequest(record_number=self.app.record_number)
        self.app = self.harness.call("GetApplication", request).application
        self.answers.append(self.app)

    @property
    def people(self) -> list[str]:
        return [one.person_id for one in self.app.household.people]


@pytest.fixture
def harness(shared_harness: ContractHarness) -> ContractHarness:
    shared_harness.reset(TODAY)
    return shared_harness


def tell_family(harness: ContractHarness) -> ApplicationHistory:
    story = ApplicationHistory(harness)
    story.save(general=general())
    story.save(household=family())
    story.ask("SetEffectiveDate", service.SetEffectiveDateRequest)
    story.save(plans=plans(story.people))
    story.save(other_coverage=other_coverage(story.people))
    story.save(signatures=signatures())
    return story


def tell_texan_minor(harness: ContractHarness) -> ApplicationHistory:
    """Signed by a guardian, with the Texas disclosure."""
    story = ApplicationHistory(harness, "107864325")
    story.save(general=general("107864325", kind="birth", prior_coverage_attested=False))
    step = family()
    del step.people[1:]
    step.people[0].date_of_birth = "2012-06-14"
    step.people[0].ClearField("tobacco_use")
    step.people[0].ClearField("tobacco_last_used")
    step.home_address.CopyFrom(address("1 Ranch Rd", state="TX", zip="77001", county_fips="48201"))
    step.ClearField("mailing_address")
    story.save(household=step)
    story.ask("SetEffectiveDate", service.SetEffectiveDateRequest)
    story.save(plans=steps.PlansStep(medical_plan_id=TEXAN, dental_plan_id=DENTAL))
    disclosed = steps.SignaturesStep(
        guardian=signer(),
        consumer_choice_agreed=True,
        consumer_choice_version=VERSION,
        payment_choice=steps.PAYMENT_CHOICE_PAY_LATER,
    )
    story.save(signatures=disclosed)
    return story


def tell_december(harness: ContractHarness) -> ApplicationHistory:
    """Coverage begins in December, so that its plans have a premium of the next plan year too."""
    story = ApplicationHistory(harness)
    story.save(general=general(kind="birth", date="2026-12-05", prior_coverage_attested=False))
    people = family().people[2:]
    people[0].relationship = common.RELATIONSHIP_SELF
    people[0].ClearField("disabled_dependent")
    story.save(household=steps.HouseholdStep(people=people, home_address=address("77 Kwyjibo Ave")))
    story.ask("SetEffectiveDate", service.SetEffectiveDateRequest)
    story.save(plans=steps.PlansStep(medical_plan_id=HMO))
    return story


STEPS = [
    getattr(steps, name).DESCRIPTOR
    for name in ("GeneralStep", "HouseholdStep", "PlansStep", "OtherCoverageStep", "SignaturesStep")
]


def lost_fields(story: ApplicationHistory) -> list[tuple[str, str]]:
    """Fields that were sent in a step and do not stand in the application that is read afterwards."""
    story.read()
    app = story.app
    found = {
        "GeneralStep": app.general,
        "HouseholdStep": app.household,
        "PlansStep": app.plans,
        "OtherCoverageStep": app.other_coverage,
        "SignaturesStep": app.signatures,
    }
    return [
        (name, path)
        for sent in story.sent
        for name, path in differences(sent, found[type(sent).__name__])
        if name not in SENT_ONLY
    ]


def test_every_field_of_a_step_comes_back_as_it_was_sent(harness: ContractHarness) -> None:
    stories = [tell_family(harness)]
    assert lost_fields(stories[0]) == []
    harness.reset(TODAY)
    stories.append(tell_texan_minor(harness))
    assert lost_fields(stories[1]) == []
    sent = filled_fields(message for story in stories for message in story.sent)
    untried = every_field(*STEPS) - sent - GIVEN_ONLY.keys() - {"suite.enrollment.v1.Person.person_id"}
    assert untried <= {"suite.enrollment.v1.Person.remove_ssn"}, "put these fields into the applications of this module"


def test_a_converter_that_forgets_a_field_is_noticed(harness: ContractHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ToProto, "declared", {})
    unset, unsent = ("ssn", "remove_ssn"), ("ssn", "ssn_fingerprint", "removes_ssn", "first_identity")
    ToProto(Person, steps.Person, unset=(*unset, "middle_initial"), unsent=(*unsent, "middle_initial"))
    monkeypatch.setattr(to_proto, "household", ToProto(HouseholdStep, steps.HouseholdStep))
    assert ("suite.enrollment.v1.Person.middle_initial", "people[0].middle_initial") in lost_fields(
        tell_family(harness)
    )


def test_every_field_of_an_application_is_filled_by_some_answer(harness: ContractHarness) -> None:
    quoted = service.StartEnrollmentRequest(idempotency_key="key-number-2", quote_id="q-medical")
    answers = [harness.call("StartEnrollment", quoted).application]
    harness.reset(TODAY)
    family_story = tell_family(harness)
    family_story.sign_by_link("1987-06-14", "Plokijuh", "Zebrina Plokijuh")
    family_story.submit()
    harness.pay("payment-1", family_story.app.record_number, PaymentStatus.SUCCESSFUL)
    harness.others.told = PaymentDetails(
        PaymentStatus.SUCCESSFUL, "C-1", "card ending 4242", "Another card was declined.", "bank account 6789", PAID_AT
    )
    family_story.read()
    cancellation = cancellation_pb2.CancelApplicationRequest(
        record_number=family_story.app.record_number,
        reason=pb.CANCEL_REASON_MOVED,
        asked_by=pb.CANCEL_PARTY_CLIENT,
        idempotency_key="key-number-3",
    )
    family_story.app = harness.call("CancelApplication", cancellation).application
    answers += [*family_story.answers, family_story.app]
    harness.reset(TODAY)
    failing = tell_family(harness)
    harness.others.surcharge = 1
    failing.submit()
    answers += failing.answers
    harness.reset(TODAY)
    minor = tell_texan_minor(harness)
    harness.others.none_within_miles = 60
    minor.submit()
    minor.change_contact()
    harness.clock.moment = datetime(2026, 7, 1, 18, tzinfo=UTC)
    minor.read()
    minor.terminate_coverage()
    answers += minor.answers
    harness.reset(date(2026, 12, 10))
    december = tell_december(harness)
    harness.others.surcharge = 1
    older = steps.HouseholdStep.FromString(december.app.household.SerializeToString())
    older.people[0].date_of_birth = "1985-04-03"
    december.save(household=older)
    answers += december.answers
    never = every_field(pb.Application.DESCRIPTOR) - filled_fields(answers)
    assert never == NOT_IN_AN_APPLICATION.keys()
