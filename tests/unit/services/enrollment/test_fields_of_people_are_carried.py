"""What is known of a person from a quote or a client is carried into the next application, field by field.

A new field of ``Person`` has to be carried too, or stand on a list here with its reason.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import clients_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.bus.client import BusClient
from services.enrollment.domain.client import ClientProfile, profile_of
from services.enrollment.domain.enums import Relationship, Sex
from services.enrollment.domain.people import Person
from services.enrollment.remote.quotes import RemoteQuotes
from services.enrollment.usecases.dtos import SavedQuote
from services.enrollment.usecases.on_quote_created import profile_in
from tests.unit.services.enrollment.harness import EnrollmentHarness

SERVER_SIDE = {
    "person_id": "given anew in each application",
    "first_identity": "kept by the application in which the number was given",
    "removes_ssn": "an act that is sent, never kept",
    "ssn_fingerprint": "made from the number where it is stored",
}
NOT_QUOTED = SERVER_SIDE | {
    "middle_initial": "a quote shows first and last name",
    "suffix": "typed with the last name of a quote, and taken apart from it",
    "one_name_only": "a quote has both names or none",
    "tobacco_last_used": "asked in the application; the rate does not depend on the day",
    "ssn": "no quote asks for it",
    "ssn_last_four": "no quote asks for it",
    "contact": "no quote asks for it",
    "self_identification": "asked in the application alone (R54-R57)",
}
NOT_OF_A_CLIENT = SERVER_SIDE | {
    "relationship": "a client is the primary applicant",
    "tobacco_use": "asked anew, since it changes",
    "tobacco_last_used": "asked anew, since it changes",
    "ssn": "nobody opens the number for this; its last four digits find the client",
    "contact": "the applicant's stands in the step, and the client has that",
    "self_identification": "asked anew, and never kept with a client (R54-R57)",
    "disabled_dependent": "of children and other dependents alone",
}
SENT = {
    "relationship": common_pb2.RELATIONSHIP_CHILD,
    "date_of_birth": "1990-03-04",
    "sex": common_pb2.SEX_MALE,
    "tobacco_use": True,
    "first_name": "Cal",
    "last_name": "Sample",
    "disabled_dependent": True,
}
KEPT = {
    "first_name": "Ada",
    "middle_initial": "B",
    "last_name": "Sample",
    "date_of_birth": date(1987, 6, 14),
    "sex": Sex.FEMALE,
    "ssn_last_four": "4399",
    "suffix": "III",
    "one_name_only": True,
}
# Of a client, and not of a person.
FROM_THE_APPLICATION = {"writing_number", "home_address", "contact"}
PERSON = {one.name for one in fields(Person)}
MEMBER = {field.name for field in quote_pb2.Member.DESCRIPTOR.fields}


@pytest.fixture
def quote() -> SavedQuote:
    """As quote sends it over the bus: an applicant, and a child with every field."""
    plan = quote_pb2.PricedPlan(plan=quote_pb2.Plan(plan_id="36096IL9900001-00"))
    sent = quote_pb2.Quote(
        quote_id="q-1",
        producer=common_pb2.Producer(writing_number="220002580", name="FRITZ, CALVIN C", state="IL"),
        zip="60601",
        county=quote_pb2.County(fips="17031", name="Cook", state="IL"),
        effective_date="2026-06-01",
        medical=plan,
        members=[
            quote_pb2.Member(
                relationship=common_pb2.RELATIONSHIP_SELF,
                date_of_birth="1960-06-14",
                sex=common_pb2.SEX_FEMALE,
                first_name="Ada",
                last_name="Sample Jr.",
            ),
            quote_pb2.Member(**SENT),  # type: ignore[arg-type]  # one value for each field
        ],
    )
    answer = quote_service_pb2.GetQuoteResponse(quote=sent)
    return RemoteQuotes(cast(BusClient, SimpleNamespace(call=lambda *_: answer))).quote("q-1")


def test_every_field_of_a_person_is_in_a_quote_or_has_a_reason_not_to_be() -> None:
    assert NOT_QUOTED.keys() == PERSON - MEMBER, "a quote's member has the field, or NOT_QUOTED says why not"
    assert SENT.keys() == MEMBER, "give each field of a quote's member a value in SENT"


def test_an_application_from_a_quote_has_everything_that_the_quote_has(
    harness: EnrollmentHarness, quote: SavedQuote
) -> None:
    harness.quotes.saved = quote
    applicant, child = harness.enroll().application.household.people
    assert {name: getattr(child, name) for name in SENT} == SENT
    assert (applicant.last_name, applicant.suffix) == ("Sample", "Jr.")


def test_every_field_of_a_person_is_kept_with_the_client_or_has_a_reason_not_to_be() -> None:
    of_a_client = {one.name for one in fields(ClientProfile)} - FROM_THE_APPLICATION
    assert PERSON - of_a_client == NOT_OF_A_CLIENT.keys(), "ClientProfile has it, or NOT_OF_A_CLIENT says why not"
    assert KEPT.keys() == of_a_client, "give each field of ClientProfile a value in KEPT"


@pytest.fixture
def profile(harness: EnrollmentHarness) -> ClientProfile:
    """Of an application whose applicant has every field."""
    app = harness.complete()
    stored = harness.state.applications[app.record_number]
    applicant = Person(Relationship.SELF, **KEPT)  # type: ignore[arg-type]  # one value for each field
    found = profile_of(replace(stored, household=replace(stored.household, people=(applicant,))))
    assert found
    return found


def test_a_client_has_everything_that_the_applicant_had(profile: ClientProfile) -> None:
    assert {name: getattr(profile, name) for name in KEPT} == KEPT


def test_a_later_quote_with_less_takes_nothing_from_a_client(profile: ClientProfile, quote: SavedQuote) -> None:
    quoted = profile_in(quote)
    assert quoted
    newer = replace(quoted, sex=None, suffix="", one_name_only=True, date_of_birth=profile.date_of_birth)
    assert {name: getattr(profile.followed_by(newer), name) for name in KEPT} == KEPT


def test_an_application_for_a_client_has_everything_that_the_client_has(
    harness: EnrollmentHarness, profile: ClientProfile
) -> None:
    client_id, _ = harness.work.clients.keep(profile, harness.clock.now())
    request = clients_pb2.StartClientEnrollmentRequest(
        idempotency_key=harness.key(),
        client_id=client_id,
        choice=clients_pb2.EXISTING_APPLICATION_CHOICE_CREATE_NEW,
        reason=clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED,
    )
    answer = harness.call("StartClientEnrollment", request)
    [applicant] = harness.state.applications[answer.application.record_number].household.people
    carried = KEPT.keys() - {"ssn_last_four"}  # found by it, and not carried: the number is typed again
    assert {name: getattr(applicant, name) for name in carried} == {name: KEPT[name] for name in carried}
