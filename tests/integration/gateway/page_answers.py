"""Answers for pages: a household, its plans, a quote and three applications. Everything is made up."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment
from suite.enrollment.v1 import records_pb2, steps_pb2
from suite.quote.v1 import quote_pb2 as quote
from suite.quote.v1 import quote_service_pb2 as quotes

from tests.integration.gateway.harness import FakeServices

AT = Timestamp(seconds=1_779_287_000)
FRITZ = common.Producer(writing_number="220002580", name="FRITZ, CALVIN C", company_name="FRITZ, CALVIN C", state="IL")
COOK = quote.County(fips="17031", name="Cook County", state="IL", rating_area=1)
MEMBERS = [
    quote.Member(
        relationship=common.RELATIONSHIP_SELF,
        date_of_birth="1986-03-14",
        sex=common.SEX_FEMALE,
        first_name="Jessica",
        last_name="Tester",
    ),
    quote.Member(
        relationship=common.RELATIONSHIP_SPOUSE, date_of_birth="1988-02-10", sex=common.SEX_MALE, tobacco_use=True
    ),
    quote.Member(relationship=common.RELATIONSHIP_CHILD, date_of_birth="2026-02-04", sex=common.SEX_FEMALE),
]


def money(cents: int) -> common.Money:
    return common.Money(cents=cents)


def plan(place: int, name: str, cents: int, coverage: common.Coverage.ValueType) -> quote.PricedPlan:
    metals = ("Bronze", "Silver", "Gold") if coverage == common.COVERAGE_MEDICAL else ("Low", "High", "High")
    offered = quote.Plan(
        plan_id=f"36096IL07600{place:02d}-00",
        name=name,
        coverage=coverage,
        metal_level=metals[place % 3],
        plan_type="HMO" if place % 2 else "PPO",
        exchange=common.EXCHANGE_ON if place == 3 else common.EXCHANGE_OFF,
        plan_year=2026,
        state="IL",
        network_name="Blue Precision",
        deductible=money(250_000),
        out_of_pocket_maximum=money(895_000),
        catalogue="illustrative",
    )
    lines = [
        quote.MemberPremium(
            member_index=index,
            relationship=member.relationship,
            age=(40, 38, 0)[index],
            monthly_premium=money(cents // 3),
            explanation="Rate as filed for this age.",
        )
        for index, member in enumerate(MEMBERS)
    ]
    return quote.PricedPlan(plan=offered, monthly_premium=money(cents), members=lines)


MEDICAL = [
    plan(place, name, cents, common.COVERAGE_MEDICAL)
    for place, name, cents in (
        (0, "MyBlue Plus Bronze 903", 71_120),
        (1, "Blue Precision Silver HMO Standard - Select Rx Copays", 88_679),
        (2, "Blue Choice Preferred Gold PPO 204", 334_010),
        (3, "Blue Precision Bronze HMO Standard", 68_012),
    )
]
DENTAL = [
    plan(place, name, cents, common.COVERAGE_DENTAL)
    for place, name, cents in ((10, "BlueCare Dental 1D", 1_487), (11, "BlueCare Dental 1A", 4_210))
]


def saved_quote(status: quote.QuoteStatus.ValueType = quote.QUOTE_STATUS_SELECTED) -> quote.Quote:
    selected = status == quote.QUOTE_STATUS_SELECTED
    return quote.Quote(
        quote_id="q-1",
        status=status,
        producer=FRITZ,
        state="IL",
        zip="60601",
        county=COOK,
        effective_date="2026-07-01",
        members=MEMBERS,
        medical=MEDICAL[1] if selected else None,
        dental=DENTAL[0] if selected else None,
        monthly_premium=money(90_166) if selected else None,
        exchange=common.EXCHANGE_OFF if selected else common.EXCHANGE_UNSPECIFIED,
        created_at=AT,
        updated_at=AT,
        version=2,
    )


def application(status: app.ApplicationStatus.ValueType, record_number: str = "A-0638") -> app.Application:
    submitted = status == app.APPLICATION_STATUS_SUBMITTED
    return app.Application(
        record_number=record_number,
        client_app_id=1243,
        status=status,
        header=app.Header(
            applicant_name="Jessica Tester",
            effective_date="2026-07-01",
            medical_plan_name=MEDICAL[1].plan.name,
            dental_plan_name=DENTAL[0].plan.name,
            monthly_premium=money(145_881),
        ),
        general=steps_pb2.GeneralStep(producer=FRITZ),
        effective_date="2026-07-01",
        plan_lines=[
            app.PlanLine(
                name=p.plan.name,
                metal_level=p.plan.metal_level,
                plan_type=p.plan.plan_type,
                monthly_premium=p.monthly_premium,
                catalogue="illustrative",
            )
            for p in (MEDICAL[1], DENTAL[0])
        ],
        failures=[app.Shortcoming(step=app.STEP_PLANS, field="medical_plan_id", message="The plan is not sold there.")]
        if status == app.APPLICATION_STATUS_FAILED
        else [],
        payment_status="not_started" if submitted else "",
        state="IL",
        submitted_on="2026-05-20" if submitted else "",
        expires_on="" if submitted else "2026-08-18",
        created_at=AT,
        updated_at=AT,
        version=4,
        first_payment_months=[
            common.MonthDue(month="2026-12", amount=money(145_881)),
            common.MonthDue(month="2027-01", amount=money(154_634)),
        ],
        first_payment=money(300_515),
        notices=[
            app.Notice(
                step=app.STEP_PLANS,
                field="medical_plan_id",
                message=f"{MEDICAL[1].plan.name}: the plan year ends on 12/31/2026. "
                "In 2027 the same plan costs $1,500.10 a month for this household.",
                rule="rules.md 6",
            )
        ],
    )


def summary(status: app.ApplicationStatus.ValueType, place: int) -> overview.ApplicationSummary:
    return overview.ApplicationSummary(
        record_number=f"A-{place:04d}",
        client_app_id=place + 605,
        status=status,
        applicant_name="Jessica Tester",
        state="IL",
        submitted_on="2026-05-20",
        effective_date="2026-07-01",
        product_name=f"{MEDICAL[1].plan.name}, {DENTAL[0].plan.name}",
        monthly_premium=money(90_166),
        payment_status=("successful", "not_started", "bill_later")[place % 3],
        producer=FRITZ,
        current_step=app.STEP_HOUSEHOLD,
        next_step=app.STEP_HOUSEHOLD,
        expires_on="2026-08-18",
        created_at=AT,
        updated_at=AT,
    )


def tell(fake_services: FakeServices) -> None:
    """Let the services behind a gateway answer with the things above."""
    missing = [
        app.Shortcoming(step=app.STEP_GENERAL, field="life_events", message="Please add a life event.", rule="R28"),
        app.Shortcoming(step=app.STEP_HOUSEHOLD, field="people[1].last_name", message="Please give a last name."),
        app.Shortcoming(
            step=app.STEP_SIGNATURES, field="payment_choice", message="Please choose Pay Now or Pay Later."
        ),
    ]
    timeline = [
        records_pb2.TimelineEntry(at=AT, actor="producer@example.com", action="application.started", summary="Started"),
        records_pb2.TimelineEntry(
            at=AT, actor="producer@example.com", action="step.saved", summary="Applicant Information saved"
        ),
    ]
    statuses = {
        "A-0001": app.APPLICATION_STATUS_INCOMPLETE,
        "A-0616": app.APPLICATION_STATUS_FAILED,
        "A-0639": app.APPLICATION_STATUS_SUBMITTING,
    }
    fake_services.answers |= {
        "ListQuotes": quotes.ListQuotesResponse(quotes=[saved_quote(), saved_quote(quote.QUOTE_STATUS_OPEN)]),
        "GetQuote": quotes.GetQuoteResponse(quote=saved_quote()),
        "CreateQuote": quotes.CreateQuoteResponse(quote=saved_quote(quote.QUOTE_STATUS_OPEN)),
        "SearchPlans": lambda request, _caller: quotes.SearchPlansResponse(
            plans=MEDICAL if request.coverage == common.COVERAGE_MEDICAL else DENTAL, county=COOK
        ),
        "ListCounties": quotes.ListCountiesResponse(
            counties=[COOK, quote.County(fips="17043", name="DuPage County", state="IL", rating_area=2)]
        ),
        "ListApplications": lambda request, _caller: overview.ListApplicationsResponse(
            applications=[summary(request.status, place) for place in range(616, 621)]
        ),
        "SearchApplications": lambda request, _caller: overview.SearchApplicationsResponse(
            applications=[summary(request.status, place) for place in range(616, 621)], count=5
        ),
        "GetApplication": lambda request, _caller: enrollment.GetApplicationResponse(
            application=application(
                statuses.get(request.record_number, app.APPLICATION_STATUS_SUBMITTED), request.record_number
            )
        ),
        "GetReadiness": lambda request, _caller: enrollment.GetReadinessResponse(
            ready=False,
            missing=missing,
            notices=application(app.APPLICATION_STATUS_SUBMITTED, request.record_number).notices,
        ),
        "GetTimeline": enrollment.GetTimelineResponse(entries=timeline),
    }
