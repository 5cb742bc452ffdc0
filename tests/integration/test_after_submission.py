"""What can still be done after a submission, across the real processes: proof of the life event, and cancelling."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from pypdf import PdfWriter

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.demo.journey import Journey
from deploy.local.demo.payer import Payer
from deploy.local.suite import LocalSuite
from tests.invariants import find_broken

pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
CANCELLED = "enrollment.application.cancelled.v1"


def submitted(api: Api, *, ahead: bool = True) -> Journey:
    """A submitted application whose coverage begins next month, or began with the life event."""
    journey = Journey(api, TODAY)
    journey.until_ready()
    if ahead:
        path = f"/applications/{journey.record_number}"
        first = max(one["effective_date"] for one in api.get(f"{path}/effective-dates")["options"])
        assert first > TODAY.isoformat()
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


def test_nothing_of_it_breaks_an_invariant(suite: LocalSuite) -> None:
    assert find_broken(suite.databases) == []
