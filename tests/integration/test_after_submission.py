"""What can still be done after a submission, across the real processes: proof of the life event, cancelling, ending
coverage that has begun, and other contact details.
"""

import asyncio
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest
from pypdf import PdfWriter
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import after_submission_pb2, application_pb2, enrollment_service_pb2, steps_pb2

from chassis.identity import Caller, CallerKind, TokenIssuer, WritingNumber
from chassis.kernel import DomainError, SystemClock, business_date
from chassis.rpc.client import RpcClient
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.demo.journey import Journey
from deploy.local.demo.payer import Payer
from deploy.local.suite import LocalSuite
from gateway.edge.rpcs import ENROLLMENT
from tests.invariants import find_broken

pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
CANCELLED = "enrollment.application.cancelled.v1"
TERMINATED, CONTACT_CHANGED = "enrollment.coverage.terminated.v1", "enrollment.contact.changed.v1"
FRITZ = WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C")
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com", (FRITZ,))


def submitted(api: Api, *, ahead: bool = True) -> Journey:
    """A submitted application whose coverage begins next month, or has begun since the life event."""
    journey = Journey(api, TODAY)
    journey.until_ready()
    path, today = f"/applications/{journey.record_number}", TODAY.isoformat()
    offered = [one["effective_date"] for one in api.get(f"{path}/effective-dates")["options"]]
    # the last day that has come is in the plan year of today, also in the first days of January
    first = max(day for day in offered if ahead or day <= today)
    assert (first > today) is ahead
    if first != journey.application["effective_date"]:
        journey.application = api.post_on(
            f"{path}/effective-date", {"effective_date": first}, journey.application["version"]
        )
    journey.submit()
    return journey


def pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.write(out)
    return out.getvalue()


def cancel(api: Api, journey: Journey) -> dict[str, str]:
    body = {"reason": "changed_mind", "asked_by": "client"}
    answer: dict[str, str] = api.post(f"/applications/{journey.record_number}/cancellation", body)
    return answer


def rung(api: Api, journey: Journey) -> set[str]:
    found = api.get("/notifications")["notifications"]
    return {one["kind"] for one in found if one["record_number"] == journey.record_number}


def test_proof_of_the_birth_is_added_seen_and_heard(api: Api, carrier: DemoCarrier) -> None:
    journey = submitted(api, ahead=False)
    assert journey.application["proofs_asked"] == ["birth_certificate"]
    assert journey.application["document_due_on"] > TODAY.isoformat()
    path, content = f"/applications/{journey.record_number}/proof-documents", pdf()

    document = api.post_file(f"{path}?kind=birth_certificate", content, "application/pdf")
    assert api.get_bytes(f"{path}/{document['document_id']}") == content
    assert [one["kind"] for one in api.get(path)["documents"]] == ["birth_certificate"]

    heard = carrier.wait_for("documents.sep_proof.added.v1", journey.record_number)
    assert (heard.body["kind"], heard.body["sha256"]) == ("birth_certificate", document["sha256"])
    journey._wait(lambda: not journey.application["document_due_on"], "the end of the wait for proof")
    entries = api.get(f"/applications/{journey.record_number}/timeline")["entries"]
    assert "proof.added" in [entry["action"] for entry in entries]

    for wrong, media_type in ((content + b"PK", "application/pdf"), (content, "image/png")):
        with pytest.raises(Refused) as refused:
            api.post_file(f"{path}?kind=birth_certificate", wrong, media_type)
        assert refused.value.status == 422


def test_an_unpaid_application_is_cancelled_once_however_many_ask(api: Api, carrier: DemoCarrier) -> None:
    journey = submitted(api)

    def ask(_: int) -> bool:
        try:
            cancel(api, journey)
        except Refused as refused:
            assert refused.problem["code"] == "application_cancelled"
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    event = carrier.wait_for(CANCELLED, journey.record_number)
    assert event.body["reason"] == "CANCEL_REASON_CHANGED_MIND"
    carrier.wait_for("payment.payment.cancelled.v1", journey.record_number)
    journey.wait_for_payment("cancelled")
    assert [one.type for one in carrier.distinct(journey.record_number)].count(CANCELLED) == 1
    assert journey.application["status"] == "cancelled"
    with pytest.raises(Refused) as refused:
        api.post(f"/applications/{journey.record_number}/payment")
    assert refused.value.problem["code"] == "application_cancelled"
    assert journey.fetch_pdf().startswith(b"%PDF-")
    completed = api.get("/applications", status="completed")["applications"]
    assert (journey.record_number, "cancelled") in {(row["record_number"], row["status"]) for row in completed}


def test_from_the_moment_of_the_cancellation_on_nobody_is_sent_to_pay(api: Api) -> None:
    journey = submitted(api)
    path = f"/applications/{journey.record_number}/payment"
    earlier = api.post(path)["url"]
    cancel(api, journey)
    with pytest.raises(Refused) as refused:
        api.post(path)
    assert refused.value.problem["code"] == "application_cancelled"
    # the page of the earlier link is open until payment hears of it; whatever is paid there is due back
    with suppress(httpx.HTTPError, RuntimeError):
        Payer(earlier).pay_by_card("4242 4242 4242 4242")
    ends = ("cancelled", "refund_due")
    journey._wait(lambda: journey.application["payment_status"] in ends, "the end of the payment")


def test_a_payment_for_a_cancelled_application_is_refunded(api: Api) -> None:
    journey = submitted(api)
    journey.pay()
    cancel(api, journey)
    journey.wait_for_payment("refund_due")
    journey._wait(lambda: {"application.cancelled", "payment.refund_due"} <= rung(api, journey), "both bells")


def test_coverage_that_has_begun_is_not_cancelled(api: Api) -> None:
    journey = submitted(api, ahead=False)
    with pytest.raises(Refused) as refused:
        cancel(api, journey)
    assert (refused.value.status, refused.value.problem["code"]) == (409, "coverage_has_begun")


def ask(suite: LocalSuite, method: str, requests: list[Any]) -> list[Any]:
    """All at once over gRPC, as the gateway does; of each the answer, or the code of its refusal."""
    token = TokenIssuer(suite.keys["identity.gateway"]).issue(PRODUCER)

    async def call(client: RpcClient, request: Any) -> Any:
        try:
            return await client.call(ENROLLMENT[method], request, token, 30.0)
        except DomainError as refusal:
            return refusal.code

    async def call_all() -> list[Any]:
        client = RpcClient(f"127.0.0.1:{suite.ports.rpc}")
        try:
            return await asyncio.gather(*(call(client, request) for request in requests))
        finally:
            await client.close()

    return asyncio.run(call_all())


def termination(journey: Journey, key: str) -> after_submission_pb2.TerminateCoverageRequest:
    """Of a death, which needs no notice, so that the day of the test does not matter."""
    return after_submission_pb2.TerminateCoverageRequest(
        idempotency_key=key,
        record_number=journey.record_number,
        coverages=[common_pb2.COVERAGE_MEDICAL],
        last_day=TODAY.isoformat(),
        reason=application_pb2.TERMINATION_REASON_DECEASED,
        asked_by=application_pb2.CANCEL_PARTY_CLIENT,
    )


def test_of_twenty_who_end_coverage_at_once_one_does_and_the_carrier_hears_it_once(
    api: Api, suite: LocalSuite, carrier: DemoCarrier
) -> None:
    journey = submitted(api, ahead=False)
    requests = [termination(journey, f"a-key-of-caller-{one}") for one in range(20)]
    answers = ask(suite, "TerminateCoverage", requests)
    codes = Counter(one if isinstance(one, str) else "done" for one in answers)
    assert codes == {"done": 1, "coverage_terminated": 19}
    winner = next(request for request, one in zip(requests, answers, strict=True) if not isinstance(one, str))
    [again] = ask(suite, "TerminateCoverage", [winner])
    assert [one.last_day for one in again.application.terminations] == [TODAY.isoformat()]
    event = carrier.wait_for(TERMINATED, journey.record_number)
    assert (event.body["coverage"], event.body["lastDay"]) == ("COVERAGE_MEDICAL", TODAY.isoformat())
    assert event.body["planId"] == journey.application["plans"]["medical_plan_id"]
    # behind it in the outbox, so that a second one would have come by now
    version = again.application.version
    [changed] = ask(suite, "ChangeContact", [change(journey, version, "a-key-of-a-change", "later@example.com")])
    assert changed.application.contact_change.contact.email == "later@example.com"
    carrier.wait_for(CONTACT_CHANGED, journey.record_number)
    told = Counter(one.type for one in carrier.distinct(journey.record_number))
    assert (told[TERMINATED], told[CONTACT_CHANGED]) == (1, 1)
    assert journey.application["status"] == "submitted"


def change(journey: Journey, version: int, key: str, email: str) -> after_submission_pb2.ChangeContactRequest:
    return after_submission_pb2.ChangeContactRequest(
        idempotency_key=key,
        record_number=journey.record_number,
        version=version,
        contact=steps_pb2.Contact(phone="708-555-0199", phone_type="landline", email=email),
    )


def test_other_contact_details_are_told_without_their_values_and_the_pdf_stays(
    api: Api, suite: LocalSuite, carrier: DemoCarrier
) -> None:
    journey = submitted(api)
    before = journey.fetch_pdf()
    version = api.get(f"/applications/{journey.record_number}")["version"]
    requests = [change(journey, version, f"a-key-of-caller-{one}", f"x{one}@example.com") for one in range(20)]
    answers = ask(suite, "ChangeContact", requests)
    assert Counter(one if isinstance(one, str) else "done" for one in answers) == {"done": 1, "stale": 19}
    event = carrier.wait_for(CONTACT_CHANGED, journey.record_number)
    assert event.body["change"] == 1
    assert not {"708-555-0199", "example.com"} & {value for value in event.body.values() if isinstance(value, str)}
    assert journey.fetch_pdf() == before
    search = enrollment_service_pb2.SearchClientsRequest(phone="7085550199")
    [found] = ask(suite, "SearchClients", [search])
    assert {one.contact.phone for one in found.clients} == {"708-555-0199"}


def test_nothing_of_it_breaks_an_invariant(suite: LocalSuite) -> None:
    assert find_broken(suite.databases) == []
