"""A contract lists the errors of its rpcs, and hears when a service raises another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from structlog.testing import capture_logs
from suite.documents.v1 import documents_service_pb2, proof_documents_pb2
from suite.enrollment.v1 import enrollment_service_pb2
from suite.payment.v1 import payment_service_pb2 as pb
from suite.pcp.v1 import pcp_service_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.contract import Contract
from chassis.contract_options import declared_errors, max_bytes, media_types
from chassis.identity import Caller, CallerKind
from chassis.kernel import Conflict, DomainError, NotFound, NotReady

PAYMENT: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["PaymentService"]
LINK: MethodDescriptor = PAYMENT.methods_by_name["CreatePaymentLink"]
SOMEBODY = Caller(CallerKind.SERVICE, "gateway")


class RefusingContract(Contract):
    """Refuses every link with one error."""

    descriptor = PAYMENT

    def __init__(self, error: DomainError) -> None:
        super().__init__()
        self._error = error

    def open_payment(self, _request: Message, _caller: Caller) -> Message:
        raise self._error

    get_payment = create_payment_link = cancel_autopay = open_payment


def refuse(error: DomainError) -> None:
    request = pb.CreatePaymentLinkRequest(record_number="A-0638")
    RefusingContract(error).handle(LINK, request, SOMEBODY)


@pytest.mark.parametrize("error", [Conflict("Paid.", code="already_paid"), NotFound("None.", code="unheard_of")])
def test_a_listed_code_and_a_status_of_every_rpc_pass(error: DomainError) -> None:
    with pytest.raises(type(error)):
        refuse(error)


@pytest.mark.parametrize("error", [Conflict("Wait.", code="locked_for_now"), NotReady("Wait.")])
def test_a_code_that_the_contract_does_not_list_fails_a_test(error: DomainError) -> None:
    with pytest.raises(AssertionError, match=f"CreatePaymentLink raised {error.code}"):
        refuse(error)


def test_in_service_an_unlisted_code_is_logged_and_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # what conftest puts in its place
    with capture_logs() as logs, pytest.raises(Conflict):
        refuse(Conflict("Wait.", code="locked_for_now"))
    assert [(line["event"], line["code"]) for line in logs] == [("error code not in the contract", "locked_for_now")]


def test_an_error_that_is_listed_has_a_meaning_and_is_listed_once() -> None:
    for method in rpcs():
        listed = declared_errors(method)
        assert all(error.code and error.meaning and not error.meaning.endswith(".") for error in listed), method.name
        assert len({error.code for error in listed}) == len(listed), method.name


def test_the_limits_of_a_file_are_read_from_its_field() -> None:
    fields = proof_documents_pb2.AddProofDocumentRequest.DESCRIPTOR.fields_by_name
    assert max_bytes(fields["content"]) == 10 * 1024 * 1024
    assert media_types(fields["content"]) == ("application/pdf", "image/png", "image/jpeg")
    assert (max_bytes(fields["kind"]), media_types(fields["kind"])) == (0, ())


def rpcs() -> Iterator[MethodDescriptor]:
    for file in (quote_service_pb2, enrollment_service_pb2, pcp_service_pb2, pb, documents_service_pb2):
        for service in file.DESCRIPTOR.services_by_name.values():
            yield from service.methods
