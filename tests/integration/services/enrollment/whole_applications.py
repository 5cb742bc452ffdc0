"""Applications in which every field of the five steps is filled by one of them, and the acts that fill the rest."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2 as after
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import client_review_pb2 as reviews
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import records_pb2
from suite.enrollment.v1 import steps_pb2 as steps

from chassis.kernel import Caller, CallerKind
from tests.integration.application_machine.fake_services import DENTAL, HMO, TEXAN
from tests.integration.application_machine.harness import ContractHarness

VERSION = "2026.1"
TODAY = date(2026, 5, 20)
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
