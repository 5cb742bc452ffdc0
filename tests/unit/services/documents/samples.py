"""Applications as enrollment sends them; every person is made up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, client_review_pb2
from suite.enrollment.v1 import records_pb2 as records
from suite.enrollment.v1 import steps_pb2 as pb
from suite.quote.v1 import quote_offers_pb2, quote_pb2


def money(cents: int) -> common.Money:
    return common.Money(cents=cents)


def person(first: str, last: str, born: str, **more: Any) -> pb.Person:
    fields: dict[str, Any] = {"relationship": common.RELATIONSHIP_CHILD, "sex": common.SEX_FEMALE, **more}
    return pb.Person(first_name=first, last_name=last, date_of_birth=born, **fields)


KINDS = (
    "terms",
    "text-messages",
    "electronic-delivery",
    "pediatric-dental",
    "replacement-rights",
    "proxy",
    "consumer-choice",
)


def acceptance(kind: str, version: str = "2026.1", person_id: str = "p-0") -> records.Acceptance:
    found = records.Acceptance(kind=kind, version=version, person_id=person_id)
    found.recorded_by, found.recorded_by_name = "delegate@example.com", "Dana Delegate"
    found.accepted_at.FromDatetime(datetime(2026, 3, 11, 20, 4))  # noqa: DTZ001  # protobuf's own UTC
    return found


def plan_line(
    coverage: common.Coverage.ValueType, plan_id: str, name: str, kind: str, metal: str, people: int, cents: int
) -> application_pb2.PlanLine:
    lines = [
        application_pb2.PremiumLine(
            member_index=place,
            age=max(2, 54 - 13 * place),
            monthly_premium=money(cents if place < 5 else 0),
            explanation="Filed rate for this age in rating area 1."
            if place < 5
            else "Not charged: only the three oldest covered children under 21 are.",
        )
        for place in range(people)
    ]
    return application_pb2.PlanLine(
        coverage=coverage,
        plan_id=plan_id,
        name=name,
        plan_type=kind,
        metal_level=metal,
        monthly_premium=money(cents * min(people, 5)),
        members=lines,
        catalogue="illustrative",
        uses_pcp=kind in ("HMO", "POS"),
    )


def small() -> application_pb2.Application:
    """One adult, one plan, paper application, billed later."""
    home = pb.Address(street="10 Example Street", city="Chicago", state="IL", zip="60601", county_name="Cook")
    return application_pb2.Application(
        record_number="A-0639",
        client_app_id=1244,
        status=application_pb2.APPLICATION_STATUS_SUBMITTED,
        state="IL",
        submitted_on="2026-03-12",
        effective_date="2026-04-01",
        effective_date_reason="Open enrollment: coverage begins on the first day of the next month.",
        general=pb.GeneralStep(
            producer=common.Producer(writing_number="220002580", name="FRITZ, CALVIN C", state="IL")
        ),
        household=pb.HouseholdStep(
            form_type=pb.FORM_TYPE_MEDICAL_DENTAL,
            authorization=pb.AUTHORIZATION_PAPER,
            people=[
                person(
                    *("Jessica", "Tester", "1971-05-20"),
                    relationship=common.RELATIONSHIP_SELF,
                    ssn_last_four="1120",
                    tobacco_use=False,
                )
            ],
            home_address=home,
            contact=pb.Contact(phone="3125550100", phone_type="landline"),
        ),
        plan_lines=[
            plan_line(
                common.COVERAGE_MEDICAL,
                "36096IL9900001-00",
                "Blue Precision Silver HMO Standard - Select Rx Copays",
                "HMO",
                "Silver",
                1,
                88679,
            )
        ],
        signatures=pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_LATER),
    )


NASTY = "#strong[pwned] *bold* _em_ $x^2$ `code` @ref <label> \\ // /* ]"


def full() -> application_pb2.Application:
    """Every section filled: twenty people, long names, several scripts, typst markup in what was typed; Texas."""
    people = [
        person(
            *("Maximiliana-Josephine Alexandra", "Featherstonehaugh-Cholmondeley", "1971-05-20"),
            relationship=common.RELATIONSHIP_SELF,
            middle_initial="Q",
            ssn_last_four="1120",
            tobacco_use=True,
            tobacco_last_used="2026-02-11",
        ),
        person(
            "Zoë Ñandú", "Müller-Łukasiewicz", "1988-02-10", relationship=common.RELATIONSHIP_SPOUSE, tobacco_use=False
        ),
        person(NASTY[:40], "O'Brien #1", "2026-02-04", sex=common.SEX_MALE),
        person("Юлия", "Ελένη", "2015-06-30"),
        person("小明", "王", "2012-12-31", sex=common.SEX_MALE),
        *(person(f"Child {place}", "Tester", f"20{place + 5:02}-01-31") for place in range(5, 20)),
    ]
    signer = pb.Signer(first_name="Rosa", last_name="Rowanbrook", relationship_to_applicant="Power of attorney")
    medical = plan_line(
        common.COVERAGE_MEDICAL, "33602TX9900005-00", "MyBlue Health Bronze Standard", "HMO", "Bronze", 20, 41536
    )
    medical.consumer_choice_disclosure = True
    for place, one in enumerate(people):
        one.person_id = f"p-{place}"
    people[1].contact.CopyFrom(pb.Contact(phone="7135550143", phone_type="mobile", email="zoe@example.org"))
    people[0].self_identification.CopyFrom(
        records.SelfIdentification(
            scheme="hhs-4302-2011",
            spoken_language="es",
            written_language="en",
            ethnicities=["mexican", "puerto_rican"],
            identities=["white", "black_or_african_american", "guamanian_or_chamorro"],
        )
    )
    return application_pb2.Application(
        record_number="A-0638",
        client_app_id=1243,
        status=application_pb2.APPLICATION_STATUS_SUBMITTED,
        state="TX",
        submitted_on="2026-03-12",
        effective_date="2026-02-04",
        effective_date_reason="Birth on 2/4/2026: coverage begins on the day of birth, because it was reported "
        "within 60 days.",
        general=pb.GeneralStep(
            producer=common.Producer(
                writing_number="107864325",
                name="CRAVEN, FAZILA",
                company_name="Craven & Sons Insurance",
                state="TX",
                phone="7135550164",
                npn="1000000002",
            ),
            special_enrollment=True,
            life_events=[
                pb.LifeEvent(kind="birth", date="2026-02-04"),
                pb.LifeEvent(kind="loss_of_coverage", date="2026-02-28"),
            ],
        ),
        household=pb.HouseholdStep(
            form_type=pb.FORM_TYPE_MEDICAL_DENTAL,
            authorization=pb.AUTHORIZATION_IN_PERSON,
            terms_version="2026.1",
            people=people,
            home_address=pb.Address(
                street="980 Invented Lane",
                unit="Apt #4_b",
                city="Houston",
                state="TX",
                zip="77002",
                county_fips="48201",
                county_name="Harris",
            ),
            mailing_address=pb.Address(street="PO Box 12", city="Houston", state="TX", zip="77001"),
            contact=pb.Contact(
                phone="713-555-0142", phone_type="mobile", email="a.very.long.address+for.insurance@example-family.org"
            ),
            hra=pb.Hra(
                kind="ICHRA",
                start_date="2026-01-01",
                employer_name="Lone Star *Widgets* & Co.",
                monthly_contribution=money(25000),
            ),
        ),
        acceptances=[
            *(acceptance(kind) for kind in KINDS),
            acceptance("text-messages", person_id="p-1"),
        ],
        plans=pb.PlansStep(pediatric_dental_attested=True),
        other_coverage=pb.OtherCoverageStep(
            replaces_coverage=True,
            replaced=[
                pb.ReplacedCoverage(
                    insurer="Some Other Mutual",
                    policy_number="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                    termination_date="2026-02-28",
                )
            ],
            has_other_coverage=True,
            others=[pb.OtherCoverage(member_index=1, member_number="M-77", group_id="G_1")],
            proxy_agreed=True,
        ),
        signatures=pb.SignaturesStep(
            authorized_representative=signer, consumer_choice_agreed=True, payment_choice=pb.PAYMENT_CHOICE_PAY_NOW
        ),
        plan_lines=[
            medical,
            plan_line(common.COVERAGE_DENTAL, "33602TX9900012-00", "BlueCare Dental 1A", "PPO", "High", 20, 4216),
        ],
        assigned_pcps=[
            application_pb2.AssignedPcp(
                member_index=place,
                pcp_id=f"TX00{place:04}",
                provider_name="Elena Quillhaven",
                medical_group_id="48101",
                medical_group_name="Cornerstone Oak Medical Group" if place else "",
                auto_assigned=place > 1,
            )
            for place in range(20)
        ],
    )


def offer(name: str, metal: str, cents: int, people: int = 4, **more: Any) -> quote_pb2.PricedPlan:
    plan = quote_pb2.Plan(
        plan_id=name,
        name=name,
        coverage=common.COVERAGE_MEDICAL,
        metal_level=metal,
        plan_type="HMO",
        exchange=common.EXCHANGE_OFF,
        network_name="A network",
        deductible=money(250000),
        catalogue="illustrative",
        **more,
    )
    plan.family_deductible.cents = 500_000
    plan.detail.benefits.add(benefit="Generic Drugs", in_network=f"{metal} copay")
    lines = [
        quote_pb2.MemberPremium(
            member_index=place,
            age=40 - place,
            monthly_premium=money(cents // people),
            explanation=f"Age {40 - place}, rating area 1: illustrative rate, made up.",
        )
        for place in range(people)
    ]
    return quote_pb2.PricedPlan(plan=plan, monthly_premium=money(cents), members=lines)


def offered(people: int = 4, first_name: str = "Ann") -> quote_offers_pb2.GetProposalResponse:
    """A quote with a medical and a dental plan, and three plans beside them."""
    members = [quote_pb2.Member(relationship=common.RELATIONSHIP_SELF, first_name=first_name, last_name="Example")]
    members += [quote_pb2.Member(relationship=common.RELATIONSHIP_CHILD)] * (people - 1)
    dental = offer("BlueCare Dental 1D", "High", 9120, people)
    dental.plan.coverage = common.COVERAGE_DENTAL
    dental_others = [offer("BlueCare Dental 2A", "Low", 6080, people)]
    dental_others[0].plan.coverage = common.COVERAGE_DENTAL
    quote = quote_pb2.Quote(
        state="IL",
        zip="60601",
        county=quote_pb2.County(fips="17031", name="Cook County", state="IL"),
        effective_date="2026-06-01",
        producer=common.Producer(
            writing_number="220002580", name="FRITZ, CALVIN C", state="IL", phone="3125550118", npn="1000000001"
        ),
        members=members,
        medical=offer("Blue Precision Silver HMO", "Silver", 145881, people),
        dental=dental,
    )
    others = [offer("Bronze HMO", "Bronze", 98012, people), offer("Gold PPO", "Gold", 176099, people)]
    return quote_offers_pb2.GetProposalResponse(quote=quote, alternatives=others, dental_alternatives=dental_others)


def consent(language: str = "es") -> records.ReviewConsent:
    """A client's signature by a review link."""
    found = records.ReviewConsent(
        review_id="0f8fad5b-d9cb-469f-a165-70867728950e",
        signer_name="Ada Sample",
        signer=records.REVIEW_SIGNER_APPLICANT,
        language=language,
        sha256="a" * 64,
        texts=[records.ReviewedText(kind=kind, version="2026.1") for kind in ("client-review", "terms")],
        producer_name="FRITZ, CALVIN C",
        writing_number="107864325",
        producer_phone="7135550164",
        producer_npn="1000000002",
        current=True,
        keep_until="2036-03-11",
    )
    found.signed_at.FromDatetime(datetime(2026, 3, 11, 20, 4))  # noqa: DTZ001  # protobuf's own UTC
    return found


def signed_review(application: application_pb2.Application) -> client_review_pb2.GetReviewResponse:
    """What enrollment keeps of it; without a consent where the application has none."""
    review = client_review_pb2.ClientReview(review_id="review-1", record_number=application.record_number)
    if not application.HasField("client_review"):
        return client_review_pb2.GetReviewResponse(review=review)
    review.consent.CopyFrom(application.client_review)
    kinds = client_review_pb2
    lines = [
        kinds.ReviewLine(label="name", kind=kinds.REVIEW_VALUE_TEXT, value="Ada #emph[Sample]"),
        kinds.ReviewLine(label="date_of_birth", kind=kinds.REVIEW_VALUE_DATE, value="1987-06-14"),
        kinds.ReviewLine(label="plan_premium", kind=kinds.REVIEW_VALUE_MONEY, value="1412.50"),
        kinds.ReviewLine(label="relationship", kind=kinds.REVIEW_VALUE_WORD, value="other_dependent"),
        kinds.ReviewLine(label="email", kind=kinds.REVIEW_VALUE_TEXT),
        kinds.ReviewLine(
            label="home_address", kind=kinds.REVIEW_VALUE_TEXT, value="Houston, TX 77002", county="Harris"
        ),
    ]
    section = kinds.ReviewSection(key="person", person=1, lines=lines)
    return client_review_pb2.GetReviewResponse(review=review, sections=[section])
