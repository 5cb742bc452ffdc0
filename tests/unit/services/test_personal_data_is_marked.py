"""Which answers tell about clients is said once, in the contracts, and the audit believes it (docs/adr/0046)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2, application_pb2, enrollment_service_pb2

from chassis.personal_data import find_subjects, kinds_of
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE

RPCS = [rpc for service in (QUOTE, ENROLLMENT, PCP, PAYMENT, DOCUMENTS) for rpc in service.values()]

# The answers of these tell about no client. A new rpc has to be put here, or its messages have to be marked.
TELLS_NOTHING = {
    "QuoteService": {
        *("ListCounties", "SearchPlans", "GetPlan", "ComparePlans", "PriceSelection", "PriceCensus"),
        *("GetQuoteReport", "CreateShareLink", "ListShareLinks", "RevokeShareLink", "DeliverQuote"),
    },
    "EnrollmentService": {
        *("GetEnrollmentRules", "GetReadiness", "ListEffectiveDates", "ConfirmPayable", "GetTimeline"),
        *("GetEnrollmentReport", "RevokeReview", "OpenReview", "ReturnReview", "WithdrawReview"),
    },
    "PcpService": {"SearchProviders", "GetProvider", "ReportProvider", "CheckProviders"},
    "PaymentService": {"CreatePaymentLink"},
    "DocumentsService": {"AddProofDocument", "ListProofDocuments", "GetText"},
}

# How contracts name what people are told by.
PERSONAL_NAME = re.compile(
    r"(first|last|applicant|signer|account_holder)_?(name|holder)?$|middle_initial|date_of_birth|^ssn|^email$|^phone$"
    r"|^street$|^unit$|tobacco|disabled|ethnicit|identities|member_number|policy_number|^content$|canonical_form|^remark$"
)
# Fields with such a name that are not about a client.
OF_OTHERS = {
    "suite.common.v1.Producer.phone": "a producer's, for clients to call",
    "suite.pcp.v1.Location.phone": "a doctor's office's, from a public directory",
    "suite.pcp.v1.Provider.phone": "a doctor's, from a public directory",
    "suite.enrollment.v1.EnrollmentRules.tobacco_age": "a rule",
    "suite.quote.v1.MemberPremium.tobacco_rated": "how a price came about; whose it is, a quote says beside it",
    "suite.enrollment.v1.ExpectedSigner.signer": "which kind of person signs",
    "suite.enrollment.v1.ReviewConsent.signer": "which kind of person signed",
}


def test_every_rpc_tells_about_clients_and_says_so_or_is_known_to_tell_nothing() -> None:
    silent: dict[str, set[str]] = {}
    for rpc in RPCS:
        if not kinds_of(rpc.output_type):
            silent.setdefault(rpc.containing_service.name, set()).add(rpc.name)
    assert silent == TELLS_NOTHING


def test_every_field_of_an_answer_that_is_named_like_a_clients_is_in_a_marked_message() -> None:
    unmarked = {
        field.full_name
        for rpc in RPCS
        for message in _messages(rpc.output_type)
        if not message.GetOptions().Extensions[common_pb2.personal_data]
        for field in message.fields
        if PERSONAL_NAME.search(field.name) and field.type != FieldDescriptor.TYPE_MESSAGE
    }
    assert unmarked - OF_OTHERS.keys() == set()


def test_every_answer_about_clients_names_them_or_its_request_does() -> None:
    """An answer that names nobody is not recorded, so each of these needs a reason."""
    nameless = {rpc.name for rpc in RPCS if kinds_of(rpc.output_type) and not _names_somebody(rpc)}
    by_act = {"OpenSharedQuote", "SaveReviewRemark", "SignReview"}  # of a link; what was done has its line of the audit
    assert nameless == by_act | {"SearchAddresses"}  # a public directory of addresses


def test_subjects_are_found_wherever_they_stand() -> None:
    numbers = ("A-0001", "A-0002", "A-0001", "")
    answer = application_overview_pb2.ListApplicationsResponse(
        applications=[application_overview_pb2.ApplicationSummary(record_number=one) for one in numbers]
    )
    assert find_subjects(answer) == ["A-0001", "A-0002"]
    request = enrollment_service_pb2.GetApplicationRequest(record_number="A-0003")
    assert find_subjects(request) == ["A-0003"]


def test_a_record_stands_for_the_quote_that_it_came_from() -> None:
    answer = enrollment_service_pb2.GetApplicationResponse(
        application=application_pb2.Application(record_number="A-0001", quote_id="q")
    )
    assert find_subjects(answer) == ["A-0001"]


def test_kinds_are_those_of_all_messages_inside() -> None:
    assert kinds_of(ENROLLMENT["GetSubmission"].output_type) >= ("background", "contact", "health", "identity", "ssn")
    assert kinds_of(PAYMENT["GetPayment"].output_type) == ("payment",)
    assert kinds_of(QUOTE["SearchPlans"].output_type) == ()


def _names_somebody(rpc: MethodDescriptor) -> bool:
    return any(
        field.name in ("record_number", "client_id", "quote_id")
        for side in (rpc.input_type, rpc.output_type)
        for message in _messages(side)
        for field in message.fields
    )


def _messages(message: Any) -> Iterator[Any]:
    seen = {message.full_name: message}
    waiting = [message]
    while waiting:
        one = waiting.pop()
        yield one
        for field in one.fields:
            if field.message_type is not None and field.message_type.full_name not in seen:
                seen[field.message_type.full_name] = field.message_type
                waiting.append(field.message_type)
